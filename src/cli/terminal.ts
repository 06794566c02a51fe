import type { SingleBar } from 'cli-progress';
import type { OnProgress } from '../core/index.ts';
import { printable } from './printable.ts';

/** Where a command shows how it is getting on: always stderr, so that stdout holds results only. */
export interface Terminal {
  /** Whether a person can be asked: stdin and stderr are terminals and `--json` is off. */
  readonly interactive: boolean;
  /** A line on stderr. */
  notice(text: string): void;
  /** A live line with rate and time left on a terminal; a line every ten seconds elsewhere. */
  readonly onProgress: OnProgress;
  /** Ends the live line. */
  stopProgress(): void;
}

/** Milliseconds between progress lines where stderr is not a terminal. */
const plainIntervalMs = 10_000;

export function createTerminal(options: { json: boolean }): Terminal {
  const live = process.stderr.isTTY === true && process.env.CI === undefined;
  let bars: typeof import('cli-progress') | 'asked for' | null = null;
  let bar: SingleBar | null = null;
  let phase = '';
  let startedAt = 0;
  let printedAt = 0;

  const stopProgress = (): void => {
    bar?.stop();
    bar = null;
    phase = '';
  };

  const showLive: OnProgress = (progress) => {
    // What is reported before the library is there is not drawn.
    if (bars === null) {
      bars = 'asked for';
      void import('cli-progress').then((loaded) => {
        bars = loaded.default;
      });
    }
    if (bars === 'asked for') return;
    if (!bar || progress.phase !== phase) {
      stopProgress();
      phase = progress.phase;
      bar = new bars.SingleBar(
        {
          stream: process.stderr,
          format: `  ${progress.phase} {bar} {value}/{total} ${progress.unit}  {eta_formatted} left{spent}`,
          hideCursor: true,
          etaBuffer: 50,
          barsize: 24,
        },
        bars.Presets.shades_classic,
      );
      bar.start(progress.total ?? 0, progress.done, { spent: '' });
    }
    bar.setTotal(progress.total ?? Math.max(progress.done, 1));
    bar.update(progress.done, { spent: spentText(progress.spentUsd) });
    if (progress.total !== null && progress.done >= progress.total) stopProgress();
  };

  const showPlain: OnProgress = (progress) => {
    const now = Date.now();
    if (progress.phase !== phase) {
      phase = progress.phase;
      startedAt = now;
      printedAt = now;
    }
    const finished = progress.total !== null && progress.done >= progress.total;
    if (!finished && now - printedAt < plainIntervalMs) return;
    printedAt = now;
    const rate = progress.done / Math.max((now - startedAt) / 1000, 0.001);
    const left =
      progress.total === null || finished || rate === 0
        ? ''
        : `, about ${Math.ceil((progress.total - progress.done) / rate)} s left`;
    process.stderr.write(
      `  ${progress.phase} ${progress.done}/${progress.total ?? '?'} ${progress.unit}${left}${spentText(progress.spentUsd)}\n`,
    );
    if (finished) phase = '';
  };

  return {
    interactive: !options.json && process.stdin.isTTY === true && process.stderr.isTTY === true,
    notice(text) {
      if (live) stopProgress();
      process.stderr.write(`${printable(text)}\n`);
    },
    onProgress: live ? showLive : showPlain,
    stopProgress,
  };
}

function spentText(usd: number | null | undefined): string {
  if (usd === undefined) return '';
  return usd === null ? '  spent: unknown' : `  spent: $${usd.toFixed(4)}`;
}
