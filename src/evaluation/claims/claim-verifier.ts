import { z } from 'zod';
import { addCost, addUsage, type Cost, contentHash, noCost, noUsage, type Usage } from '../../core/index.ts';
import type { Judge, JudgeTask } from '../judges/judge.ts';
import { judgeEach } from '../judges/judge-each.ts';
import {
  claimsInstructions,
  entailmentTask,
  questionInstructions,
  usefulnessTask,
} from '../judges/judge-prompts.ts';
import { type CellSource, type CellVerdict, cellVerdicts } from './claim-cell.ts';
import { type SplitSentences, splitClaims } from './split-claims.ts';

/** A verdict on one claim, or the fault that stands in its place. */
export type ClaimFinding =
  | { readonly verdict: CellVerdict; readonly reason: string }
  | { readonly fault: Error };

/** Something with what it took. */
export interface Taken<T> {
  readonly value: T;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Finds claims and says what a text says of them: a model, or the support check. */
export interface ClaimVerifier {
  /** Short name, a part of the metrics' names. */
  readonly name: string;
  readonly source: Exclude<CellSource, 'human'>;
  /** Everything that verdicts depend on; cells are kept under it. */
  readonly identity: string;
  readonly sampleIndex: number;
  claimsOf(question: string, text: string): Promise<Taken<readonly string[]>>;
  /** One finding per claim, in order. */
  verify(
    question: string,
    claims: readonly string[],
    evidence: string,
  ): Promise<Taken<readonly ClaimFinding[]>>;
  /** Whether a passage helps to arrive at an answer; null where this verifier has no opinion of its own. */
  useful: ((question: string, answer: string, passage: string) => Promise<Taken<ClaimFinding>>) | null;
  /** Questions that a text answers; null where no model can write them. */
  questionsFrom: ((text: string, count: number) => Promise<Taken<readonly WrittenQuestion[]>>) | null;
}

/** A question that was written from an answer. */
export interface WrittenQuestion {
  readonly question: string;
  /** Whether the answer was found evasive. */
  readonly noncommittal: boolean;
}

/** How well a text supports a claim by its words; supplied by `app` from the support check of the variants. */
export type CheckSupport = (
  claim: string,
  evidence: string,
) => {
  readonly score: number;
  readonly hardFailures: readonly { readonly kind: string; readonly found: string }[];
  readonly supported: boolean;
};

const claimsTask: JudgeTask<{ claims: string[] }> = {
  name: 'claims',
  instructions: claimsInstructions,
  schema: z.object({ claims: z.array(z.string().trim().min(1)) }),
};

const questionTask: JudgeTask<WrittenQuestion> = {
  name: 'question',
  instructions: questionInstructions,
  schema: z.object({ question: z.string().trim(), noncommittal: z.boolean() }),
};

/** A verifier that asks a model for claims and for every verdict. */
export function createJudgeVerifier(judge: Judge): ClaimVerifier {
  const find = (verdict: { label: string; reason: string } | { fault: Error }): ClaimFinding =>
    'fault' in verdict
      ? verdict
      : {
          verdict: cellVerdicts.find((each) => each === verdict.label) ?? 'not-stated',
          reason: verdict.reason,
        };
  return {
    name: judge.name,
    source: 'judge',
    identity: contentHash({ model: judge.model, instructions: entailmentTask.instructions }),
    sampleIndex: judge.sampleIndex,
    async claimsOf(question, text) {
      if (text.trim() === '') return { value: [], usage: noUsage, cost: noCost };
      const { value, usage, cost } = await judge.ask(claimsTask, { question, text });
      return { value: [...new Set(value.claims)], usage, cost };
    },
    async verify(question, claims, evidence) {
      const { verdicts, usage, cost } = await judgeEach(judge, entailmentTask, claims, {
        question,
        evidence,
      });
      return { value: verdicts.map(find), usage, cost };
    },
    async useful(question, answer, passage) {
      const { verdicts, usage, cost } = await judgeEach(judge, usefulnessTask, [passage], {
        question,
        answer,
      });
      const [verdict] = verdicts;
      const found: ClaimFinding =
        verdict && 'label' in verdict
          ? { verdict: verdict.label === 'useful' ? 'supported' : 'not-stated', reason: verdict.reason }
          : (verdict as { fault: Error });
      return { value: found, usage, cost };
    },
    async questionsFrom(text, count) {
      // The index of the repetition is in the key, or else one kept reply would stand for all.
      const asked = await Promise.all(
        Array.from({ length: count }, (_, index) =>
          judge.repetition(judge.sampleIndex * count + index).ask(questionTask, { text }),
        ),
      );
      return {
        value: asked.map(({ value }) => value),
        usage: addUsage(...asked.map(({ usage }) => usage)),
        cost: addCost(...asked.map(({ cost }) => cost)),
      };
    },
  };
}

/**
 * A verifier without a model: claims by punctuation, verdicts by the support check. A negation that differs is a
 * contradiction; all else that is not supported is not stated.
 * @param version of the check; verdicts of another version are other verdicts.
 */
export function createSupportVerifier(options: {
  readonly checkSupport: CheckSupport;
  readonly splitSentences: SplitSentences;
  readonly version: string;
}): ClaimVerifier {
  const taken = <T>(value: T): Taken<T> => ({ value, usage: noUsage, cost: noCost });
  return {
    name: 'lexical',
    source: 'deterministic',
    identity: `lexical ${options.version}`,
    sampleIndex: 0,
    claimsOf: async (_question, text) => taken(splitClaims(text, options.splitSentences)),
    verify: async (_question, claims, evidence) =>
      taken(
        claims.map((claim) => {
          const { score, hardFailures, supported } = options.checkSupport(claim, evidence);
          const failures = hardFailures.map(({ kind, found }) => `${kind} ${found}`).join(', ');
          const denied = hardFailures.some(({ kind }) => kind === 'negation');
          return {
            verdict: supported ? 'supported' : denied ? 'contradicted' : 'not-stated',
            reason: `support ${score.toFixed(2)}${failures === '' ? '' : `; fails: ${failures}`}`,
          };
        }),
      ),
    useful: null,
    questionsFrom: null,
  };
}
