import { FulcrumError, suggest } from '../core/index.ts';
import type { ProviderGates } from './provider-gates.ts';
import type { RerankersConfig } from './reranker-config.ts';
import type { RerankingModel } from './reranking-model.ts';

export interface ResolveRerankerOptions {
  readonly rerankers: RerankersConfig;
  /** Where keys are looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly gates?: ProviderGates | undefined;
}

/** The reranking model of that name. Throws `reranker-unknown` or `model-key-missing`; nothing is called yet. */
export async function resolveRerankingModel(
  name: string,
  options: ResolveRerankerOptions,
): Promise<RerankingModel> {
  const config = Object.hasOwn(options.rerankers, name) ? options.rerankers[name] : undefined;
  if (!config)
    throw new FulcrumError('reranker-unknown', {
      reranker: name,
      suggestion: suggest(name, Object.keys(options.rerankers)),
    });
  const { keyVariable } = config;
  const key = keyVariable === undefined ? undefined : options.environment[keyVariable];
  if (keyVariable !== undefined && !key)
    throw new FulcrumError('model-key-missing', { model: name, variable: keyVariable });
  const { createHttpRerankingModel } = await import('./http-reranking-model.ts');
  const gate = await options.gates?.of(new URL(config.url).host);
  return createHttpRerankingModel({ name, config, key, gate });
}
