import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { FulcrumError } from '../core/index.ts';
import { openDatabase } from '../database/index.ts';
import {
  knowledgeMigrations,
  listTenants,
  planSync,
  type Source,
  type SyncPlan,
} from '../knowledge/index.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
import { projectPipeline, projectSources } from './project-sources.ts';
import { tenantOf } from './sync-tenants.ts';

/** A plan with what it would cost; the texts that were sampled are left out. */
export interface PricedSyncPlan extends Omit<SyncPlan, 'sample' | 'tokensPerSecond' | 'texts' | 'tokens'> {
  readonly embedding: {
    /** Null: no model is configured. */
    readonly model: string | null;
    readonly texts: number;
    /** Estimated. */
    readonly tokens: number;
    /** 0 for a local model, whose work costs core-seconds; null where no price is known. */
    readonly usd: number | null;
    /** Estimated seconds of embedding; null where nothing tells how fast the model is. */
    readonly seconds: number | null;
    /** What the seconds follow from. */
    readonly basis: 'nothing to embed' | 'an earlier sync' | 'a sample of the texts' | 'not measured';
  };
}

/**
 * What `fulcrum sync` would do, without doing it. Nothing is written to the project: where it has no database yet, none is made. A
 * local model may embed up to 17 of the texts to learn how fast it is. Throws as `sync` does.
 */
export async function planProjectSync(
  project: ProjectParts,
  request: { readonly source?: string | undefined },
  options: ProjectOptions = {},
): Promise<PricedSyncPlan> {
  const { config, stateDirectory } = project;
  const sources = projectSources(project, request.source);
  const fresh = !existsSync(join(stateDirectory, 'fulcrum.db'));
  if (fresh && sources.length === 0) throw new FulcrumError('source-empty');
  const database = fresh ? await openDatabase(':memory:', [knowledgeMigrations]) : await project.database();
  try {
    const model = config.embedding === false ? null : config.embedding;
    const allSources = request.source === undefined;
    const groups = Map.groupBy<string, Source>(sources, ({ name }) => tenantOf(config, name));
    const tenants = new Set([...groups.keys(), ...(allSources ? await listTenants(database) : [])]);
    const pipeline = projectPipeline(project, options);
    const plans: SyncPlan[] = [];
    for (const tenant of tenants)
      plans.push(
        await planSync(
          { tenant, database, pipeline, embeddingModel: model, allSources },
          groups.get(tenant) ?? [],
          options,
        ),
      );
    const { sample, tokensPerSecond, ...plan } = plans.reduce(joinPlans);
    const { texts, tokens, ...rest } = plan;
    const speed = await speedOf(project, model, { texts, sample, tokensPerSecond }, options);
    const seconds = speed.rate === null ? null : tokens / speed.rate;
    const usd = await priceOf(project, model, tokens);
    return {
      ...rest,
      embedding: { model, texts, tokens, usd, seconds: texts === 0 ? 0 : seconds, basis: speed.basis },
    };
  } finally {
    if (fresh) await database.close();
  }
}

/** What is done for two tenants. */
function joinPlans(sum: SyncPlan, next: SyncPlan): SyncPlan {
  const join = <T>(of: (plan: SyncPlan) => readonly T[]): T[] => [...of(sum), ...of(next)];
  const add = (of: (plan: SyncPlan) => number): number => of(sum) + of(next);
  return {
    added: add((plan) => plan.added),
    changed: add((plan) => plan.changed),
    unchanged: add((plan) => plan.unchanged),
    removed: add((plan) => plan.removed),
    renamed: add((plan) => plan.renamed),
    suppressed: add((plan) => plan.suppressed),
    failed: join((plan) => plan.failed),
    documents: {
      added: join((plan) => plan.documents.added),
      changed: join((plan) => plan.documents.changed),
      removed: join((plan) => plan.documents.removed),
      renamed: join((plan) => plan.documents.renamed),
    },
    chunks: add((plan) => plan.chunks),
    texts: add((plan) => plan.texts),
    tokens: add((plan) => plan.tokens),
    secondIndex: sum.secondIndex ?? next.secondIndex,
    massDeletions: join((plan) => plan.massDeletions),
    tokensPerSecond: sum.tokensPerSecond ?? next.tokensPerSecond,
    sample: join((plan) => plan.sample),
  };
}

interface Speed {
  /** Estimated tokens a second. */
  readonly rate: number | null;
  readonly basis: PricedSyncPlan['embedding']['basis'];
}

async function speedOf(
  project: ProjectParts,
  model: string | null,
  plan: Pick<SyncPlan, 'texts' | 'sample' | 'tokensPerSecond'>,
  { signal }: ProjectOptions,
): Promise<Speed> {
  if (plan.texts === 0) return { rate: null, basis: 'nothing to embed' };
  if (plan.tokensPerSecond !== null) return { rate: plan.tokensPerSecond, basis: 'an earlier sync' };
  const unknown: Speed = { rate: null, basis: 'not measured' };
  // A hosted model would charge for the sample.
  if (!model?.startsWith('local/')) return unknown;
  try {
    const embedder = await project.embeddingModel();
    if (!embedder) return unknown;
    await embedder.embedDocuments(plan.sample.slice(0, 1), { signal });
    const startedAt = performance.now();
    const { tokens } = await embedder.embedDocuments(plan.sample.slice(0, 16), { signal });
    return { rate: tokens / ((performance.now() - startedAt) / 1000), basis: 'a sample of the texts' };
  } catch (error) {
    if (error instanceof FulcrumError && error.code !== 'cancelled') return unknown;
    throw error;
  }
}

async function priceOf(project: ProjectParts, model: string | null, tokens: number): Promise<number | null> {
  if (model === null || tokens === 0 || model.startsWith('local/')) return 0;
  const { book } = await project.prices();
  const [price] = [...book.find({ kind: 'embedding', model }), ...book.find({ kind: 'input', model })];
  return price?.value == null ? null : (price.value * tokens) / 1e6;
}
