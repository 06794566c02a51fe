import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError } from '../core/index.ts';
import type { GateResult, ModelStage, TunedModel } from '../tuning/index.ts';
import type { Project } from './project.ts';

/** What a model was made of, beyond its own record. */
export interface ModelLineage {
  readonly rows: number;
  /** Ids of documents whose words stand in its rows. */
  readonly documents: readonly string[];
  /** Models that wrote targets. */
  readonly teachers: readonly string[];
}

export async function lineageOf(project: Project, { data }: TunedModel): Promise<ModelLineage> {
  const { trainedRows } = await import('../tuning/index.ts');
  const { data: store } = await project.tuning();
  const documents = new Set<string>();
  const teachers = new Set<string>();
  let rows = 0;
  const reference = `${data.name}@${data.version}`;
  if (!(await store.list()).some(({ name, version }) => name === data.name && version === data.version))
    return { rows: 0, documents: [], teachers: [] };
  for await (const row of trainedRows(store, reference, data.splitHash !== data.hash)) {
    rows++;
    for (const document of row.origin.documents ?? []) documents.add(document);
    if (row.teacher) teachers.add(row.teacher);
  }
  return { rows, documents: [...documents].sort(), teachers: [...teachers].sort() };
}

/** Stages in which a model answers, or will, so that its gates must have been passed. */
const guardedStages: readonly ModelStage[] = ['shadow', 'canary', 'champion'];

/**
 * Moves a model to a stage. Throws `gates-not-passed` where gates were not run, failed or could not be measured, or a flag is open, unless `force` says why it
 * should be all the same; that is kept as a gate of its own.
 */
export async function promoteModel(
  project: Project,
  request: { readonly id: string; readonly stage: ModelStage; readonly force?: string | undefined },
): Promise<TunedModel> {
  const { withGates } = await import('../tuning/index.ts');
  const { models } = await project.tuning();
  const model = await models.get(request.id);
  const problem = guardedStages.includes(request.stage) ? promotionProblem(model) : null;
  if (problem !== null && request.force === undefined)
    throw new FulcrumError('gates-not-passed', { model: model.id, stage: request.stage, problem });
  const forced: GateResult[] =
    problem === null
      ? []
      : [
          {
            gate: `forced to ${request.stage}`,
            passed: null,
            detail: `${request.force} (${problem})`.slice(0, 1000),
            figures: {},
            at: new Date().toISOString(),
          },
        ];
  return models.update(model.id, (before) => ({ ...withGates(before, forced), stage: request.stage }));
}

/** What stands against a promotion, in words; null where nothing does. */
function promotionProblem({ gates, flags }: TunedModel): string | null {
  const run = gates.filter(({ gate }) => !gate.startsWith('forced to '));
  if (run.length === 0) return 'its gates were not run';
  const failed = run.filter(({ passed }) => passed === false).map(({ gate }) => gate);
  if (failed.length > 0) return `it failed ${failed.join(', ')}`;
  if (flags.length > 0) return `it is flagged (${flags.map(({ reason }) => reason).join(', ')})`;
  return null;
}

/** Takes a model out of the registry with its files. Throws `tuned-model-in-use` for a champion, or where the config names it. */
export async function dropModel(project: Project, reference: string): Promise<string> {
  const { models } = await project.tuning();
  const model = await models.get(reference);
  const naming = Object.entries(project.config.variants).find(([, config]) =>
    JSON.stringify(config).includes(`"tuned/${model.id}"`),
  );
  const use =
    model.stage === 'champion'
      ? 'the champion of its name'
      : naming
        ? `named by the variant "${naming[0]}"`
        : null;
  if (use !== null) throw new FulcrumError('tuned-model-in-use', { model: model.id, use });
  await models.remove(model.id);
  await rm(join(project.stateDirectory, 'tuning', model.job), { recursive: true, force: true });
  return model.id;
}

/** Something that ends, and what of the project depends on it. */
export interface CalendarEntry {
  readonly date: string;
  readonly daysLeft: number;
  /** `provider/model`, or a provider for all of its models. */
  readonly model: string;
  readonly ends: 'training' | 'inference';
  readonly confidence: string;
  readonly dependents: readonly string[];
}

/** Ends of models that variants, judges or tuned models of the project use, the next first. */
export async function modelCalendar(project: Project, withinDays?: number): Promise<CalendarEntry[]> {
  const { retirementsOf } = await import('../models/index.ts');
  const { models } = await project.tuning();
  const uses = new Map<string, string[]>();
  const add = (model: string, dependent: string): void =>
    void uses.set(model, [...(uses.get(model) ?? []), dependent]);
  for (const [name, config] of Object.entries(project.config.variants))
    if ('model' in config && typeof config.model === 'string') add(config.model, `variant ${name}`);
  for (const [name, judge] of Object.entries(project.config.judges)) add(judge.model, `judge ${name}`);
  for (const model of await models.list()) {
    add(model.base.id, `model ${model.id}`);
    if (model.providerModel) add(`${model.provider}/${model.providerModel}`, `model ${model.id}`);
  }
  const today = Date.now();
  const entries = new Map<string, CalendarEntry & { dependents: string[] }>();
  for (const [model, dependents] of uses)
    for (const { model: ending, ends, date, confidence } of retirementsOf(model)) {
      const daysLeft = Math.ceil((Date.parse(date) - today) / 86_400_000);
      if (withinDays !== undefined && daysLeft > withinDays) continue;
      const key = `${date} ${ending} ${ends}`;
      const known = entries.get(key);
      const all = [...new Set([...(known?.dependents ?? []), ...dependents])].sort();
      entries.set(key, { date, daysLeft, model: ending, ends, confidence, dependents: all });
    }
  return [...entries.values()].sort((a, b) => (a.date < b.date ? -1 : 1));
}
