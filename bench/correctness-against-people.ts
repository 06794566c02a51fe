/**
 * node bench/correctness-against-people.ts: how far deterministic correctness agrees with people.
 *
 * RAGChecker's 280 pairs of long answers, two annotators each, who said which answer is better (-2 to 2). For each
 * metric: the correlation (x 100) of the difference of the two answers' scores with the annotator's label, over the 560
 * judgements, as RAGChecker's own meta-evaluation has it. None of the metrics has a parameter that was fitted to data.
 * Data: FULCRUM_SHARED_DATA (default ../shared/data).
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sentenceChrf } from '../src/evaluation/metrics/text/chrf.ts';
import { rouge } from '../src/evaluation/metrics/text/rouge.ts';
import { contentOverlap } from '../src/evaluation/scorers/correctness.ts';
import { tokenF1 } from '../src/evaluation/scorers/squad.ts';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');
const answer = z.object({ response: z.string() });
const judgements = z
  .array(
    z.object({
      query: z.string(),
      gt_answer: z.string(),
      model1: answer,
      model2: answer,
      correctness_label: z.number(),
      completeness_label: z.number(),
      overall_label: z.number(),
    }),
  )
  .parse(JSON.parse(readFileSync(join(shared, 'ragchecker-human', 'human_labeled_data.json'), 'utf8')));

type Metric = (answer: string, reference: string, question: string) => number;
const metrics: Readonly<Record<string, Metric>> = {
  correctness: contentOverlap,
  'token-f1': (text, reference) => tokenF1(text, [reference]),
  'rouge-1': (text, reference) => rouge(reference, text, 'rouge1').fmeasure,
  'rouge-2': (text, reference) => rouge(reference, text, 'rouge2').fmeasure,
  'rouge-l': (text, reference) => rouge(reference, text, 'rougeL').fmeasure,
  'sentence-chrf': (text, reference) => sentenceChrf(text, [reference]),
  'words of the answer': (text) => text.split(/\s+/).length,
};
const aspects = ['overall_label', 'completeness_label', 'correctness_label'] as const;

console.log(`${judgements.length} judgements; Pearson / Spearman x 100`);
console.log(`${'metric'.padEnd(22)}${aspects.map((name) => name.replace('_label', '').padEnd(16)).join('')}`);
for (const [name, metric] of Object.entries(metrics)) {
  const differences = judgements.map(
    ({ query, gt_answer, model1, model2 }) =>
      metric(model2.response, gt_answer, query) - metric(model1.response, gt_answer, query),
  );
  const cells = aspects.map((aspect) => {
    const labels = judgements.map((judgement) => judgement[aspect]);
    const figures = [pearson(differences, labels), pearson(ranks(differences), ranks(labels))];
    return figures
      .map((figure) => (100 * figure).toFixed(2))
      .join(' / ')
      .padEnd(16);
  });
  console.log(`${name.padEnd(22)}${cells.join('')}`);
}

function pearson(a: readonly number[], b: readonly number[]): number {
  const mean = (values: readonly number[]): number => values.reduce((x, y) => x + y, 0) / values.length;
  const [meanA, meanB] = [mean(a), mean(b)];
  const dot = (f: (index: number) => number): number => a.reduce((total, _, index) => total + f(index), 0);
  const together = dot((index) => (a[index]! - meanA) * (b[index]! - meanB));
  const alone = dot((index) => (a[index]! - meanA) ** 2) * dot((index) => (b[index]! - meanB) ** 2);
  return together / Math.sqrt(alone);
}

/** Ranks from 1, equal values sharing the mean of theirs. */
function ranks(values: readonly number[]): number[] {
  const order = values.map((_, index) => index).sort((a, b) => values[a]! - values[b]!);
  const found: number[] = Array(values.length).fill(0);
  for (let start = 0; start < order.length; ) {
    let end = start;
    while (end < order.length && values[order[end]!] === values[order[start]!]) end += 1;
    for (const index of order.slice(start, end)) found[index] = (start + end + 1) / 2;
    start = end;
  }
  return found;
}
