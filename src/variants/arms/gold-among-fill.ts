import { addCost, addUsage, FulcrumError } from '../../core/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import type { RetrieverConfig } from '../config.ts';
import type { Corpus } from '../corpus.ts';
import { type ScoredUnit, selectEvidence } from '../evidence/select-evidence.ts';
import {
  contextOf,
  type GatheredEvidence,
  gatherEvidence,
  gatherGoldEvidence,
  hitsRead,
  readGoldHits,
} from '../gather.ts';
import { type ContextBudget, fitPassages } from '../readers/fit-context.ts';
import { maxEvidenceUnits, readByGeneration } from '../readers/generate.ts';
import type { ShownPassage } from '../readers/prompts.ts';
import { toAnswer, type Untimed } from '../to-answer.ts';
import type { Question } from '../variant.ts';
import { placeGold } from './arrange.ts';
import type { GoldEvidenceConfig } from './gold-evidence.ts';

/** Units of gold evidence that are shown; the rest of the prompt is fill. */
const maxGoldUnits = maxEvidenceUnits / 2;

/** Parts of a prompt add up to more tokens than the whole; by so many for each unit the gold must not be cut. */
const tokensOfRounding = 4;

/** Hits that are asked for to find far ones, and how many of the last of them are taken. */
const farthestRank = 50;
const farHits = 10;

/** Gold and fill as evidence to quote from: `near` is ranked together with the gold, which may be passed over. */
export async function gatherGoldAndFill(
  question: Question,
  corpus: Corpus,
  evidence: GoldEvidenceConfig,
  retriever: RetrieverConfig = {},
): Promise<GatheredEvidence> {
  if (evidence.fill === 'far') return gatherGoldEvidence(question, corpus);
  return gatherEvidence(question, corpus, retriever, { first: await readGoldHits(question, corpus) });
}

/** What the arm shows: its passages before they are fitted into the prompt, and what they are chosen from. */
interface GoldAmongFill {
  readonly ranked: readonly ScoredUnit[];
  readonly maxUnits: number;
  readonly budget: ContextBudget;
  readonly order: (hits: readonly number[]) => readonly number[];
  readonly retrieved: GatheredEvidence;
  readonly contexts: GatheredEvidence['contexts'];
}

interface FillOptions {
  readonly model: LanguageModel;
  readonly budget: ContextBudget;
  readonly prompt: (passages: readonly ShownPassage[]) => readonly Message[];
  readonly question: Question;
  readonly corpus: Corpus;
  readonly gold: GatheredEvidence;
  readonly evidence: GoldEvidenceConfig;
  readonly retriever: RetrieverConfig;
}

/**
 * The gold evidence among fill, in a prompt that is as long as the one with the retrieved passages (to within one
 * sentence, or as the gold alone where that is longer).
 */
export async function arrangeAmongFill(options: FillOptions): Promise<GoldAmongFill> {
  const { model, budget, prompt, question, corpus, gold, evidence, retriever } = options;
  const retrieved = await gatherEvidence(question, corpus, retriever);
  const lengthOf = async (ranked: readonly ScoredUnit[], maxUnits: number): Promise<number> =>
    (await fitPassages({ ranked, maxUnits, model, budget, prompt })).inputTokens;
  const goldUnits = gold.evidence.ranked.slice(0, maxGoldUnits);
  const room = Math.max(
    await lengthOf(retrieved.evidence.ranked, maxEvidenceUnits),
    (await lengthOf(goldUnits, maxGoldUnits)) + tokensOfRounding * goldUnits.length,
  );
  const fill = evidence.fill === 'near' ? retrieved : await gatherFar(question, corpus, retriever);
  const goldHits = gold.contexts.length;
  const ranked = [...goldUnits, ...asFill(fill.evidence.ranked, goldUnits, goldHits)];
  return {
    ranked,
    maxUnits: ranked.length,
    budget: { ...budget, contextTokens: room + budget.maxOutputTokens },
    order: (hits) => placeGold(hits, (hit) => hit < goldHits, evidence, question.input),
    retrieved,
    contexts: [...gold.contexts, ...fill.contexts],
  };
}

/** Answers from the gold evidence among fill. Contexts are the passages in the order shown. */
export async function answerAmongFill(
  options: FillOptions & { readonly structured: boolean },
): Promise<Untimed> {
  const { model, prompt, question, corpus, gold, structured } = options;
  const { retrieved, contexts, ...shown } = await arrangeAmongFill(options);
  const reading = await readByGeneration({
    ...shown,
    model,
    prompt,
    structured,
    vectors: corpus.embedding?.vectors ?? null,
    question,
    onText: question.onText,
    signal: question.signal,
  });
  const answer = toAnswer(
    {
      evidence: gold.evidence,
      contexts,
      usage: addUsage(gold.usage, retrieved.usage),
      cost: addCost(gold.cost, retrieved.cost),
    },
    reading,
  );
  return {
    ...answer,
    contexts: answer.contexts
      .filter((context) => context.shown)
      .sort((a, b) => (a.shown?.passage ?? 0) - (b.shown?.passage ?? 0)),
    confidence: null,
  };
}

/** Units that do not overlap the gold, with hits numbered after those of the gold. */
function asFill(units: readonly ScoredUnit[], gold: readonly ScoredUnit[], goldHits: number): ScoredUnit[] {
  return units
    .filter(
      (unit) =>
        !gold.some(
          (piece) =>
            piece.document.documentId === unit.document.documentId &&
            piece.start < unit.end &&
            unit.start < piece.end,
        ),
    )
    .map((unit) => ({ ...unit, hit: unit.hit + goldHits }));
}

/** The hits that search ranks last of fifty, never one that the variant retrieves; as they come, without a vector. */
async function gatherFar(
  question: Question,
  corpus: Corpus,
  retriever: RetrieverConfig,
): Promise<Pick<GatheredEvidence, 'evidence' | 'contexts'>> {
  const { documents, retriever: search } = corpus;
  const { principal, signal } = question;
  const found = await search
    .retrieve(question.input, principal, {
      limit: farthestRank,
      arm: retriever.arm,
      filter: { sources: question.sources, exceptDocuments: question.hiddenDocuments },
      signal,
    })
    .catch((error: unknown) => {
      if (error instanceof FulcrumError && error.code === 'index-empty') return null;
      throw error;
    });
  const hits = (found?.hits ?? []).slice(hitsRead(corpus, retriever)).slice(-farHits);
  const evidence = await selectEvidence({
    question: question.input,
    hits,
    documents,
    principal,
    vectors: null,
    queryVector: null,
    signal,
  });
  return { evidence, contexts: hits.map(contextOf) };
}
