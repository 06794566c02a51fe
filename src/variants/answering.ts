import { type Answer, addCost, addUsage, contentHash, FulcrumError, noCost, noUsage } from '../core/index.ts';
import type { LanguageModel } from '../models/index.ts';
import type { ExtractConfig, GenerateConfig, RetrieverConfig } from './config.ts';
import { defaultSentenceWeights } from './evidence/select-evidence.ts';
import type { FewShot } from './few-shot.ts';
import {
  type Corpus,
  defaultHits,
  type GatheredEvidence,
  gatherEvidence,
  gatherGoldEvidence,
} from './gather.ts';
import { defaultSentences, leastScoreShare, readByExtraction } from './readers/extract.ts';
import { maxEvidenceUnits, readByGeneration } from './readers/generate.ts';
import {
  closedBookInstructions,
  closedBookPrompt,
  groundedInstructions,
  groundedPrompt,
  localGroundedInstructions,
  refusalPhrase,
} from './readers/prompts.ts';
import type { Reading } from './readers/reading.ts';
import { defaultRefusal, evidenceConfidence, judgeEvidence, type RefusalConfig } from './refusal.ts';
import type { Question, Variant, VariantKind } from './variant.ts';

/** Window and output of models where the config does not say; small local models lose track in longer prompts. */
export const generationDefaults = {
  local: { contextTokens: 900, maxOutputTokens: 80 },
  hosted: { contextTokens: 6000, maxOutputTokens: 400 },
} as const;

/** Bumped when sentences are cut, scored or cited in another way, so that cached answers are made anew. */
const readerRevision = 1;

/** Sentences quoted from the corpus, without a language model. */
export function createExtractVariant(
  name: string,
  config: ExtractConfig,
  corpus: Corpus,
  refusal: RefusalConfig = defaultRefusal,
): Variant {
  const thresholds = config.refusal ?? refusal;
  const sentences = config.sentences ?? defaultSentences;
  return {
    name,
    kind: 'extract',
    deployable: true,
    retrieves: true,
    concurrency: corpus.embedding?.model.local === false ? 8 : 2,
    definition: {
      kind: 'extract',
      readerRevision,
      sentences,
      leastScoreShare,
      weights: defaultSentenceWeights,
      ...corpusDefinition(corpus, config.retriever, thresholds),
    },
    estimate: async () => ({
      inputTokens: 0,
      outputTokens: 0,
      usd: corpus.embedding?.model.local === false ? null : 0,
    }),
    answer: (question) =>
      timed(question, async () => {
        const gathered = await gatherEvidence(question, corpus, config.retriever);
        const { refusal: refused, confidence } = judgeEvidence(gathered.evidence, thresholds);
        if (refused) return { ...refusedAnswer(gathered, refused), confidence };
        const reading = readByExtraction(gathered.evidence, sentences);
        question.onText?.(reading.answer);
        return { ...toAnswer(gathered, reading), confidence };
      }),
    close: async () => {},
  };
}

/**
 * A language model over retrieved evidence (`rag`), over the gold evidence (`oracle`), or by itself (`prompt`, `few-shot`). The
 * oracle of a sample without evidence is shown no passage and may refuse.
 */
export function createGenerateVariant(
  name: string,
  config: GenerateConfig,
  model: LanguageModel,
  corpus: Corpus,
  more: { refusal?: RefusalConfig | undefined; fewShot?: FewShot | null } = {},
): Variant {
  const { refusal = defaultRefusal, fewShot = null } = more;
  const closedBook = fewShot ? 'few-shot' : 'prompt';
  const kind: VariantKind = config.evidence === 'oracle' ? 'oracle' : config.retriever ? 'rag' : closedBook;
  const readsNothing = kind === closedBook;
  const retriever = typeof config.retriever === 'object' ? config.retriever : {};
  const thresholds = config.refusal ?? refusal;
  const defaults = model.local ? generationDefaults.local : generationDefaults.hosted;
  const maxOutputTokens = config.maxOutputTokens ?? defaults.maxOutputTokens;
  const budget = {
    maxOutputTokens,
    contextTokens: Math.min(
      config.contextTokens ?? defaults.contextTokens,
      model.contextTokens ?? Number.POSITIVE_INFINITY,
    ),
  };
  const grounded = model.local ? localGroundedInstructions : groundedInstructions;
  const instructions = config.instructions ?? (readsNothing ? closedBookInstructions : grounded);
  return {
    name,
    kind,
    deployable: kind !== 'oracle',
    retrieves: kind === 'rag',
    concurrency: model.local ? 1 : 8,
    learnedFrom: fewShot?.pool,
    definition: {
      kind,
      readerRevision,
      model: model.id,
      promptHash: contentHash([instructions, refusalPhrase]),
      ...budget,
      ...(readsNothing ? {} : { maxEvidenceUnits, weights: defaultSentenceWeights }),
      ...(kind === 'rag' ? corpusDefinition(corpus, retriever, thresholds) : {}),
      ...(kind === 'oracle' ? { embeddingModel: corpus.embedding?.model.fingerprint ?? null } : {}),
      ...(fewShot ? { fewShot: fewShot.definition } : {}),
    },
    async estimate(question) {
      const inputTokens = readsNothing
        ? (await model.countTokens(`${instructions} ${question.input}`)) +
          Math.ceil((fewShot?.mostCharacters ?? 0) / 3) +
          32
        : budget.contextTokens - maxOutputTokens;
      const usage = addUsage({ inputTokens, outputTokens: maxOutputTokens, calls: 1 });
      return { inputTokens, outputTokens: maxOutputTokens, usd: model.local ? 0 : model.price(usage).usd };
    },
    answer: (question) =>
      timed(question, async () => {
        const gathered =
          kind === 'rag'
            ? await gatherEvidence(question, corpus, retriever)
            : kind === 'oracle'
              ? await gatherGoldEvidence(question, corpus)
              : nothingGathered;
        if (kind === 'rag') {
          const { refusal: refused, confidence } = judgeEvidence(gathered.evidence, thresholds);
          if (refused) return { ...refusedAnswer(gathered, refused), confidence };
        }
        const shown = (await fewShot?.turns(question.input)) ?? {
          messages: [],
          usage: noUsage,
          cost: noCost,
        };
        const reading = await readByGeneration({
          model,
          budget,
          ranked: gathered.evidence.ranked,
          prompt: (passages) => {
            const messages = readsNothing
              ? closedBookPrompt(question.input, instructions)
              : groundedPrompt(question.input, passages, instructions);
            return [...messages.slice(0, -1), ...shown.messages, ...messages.slice(-1)];
          },
          vectors: corpus.embedding?.vectors ?? null,
          onText: question.onText,
          signal: question.signal,
        });
        const answer = toAnswer(gathered, reading);
        return {
          ...answer,
          usage: addUsage(answer.usage, shown.usage),
          cost: addCost(answer.cost, shown.cost),
          confidence: kind === 'rag' ? evidenceConfidence(gathered.evidence) : null,
        };
      }),
    close: async () => {},
  };
}

const nothingGathered: GatheredEvidence = {
  evidence: { ranked: [], similarity: null, coverage: 0, usage: noUsage, cost: noCost },
  contexts: [],
  usage: noUsage,
  cost: noCost,
};

function corpusDefinition(
  corpus: Corpus,
  retriever: RetrieverConfig | undefined,
  refusal: RefusalConfig,
): Record<string, unknown> {
  return {
    retriever: {
      ...corpus.retrieval,
      limit: retriever?.limit ?? defaultHits,
      arm: retriever?.arm ?? 'hybrid',
    },
    embeddingModel: corpus.embedding?.model.fingerprint ?? null,
    refusal,
  };
}

type Untimed = Omit<Answer, 'seconds'>;

/** Measures an answer; throws `cancelled` before it begins. */
export async function timed(question: Question, work: () => Promise<Untimed>): Promise<Answer> {
  if (question.signal?.aborted) throw new FulcrumError('cancelled');
  const startedAt = performance.now();
  const answer = await work();
  return { ...answer, seconds: (performance.now() - startedAt) / 1000 };
}

function toAnswer(gathered: GatheredEvidence, reading: Reading): Omit<Untimed, 'confidence'> {
  return {
    answer: reading.answer,
    citations: [...reading.citations],
    removedCitations: reading.removedCitations,
    refusal: reading.refusal,
    contexts: [...gathered.contexts],
    usage: addUsage(gathered.usage, reading.usage),
    cost: addCost(gathered.cost, reading.cost),
  };
}

function refusedAnswer(gathered: GatheredEvidence, refusal: Answer['refusal']): Omit<Untimed, 'confidence'> {
  return toAnswer(gathered, {
    answer: '',
    citations: [],
    removedCitations: 0,
    refusal,
    usage: noUsage,
    cost: noCost,
  });
}
