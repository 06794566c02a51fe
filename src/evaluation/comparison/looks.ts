import type { Kysely } from 'kysely';
import { contentHash, FulcrumError } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { ScoreRow } from '../score-row.ts';
import { type LookPlan, type Spending, spendings } from './look-plan.ts';

/** Tables of the looks taken and of those declared. */
interface LookTables {
  evaluation_looks: { comparison: string; samples_hash: string; look: number; taken_at: string };
  evaluation_look_plans: { comparison: string; looks: number; spending: string; declared_at: string };
  evaluation_sequences: { comparison: string; sample: string; position: number; scores_hash: string };
}

/** What makes two comparisons the same one, and the scores that it is made on this time. */
export interface LookedAt {
  /** Hash of the dataset. */
  readonly dataset: string;
  readonly metric: string;
  readonly rows: readonly ScoreRow[];
}

/** Which look at a comparison this is, from 1, and the plan that was declared for it. */
export interface Look {
  readonly look: number;
  readonly plan: LookPlan | null;
}

/**
 * Counts a look. The same dataset, metric and variants with other scores, be it more samples or other answers to the same ones, is
 * the next look; scores that were seen before are that look again. Order plays no part.
 * @param declared the plan, kept with the first look. Throws `looks-declared` where looks were taken without it or with another
 * one, and `looks-spent` for a look past the last one of the plan.
 */
export async function takeLook(
  database: Database,
  lookedAt: LookedAt,
  declared: LookPlan | null = null,
): Promise<Look> {
  const comparison = keyOf(lookedAt);
  const samplesHash = contentHash(lookedAt.rows.map(scoreKey).sort());
  return database.transaction(async (transaction) => {
    const handle = tablesOf<LookTables>(transaction);
    const taken = await handle
      .selectFrom('evaluation_looks')
      .select(['samples_hash', 'look'])
      .where('comparison', '=', comparison)
      .execute();
    const known = taken.find((row) => row.samples_hash === samplesHash);
    const stored = await readPlan(handle, comparison);
    if (declared) requireSamePlan(declared, stored, taken.length);
    const plan = declared ?? stored;
    const look = known?.look ?? taken.length + 1;
    if (plan && look > plan.looks) throw new FulcrumError('looks-spent', { looks: plan.looks, look });
    if (known) return { look, plan };
    const now = new Date().toISOString();
    if (plan && !stored)
      await handle
        .insertInto('evaluation_look_plans')
        .values({ comparison, looks: plan.looks, spending: plan.spending, declared_at: now })
        .execute();
    await handle
      .insertInto('evaluation_looks')
      .values({ comparison, samples_hash: samplesHash, look, taken_at: now })
      .execute();
    return { look, plan };
  });
}

/**
 * The rows of a sequential comparison in the order in which their samples were first counted, which is kept. New samples come last, by
 * the hash of their group, so that the order tells nothing of the scores. Left out are new samples of a group that was counted at
 * an earlier call: its mean must not change any more; `left` is their number. Throws `sequence-changed` where a counted
 * sample has other scores now.
 */
export async function continueSequence(
  database: Database,
  lookedAt: LookedAt,
): Promise<{ rows: ScoreRow[]; left: number }> {
  const comparison = `sequence ${keyOf(lookedAt)}`;
  const bySample = Map.groupBy(lookedAt.rows, (row) => row.sample);
  const groupOf = (sample: string): string => bySample.get(sample)?.[0]?.group ?? sample;
  const hashOf = (sample: string): string => contentHash((bySample.get(sample) ?? []).map(scoreKey).sort());
  return database.transaction(async (transaction) => {
    const handle = tablesOf<LookTables>(transaction);
    const counted = await handle
      .selectFrom('evaluation_sequences')
      .select(['sample', 'scores_hash'])
      .where('comparison', '=', comparison)
      .orderBy('position')
      .execute();
    const changed = counted.filter((row) => hashOf(row.sample) !== row.scores_hash);
    if (changed[0])
      throw new FulcrumError('sequence-changed', { count: changed.length, sample: changed[0].sample });
    const known = new Set(counted.map((row) => row.sample));
    const closed = new Set(counted.map((row) => groupOf(row.sample)));
    const news = [...bySample.keys()].filter((sample) => !known.has(sample));
    const fresh = news
      .filter((sample) => !closed.has(groupOf(sample)))
      .map((sample) => ({ sample, order: contentHash([groupOf(sample)]) + sample }))
      .sort((a, b) => (a.order < b.order ? -1 : 1))
      .map(({ sample }) => sample);
    for (const [index, sample] of fresh.entries())
      await handle
        .insertInto('evaluation_sequences')
        .values({ comparison, sample, position: counted.length + index, scores_hash: hashOf(sample) })
        .execute();
    const order = [...counted.map((row) => row.sample), ...fresh];
    return {
      rows: order.flatMap((sample) => bySample.get(sample) ?? []),
      left: news.length - fresh.length,
    };
  });
}

function keyOf({ dataset, metric, rows }: LookedAt): string {
  return contentHash({ dataset, metric, variants: [...new Set(rows.map((row) => row.variant))].sort() });
}

function scoreKey({ sample, variant, value }: ScoreRow): string {
  return JSON.stringify([sample, variant, value]);
}

async function readPlan(handle: Kysely<LookTables>, comparison: string): Promise<LookPlan | null> {
  const row = await handle
    .selectFrom('evaluation_look_plans')
    .select(['looks', 'spending'])
    .where('comparison', '=', comparison)
    .executeTakeFirst();
  if (!row) return null;
  const spending: Spending = spendings.find((name) => name === row.spending) ?? 'equal';
  return { looks: row.looks, spending };
}

function requireSamePlan(declared: LookPlan, stored: LookPlan | null, taken: number): void {
  if (!stored && taken > 0)
    throw new FulcrumError('looks-declared', {
      problem: `${taken === 1 ? 'one look was' : `${taken} looks were`} taken without a plan.`,
    });
  if (stored && (stored.looks !== declared.looks || stored.spending !== declared.spending))
    throw new FulcrumError('looks-declared', {
      problem: `they were declared as ${stored.looks} looks, spending ${stored.spending}.`,
    });
}
