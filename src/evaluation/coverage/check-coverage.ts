import { FulcrumError, type Sample, type WorkOptions } from '../../core/index.ts';
import type { ReadSample } from '../datasets/read-samples.ts';
import type { EmbedTexts } from '../evaluated.ts';
import type { RunScores } from '../run-scores.ts';
import type { CoverageReport } from './coverage-report.ts';
import { energyTest } from './energy-test.ts';
import { chooseLabelNext, type TopicRow } from './label-next.ts';
import { createRandom, shuffleFront } from './random.ts';
import { kishEffective, topicWeights, weightedMean } from './reweight.ts';
import { termVectors } from './term-vectors.ts';
import { type Centres, findTopics, nearestTopic, topicWords } from './topics.ts';

export interface CoverageOptions extends WorkOptions {
  readonly dataset: { readonly name: string; readonly hash: string };
  readonly split: string | null;
  readonly samples: readonly Sample[];
  readonly traffic: { readonly origin: string; readonly rows: readonly ReadSample[]; readonly blank: number };
  /** Embeds texts; null to go by words. */
  readonly embed: EmbedTexts | null;
  readonly permutations: number;
  readonly seed: number;
  /** Number of topics; by default the root of half the rows, from 2 to 40. */
  readonly topics?: number | undefined;
  /** How many rows to propose for labelling. */
  readonly labelNext: number;
  readonly runs: readonly RunScores[];
}

/** Rows that are placed in topics (by words, by embeddings), that topics are found from, and that the test takes, at most. */
const limits = { rows: 50_000, embedded: 5_000, topics: 3_000, testRows: 1_500, testSamples: 500 };
const examplesShown = 3;
const wordsShown = 4;

/**
 * Compares a test set with traffic: a two-sample test, topics of the traffic with the samples in each, what to label next,
 * and weights that give the test set the topic shares of traffic. Throws `traffic-unusable` for fewer than ten rows.
 */
export async function checkCoverage(options: CoverageOptions): Promise<CoverageReport> {
  const { samples, traffic, seed } = options;
  if (traffic.rows.length < 10)
    throw new FulcrumError('traffic-unusable', {
      path: traffic.origin,
      problem: `${traffic.rows.length} questions are too few to compare with`,
    });
  const most = options.embed ? limits.embedded : limits.rows;
  const rows = takeBlocks(traffic.rows, ({ sample }) => blockOf(sample), most, seed);
  const texts = [...samples.map(({ input }) => input), ...rows.map(({ sample }) => sample.input)];
  const vectors = options.embed ? await options.embed(texts, options) : termVectors(texts);
  const ownVectors = vectors.slice(0, samples.length);
  const rowVectors = vectors.slice(samples.length);
  const count = options.topics ?? Math.min(40, Math.max(2, Math.round(Math.sqrt(rows.length / 2))));
  const centres = findTopics(
    takeBlocks(rowVectors, (vector) => vector, limits.topics, seed),
    count,
    seed,
  );
  const placed = placeRows(rows, rowVectors, centres);
  const sampleTopics = ownVectors.map((vector) => nearestTopic(vector, centres).topic);
  const topics = describeTopics(placed, sampleTopics, centres.length);
  const uncovered = topics
    .filter((topic) => topic.samples === 0 && topic.rows > 0)
    .sort((a, b) => b.trafficShare - a.trafficShare)
    .map(({ topic }) => topic);
  const uncoveredShare = topics
    .filter((topic) => topic.samples === 0)
    .reduce((sum, { trafficShare }) => sum + trafficShare, 0);
  const weights = topicWeights(
    sampleTopics,
    topics.map(({ trafficShare }) => trafficShare),
  );
  return {
    dataset: options.dataset.name,
    hash: options.dataset.hash,
    split: options.split,
    samples: samples.length,
    traffic: {
      origin: traffic.origin,
      rows: traffic.rows.length,
      blank: traffic.blank,
      blocks: new Set(traffic.rows.map(({ sample }) => blockOf(sample))).size,
      used: rows.length,
    },
    features: options.embed ? 'embeddings' : 'terms',
    seed,
    test: testLikeness(options, rows, ownVectors, rowVectors),
    topics,
    uncovered,
    uncoveredShare,
    labelNext: chooseLabelNext(
      placed,
      samples.map(({ input }) => input),
      topics.map((topic) => topic.samples),
      options.labelNext,
    ).map(({ row, topic, text }) => ({ row, topic, text })),
    weights: samples.map(({ id }, index) => ({
      sample: id,
      topic: sampleTopics[index]!,
      weight: weights[index]!,
    })),
    effectiveN: kishEffective(weights),
    coveredShare: Math.max(0, 1 - uncoveredShare),
    runs: options.runs.map((run) => reweightRun(run, samples, weights)),
  };
}

function testLikeness(
  { samples, permutations, seed }: CoverageOptions,
  rows: readonly ReadSample[],
  ownVectors: readonly Float32Array[],
  rowVectors: readonly Float32Array[],
): CoverageReport['test'] {
  const own = samples.map((sample, index) => ({ block: blockOf(sample), vector: ownVectors[index]! }));
  const others = rows.map(({ sample }, index) => ({ block: blockOf(sample), vector: rowVectors[index]! }));
  const chosen = takeBlocks(own, ({ block }) => block, limits.testSamples, seed);
  const against = takeBlocks(others, ({ block }) => block, limits.testRows, seed + 1);
  const blocked = (side: typeof own) => ({
    vectors: side.map(({ vector }) => vector),
    blocks: side.map(({ block }) => block),
  });
  const test = energyTest(blocked(chosen), blocked(against), { permutations, seed });
  return {
    statistic: 'energy-distance',
    ...test,
    samples: chosen.length,
    rows: against.length,
    differs: test.p < 0.05,
  };
}

function placeRows(
  rows: readonly ReadSample[],
  vectors: readonly Float32Array[],
  centres: Centres,
): TopicRow[] {
  return rows.map(({ sample, line }, index) => ({
    row: line,
    text: sample.input,
    ...nearestTopic(vectors[index]!, centres),
  }));
}

function describeTopics(
  rows: readonly TopicRow[],
  sampleTopics: readonly number[],
  count: number,
): CoverageReport['topics'] {
  const words = topicWords(
    rows.map(({ text }) => text),
    rows.map(({ topic }) => topic),
    count,
    wordsShown,
  );
  return words.map((own, topic) => {
    const members = rows.filter((row) => row.topic === topic);
    const samples = sampleTopics.filter((each) => each === topic).length;
    const typical = [...members].sort((a, b) => b.closeness - a.closeness || a.row - b.row);
    return {
      topic,
      words: own,
      rows: members.length,
      trafficShare: members.length / rows.length,
      samples,
      sampleShare: samples / Math.max(sampleTopics.length, 1),
      examples: [...new Set(typical.map(({ text }) => text))].slice(0, examplesShown),
    };
  });
}

function reweightRun(
  { run, variant, metric, scores }: RunScores,
  samples: readonly Sample[],
  weights: readonly number[],
): CoverageReport['runs'][number] {
  const values = new Map(scores.map(({ sample, value }) => [sample, value]));
  const scored = samples.flatMap((sample, index) => {
    const value = values.get(sample.id);
    return typeof value === 'number' ? [{ value, weight: weights[index]!, group: blockOf(sample) }] : [];
  });
  const figures = (weightOf: (each: (typeof scored)[number]) => number) =>
    weightedMean(
      scored.map(({ value }) => value),
      scored.map(weightOf),
      scored.map(({ group }) => group),
    );
  return {
    run,
    variant,
    metric,
    scored: scored.length,
    of: samples.length,
    plain: figures(() => 1),
    reweighted: figures(({ weight }) => weight),
    effectiveN: kishEffective(scored.map(({ weight }) => weight)),
  };
}

/** At most so many members, a random choice of whole blocks, in their old order; at least one block. */
function takeBlocks<T>(
  members: readonly T[],
  blockOf: (member: T) => unknown,
  limit: number,
  seed: number,
): T[] {
  if (members.length <= limit) return [...members];
  const blocks = [...new Set(members.map(blockOf))];
  shuffleFront(blocks, blocks.length, createRandom(seed));
  const sizes = new Map<unknown, number>();
  for (const member of members) sizes.set(blockOf(member), (sizes.get(blockOf(member)) ?? 0) + 1);
  const taken = new Set<unknown>();
  let total = 0;
  for (const block of blocks) {
    if (taken.size > 0 && total + sizes.get(block)! > limit) continue;
    taken.add(block);
    total += sizes.get(block)!;
  }
  return members.filter((member) => taken.has(blockOf(member)));
}

function blockOf({ group, id }: Sample): string {
  return group === undefined ? `sample ${id}` : `group ${group}`;
}
