import { type Score, scored, undefinedScore } from '../../core/index.ts';
import { cosine } from '../metrics/rag/cosine.ts';
import {
  ragasAnswerRelevancy,
  ragasContextPrecision,
  ragasContextRecall,
  ragasFaithfulness,
  ragasNoiseSensitivity,
  ragasVersion,
} from '../metrics/rag/ragas.ts';
import { ragasAnswerCorrectness } from '../metrics/rag/ragas-correctness.ts';
import { type ClaimMetrics, claimMetrics } from '../metrics/rag/ragchecker.ts';
import { countTrue, relevantPassages } from '../metrics/rag/verdicts.ts';
import type { ScorerNeed } from '../scorers/scorer.ts';
import type { CheckedClaims } from './check-claims.ts';
import type { RagMetric } from './rag-metric-names.ts';
import type { RagSubject } from './rag-subject.ts';

/** A metric made from claims. */
interface RagMetricEntry {
  /** Tool, version and metric. */
  readonly name: string;
  readonly description: string;
  /** What it is called where no model judges, if it is then another metric. */
  readonly withoutModel?: { readonly name: string; readonly description: string };
  readonly direction: 'higher' | 'lower';
  readonly needs: readonly ScorerNeed[];
  score(subject: RagSubject): Promise<Score>;
}

export const ragMetrics: Readonly<Record<RagMetric, RagMetricEntry>> = {
  faithfulness: {
    name: `${ragasVersion}.faithfulness`,
    description: "share of the answer's claims that its contexts together support",
    direction: 'higher',
    needs: ['contexts'],
    score: faithfulness,
  },
  'context-precision': {
    name: `${ragasVersion}.context-precision`,
    description: 'mean precision at the ranks of the contexts that help towards the reference',
    direction: 'higher',
    needs: ['references', 'contexts'],
    score: contextPrecision,
  },
  'context-recall': {
    name: `${ragasVersion}.context-recall`,
    description: "share of the reference's claims that the contexts together support",
    direction: 'higher',
    needs: ['references', 'contexts'],
    score: contextRecall,
  },
  'noise-sensitivity-relevant': noise('relevant'),
  'noise-sensitivity-irrelevant': noise('irrelevant'),
  'answer-correctness': {
    name: `${ragasVersion}.answer-correctness`,
    description:
      'F1 of the claims shared with the reference (weight .75) and cosine with it (.25; 0 without embedding)',
    direction: 'higher',
    needs: ['references'],
    score: answerCorrectness,
  },
  'answer-relevancy': {
    name: `${ragasVersion}.answer-relevancy`,
    description: 'mean cosine of the question and three questions that a model wrote from the answer alone',
    withoutModel: { name: 'answer-similarity', description: 'cosine of the question and the answer' },
    direction: 'higher',
    needs: [],
    score: answerRelevancy,
  },
  hallucination: share(
    'hallucination',
    'hallucination',
    "share of the answer's claims that are wrong and in no context",
  ),
  'self-knowledge': share(
    'self-knowledge',
    'selfKnowledge',
    "share of the answer's claims that are right and in no context",
  ),
};

async function faithfulness({ question, answer, contexts, checker }: RagSubject): Promise<Score> {
  const claims = await checker.claimsOf(question, answer);
  if (claims.length === 0) return undefinedScore('no-claims');
  const checked = await checker.check(question, claims, contexts.join('\n'));
  return withDetail(ragasFaithfulness(checked.supported), { claims: listed(checked) });
}

async function contextRecall({ question, reference, contexts, checker }: RagSubject): Promise<Score> {
  const claims = await checker.claimsOf(question, reference ?? '');
  if (claims.length === 0) return undefinedScore('no-claims');
  const checked = await checker.check(question, claims, contexts.join('\n'));
  return withDetail(ragasContextRecall(checked.supported), { claims: listed(checked) });
}

/** A judge is asked whether each context is of use; without one a context is when it supports a claim of the reference. */
async function contextPrecision({ question, reference, contexts, checker }: RagSubject): Promise<Score> {
  const useful: boolean[] = [];
  for (const context of contexts) {
    const asked = await checker.useful(question, reference ?? '', context);
    if (asked !== null) useful.push(asked);
  }
  if (useful.length === contexts.length) return withDetail(ragasContextPrecision(useful), { useful });
  const claims = await checker.claimsOf(question, reference ?? '');
  if (claims.length === 0) return undefinedScore('no-claims');
  const byContext = await matrix(checker, question, claims, contexts);
  const relevant = relevantPassages(byContext);
  return withDetail(ragasContextPrecision(relevant), { useful: relevant });
}

async function answerCorrectness({
  question,
  answer,
  reference,
  checker,
  embed,
}: RagSubject): Promise<Score> {
  const right = reference ?? '';
  const ours = await checker.claimsOf(question, answer);
  const wanted = await checker.claimsOf(question, right);
  // Ragas gives a side without claims the factual score 1, so that an empty answer would be nearly right.
  if (wanted.length === 0) return undefinedScore('no-claims');
  if (ours.length === 0) return scored(0, { noClaims: true });
  const byReference = await checker.check(question, ours, right);
  const byAnswer = await checker.check(question, wanted, answer);
  const truePositives = countTrue(byReference.supported);
  const vectors = embed === null ? [] : await embed([answer, right]);
  const [responseVector, referenceVector] = vectors.map((vector) => Array.from(vector));
  const score = ragasAnswerCorrectness(
    {
      responseStatements: ours.length,
      referenceStatements: wanted.length,
      truePositives,
      falsePositives: ours.length - truePositives,
      falseNegatives: wanted.length - countTrue(byAnswer.supported),
      responseVector,
      referenceVector,
    },
    { weights: embed === null ? [1, 0] : [0.75, 0.25] },
  );
  return withDetail(score, { claims: listed(byReference), reference: listed(byAnswer) });
}

/** Questions that are written from an answer, as many as Ragas' strictness is by default. */
const questionsPerAnswer = 3;

async function answerRelevancy({ question, answer, checker, embed }: RagSubject): Promise<Score> {
  if (embed === null) return undefinedScore('no-embeddings');
  const { questionsFrom } = checker;
  if (questionsFrom === null) {
    const [asked, given] = await embed([question, answer]);
    const similarity = cosine(Array.from(asked ?? []), Array.from(given ?? []));
    return similarity === null ? undefinedScore('zero-vector') : scored(similarity);
  }
  const written = await questionsFrom(answer, questionsPerAnswer);
  const [own, ...others] = await embed([question, ...written.map((each) => each.question)]);
  const generated = written.map((each, index) => ({ ...each, vector: Array.from(others[index] ?? []) }));
  return withDetail(ragasAnswerRelevancy(Array.from(own ?? []), generated), { questions: written });
}

function noise(mode: 'relevant' | 'irrelevant'): RagMetricEntry {
  const led = mode === 'relevant' ? 'a relevant context' : 'only irrelevant contexts';
  return {
    name: `${ragasVersion}.noise-sensitivity-${mode}`,
    description: `share of the answer's claims that are wrong and that ${led} led to`,
    direction: 'lower',
    needs: ['references', 'contexts'],
    async score(subject) {
      const { ours, wanted, responseByReference, responseByContext, referenceByContext } =
        await matrices(subject);
      if (ours.length === 0 || wanted.length === 0) return undefinedScore('no-claims');
      return ragasNoiseSensitivity({ referenceByContext, responseByContext, responseByReference }, mode);
    },
  };
}

/** A share as RAGChecker has it, over contexts taken one by one. */
function share(name: string, key: keyof ClaimMetrics, description: string): RagMetricEntry {
  return {
    name: `ragchecker.${name}`,
    description,
    direction: name === 'hallucination' ? 'lower' : 'higher',
    needs: ['references', 'contexts'],
    async score(subject) {
      const found = await matrices(subject);
      const value = claimMetrics({
        responseByReference: found.responseByReference,
        referenceByResponse: [],
        referenceByPassage: [],
        responseByPassage: found.responseByContext,
      })[key];
      return value === null ? undefinedScore('no-claims') : scored(value);
    },
  };
}

/** Every cell that noise, hallucination and self-knowledge are computed from. */
async function matrices({ question, answer, reference, contexts, checker }: RagSubject) {
  const right = reference ?? '';
  const ours = await checker.claimsOf(question, answer);
  const wanted = await checker.claimsOf(question, right);
  const none = { supported: [] as readonly boolean[] };
  const byReference = ours.length === 0 ? none : await checker.check(question, ours, right);
  return {
    ours,
    wanted,
    responseByReference: byReference.supported,
    responseByContext: await matrix(checker, question, ours, contexts),
    referenceByContext: await matrix(checker, question, wanted, contexts),
  };
}

async function matrix(
  checker: RagSubject['checker'],
  question: string,
  claims: readonly string[],
  contexts: readonly string[],
): Promise<(readonly boolean[])[]> {
  const rows: (readonly boolean[])[] = [];
  for (const context of contexts)
    rows.push(claims.length === 0 ? [] : (await checker.check(question, claims, context)).supported);
  return rows;
}

function listed({ claims, cells }: CheckedClaims) {
  return claims.map((claim, index) => {
    const { verdict, reason, source } = cells[index]!;
    return { claim, verdict, reason, source };
  });
}

function withDetail(score: Score, detail: object): Score {
  return score.status === 'scored' ? { ...score, detail } : score;
}
