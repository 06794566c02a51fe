import { FulcrumError, suggest } from '../../core/index.ts';
import type { Database } from '../../database/index.ts';
import { type TuningTables, tuningTables } from '../migrations.ts';
import {
  type GateResult,
  type ModelFlag,
  type ModelStage,
  type TunedModel,
  tunedModelSchema,
} from './tuned-model.ts';

/** What is known of a model before it has a number. */
export type TunedModelDraft = Omit<
  TunedModel,
  'id' | 'stage' | 'createdAt' | 'evaluations' | 'gates' | 'flags'
>;

/** The tuned models of a project. */
export interface TunedModelStore {
  /** Gives the model of a job its id; a second call for a job gives the same model. */
  register(draft: TunedModelDraft): Promise<TunedModel>;
  /** Newest last; removed ones are left out. */
  list(): Promise<TunedModel[]>;
  /** `NAME-N`, or `NAME` for its champion, or else its newest. Throws `tuned-model-unknown`. */
  get(reference: string): Promise<TunedModel>;
  /** Changes what may change: stage, gates, evaluations, flags, retirement, a server's name. */
  update(id: string, change: (model: TunedModel) => TunedModel): Promise<TunedModel>;
  /** Takes a model out; its number is never used again. */
  remove(id: string): Promise<void>;
}

export function createTunedModelStore(database: Database): TunedModelStore {
  const tables = tuningTables(database);

  const list = async (): Promise<TunedModel[]> => {
    const rows = await tables
      .selectFrom('tuned_models')
      .select('model')
      .where('removed_at', 'is', null)
      .orderBy('created_at')
      .orderBy('id')
      .execute();
    return rows.map(({ model }) => JSON.parse(model) as TunedModel);
  };

  const get = async (reference: string): Promise<TunedModel> => {
    const all = await list();
    const named = all.filter(({ name }) => name === reference);
    const found =
      all.find(({ id }) => id === reference) ??
      named.find(({ stage }) => stage === 'champion') ??
      named.at(-1);
    if (found) return found;
    throw new FulcrumError('tuned-model-unknown', {
      model: reference,
      suggestion: suggest(
        reference,
        all.map(({ id }) => id),
      ),
    });
  };

  return {
    list,
    get,
    register: (draft) =>
      database.transaction(async (transaction) => {
        const inside = tuningTables(transaction);
        const known = (
          await inside.selectFrom('tuned_models').selectAll().where('name', '=', draft.name).execute()
        ).map(toModel);
        const same = known.find(({ job }) => job === draft.job);
        if (same) return same;
        const number = known.length === 0 ? 1 : Math.max(...known.map(({ id }) => numberOf(id))) + 1;
        const createdAt = new Date().toISOString();
        const model = tunedModelSchema.parse({
          ...draft,
          id: `${draft.name}-${number}`,
          stage: 'candidate',
          evaluations: [],
          gates: [],
          flags: [],
          createdAt,
        });
        await inside
          .insertInto('tuned_models')
          .values({
            id: model.id,
            name: model.name,
            number,
            stage: model.stage,
            model: JSON.stringify(model),
            created_at: createdAt,
          })
          .execute();
        return model;
      }),
    update: (id, change) =>
      database.transaction(async (transaction) => {
        const inside = tuningTables(transaction);
        const row = await inside
          .selectFrom('tuned_models')
          .selectAll()
          .where('id', '=', id)
          .where('removed_at', 'is', null)
          .executeTakeFirst();
        if (!row) throw new FulcrumError('tuned-model-unknown', { model: id, suggestion: '' });
        const changed = tunedModelSchema.parse({ ...change(toModel(row)), id });
        await inside
          .updateTable('tuned_models')
          .set({ model: JSON.stringify(changed), stage: changed.stage })
          .where('id', '=', id)
          .execute();
        // One champion a name: the one before steps back.
        if (changed.stage === 'champion') await stepBack(inside, changed);
        return changed;
      }),
    async remove(id) {
      await get(id);
      await tables
        .updateTable('tuned_models')
        .set({ removed_at: new Date().toISOString() })
        .where('id', '=', id)
        .execute();
    },
  };
}

/** Notes the results of gates; a newer one of the same gate takes the place of the older. */
export function withGates(model: TunedModel, results: readonly GateResult[]): TunedModel {
  const kept = model.gates.filter(({ gate }) => !results.some((result) => result.gate === gate));
  return { ...model, gates: [...kept, ...results] };
}

/** Adds a flag, once. */
export function withFlag(model: TunedModel, flag: ModelFlag): TunedModel {
  const known = model.flags.some(({ reason, detail }) => reason === flag.reason && detail === flag.detail);
  return known ? model : { ...model, flags: [...model.flags, flag] };
}

async function stepBack(tables: ReturnType<typeof tuningTables>, champion: TunedModel): Promise<void> {
  const rows = await tables
    .selectFrom('tuned_models')
    .selectAll()
    .where('name', '=', champion.name)
    .where('stage', '=', 'champion' satisfies ModelStage)
    .where('id', '!=', champion.id)
    .execute();
  for (const row of rows) {
    const model: TunedModel = { ...toModel(row), stage: 'archived' };
    await tables
      .updateTable('tuned_models')
      .set({ model: JSON.stringify(model), stage: model.stage })
      .where('id', '=', row.id)
      .execute();
  }
}

function toModel(row: TuningTables['tuned_models']): TunedModel {
  return JSON.parse(row.model) as TunedModel;
}

function numberOf(id: string): number {
  return Number(/-(\d+)$/.exec(id)?.[1] ?? 0);
}
