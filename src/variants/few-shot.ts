import {
  type Cost,
  contentHash,
  FulcrumError,
  noCost,
  noUsage,
  type Sample,
  sha256,
  type Usage,
} from '../core/index.ts';
import type { EmbeddingModel, Message } from '../models/index.ts';
import type { FewShotConfig } from './config.ts';
import { cosine } from './evidence/sentence-vectors.ts';
import { informativeTerms, termCoverage, termWeights } from './evidence/terms.ts';
import { fewShotTurns } from './readers/few-shot-turns.ts';
import { refusalPhrase } from './readers/prompts.ts';

/** Samples of a train split with their answers. Supplied by `app`. */
export type TrainSamples = (dataset: string) => Promise<readonly Sample[]>;

/** A question with the answer that a model is shown for it. */
export interface SolvedSample {
  readonly id: string;
  readonly input: string;
  readonly output: string;
  readonly group?: string | undefined;
}

/** Solved samples that are shown before a question. */
export interface FewShot {
  /** Everything that they depend on, for the definition of the variant. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** Every sample of a dataset that may be shown. */
  readonly pool: readonly SolvedSample[];
  /** Longest text that they can come to, in characters. */
  readonly mostCharacters: number;
  /** As turns of a conversation: those that were written out first, the nearest to the question last. */
  turns(question: string): Promise<{ messages: Message[]; usage: Usage; cost: Cost }>;
}

/** What a config of few-shot samples means where it does not say. */
export const fewShotDefaults = { k: 4, choose: 'fixed', seed: 0 } as const;

/** What few-shot samples are made with. */
export interface FewShotParts {
  readonly trainSamples: TrainSamples;
  readonly embeddingModel: () => Promise<EmbeddingModel | null>;
  /** Whether their answers are shown as JSON, since that is how the variant answers. */
  readonly structured: boolean;
}

/** Prepares the samples that a config writes out, and those of its dataset. Throws what `fromDataset` throws. */
export async function createFewShot(config: FewShotConfig, parts: FewShotParts): Promise<FewShot> {
  const { dataset, samples = [] } = config;
  const written = fewShotTurns(samples, parts.structured);
  const chosen = dataset === undefined ? nothingChosen : await fromDataset({ ...config, dataset }, parts);
  return {
    pool: chosen.pool,
    mostCharacters: chosen.mostCharacters + lengthOf(written),
    definition: { ...chosen.definition, ...(samples.length > 0 ? { written: contentHash(samples) } : {}) },
    async turns(question) {
      const { messages, ...spent } = await chosen.turns(question);
      return { messages: [...written, ...messages], ...spent };
    },
  };
}

const nothingChosen: FewShot = {
  pool: [],
  mostCharacters: 0,
  definition: {},
  turns: async () => ({ messages: [], usage: noUsage, cost: noCost }),
};

/**
 * Prepares the samples of a train split: a fixed choice by seed, or those most like each question, by shared terms or
 * by embedding. A sample without an answer (reference, label, facts, or being unanswerable) is left out. Throws
 * `dataset-empty` when none is left.
 */
async function fromDataset(
  config: FewShotConfig & { dataset: string },
  { trainSamples, embeddingModel, structured }: FewShotParts,
): Promise<FewShot> {
  const { dataset, k, choose, seed } = { ...fewShotDefaults, ...config };
  const solved = (await trainSamples(dataset)).flatMap(solve);
  if (solved.length === 0)
    throw new FulcrumError('dataset-empty', {
      path: `The train split of "${dataset}" (samples with an answer)`,
    });
  const ordered = solved
    .map((sample) => ({ sample, order: sha256(`${seed}:${sample.id}`) }))
    .sort((a, b) => (a.order < b.order ? -1 : 1))
    .map(({ sample }) => sample);
  const fixed = ordered.slice(0, k);
  const pool = choose === 'fixed' ? fixed : ordered;
  const model = choose === 'embedding' ? await embeddingModel() : null;
  if (choose === 'embedding' && !model)
    throw new FulcrumError('config-invalid', {
      file: 'fewShot',
      problem: '"choose": "embedding" needs an embedding model; use "keyword" or set "embedding".',
    });
  const rank = model ? rankByEmbedding(pool, model) : rankByTerms(pool);
  const asTurns = (samples: readonly SolvedSample[]): Message[] =>
    fewShotTurns(
      samples.map(({ input, output }) => ({ input, output })),
      structured,
    );
  const longest = pool
    .map((sample) => lengthOf(asTurns([sample])))
    .sort((a, b) => b - a)
    .slice(0, k);
  return {
    pool,
    mostCharacters: longest.reduce((sum, length) => sum + length, 0),
    definition: {
      dataset,
      k,
      choose,
      seed,
      samples: contentHash(pool),
      ...(model ? { embeddingModel: model.fingerprint } : {}),
    },
    async turns(question) {
      if (choose === 'fixed') return { messages: asTurns(fixed), usage: noUsage, cost: noCost };
      const { scores, usage, cost } = await rank(question);
      const nearest = pool
        .map((sample, index) => ({ sample, score: scores[index] ?? 0 }))
        .sort((a, b) => b.score - a.score || (a.sample.id < b.sample.id ? -1 : 1))
        .slice(0, k)
        .map(({ sample }) => sample);
      return { messages: asTurns(nearest.reverse()), usage, cost };
    },
  };
}

function lengthOf(messages: readonly Message[]): number {
  return messages.reduce((sum, { content }) => sum + content.length, 0);
}

/** The answer that a sample shows: reference, else label, else the first form of each fact; a refusal if unanswerable. */
function solve(sample: Sample): SolvedSample[] {
  const facts = sample.facts?.map(([form]) => form).join('; ');
  const output = sample.answerable
    ? (sample.reference ?? sample.references?.[0] ?? sample.label ?? (facts || undefined))
    : refusalPhrase;
  if (output === undefined) return [];
  const { id, input, group } = sample;
  return [{ id, input, output, ...(group === undefined ? {} : { group }) }];
}

type Rank = (question: string) => Promise<{ scores: readonly number[]; usage: Usage; cost: Cost }>;

function rankByTerms(pool: readonly SolvedSample[]): Rank {
  const terms = pool.map(({ input }) => new Set(informativeTerms(input)));
  return async (question) => {
    const weights = termWeights(question, terms);
    return { scores: terms.map((own) => termCoverage(weights, own)), usage: noUsage, cost: noCost };
  };
}

function rankByEmbedding(pool: readonly SolvedSample[], model: EmbeddingModel): Rank {
  let vectors: Promise<readonly Float32Array[]> | null = null;
  return async (question) => {
    // Questions are compared with questions, so both are embedded as queries.
    vectors ??= model.embedQueries(pool.map(({ input }) => input)).then((embedded) => embedded.vectors);
    const own = await model.embedQueries([question]);
    const vector = own.vectors[0];
    return {
      scores: (await vectors).map((other) => (vector ? cosine(vector, other) : 0)),
      usage: { ...noUsage, embeddedTokens: own.tokens, coreSeconds: own.coreSeconds },
      cost: own.cost,
    };
  };
}
