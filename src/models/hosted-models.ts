import { z } from 'zod';
import { FulcrumError, suggest } from '../core/index.ts';
import type { CalledModel } from './call-with-retries.ts';
import type { BaseList } from './price-list/base-list.ts';
import { createHostedPricing, type HostedPricing, type ModelPrice } from './prices.ts';
import type { HostedProvider } from './providers/hosted-provider.ts';

/** `providers` of the config: OpenAI-compatible servers, used as `compatible/NAME/MODEL`. */
export const providersConfigSchema = z.record(
  z.string(),
  z.strictObject({
    baseUrl: z.url({ protocol: /^https?$/ }),
    /** Environment variable that holds the key; none for a server that wants no key. */
    keyVariable: z
      .string()
      .regex(/^[A-Za-z_][A-Za-z0-9_]*$/, 'the name of an environment variable')
      .optional(),
  }),
);
export type ProvidersConfig = z.infer<typeof providersConfigSchema>;

/** Providers with an account, and the environment variable of their key. */
export const keyVariables = {
  openai: 'OPENAI_API_KEY',
  anthropic: 'ANTHROPIC_API_KEY',
  google: 'GOOGLE_GENERATIVE_AI_API_KEY',
} as const;

const examples: Readonly<Record<string, string>> = {
  openai: 'openai/gpt-5-mini',
  anthropic: 'anthropic/claude-haiku-4-5',
  google: 'google/gemini-2.5-flash',
};

export interface HostedModelOptions {
  readonly providers?: ProvidersConfig | undefined;
  readonly prices?: Readonly<Record<string, ModelPrice>> | undefined;
  /** The price list of the project; default the bundled one. */
  readonly priceList?: (() => Promise<BaseList>) | undefined;
}

/** A hosted model that was named, its provider loaded and its key found. */
export interface HostedModel {
  readonly provider: HostedProvider;
  /** Name of the model at the provider. */
  readonly model: string;
  readonly called: CalledModel;
  readonly pricing: HostedPricing;
}

/**
 * Reads `openai/…`, `anthropic/…`, `google/…` or `compatible/NAME/…`.
 * Throws `model-unknown` (with a suggestion) or `model-key-missing`.
 */
export async function findHostedModel(id: string, options: HostedModelOptions): Promise<HostedModel> {
  const [kind = '', ...rest] = id.split('/');
  if (kind === 'compatible') return findCompatible(id, rest, options);
  if (!isKnownProvider(kind) || rest.join('/') === '') throw unknownModel(id, kind, options);
  const keyVariable = keyVariables[kind];
  const provider = await loadProvider(kind, readKey(id, keyVariable));
  return finish(id, rest.join('/'), kind, keyVariable, provider, { providerId: kind }, options);
}

async function findCompatible(
  id: string,
  [name = '', ...rest]: readonly string[],
  options: HostedModelOptions,
): Promise<HostedModel> {
  const server = options.providers?.[name];
  if (!server || rest.join('/') === '') throw unknownModel(id, 'compatible', options);
  const apiKey = server.keyVariable === undefined ? undefined : readKey(id, server.keyVariable);
  const { createCompatibleProvider } = await import('./providers/compatible.ts');
  const provider = createCompatibleProvider({ name, apiKey, baseUrl: server.baseUrl });
  const where = { providerApiUrl: server.baseUrl };
  return finish(id, rest.join('/'), name, server.keyVariable ?? null, provider, where, options);
}

async function finish(
  id: string,
  model: string,
  providerName: string,
  keyVariable: string | null,
  provider: HostedProvider,
  where: { providerId: string } | { providerApiUrl: string },
  options: HostedModelOptions,
): Promise<HostedModel> {
  const list = await options.priceList?.();
  const pricing = await createHostedPricing({ id, model, provider: where, prices: options.prices, list });
  const called = { id, provider: providerName, keyVariable, contextTokens: pricing.contextTokens };
  return { provider, model, called, pricing };
}

async function loadProvider(kind: keyof typeof keyVariables, apiKey: string): Promise<HostedProvider> {
  const options = { name: kind, apiKey };
  switch (kind) {
    case 'openai':
      return (await import('./providers/openai.ts')).createOpenAiProvider(options);
    case 'anthropic':
      return (await import('./providers/anthropic.ts')).createAnthropicProvider(options);
    case 'google':
      return (await import('./providers/google.ts')).createGoogleProvider(options);
  }
}

function isKnownProvider(kind: string): kind is keyof typeof keyVariables {
  return Object.hasOwn(keyVariables, kind);
}

function readKey(model: string, variable: string): string {
  const key = process.env[variable];
  if (!key) throw new FulcrumError('model-key-missing', { model, variable });
  return key;
}

/** `model-unknown` with the nearest provider or configured server. */
export function unknownModel(id: string, kind: string, options: HostedModelOptions): FulcrumError {
  const servers = Object.keys(options.providers ?? {});
  const suggestion =
    kind === 'compatible'
      ? servers.length === 0
        ? 'The config has no providers.'
        : suggest(id.split('/')[1] ?? '', servers)
      : suggest(kind, ['local', 'openai', 'anthropic', 'google', 'compatible']);
  const example =
    kind === 'compatible'
      ? `compatible/${servers[0] ?? 'NAME'}/MODEL`
      : (examples[kind] ?? 'openai/gpt-5-mini');
  return new FulcrumError('model-unknown', { model: id, suggestion, example });
}
