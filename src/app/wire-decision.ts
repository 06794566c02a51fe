import { localOwner, sha256 } from '../core/index.ts';
import type {
  DecideOptions,
  Decision,
  SavedDecision,
  Seal,
  SealContent,
  Trigger,
} from '../decision/index.ts';
import type { Project } from './project.ts';

/** Seals and saved decisions of a project. */
export interface ProjectDecisions {
  /** Throws `dataset-unknown`, `seal-not-frozen`, `seal-late`. */
  seal(content: Omit<SealContent, 'dataset' | 'version' | 'split'> & { dataset: string }): Promise<Seal>;
  seals(): Promise<Seal[]>;
  /** Throws `seal-unknown`. */
  getSeal(hash: string): Promise<Seal>;
  save(decision: Decision, settings: Omit<DecideOptions, 'rows'>): Promise<SavedDecision>;
  /** Reasons to decide again; without an id of the newest decision. Throws `decision-unknown`. */
  check(id: string | undefined, volume?: number): Promise<{ saved: SavedDecision; triggers: Trigger[] }>;
  /** The same for a decision that is not kept here, such as that of a bundle. */
  checkGiven(saved: Omit<SavedDecision, 'id'>, volume?: number): Promise<Trigger[]>;
}

export async function createProjectDecisions(project: Project): Promise<ProjectDecisions> {
  const { checkDecision, createDecisionStore, createSealStore } = await import('../decision/index.ts');
  const database = await project.database();
  const seals = createSealStore(database);
  const saved = createDecisionStore(database);
  const checkGiven: ProjectDecisions['checkGiven'] = async (given, volume) =>
    checkDecision(given, {
      ...(await pricesNow(project, given)),
      volume: volume ?? project.config.decision.volume,
      corpus: (await corpusOf(project)) ?? undefined,
    });
  return {
    async seal({ dataset: name, ...terms }) {
      const { datasets } = await project.evaluation();
      const { hash } = await datasets.open(name);
      return seals.seal({ version: 1, ...terms, dataset: { name, hash }, split: 'test' });
    },
    seals: () => seals.list(),
    getSeal: (hash) => seals.get(hash),
    save: async (decision, settings) =>
      saved.save({
        decision,
        settings,
        decidedAt: new Date().toISOString(),
        corpus: await corpusOf(project),
      }),
    async check(id, volume) {
      const found = await saved.get(id);
      return { saved: found, triggers: await checkGiven(found, volume) };
    },
    checkGiven,
  };
}

/** Prices and end-of-life dates of today for the variants of a decision, as far as its runs are still there. */
async function pricesNow(project: Project, { decision }: Omit<SavedDecision, 'id'>) {
  const { pricesIn } = await import('../decision/index.ts');
  const { isoDay } = await import('../models/index.ts');
  const { decisionSurroundings } = await import('./decision-surroundings.ts');
  const today = isoDay();
  const evaluation = await project.evaluation();
  const present = new Set((await evaluation.listRuns()).map(({ id }) => id));
  const runs = decision.runs.filter((id) => present.has(id));
  if (runs.length === 0) return { today };
  const { costing, facts } = await decisionSurroundings(project, {
    runs,
    metric: decision.metric,
    volume: decision.volume,
    rows: decision.variants.map(({ variant }) => ({
      sample: '',
      variant,
      metric: decision.metric,
      value: null,
    })),
    prices: {},
  });
  return { today, prices: pricesIn(costing.arms), endOfLife: facts.endOfLife ?? [] };
}

/** A short hash for each version of a document; null for a project without sources. */
async function corpusOf(project: Project): Promise<string[] | null> {
  if (Object.keys(project.config.sources).length === 0) return null;
  const { documents } = await project.knowledge();
  const list = await documents.list(localOwner);
  return list.map(({ documentId, version }) => sha256(`${documentId}\n${version}`).slice(0, 12)).sort();
}
