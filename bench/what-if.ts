// A what-if over a million measured requests: costs at two volumes, regions, crossovers and tipping values of six arms, all with
// bootstrap intervals, against a plain loop that draws every request anew. Both in one run, on made-up requests.
//
//   node bench/what-if.ts [REQUESTS] [DRAWS]      (default 1000000 1000)

import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import {
  type ArmInputs,
  enteredFigure,
  type Figure,
  type Hosting,
  listedFigure,
  measuredFigure,
  type RequestProfile,
  type UsageRows,
  unknownFigure,
  whatIf,
} from '../src/decision/index.ts';

const requests = Number(process.argv[2] ?? 1_000_000);
const draws = Number(process.argv[3] ?? 1000);
const generator = xoroshiro128plus(7);

/** Requests of one variant: lengths with a long tail, nine in ten answered well. */
function usageOf(count: number, retrieved: number): UsageRows {
  const tail = (mean: number): Float64Array =>
    Float64Array.from({ length: count }, () => Math.round(-mean * Math.log(1 - uniformFloat64(generator))));
  const correct = Float64Array.from({ length: count }, () => (uniformFloat64(generator) < 0.9 ? 1 : 0));
  return {
    columns: {
      staticPrefix: new Float64Array(count).fill(1500),
      query: tail(300),
      retrieved: retrieved === 0 ? new Float64Array(count) : tail(retrieved),
      output: tail(300),
      cached: new Float64Array(count).fill(1400),
      correct,
      wrong: correct.map((value) => 1 - value),
      refused: new Float64Array(count),
    },
  };
}

const mean = (values: Float64Array | undefined): number =>
  (values ?? new Float64Array()).reduce((sum, value) => sum + value, 0) / (values?.length ?? 1);

function profileOf({ columns }: UsageRows): RequestProfile {
  const measured = (name: 'staticPrefix' | 'query' | 'retrieved' | 'output'): Figure =>
    measuredFigure(mean(columns[name]), columns[name]?.length ?? 0, 'made up');
  const none = enteredFigure(0, 'none');
  return {
    staticPrefix: measured('staticPrefix'),
    fewShot: none,
    history: none,
    query: measured('query'),
    retrieved: measured('retrieved'),
    output: measured('output'),
    reasoning: none,
    cachedShare: measuredFigure(1400 / 1500, columns.query?.length ?? 0, 'made up'),
    retryFactor: enteredFigure(1),
    batchShare: none,
    embeddedTokens: none,
    reranks: none,
    coreSeconds: none,
  };
}

function arm(
  name: string,
  usage: UsageRows,
  price: number,
  hosting: Hosting = { form: 'per-token' },
): ArmInputs {
  const range = (value: number, id: string): Figure => ({
    ...listedFigure(value, '2026-09-23', id, `price:${id}`),
    low: value * 0.8,
    high: value * 1.2,
  });
  const share = (column: 'correct' | 'wrong' | 'refused'): Figure =>
    measuredFigure(mean(usage.columns[column]), usage.columns.query?.length ?? 0, 'made up');
  return {
    name,
    kind: 'rag',
    hypothetical: false,
    profile: profileOf(usage),
    prices: {
      input: range(price, `${name} input`),
      cachedInput: range(price / 10, `${name} cached`),
      cacheWrite: range(price * 1.25, `${name} writes`),
      output: range(price * 5, `${name} output`),
    },
    hosting,
    upfront: {
      months: enteredFigure(12),
      goldSet: { count: enteredFigure(300), usdEach: enteredFigure(1.6) },
    },
    maintenance: {},
    quality: { correct: share('correct'), wrong: share('wrong'), refused: share('refused') },
    usage,
  };
}

const machines = (usd: number): Hosting => ({
  form: 'per-hour',
  replicaHour: { ...enteredFigure(usd), low: usd * 0.8, high: usd * 1.3 },
  requestsPerSecond: { ...enteredFigure(20), low: 10, high: 30 },
  prefillTokensPerSecond: enteredFigure(25_000),
  peakToMean: enteredFigure(3),
  minimumReplicas: 1,
});

const each = Math.floor(requests / 4);
const usages = [usageOf(each, 0), usageOf(each, 3000), usageOf(each, 0), usageOf(each, 3000)];
const arms = [
  arm('small prompt', usages[0]!, 0.1),
  arm('small rag', usages[1]!, 0.1),
  arm('middle prompt', usages[2]!, 1),
  arm('middle rag', usages[3]!, 1),
  arm('tuned', usages[0]!, 0.1, machines(2.86)),
  arm('hybrid', usages[1]!, 0.1, machines(2.86)),
];
const ask = () =>
  whatIf({
    arms,
    volumes: [1_000_000, 10_000_000],
    losses: { wrong: enteredFigure(0.1, 'entered', { id: 'loss:wrong' }), refused: unknownFigure('none') },
    measure: 'accepted',
    max: 100_000_000,
    today: '2026-11-26',
    draws,
  });

/** One bootstrap mean of the cost of a request of one arm, every request drawn anew. */
function naiveDraw({ columns }: UsageRows, price: number): number {
  const count = columns.query?.length ?? 0;
  let sum = 0;
  for (let turn = 0; turn < count; turn++) {
    const row = uniformInt(generator, 0, count - 1);
    const prefix = 1400 * price * 0.1 + 100 * price * 1.25;
    sum +=
      prefix + (columns.query![row]! + columns.retrieved![row]!) * price + columns.output![row]! * price * 5;
  }
  return sum / count / 1e6;
}

ask();
const rounds = Array.from({ length: 3 }, () => {
  const startedAt = performance.now();
  const before = process.cpuUsage();
  const found = ask();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - startedAt) / 1000, cpu: (user + system) / 1e6, found };
});
const { seconds, cpu, found } = rounds.sort((a, b) => a.seconds - b.seconds)[1]!;
const naiveDraws = 3;
const before = process.cpuUsage();
for (let draw = 0; draw < naiveDraws; draw++) for (const usage of usages) naiveDraw(usage, 1);
const { user, system } = process.cpuUsage(before);
const naive = ((user + system) / 1e6 / naiveDraws) * draws;
console.log(
  `${requests} measured requests, ${arms.length} arms, ${draws} draws: costs at 2 volumes, ${found.regions.length} regions,`,
);
console.log(
  `${found.crossovers.length} crossovers and ${found.tipping.length} tipping values, all with intervals.`,
);
console.log(
  `what-if            ${seconds.toFixed(3)} s, ${cpu.toFixed(3)} s of processor time (median of 3)`,
);
console.log(
  `plain loop         ${naive.toFixed(1)} s of processor time, for the means of the request costs alone (${naiveDraws} draws timed, times ${draws})`,
);
console.log(`ratio              ${(naive / cpu).toFixed(0)} by processor time`);
