import type { PairedDifference } from './measured-prompt.ts';
import type { PromptReport } from './prompt-report.ts';
import { nameSettings } from './prompt-settings.ts';

/** A prompt search as a person reads it in a terminal. */
export function renderPromptReport(report: PromptReport): string {
  const { tried, dev, test } = report;
  const width = Math.max(...tried.map(({ name }) => name.length), 8);
  return [
    `${report.variant} on the dev split of "${report.dataset}", by ${report.metric}:`,
    `  ${'settings'.padEnd(width)}  mean   n     tokens  $/1,000   against the leader then`,
    ...tried.map(
      ({ name, mean, n, inputTokens, costPer1000Usd, gain, chosen }) =>
        `${chosen ? '* ' : '  '}${name.padEnd(width)}  ${share(mean)}  ${String(n).padEnd(5)} ${inputTokens.toFixed(0).padStart(6)}  ${money(costPer1000Usd).padEnd(8)}  ${gain === null ? '' : span(gain)}`,
    ),
    '',
    `Chosen (* the shortest prompt within one standard error of the best): ${nameSettings(report.chosen)}`,
    `On dev ${share(dev.mean)}${dev.gain ? `, ${span(dev.gain)} against the variant as it is, which flatters` : ''}; on folds that had no part in the choice ${share(dev.crossFitted)}.`,
    ...(test
      ? [
          `On test ${share(test.mean)}, the variant as it is ${share(test.start)}${test.gain ? `: ${span(test.gain)}` : ''}. Optimism (dev minus test): ${signed(test.optimism)}.`,
        ]
      : ['Not tried on a test split, so its optimism is not known.']),
    endedText(report),
    ...report.notes,
  ].join('\n');
}

function endedText({ ended, exhausted, margin, tried }: PromptReport): string {
  if (ended === 'budget')
    return `The budget was spent after ${tried.length} settings: prompting is not exhausted.`;
  if (ended === 'most') return `Stopped after ${tried.length} settings (--most): prompting is not exhausted.`;
  return exhausted
    ? `Prompting is exhausted as far as these ${tried.length} settings go: none is better by ${margin} or more.`
    : `Nothing else was left to try; a gain of ${margin} or more by better prompting is not ruled out.`;
}

function span({ difference, low, high }: PairedDifference): string {
  return `${signed(difference)} [${signed(low)}, ${signed(high)}]`;
}

function share(value: number | null): string {
  return value === null ? 'none ' : value.toFixed(3);
}

function signed(value: number | null): string {
  return value === null ? 'none' : `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

function money(value: number | null): string {
  return value === null ? 'unknown' : value.toFixed(4);
}
