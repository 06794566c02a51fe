import { basename } from 'node:path';
import { noUsage, type WorkOptions } from '../core/index.ts';
import type {
  Amount,
  PricedTokens,
  RequestProfile,
  UsageFormatName,
  UsageImport,
  UsageRow,
  UsageRows,
  UsageSet,
  UsageSummary,
} from '../decision/index.ts';
import type { ModelPrice } from '../models/index.ts';
import type { ProjectParts } from './project-parts.ts';
import type { ProjectPrices } from './wire-prices.ts';

export interface UsageImportRequest {
  /** Name of the set that the rows go into. */
  readonly name: string;
  /** Default: as the file looks. */
  readonly format?: UsageFormatName | undefined;
  /** `FIELD=COLUMN,…` of a table. */
  readonly map?: string | undefined;
}

/** Token counts that the team imported. */
export interface ImportedUsage {
  import(path: string, request: UsageImportRequest): Promise<UsageImport>;
  list(): Promise<UsageSet[]>;
  /** Throws `usage-unknown`. */
  summary(name: string): Promise<UsageSummary>;
  /** The mean request of a set and, where rows are single requests, these, for the cost model. Throws `usage-unknown`. */
  measured(
    name: string,
  ): Promise<{ profile: RequestProfile; usage: UsageRows | null; summary: UsageSummary }>;
  /** Throws `usage-unknown`. @returns how many rows it had. */
  remove(name: string): Promise<number>;
}

/** Imported usage of a project, priced by its prices. */
export async function createImportedUsage(
  project: Pick<ProjectParts, 'database' | 'config'> & { prices(): Promise<ProjectPrices> },
  work: WorkOptions = {},
): Promise<ImportedUsage> {
  const decision = await import('../decision/index.ts');
  const rowsOf = async (name: string) => decision.readUsageRows(await project.database(), name);
  const summarise = async (name: string, rows: readonly UsageRow[]): Promise<UsageSummary> => {
    const prices = await project.prices();
    return decision.summariseUsage(name, rows, (tokens) =>
      priceTokens(tokens, prices, project.config.prices),
    );
  };
  return {
    async import(path, { name, format, map }) {
      const columns = map === undefined ? undefined : decision.parseUsageMap(map);
      return decision.importUsage(await project.database(), path, {
        name,
        file: basename(path),
        format,
        map: columns,
        ...work,
      });
    },
    list: async () => decision.listUsage(await project.database()),
    summary: async (name) => summarise(name, await rowsOf(name)),
    async measured(name) {
      const rows = await rowsOf(name);
      const summary = await summarise(name, rows);
      return { summary, profile: decision.profileOfUsage(summary), usage: decision.columnsOfUsage(rows) };
    },
    remove: async (name) => decision.removeUsage(await project.database(), name),
  };
}

/** Names that tracers and gateways give providers, and those of the price list. */
const providerNames: Readonly<Record<string, string>> = {
  'gcp.gemini': 'google',
  'gcp.gen_ai': 'google',
  'gcp.vertex_ai': 'google',
  vertex_ai: 'google',
  vertexai: 'google',
  gemini: 'google',
  'aws.bedrock': 'aws',
  bedrock: 'aws',
  'azure.ai.openai': 'azure',
  'azure.ai.inference': 'azure',
  az: 'azure',
  mistral_ai: 'mistral',
  mistralai: 'mistral',
  x_ai: 'x-ai',
  xai: 'x-ai',
  voyage: 'voyageai',
  together_ai: 'together',
  fireworks_ai: 'fireworks',
};

/** Tokens of a request that no price list has a step for. */
const shortRequest = 10_000;

async function priceTokens(
  tokens: PricedTokens,
  { list, book }: ProjectPrices,
  prices: Readonly<Record<string, ModelPrice>>,
): Promise<Amount> {
  const { createHostedPricing } = await import('../models/index.ts');
  const { provider, model } = placeOf(
    tokens,
    list.providers.map(({ id }) => id),
    (name) => list.providerOf(name),
  );
  const id = provider === null ? tokens.model : `${provider}/${model}`;
  const place = { providerId: provider ?? 'unknown' };
  const pricing = await createHostedPricing({ id, model, provider: place, prices, list });
  const embedding = tokens.kind === 'embedding';
  const cost = pricing.price(
    {
      ...noUsage,
      inputTokens: embedding ? 0 : tokens.inputTokens,
      embeddedTokens: embedding ? tokens.inputTokens : 0,
      cachedInputTokens: embedding ? 0 : tokens.cachedInputTokens,
      outputTokens: tokens.outputTokens,
      calls: tokens.requests ?? Math.max(1, Math.ceil(tokens.inputTokens / shortRequest)),
    },
    embedding ? 0 : tokens.cacheWriteTokens,
  );
  if (cost.usd === null) return { value: null, reason: cost.basis };
  const factor = tokens.batch ? book.find({ kind: 'factor', model: id, tier: 'batch' })[0] : undefined;
  const batch = !tokens.batch
    ? ''
    : factor
      ? `, times ${factor.value} as a batch`
      : ', at full price: no batch price is known';
  const usd = cost.usd * (factor?.value ?? 1);
  const basis = `${cost.basis}${batch}${tokens.requests === null ? ', as if requests were short: their number is not known' : ''}`;
  return { value: usd, low: usd, high: usd, source: 'price-list', date: cost.priceDate, basis };
}

/** Provider and model as the price list names them, from what the export says. */
function placeOf(
  tokens: PricedTokens,
  known: readonly string[],
  providerOf: (model: string) => string | null,
): { provider: string | null; model: string } {
  const named = (name: string): string => providerNames[name.toLowerCase()] ?? name.toLowerCase();
  const [head = '', ...rest] = tokens.model.split('/');
  const prefixed = rest.length > 0 && known.includes(named(head));
  if (tokens.provider !== null && known.includes(named(tokens.provider))) {
    const provider = named(tokens.provider);
    return { provider, model: prefixed && named(head) === provider ? rest.join('/') : tokens.model };
  }
  if (prefixed) return { provider: named(head), model: rest.join('/') };
  const tuned = /^ft:/.test(tokens.model) ? 'openai' : null;
  return { provider: tuned ?? providerOf(tokens.model), model: tokens.model };
}
