import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Provider } from '@pydantic/genai-prices';
import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';

/** Release of `@pydantic/genai-prices` that is installed, and its day. The list itself carries no dates. */
export const priceList = Object.freeze({ version: '0.1.8', date: '2026-09-23' });

const prices = z.record(z.string(), z.unknown());
const models = z.array(
  z.looseObject({
    id: z.string(),
    match: z.record(z.string(), z.unknown()),
    prices: z.union([prices, z.array(z.looseObject({ prices })).min(1)]),
  }),
);

/** The data file of genai-prices (version 2): a list of providers with their models. */
export const providersSchema = z
  .array(z.looseObject({ id: z.string(), name: z.string(), api_pattern: z.string(), models }))
  .min(1);

const storedSchema = z.strictObject({
  schema: z.literal('fulcrum-price-list/1'),
  /** ISO day of the data. */
  date: z.string(),
  fetchedAt: z.string(),
  /** Address or path that it came from. */
  source: z.string(),
  /** Of the bytes that were fetched. */
  sha256: z.string(),
  providers: providersSchema,
});

/** A price list that a project fetched. */
export interface StoredPriceList extends Omit<z.infer<typeof storedSchema>, 'providers'> {
  readonly providers: readonly Provider[];
}

/** Where a project keeps its fetched price list. */
export function storedListPath(stateDirectory: string): string {
  return join(stateDirectory, 'price-list.json');
}

/**
 * The list that a project fetched; null where there is none, or where the bundled one is newer. Throws
 * `price-list-invalid` for a file that was damaged.
 */
export async function readStoredList(stateDirectory: string): Promise<StoredPriceList | null> {
  const path = storedListPath(stateDirectory);
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (error) {
    if ((error as { code?: string }).code === 'ENOENT') return null;
    throw error;
  }
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    throw new FulcrumError('price-list-invalid', { path, problem: 'not JSON' }, { cause: error });
  }
  const parsed = storedSchema.safeParse(value);
  if (!parsed.success) throw new FulcrumError('price-list-invalid', { path, problem: issueOf(parsed.error) });
  return parsed.data.date < priceList.date ? null : (parsed.data as unknown as StoredPriceList);
}

/** First issue of a failed parse, with its path. */
export function issueOf(error: z.ZodError): string {
  const [issue] = error.issues;
  return `${issue?.path.map(String).join('.') || 'the file'}: ${issue?.message ?? 'not as expected'}`;
}
