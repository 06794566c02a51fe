import { setImmediate } from 'node:timers/promises';
import type { Sample, WorkOptions } from '../../core/index.ts';
import type { EmbedTexts } from '../evaluated.ts';
import type { RunScores } from '../run-scores.ts';
import { findEmbeddingLeaks } from './embedding-leaks.ts';
import {
  findCorpusLeaks,
  findRowLeaks,
  type IndexedRows,
  indexRows,
  type LeakageRows,
  nearestRow,
} from './find-leaks.ts';
import type { Leak, LeakageReport, LeakMethod } from './leakage-report.ts';
import { bandOf, probeMemoriser } from './memoriser.ts';
import { scoreByBand } from './score-by-band.ts';

/** Thresholds from which two questions count as the same. */
export const defaultThresholds = { jaccard: 0.8, cosine: 0.95 } as const;

export interface LeakageOptions extends WorkOptions {
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly split: string | null;
  /** The test samples. */
  readonly samples: readonly Sample[];
  readonly sides: readonly LeakageRows[];
  /** Documents of the corpus; not looked at where absent. */
  readonly corpus?: AsyncIterable<{ readonly id: string; readonly text: string }> | undefined;
  readonly thresholds: { readonly jaccard: number; readonly cosine: number };
  /** Embeds texts, or why that is not done. */
  readonly embed: EmbedTexts | { readonly skipped: string };
  /** Share of test samples that may be leaked. */
  readonly maxLeak: number;
  /** Runs to be told by band. */
  readonly runs?: readonly RunScores[] | undefined;
}

/** Samples compared before other work is let in. */
const samplesAtOnce = 100;

/** Similarities for which the share of samples with a nearer row is told. */
const levels = [0.5, 0.6, 0.7, 0.8];

/**
 * Looks for test samples in training rows, few-shot samples and the corpus, and runs the memoriser probe on the training
 * rows. Passed when at most `maxLeak` of the samples are leaked, by whatever method.
 */
export async function checkLeakage(options: LeakageOptions): Promise<LeakageReport> {
  const { samples, sides, thresholds, maxLeak } = options;
  const indexed = sides.map(indexRows);
  const leaks = indexed.flatMap((side) => findRowLeaks(samples, side, thresholds.jaccard));
  if (typeof options.embed === 'function') {
    const work = { ...options, embed: options.embed, cosine: thresholds.cosine };
    const listed = new Set(leaks.map(pairOf));
    const found = await findEmbeddingLeaks(samples, sides, work);
    leaks.push(...found.filter((leak) => !listed.has(pairOf(leak))));
  }
  const corpus = options.corpus ? await findCorpusLeaks(samples, options.corpus) : null;
  leaks.push(...(corpus?.leaks ?? []));
  const leaked = new Set(leaks.map(({ sample }) => sample)).size;
  const nearest = await nearestRows(options, indexed);
  const leakedShare = samples.length === 0 ? 0 : leaked / samples.length;
  return {
    dataset: options.dataset.name,
    hash: options.dataset.hash,
    split: options.split,
    samples: samples.length,
    against: [
      ...sides.map(({ side, origin, rows }) => ({ side, origin, rows: rows.length })),
      ...(corpus ? [{ side: 'corpus' as const, origin: 'corpus', rows: corpus.documents }] : []),
    ],
    methods: methodsOf(leaks, options),
    leaks,
    nearest,
    nearestAtLeast: Object.fromEntries(
      levels.map((level) => [
        String(level),
        nearest.filter(({ similarity }) => similarity >= level).length / Math.max(samples.length, 1),
      ]),
    ),
    memoriser: memoriserOf(samples, indexed),
    runs: (options.runs ?? []).map((run) => scoreByBand(run, samples, nearest)),
    leakedSamples: leaked,
    leakedShare,
    maxLeak,
    passed: leakedShare <= maxLeak,
  };
}

/** Nearest row of each sample. Lets other work in now and then, so that progress is shown and ctrl-C is heard. */
async function nearestRows(
  { samples, onProgress, signal }: LeakageOptions,
  sides: readonly IndexedRows[],
): Promise<LeakageReport['nearest']> {
  const nearest: LeakageReport['nearest'] = [];
  for (const [done, sample] of samples.entries()) {
    if (done % samplesAtOnce === 0) {
      onProgress?.({ phase: 'comparing', done, total: samples.length, unit: 'samples' });
      await setImmediate();
      signal?.throwIfAborted();
    }
    const found = nearestRow(sample, sides);
    const similarity = found?.similarity ?? 0;
    nearest.push({
      sample: sample.id,
      origin: found?.against.origin ?? null,
      row: found?.against.rows[found.row]?.line ?? null,
      similarity,
      band: bandOf(similarity),
    });
  }
  return nearest;
}

function memoriserOf(samples: readonly Sample[], sides: readonly IndexedRows[]): LeakageReport['memoriser'] {
  const train = sides.filter(({ side }) => side === 'train');
  if (train.length === 0) return { skipped: 'no training rows were given' };
  return probeMemoriser(samples, train) ?? { skipped: 'labels or references are missing on one side' };
}

function methodsOf(leaks: readonly Leak[], options: LeakageOptions): LeakageReport['methods'] {
  const { thresholds, sides, corpus, embed } = options;
  const rows = sides.length > 0 ? null : 'no rows were given';
  const documents = corpus ? null : 'the corpus was not looked at';
  const line = (method: LeakMethod, threshold: number | null, skipped: string | null) => {
    const found = leaks.filter((leak) => leak.method === method);
    const affected = new Set(found.map(({ sample }) => sample)).size;
    return { method, threshold, skipped, samples: affected, pairs: found.length };
  };
  return [
    line('exact', null, rows),
    line('5-gram', thresholds.jaccard, rows),
    line('13-gram', null, rows === null ? null : documents),
    line('embedding', thresholds.cosine, typeof embed === 'function' ? rows : embed.skipped),
    line('contained', null, documents),
  ];
}

function pairOf({ sample, side, origin, row }: Leak): string {
  return JSON.stringify([side, origin, row, sample]);
}
