import { mkdir, writeFile } from 'node:fs/promises';
import { join, relative } from 'node:path';
import Table from 'cli-table3';
import type { Project } from '../../app/index.ts';
import type { Sample } from '../../core/index.ts';
import {
  type Decision,
  explainDecision,
  renderComparison,
  renderDecision,
  renderReport,
  samplesOfReport,
} from '../../decision/index.ts';
import { type Comparison, compareVariants, type ScoreRow } from '../../evaluation/index.ts';
import { pricesOfRuns } from '../scores-command.ts';
import type { Say } from './say.ts';

/** Outcome of the demo. */
export interface DemoVerdict {
  readonly comparison: Comparison;
  readonly decision: Decision;
  /** Mean of the primary metric and number of samples by variant, for each kind of question. */
  readonly slices: Readonly<Record<string, Readonly<Record<string, { mean: number; n: number }>>>>;
  /** Path of the HTML report. */
  readonly report: string;
}

/** Kinds of questions that are shown apart: how many of their words stand in the evidence, and those without any. */
const slicesShown = ['overlap-high', 'overlap-middle', 'overlap-low', 'multi-page', 'unanswerable'];

/** Compares, decides, writes the report and says all of it. */
export async function reachVerdict(
  project: Project,
  given: { runs: readonly string[]; rows: readonly ScoreRow[]; samples: readonly Sample[] },
  say: Say,
): Promise<DemoVerdict> {
  const { metric, margin, bar = 0, volume } = project.config.decision;
  const { rows, runs } = given;
  const comparison = compareVariants({ rows, metric, margin });
  say.line(indented(renderComparison(comparison)));
  const slices = sliceMeans(rows, given.samples);
  say.line('\n  By kind of question (description only; the verdict is about all of them):');
  say.line(indented(sliceTable(slices)));

  say.heading(`What to use, at ${volume.toLocaleString('en')} requests a month`);
  const explained = explainDecision({ rows, metric, margin, bar, volume, runs });
  const prices = await pricesOfRuns(await project.evaluation(), runs);
  say.line(indented(renderDecision(explained, prices)));
  const report = join(project.stateDirectory, 'report.html');
  await mkdir(project.stateDirectory, { recursive: true });
  const evaluation = await project.evaluation();
  const html = await renderReport({
    rows,
    metric,
    look: 1,
    plan: null,
    sequential: false,
    settings: { margin, confidence: 0.95, bar, volume, prices: {}, weights: {}, pair: null },
    title: 'Code assistant: which way of answering?',
    prices,
    runs,
    texts: await evaluation.sampleTexts(runs, samplesOfReport({ rows, metric })),
    footer: `Made by "fulcrum demo" on ${new Date().toISOString().slice(0, 10)}.`,
  });
  await writeFile(report, html);
  say.line(`\n  Report: ${relative(process.cwd(), report)}`);
  return { comparison, decision: explained.decision, slices, report };
}

/** Means by tag and variant over the rows that have a value. */
function sliceMeans(rows: readonly ScoreRow[], samples: readonly Sample[]): DemoVerdict['slices'] {
  const tagsOf = new Map(samples.map((sample) => [sample.id, sample.tags ?? []]));
  const slices: Record<string, Record<string, { mean: number; n: number }>> = {};
  for (const tag of slicesShown) {
    const inside = rows.filter((row) => row.value !== null && tagsOf.get(row.sample)?.includes(tag));
    const byVariant = Map.groupBy(inside, (row) => row.variant);
    slices[tag] = Object.fromEntries(
      [...byVariant]
        .sort()
        .map(([variant, own]) => [
          variant,
          { mean: own.reduce((sum, row) => sum + (row.value ?? 0), 0) / own.length, n: own.length },
        ]),
    );
  }
  return slices;
}

function sliceTable(slices: DemoVerdict['slices']): string {
  const variants = [...new Set(Object.values(slices).flatMap((slice) => Object.keys(slice)))].sort();
  const table = new Table({
    head: ['questions', 'n', ...variants],
    style: { head: [], border: [], compact: true },
  });
  for (const [tag, means] of Object.entries(slices)) {
    const n = Object.values(means)[0]?.n ?? 0;
    table.push([tag, String(n), ...variants.map((variant) => means[variant]?.mean.toFixed(2) ?? '-')]);
  }
  return table.toString();
}

function indented(text: string): string {
  return text
    .split('\n')
    .map((line) => (line === '' ? line : `  ${line}`))
    .join('\n');
}
