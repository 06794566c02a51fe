import { type Answer, addCost, addUsage, contentHash, FulcrumError, noCost, noUsage } from '../core/index.ts';
import type { LanguageModel } from '../models/index.ts';
import { shuffled } from './arms/arrange.ts';
import { answerAmongFill, arrangeAmongFill, gatherGoldAndFill } from './arms/gold-among-fill.ts';
import { defaultSeed } from './arms/gold-evidence.ts';
import type { ExtractConfig, GenerateConfig, RetrieverConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import { defaultSentenceWeights } from './evidence/select-evidence.ts';
import type { FewShot } from './few-shot.ts';
import { type GatheredEvidence, gatherEvidence, gatherGoldEvidence, hitsRead } from './gather.ts';
import { isDeployable, kindOf } from './kind-of.ts';
import { answerNotices } from './notices/answer-notices.ts';
import { defaultSentences, leastScoreShare, readByExtraction } from './readers/extract.ts';
import { fitPassages, type Passage, showPassage } from './readers/fit-context.ts';
import { maxEvidenceUnits, readByGeneration } from './readers/generate.ts';
import type { OutputSchema } from './readers/output-schema.ts';
import { createPrompting, type Prompting } from './readers/prompting.ts';
import { refusalPhrase } from './readers/prompts.ts';
import { defaultRefusal, evidenceConfidence, judgeEvidence, type RefusalConfig } from './refusal.ts';
import { refusedAnswer, toAnswer, type Untimed } from './to-answer.ts';
import { decomposeInstructions } from './understanding/decompose.ts';
import { searchOptions } from './understanding/search-question.ts';
import type { Question, Variant, VariantPrompt } from './variant.ts';

/** Bumped when passages are found, or sentences cut, scored, shown or cited, in another way, so that cached answers are made anew. */
const readerRevision = 2;

/** Bumped when local decoding holds to a schema in another way: since 2, members that may be left out can be. */
const grammarRevision = 2;

/** Sentences quoted from the corpus, without a language model. */
export function createExtractVariant(
  name: string,
  config: ExtractConfig,
  corpus: Corpus,
  refusal: RefusalConfig = defaultRefusal,
): Variant {
  const thresholds = config.refusal ?? refusal;
  const sentences = config.sentences ?? defaultSentences;
  const kind = kindOf(config);
  return {
    name,
    kind,
    deployable: isDeployable(config),
    retrieves: kind !== 'oracle',
    concurrency: corpus.embedding?.model.local === false ? 8 : 2,
    definition: {
      kind,
      readerRevision,
      sentences,
      leastScoreShare,
      weights: defaultSentenceWeights,
      ...diagnosticDefinition(config),
      ...corpusDefinition(corpus, config.retriever, thresholds),
    },
    estimate: async () => ({
      inputTokens: 0,
      outputTokens: 0,
      usd: corpus.embedding?.model.local === false ? null : 0,
    }),
    answer: (question) =>
      timed(question, async () => {
        const gathered = await gatherToExtract(question, corpus, config);
        const { refusal: refused, confidence } = judgeEvidence(
          gathered.evidence,
          kind === 'oracle' ? false : thresholds,
        );
        if (refused) return { ...refusedAnswer(gathered, refused), confidence };
        const reading = readByExtraction(gathered.evidence, sentences);
        question.onText?.(reading.answer);
        const answer = toAnswer(gathered, reading);
        return { ...(await withNotices(answer, gathered, question, corpus, config.retriever)), confidence };
      }),
    close: async () => {},
  };
}

/** The hits that sentences are quoted from; with gold evidence among retrieved hits all are ranked together. */
function gatherToExtract(
  question: Question,
  corpus: Corpus,
  { evidence, retriever, shufflePassages }: ExtractConfig,
): Promise<GatheredEvidence> {
  if (evidence === 'oracle') return gatherGoldEvidence(question, corpus);
  if (evidence) return gatherGoldAndFill(question, corpus, evidence, retriever);
  return gatherEvidence(question, corpus, retriever, {
    arrange:
      shufflePassages === undefined ? undefined : (hits) => shuffled(hits, shufflePassages, question.input),
  });
}

/**
 * A language model over retrieved evidence (`rag`, or `placebo` in another order), over the gold evidence (`oracle`),
 * or by itself (`prompt`, `few-shot`). The oracle of a sample without evidence is shown no passage and may refuse.
 */
export function createGenerateVariant(
  name: string,
  config: GenerateConfig,
  model: LanguageModel,
  corpus: Corpus,
  more: {
    refusal?: RefusalConfig | undefined;
    fewShot?: FewShot | null;
    outputSchema?: OutputSchema | null;
    learnedFrom?: Variant['learnedFrom'];
  } = {},
): Variant {
  const { refusal = defaultRefusal, fewShot = null, outputSchema = null } = more;
  const kind = kindOf(config);
  const retrieves = kind === 'rag' || kind === 'hybrid' || kind === 'placebo';
  const retriever = typeof config.retriever === 'object' ? config.retriever : {};
  const thresholds = config.refusal ?? refusal;
  const prompting = createPrompting(config, model, fewShot);
  const { shufflePassages: seed } = config;
  const orderFor = ({ input }: Question) =>
    seed === undefined ? undefined : (hits: readonly number[]) => shuffled(hits, seed, input);
  return {
    name,
    kind,
    deployable: isDeployable(config),
    retrieves,
    concurrency: model.local ? 1 : 8,
    learnedFrom: more.learnedFrom ? [...more.learnedFrom, ...(fewShot?.pool ?? [])] : fewShot?.pool,
    definition: {
      ...generationDefinition(config, model, prompting, corpus, thresholds),
      ...(fewShot ? { fewShot: fewShot.definition } : {}),
      ...(outputSchema ? { outputSchema: outputSchema.hash, grammarRevision } : {}),
    },
    async estimate(question) {
      const { maxOutputTokens } = prompting.budget;
      const inputTokens = await prompting.mostInputTokens(question.input);
      const usage = addUsage({ inputTokens, outputTokens: maxOutputTokens, calls: 1 });
      return { inputTokens, outputTokens: maxOutputTokens, usd: model.local ? 0 : model.price(usage).usd };
    },
    async prompt(question) {
      const gathered = retrieves
        ? await gatherEvidence(question, corpus, retriever)
        : prompting.readsNothing
          ? nothingGathered
          : await gatherGoldEvidence(question, corpus);
      if (retrieves && judgeEvidence(gathered.evidence, thresholds).refusal) return null;
      const { budget, prompt } = await prompting.promptFor(question.input);
      const { evidence } = config;
      const shown =
        typeof evidence === 'object'
          ? await arrangeAmongFill({
              model,
              budget,
              prompt,
              question,
              corpus,
              gold: gathered,
              evidence,
              retriever,
            })
          : {
              ranked: gathered.evidence.ranked,
              maxUnits: maxEvidenceUnits,
              budget,
              order: orderFor(question),
            };
      const { messages, passages } = await fitPassages({ ...shown, model, prompt });
      return { messages, passages: passages.map(passageSpans) };
    },
    answer: (question) =>
      timed(question, async () => {
        const gathered = retrieves
          ? await gatherEvidence(question, corpus, retriever)
          : prompting.readsNothing
            ? nothingGathered
            : await gatherGoldEvidence(question, corpus);
        if (retrieves) {
          const { refusal: refused, confidence } = judgeEvidence(gathered.evidence, thresholds);
          if (refused) return { ...refusedAnswer(gathered, refused), confidence };
        }
        const { budget, prompt, pickPrompt, usage, cost } = await prompting.promptFor(question.input);
        const { structured } = prompting;
        const shared = { model, budget, prompt, structured, question, corpus };
        if (typeof config.evidence === 'object')
          return answerAmongFill({ ...shared, gold: gathered, evidence: config.evidence, retriever });
        const reading = await readByGeneration({
          ...shared,
          citing: config.citing,
          outputSchema: outputSchema?.schema,
          pickPrompt,
          ranked: gathered.evidence.ranked,
          order: orderFor(question),
          vectors: corpus.embedding?.vectors ?? null,
          onText: question.onText,
          signal: question.signal,
        });
        const read = toAnswer(gathered, reading);
        const answer = retrieves ? await withNotices(read, gathered, question, corpus, retriever) : read;
        return {
          ...answer,
          usage: addUsage(answer.usage, usage),
          cost: addCost(answer.cost, cost),
          confidence: retrieves ? evidenceConfidence(gathered.evidence) : null,
        };
      }),
    close: async () => {},
  };
}

function passageSpans(passage: Passage): VariantPrompt['passages'][number] {
  const { number, units } = passage;
  return {
    number,
    text: showPassage(passage).text,
    documentId: units[0]?.document.documentId ?? '',
    spans: units.map(({ start, end }) => ({ start, end })),
  };
}

/** An answer with what should be said beside it. */
async function withNotices<Part extends Pick<Untimed, 'citations' | 'notices'>>(
  answer: Part,
  { evidence }: GatheredEvidence,
  question: Question,
  { documents, editions }: Corpus,
  retriever: RetrieverConfig = {},
): Promise<Part> {
  const { ranked } = evidence;
  const { citations } = answer;
  const { filter = {} } = searchOptions(question, retriever, 1);
  const found = await answerNotices({ question, filter, citations, ranked, documents, editions });
  const notices = [...(answer.notices ?? []), ...found];
  return notices.length === 0 ? answer : { ...answer, notices };
}

const nothingGathered: GatheredEvidence = {
  evidence: { ranked: [], similarity: null, coverage: 0, usage: noUsage, cost: noCost },
  contexts: [],
  usage: noUsage,
  cost: noCost,
};

/** Everything that the answers of a model depend on. */
function generationDefinition(
  config: GenerateConfig,
  model: LanguageModel,
  { instructions, budget, readsNothing }: Prompting,
  corpus: Corpus,
  thresholds: RefusalConfig,
): Record<string, unknown> {
  const kind = kindOf(config);
  const searches =
    kind === 'rag' || kind === 'hybrid' || kind === 'placebo' || typeof config.evidence === 'object';
  const retriever = typeof config.retriever === 'object' ? config.retriever : {};
  return {
    kind,
    readerRevision,
    model: model.id,
    promptHash: contentHash([instructions, refusalPhrase]),
    maxOutputTokens: budget.maxOutputTokens,
    contextTokens: budget.contextTokens,
    ...(readsNothing ? {} : { maxEvidenceUnits, weights: defaultSentenceWeights }),
    ...diagnosticDefinition(config),
    ...(searches ? corpusDefinition(corpus, retriever, thresholds) : {}),
    ...(kind === 'oracle' ? { embeddingModel: corpus.embedding?.model.fingerprint ?? null } : {}),
  };
}

function corpusDefinition(
  corpus: Corpus,
  retriever: RetrieverConfig | undefined,
  refusal: RefusalConfig,
): Record<string, unknown> {
  return {
    retriever: {
      ...corpus.retrieval,
      ...retrieverDefinition(retriever),
      limit: hitsRead(corpus, retriever),
      arm: retriever?.arm ?? 'hybrid',
    },
    embeddingModel: corpus.embedding?.model.fingerprint ?? null,
    refusal,
  };
}

/** What a variant sets of its own; nothing for the others, whose definitions stay as they were. */
function retrieverDefinition({ condense: _condense, decompose, ...settings }: RetrieverConfig = {}) {
  return decompose
    ? { ...settings, decompose: { model: decompose, prompt: contentHash(decomposeInstructions) } }
    : settings;
}

/** What makes a variant a diagnostic one, or cite in another way; nothing for the others, whose definitions stay as they were. */
function diagnosticDefinition(config: ExtractConfig | GenerateConfig): Record<string, unknown> {
  const { evidence, shufflePassages } = config;
  return {
    ...(typeof evidence === 'object'
      ? { evidence: { seed: defaultSeed, position: 'random', ...evidence } }
      : {}),
    ...(shufflePassages === undefined ? {} : { shufflePassages }),
    ...('citing' in config && config.citing ? { citing: config.citing } : {}),
    ...('forceAnswer' in config && config.forceAnswer ? { forceAnswer: true } : {}),
  };
}

/** Measures an answer; throws `cancelled` before it begins. */
export async function timed(question: Question, work: () => Promise<Untimed>): Promise<Answer> {
  if (question.signal?.aborted) throw new FulcrumError('cancelled');
  const startedAt = performance.now();
  const answer = await work();
  return { ...answer, seconds: (performance.now() - startedAt) / 1000 };
}
