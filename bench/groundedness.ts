/**
 * The support check beside ROUGE-2 precision and plain unigram overlap on texts that people (BEGIN) or their makers (HaluEval)
 * judged: AUROC and balanced accuracy with paired intervals, and how often each hard failure is right.
 * Usage: node bench/groundedness.ts [--fit] [--json] [--resamples 2000] [--disjoint]
 * Both parts of HaluEval have the same questions and right answers; --disjoint fits on every other one and tests on the rest.
 * Data: FULCRUM_SHARED_DATA (default ../shared/data). Fitted on begin/wow dev and HaluEval one-turn, tested on begin
 * topicalchat, begin cmu-dog and HaluEval multi-turn. BEGIN: "Fully attributable" is supported, all else is not.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  checkSupport,
  indexEvidence,
  lexicalFigures,
  lexicalWeights,
  supportThreshold,
} from '../src/variants/index.ts';

interface JudgedText {
  readonly set: string;
  /** Texts about the same evidence are one item of the bootstrap. */
  readonly evidence: string;
  readonly claim: string;
  readonly supported: boolean;
}

type Scorer = 'support' | 'rouge-2 precision' | 'unigram overlap';
const scorers: readonly Scorer[] = ['support', 'rouge-2 precision', 'unigram overlap'];
const fitted = ['begin/wow', 'halueval/one-turn'];
const tested = ['begin/topicalchat', 'begin/cmu-dog', 'halueval/multi-turn'];

const { values: options } = parseArgs({
  options: {
    fit: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    disjoint: { type: 'boolean', default: false },
    resamples: { type: 'string', default: '2000' },
  },
});
const folder = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');

function readBegin(set: string, file: string): JudgedText[] {
  const lines = readFileSync(join(folder, 'begin', file), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [, , evidence = '', , claim = '', label = ''] = line.replace(/\r$/, '').split('\t');
    return { set, evidence, claim, supported: label === 'Fully attributable' };
  });
}

function readHaluEval(set: string, file: string): JudgedText[] {
  const lines = readFileSync(join(folder, 'halueval', file), 'utf8')
    .trimEnd()
    .split('\n');
  const kept = options.disjoint
    ? lines.filter((_line, at) => at % 2 === (tested.includes(set) ? 1 : 0))
    : lines;
  return kept.flatMap((line) => {
    const row = JSON.parse(line) as Record<'knowledge' | 'right_answer' | 'hallucinated_answer', string>;
    return [
      { set, evidence: row.knowledge, claim: row.right_answer, supported: true },
      { set, evidence: row.knowledge, claim: row.hallucinated_answer, supported: false },
    ];
  });
}

/** Clipped share of the n-grams of the text that are in the evidence, with the tokens of rouge_score (no stemmer). */
function rougePrecision(claim: string, evidence: string, n: number): number {
  const grams = (text: string): string[] => {
    const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    return tokens.slice(n - 1).map((_token, at) => tokens.slice(at, at + n).join(' '));
  };
  const left = new Map<string, number>();
  for (const gram of grams(evidence)) left.set(gram, (left.get(gram) ?? 0) + 1);
  const wanted = grams(claim);
  const found = wanted.filter((gram) => {
    const count = left.get(gram) ?? 0;
    left.set(gram, count - 1);
    return count > 0;
  });
  return wanted.length === 0 ? 0 : found.length / wanted.length;
}

/** Labels, scores and items of one data set; `calls` are the yes/no answers of each scorer. */
interface Table {
  readonly labels: readonly boolean[];
  readonly items: readonly number[];
  readonly itemCount: number;
  readonly scores: Readonly<Record<Scorer, readonly number[]>>;
  readonly calls: Readonly<Record<Scorer, readonly boolean[]>>;
}

/** Area under the curve of weighted texts, ties as one half, from an order by score that was made once. */
function auroc(
  order: readonly number[],
  scores: readonly number[],
  labels: readonly boolean[],
  weights: ArrayLike<number>,
): number {
  let below = 0;
  let sum = 0;
  let positives = 0;
  for (let at = 0; at < order.length; ) {
    let up = 0;
    let down = 0;
    const score = scores[order[at]!]!;
    for (; at < order.length && scores[order[at]!] === score; at++) {
      const index = order[at]!;
      if (labels[index]) up += weights[index]!;
      else down += weights[index]!;
    }
    sum += up * (below + down / 2);
    below += down;
    positives += up;
  }
  return sum / (positives * below);
}

function balancedAccuracy(
  calls: readonly boolean[],
  labels: readonly boolean[],
  weights: ArrayLike<number>,
): number {
  const right = [0, 0];
  const all = [0, 0];
  labels.forEach((label, index) => {
    all[label ? 1 : 0]! += weights[index]!;
    if (calls[index] === label) right[label ? 1 : 0]! += weights[index]!;
  });
  return (right[0]! / all[0]! + right[1]! / all[1]!) / 2;
}

/** Threshold with the best mean balanced accuracy over the sets of the fit, the middle of the best run of scores. */
function fitThreshold(
  sets: readonly { scores: readonly number[]; labels: readonly boolean[]; failed?: readonly boolean[] }[],
): number {
  const steps = Array.from({ length: 999 }, (_, step) => (step + 1) / 1000);
  const quality = steps.map((threshold) =>
    sets.reduce((sum, { scores, labels, failed }) => {
      const calls = scores.map((score, index) => score >= threshold && !failed?.[index]);
      return (
        sum +
        balancedAccuracy(
          calls,
          labels,
          scores.map(() => 1),
        )
      );
    }, 0),
  );
  const best = Math.max(...quality);
  const among = steps.filter((_, index) => quality[index]! > best - 1e-9);
  return among[among.length >> 1]!;
}

/** Ridge logistic regression by Newton steps; each set has the same total weight. */
function fitLogistic(
  rows: readonly { x: readonly number[]; y: boolean; weight: number }[],
  ridge = 1,
): number[] {
  const size = rows[0]!.x.length;
  let beta = new Array<number>(size).fill(0);
  for (let step = 0; step < 50; step++) {
    const matrix = beta.map((value, j) => [
      ...beta.map((_, k) => (j === k && j > 0 ? ridge : 0)),
      j > 0 ? -ridge * value : 0,
    ]);
    for (const { x, y, weight } of rows) {
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, j) => sum + value * beta[j]!, 0)));
      for (let j = 0; j < size; j++) {
        matrix[j]![size]! += weight * ((y ? 1 : 0) - p) * x[j]!;
        for (let k = 0; k < size; k++) matrix[j]![k]! += weight * p * (1 - p) * x[j]! * x[k]!;
      }
    }
    const move = solve(matrix);
    beta = beta.map((value, j) => value + move[j]!);
  }
  return beta;
}

/** Gauss-Jordan on an augmented matrix. */
function solve(matrix: number[][]): number[] {
  const size = matrix.length;
  for (let j = 0; j < size; j++) {
    const pivot = matrix
      .slice(j)
      .reduce((best, row, at) => (Math.abs(row[j]!) > Math.abs(matrix[best]![j]!) ? at + j : best), j);
    [matrix[j], matrix[pivot]] = [matrix[pivot]!, matrix[j]!];
    for (let k = 0; k < size; k++) {
      if (k === j) continue;
      const factor = matrix[k]![j]! / matrix[j]![j]!;
      for (let l = j; l <= size; l++) matrix[k]![l]! -= factor * matrix[j]![l]!;
    }
  }
  return matrix.map((row, j) => row[size]! / row[j]!);
}

const texts = [
  ...readBegin('begin/wow', 'wow/begin_dev_wow.tsv'),
  ...readBegin('begin/topicalchat', 'topicalchat/begin_dev_tc.tsv'),
  ...readBegin('begin/cmu-dog', 'cmu-dog/begin_dev_cmu.tsv'),
  ...readHaluEval('halueval/one-turn', 'qa_one-turn_data.jsonl'),
  ...readHaluEval('halueval/multi-turn', 'qa_multi-turn_data.jsonl'),
];

if (options.fit) {
  const rows = texts
    .filter(({ set }) => fitted.includes(set))
    .map(({ set, claim, evidence, supported }) => {
      const figures = lexicalFigures(claim, indexEvidence(evidence));
      const x =
        figures === null
          ? [1, 1, 0, 0]
          : [1, Math.log1p(figures.unseen), figures.proximity, figures.speaker ? 1 : 0];
      return { set, x, y: supported };
    });
  const weighted = rows.map((row) => ({
    ...row,
    weight: rows.length / 2 / rows.filter(({ set }) => set === row.set).length,
  }));
  const names = ['constant', 'unseen', 'proximity', 'speaker'];
  const fit = Object.fromEntries(
    fitLogistic(weighted).map((value, at) => [names[at], Number(value.toFixed(2))]),
  );
  console.log('fitted weights', fit, 'in the code', lexicalWeights);
}

const startedAt = performance.now();
const checks = texts.map(({ claim, evidence }) => checkSupport(claim, evidence));
const msPerCheck = (performance.now() - startedAt) / texts.length;
const allScores: Record<Scorer, number[]> = {
  support: checks.map(({ score }) => score),
  'rouge-2 precision': texts.map(({ claim, evidence }) => rougePrecision(claim, evidence, 2)),
  'unigram overlap': texts.map(({ claim, evidence }) => rougePrecision(claim, evidence, 1)),
};
const failed = checks.map(({ hardFailures }) => hardFailures.length > 0);
const indexesOf = (set: string): number[] =>
  texts.flatMap((text, index) => (text.set === set ? [index] : []));
const thresholds = Object.fromEntries(
  scorers.map((scorer) => [
    scorer,
    fitThreshold(
      fitted.map((set) => ({
        scores: indexesOf(set).map((index) => allScores[scorer][index]!),
        labels: indexesOf(set).map((index) => texts[index]!.supported),
        ...(scorer === 'support' ? { failed: indexesOf(set).map((index) => failed[index]!) } : {}),
      })),
    ),
  ]),
) as Record<Scorer, number>;
if (options.fit) console.log('fitted thresholds', thresholds, 'in the code', supportThreshold);
thresholds.support = supportThreshold;

function tableOf(set: string): Table {
  const indexes = indexesOf(set);
  const evidence = [...new Set(indexes.map((index) => texts[index]!.evidence))];
  const numbers = new Map(evidence.map((text, number) => [text, number]));
  const pick = <T>(values: readonly T[]): T[] => indexes.map((index) => values[index]!);
  return {
    labels: indexes.map((index) => texts[index]!.supported),
    items: indexes.map((index) => numbers.get(texts[index]!.evidence)!),
    itemCount: evidence.length,
    scores: Object.fromEntries(
      scorers.map((scorer) => [scorer, pick(allScores[scorer])]),
    ) as unknown as Table['scores'],
    calls: Object.fromEntries(
      scorers.map((scorer) => [
        scorer,
        indexes.map(
          (index) =>
            allScores[scorer][index]! >= thresholds[scorer] && !(scorer === 'support' && failed[index]),
        ),
      ]),
    ) as unknown as Table['calls'],
  };
}

/** Figures of every scorer on a set, and 95 % percentile intervals of support minus each baseline, resampled by item. */
function measure(set: string) {
  const table = tableOf(set);
  const orders = Object.fromEntries(
    scorers.map((scorer) => [
      scorer,
      table.labels.map((_, at) => at).sort((a, b) => table.scores[scorer][a]! - table.scores[scorer][b]!),
    ]),
  ) as Record<Scorer, number[]>;
  const figures = (weights: ArrayLike<number>) =>
    scorers.map((scorer) => ({
      auroc: auroc(orders[scorer], table.scores[scorer], table.labels, weights),
      balanced: balancedAccuracy(table.calls[scorer], table.labels, weights),
    }));
  const point = figures(new Float64Array(table.labels.length).fill(1));
  const random = xoroshiro128plus(20260101);
  const draws: ReturnType<typeof figures>[] = [];
  for (let draw = 0; draw < Number(options.resamples); draw++) {
    const counts = new Float64Array(table.itemCount);
    for (let item = 0; item < table.itemCount; item++) counts[(random.next() >>> 0) % table.itemCount]! += 1;
    draws.push(figures(table.items.map((item) => counts[item]!)));
  }
  return {
    set,
    n: table.labels.length,
    supported: table.labels.filter(Boolean).length,
    scorers: scorers.map((scorer, at) => {
      const against = (key: 'auroc' | 'balanced') => {
        const differences = draws
          .map((draw) => draw[0]![key] - draw[at]![key])
          .filter(Number.isFinite)
          .sort((a, b) => a - b);
        const at95 = (share: number): number => differences[Math.floor(share * (differences.length - 1))]!;
        return { difference: point[0]![key] - point[at]![key], low: at95(0.025), high: at95(0.975) };
      };
      return {
        scorer,
        ...point[at]!,
        ...(at === 0 ? {} : { aurocGain: against('auroc'), balancedGain: against('balanced') }),
      };
    }),
  };
}

const report = [...fitted, ...tested].map(measure);
const kinds = ['number', 'unit', 'identifier', 'name', 'negation'] as const;
const failures = kinds.map((kind) => {
  const found = texts.flatMap((text, index) =>
    tested.includes(text.set) && checks[index]!.hardFailures.some((failure) => failure.kind === kind)
      ? [text]
      : [],
  );
  return { kind, found: found.length, right: found.filter(({ supported }) => !supported).length };
});
if (options.json)
  console.log(JSON.stringify({ thresholds, report, hardFailures: failures, msPerCheck }, null, 2));
else {
  const show = (value: number): string => value.toFixed(3);
  const gain = (g: { difference: number; low: number; high: number } | undefined): string =>
    g
      ? ` (support ${g.difference >= 0 ? '+' : ''}${show(g.difference)} [${show(g.low)}, ${show(g.high)}])`
      : '';
  for (const { set, n, supported, scorers: rows } of report) {
    console.log(`${set} (${fitted.includes(set) ? 'fitted' : 'test'}): n ${n}, ${supported} supported`);
    for (const row of rows)
      console.log(
        `  ${row.scorer.padEnd(18)} AUROC ${show(row.auroc)}${gain(row.aurocGain)}  balanced accuracy ${show(row.balanced)}${gain(row.balancedGain)}`,
      );
  }
  console.log('hard failures on the test sets, right of found:');
  console.log(`  ${failures.map(({ kind, right, found }) => `${kind} ${right}/${found}`).join(', ')}`);
  console.log(`${msPerCheck.toFixed(2)} ms a check`);
}
