import { contentHash, localOwner, type WorkOptions } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type CellStore,
  type ClaimVerifier,
  createCellStore,
  createJudge,
  createJudgedScorers,
  createJudgeStore,
  createScoringSpending,
  createSupportVerifier,
  type Judge,
  judgedEntries,
  lexicalJudge,
  type ReadDocument,
  type Scorer,
  type ScoringSpending,
} from '../evaluation/index.ts';
import type { DocumentReader } from '../knowledge/index.ts';
import type { EmbeddingModel, LanguageModel } from '../models/index.ts';
import type { Config } from './config.ts';
import { embedTexts } from './embed-texts.ts';
import { createJudgeModel } from './judge-model.ts';

/** The parts of a project that judges are wired to. */
export interface JudgedProject {
  readonly config: Config;
  database(): Promise<Database>;
  knowledge(): Promise<{ readonly documents: DocumentReader }>;
  languageModel(id: string): Promise<LanguageModel>;
  embeddingModel(): Promise<EmbeddingModel | null>;
}

/** Judges of a project and the scorers that they serve. */
export interface ProjectJudges {
  readonly judges: ReadonlyMap<string, Judge>;
  readonly cells: CellStore;
  /** Scorers of the config; those of another repetition ask every judge anew. Throws `judge-unknown`. */
  scorers(sampleIndex?: number): Scorer[];
  /** What the judges and the embeddings of scorers have cost since the project was opened. */
  readonly spending: ScoringSpending;
  /** One line for each judge that was asked something since the project was opened. */
  spendingLines(): string[];
}

/** Wires the judges of the config. Nothing is loaded before the first question. */
export async function createProjectJudges(
  project: JudgedProject,
  options: WorkOptions,
): Promise<ProjectJudges> {
  const { config } = project;
  const database = await project.database();
  const store = createJudgeStore(database);
  const cells = createCellStore(database);
  const spending = createScoringSpending();
  const onCost = spending.add;
  const judges = new Map(
    Object.entries(config.judges).map(([name, judge]) => {
      const { timeoutSeconds } = judge;
      const concurrency = judge.model.startsWith('local/') ? 1 : 4;
      const model = createJudgeModel(judge, project.languageModel);
      const how = { timeoutSeconds, concurrency, signal: options.signal, onCost };
      return [name, createJudge({ name, model, store, ...how })];
    }),
  );
  const lexical = usesLexical(config) ? await createLexical() : null;
  const readDocument: ReadDocument = async (id) => (await project.knowledge()).documents.read(id, localOwner);
  const sentences = async () => (await import('../knowledge/index.ts')).splitSentences;
  const embed = config.embedding === false ? null : embedTexts(project, spending, options);
  return {
    judges,
    cells,
    spending,
    scorers(sampleIndex = 0) {
      const asked = new Map([...judges].map(([name, judge]) => [name, judge.repetition(sampleIndex)]));
      return createJudgedScorers({
        scorers: judgedEntries(config.scorers),
        judges: asked,
        lexical,
        cells,
        readDocument,
        embed,
        sentences,
      });
    },
    spendingLines: () => [...judges.values()].flatMap(spendingLine),
  };
}

function usesLexical({ scorers }: Config): boolean {
  return Object.values(judgedEntries(scorers)).some(
    (scorer) => scorer.type === 'rag' && scorer.judge === lexicalJudge,
  );
}

/** The verifier that needs no model; its rooms are loaded only where it is used. */
async function createLexical(): Promise<ClaimVerifier> {
  const { checkSupport, indexEvidence, lexicalWeights, supportThreshold } = await import(
    '../variants/index.ts'
  );
  const { splitSentences } = await import('../knowledge/index.ts');
  return createSupportVerifier({
    // One evidence serves all claims of an answer; the last one read is kept.
    checkSupport: lastEvidence(indexEvidence, checkSupport),
    splitSentences,
    version: contentHash({ check: 2, lexicalWeights, supportThreshold }).slice(0, 12),
  });
}

function lastEvidence<Index, Result>(
  read: (text: string) => Index,
  check: (claim: string, evidence: Index) => Result,
): (claim: string, evidence: string) => Result {
  let last: { readonly text: string; readonly index: Index } | null = null;
  return (claim, evidence) => {
    if (last?.text !== evidence) last = { text: evidence, index: read(evidence) };
    return check(claim, last.index);
  };
}

function spendingLine(judge: Judge): string[] {
  const { usage, cost, faults } = judge.spending();
  const faulty = Object.entries(faults).map(([reason, count]) => `${count} ${reason}`);
  if (usage.calls === 0 && faulty.length === 0) return [];
  const price = cost.usd === null ? 'price unknown' : `$${cost.usd.toFixed(4)}`;
  const tail = faulty.length === 0 ? '' : `; faulty replies: ${faulty.join(', ')}`;
  return [
    `Judge ${judge.name} (${judge.model}): ${usage.calls} calls, ${usage.inputTokens} + ${usage.outputTokens} tokens, ${price}${tail}.`,
  ];
}
