import { FulcrumError, suggest } from '../../core/index.ts';
import type { CellStore } from '../claims/cell-store.ts';
import { type ClaimVerifier, createJudgeVerifier } from '../claims/claim-verifier.ts';
import { createRagScorers } from '../claims/rag-scorers.ts';
import type { SplitSentences } from '../claims/split-claims.ts';
import type { EmbedTexts, ReadDocument } from '../evaluated.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { Judge } from './judge.ts';
import { type JudgedScorerConfig, lexicalJudge } from './judge-config.ts';
import { createPairwiseScorer } from './judge-pair.ts';
import { createRubricScorer } from './rubric-scorer.ts';
import { createTrulensScorers } from './trulens-scorers.ts';

export interface JudgedScorersOptions {
  /** Entries of the config, by name. */
  readonly scorers: Readonly<Record<string, JudgedScorerConfig>>;
  readonly judges: ReadonlyMap<string, Judge>;
  /** The verifier that needs no model; null where no entry names it. */
  readonly lexical: ClaimVerifier | null;
  readonly cells: CellStore;
  readonly readDocument: ReadDocument;
  readonly embed: EmbedTexts | null;
  readonly sentences: () => Promise<SplitSentences>;
}

/** The scorers of a config in which something judges; one name is made once. Throws `judge-unknown`. */
export function createJudgedScorers(options: JudgedScorersOptions): Scorer[] {
  const found = new Map<string, Scorer>();
  for (const [name, config] of Object.entries(options.scorers))
    for (const scorer of scorersOf(name, config, options))
      if (!found.has(scorer.name)) found.set(scorer.name, scorer);
  return [...found.values()];
}

function scorersOf(name: string, config: JudgedScorerConfig, options: JudgedScorersOptions): Scorer[] {
  if (config.type === 'rag') {
    const own = config.judge === lexicalJudge ? options.lexical : null;
    const verifier = own ?? createJudgeVerifier(findJudge(options.judges, config.judge));
    const { cells, readDocument, embed } = options;
    return createRagScorers({ metrics: config.metrics, verifier, cells, readDocument, embed });
  }
  const judge = findJudge(options.judges, config.judge);
  if (config.type === 'trulens') return createTrulensScorers({ ...options, metrics: config.metrics, judge });
  if (config.type === 'rubric') return [createRubricScorer({ ...config, name, judge })];
  return [createPairwiseScorer({ name, judge, criterion: config.criterion })];
}

/** Throws `judge-unknown`. */
export function findJudge(judges: ReadonlyMap<string, Judge>, name: string): Judge {
  const judge = judges.get(name);
  if (judge) return judge;
  throw new FulcrumError('judge-unknown', { judge: name, suggestion: suggest(name, [...judges.keys()]) });
}
