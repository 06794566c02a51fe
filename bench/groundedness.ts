/**
 * The support check beside ROUGE-2 precision and plain unigram overlap on texts that people (BEGIN) or their makers (HaluEval)
 * judged: AUROC and balanced accuracy with paired intervals, and how often each hard failure is right.
 * Usage: node bench/groundedness.ts [--fit] [--json] [--resamples 2000] [--disjoint]
 * Both parts of HaluEval have the same questions and right answers; --disjoint fits on every other one and tests on the rest.
 * Data: FULCRUM_SHARED_DATA (default ../shared/data). Fitted on begin/wow dev and HaluEval one-turn, tested on begin
 * topicalchat, begin cmu-dog and HaluEval multi-turn. BEGIN: "Fully attributable" is supported, all else is not.
 */
import { parseArgs } from 'node:util';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { checkSupport, lexicalWeights, supportThreshold } from '../src/variants/index.ts';
import { auroc, balancedAccuracy } from './groundedness/detection-figures.ts';
import { fitThreshold, fitWeights } from './groundedness/fit.ts';
import { fittedSets, readJudgedTexts, testedSets } from './groundedness/judged-texts.ts';
import { rougePrecision } from './groundedness/rouge-precision.ts';

type Scorer = 'support' | 'rouge-2 precision' | 'unigram overlap';
const scorers: readonly Scorer[] = ['support', 'rouge-2 precision', 'unigram overlap'];

const { values: options } = parseArgs({
  options: {
    fit: { type: 'boolean', default: false },
    json: { type: 'boolean', default: false },
    disjoint: { type: 'boolean', default: false },
    resamples: { type: 'string', default: '2000' },
  },
});

/** Labels, scores and items of one data set; `calls` are the yes/no answers of each scorer. */
interface Table {
  readonly labels: readonly boolean[];
  readonly items: readonly number[];
  readonly itemCount: number;
  readonly scores: Readonly<Record<Scorer, readonly number[]>>;
  readonly calls: Readonly<Record<Scorer, readonly boolean[]>>;
}

const texts = readJudgedTexts(options);
if (options.fit) console.log('fitted weights', fitWeights(texts), 'in the code', lexicalWeights);

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
      fittedSets.map((set) => ({
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

const report = [...fittedSets, ...testedSets].map(measure);
const kinds = ['number', 'unit', 'identifier', 'name', 'negation'] as const;
const failures = kinds.map((kind) => {
  const found = texts.flatMap((text, index) =>
    testedSets.includes(text.set) && checks[index]!.hardFailures.some((failure) => failure.kind === kind)
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
    console.log(`${set} (${fittedSets.includes(set) ? 'fitted' : 'test'}): n ${n}, ${supported} supported`);
    for (const row of rows)
      console.log(
        `  ${row.scorer.padEnd(18)} AUROC ${show(row.auroc)}${gain(row.aurocGain)}  balanced accuracy ${show(row.balanced)}${gain(row.balancedGain)}`,
      );
  }
  console.log('hard failures on the test sets, right of found:');
  console.log(`  ${failures.map(({ kind, right, found }) => `${kind} ${right}/${found}`).join(', ')}`);
  console.log(`${msPerCheck.toFixed(2)} ms a check`);
}
