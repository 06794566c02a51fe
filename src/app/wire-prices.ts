import { mkdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { FulcrumError, suggest, type WorkOptions } from '../core/index.ts';
import type {
  BaseList,
  EnteredKind,
  ListDifference,
  ModelPrice,
  PriceBook,
  StoredPriceList,
} from '../models/index.ts';
import { type Config, editConfig, findConfig, loadConfig, writeAtomically } from './config.ts';

/** Prices as a project sees them. */
export interface ProjectPrices {
  /** The bundled price list, or the newer one that the project fetched. */
  readonly list: BaseList;
  readonly book: PriceBook;
}

/** Opens the price list of a project and its prices. Throws `price-list-invalid` for a damaged file. */
export async function createProjectPrices(
  directory: string,
  config: Pick<Config, 'prices' | 'coreHourUsd'>,
): Promise<ProjectPrices> {
  const { createPriceBook, openBaseList, readStoredList } = await import('../models/index.ts');
  const list = await openBaseList(await readStoredList(join(directory, '.fulcrum')));
  return { list, book: createPriceBook({ list, ...config }) };
}

/** Prices for a folder that need not be a project: without a config they are those that come with Fulcrum. */
export async function pricesOf(directory: string): Promise<ProjectPrices> {
  const config = findConfig(directory) ? await loadConfig(directory) : { prices: {} };
  return createProjectPrices(directory, config);
}

/** What `prices set` was given; the entry of the model is replaced by it. */
export type PriceValues = Partial<Record<EnteredKind, number>> & {
  readonly validFrom?: string | undefined;
  readonly source?: string | undefined;
};

/**
 * Writes the prices of a model or service to the config, with today's day. Throws what the config's validation says.
 * @returns the entry, and the members of the one before that it does not have.
 */
export async function setPrice(
  directory: string,
  model: string,
  values: PriceValues,
): Promise<{ entry: Partial<ModelPrice>; dropped: string[] }> {
  const { isoDay } = await import('../models/index.ts');
  const given = Object.entries(values).filter(([, value]) => value !== undefined);
  const entry: Partial<ModelPrice> = { ...Object.fromEntries(given), date: isoDay() };
  let dropped: string[] = [];
  await editConfig(
    directory,
    (raw) => {
      const before = (raw.prices?.[model] ?? {}) as Record<string, unknown>;
      dropped = Object.keys(before).filter((key) => !(key in entry));
      raw.prices = { ...raw.prices, [model]: entry };
    },
    `prices: { ${JSON.stringify(model)}: ${JSON.stringify(entry)} }`,
  );
  return { entry, dropped };
}

/** Takes the prices of a model out of the config. Throws `price-unknown`. */
export async function removePrice(directory: string, model: string): Promise<void> {
  const { prices } = await loadConfig(directory);
  if (!(model in prices))
    throw new FulcrumError('price-unknown', { model, suggestion: suggest(model, Object.keys(prices)) });
  await editConfig(
    directory,
    (raw) => {
      delete raw.prices?.[model];
    },
    `remove ${JSON.stringify(model)} from prices`,
  );
}

/** What `prices update` did. */
export interface PriceUpdate {
  readonly list: Pick<StoredPriceList, 'date' | 'source' | 'sha256'>;
  readonly before: { readonly date: string; readonly name: string };
  readonly path: string;
  /** Models that the library cannot price. */
  readonly leftOut: readonly string[];
  readonly difference: ListDifference;
}

/**
 * Fetches a price list, keeps it in the project and says what it changes; from then on it is used in place of the bundled
 * one, until that is newer. Throws what `fetchPriceList` throws, and `price-list-older`.
 */
export async function updatePrices(
  directory: string,
  options: WorkOptions & { from?: string | undefined; date?: string | undefined },
): Promise<PriceUpdate> {
  const { compareLists, fetchPriceList, openBaseList, storedListPath } = await import('../models/index.ts');
  const config = await loadConfig(directory);
  const before = await usableList(directory, config);
  const { list, leftOut } = await fetchPriceList(options);
  if (list.date < before.date)
    throw new FulcrumError('price-list-older', { date: list.date, used: before.date });
  const difference = compareLists(before, await openBaseList(list));
  const path = storedListPath(join(directory, '.fulcrum'));
  await mkdir(dirname(path), { recursive: true });
  await writeAtomically(path, `${JSON.stringify(list)}\n`);
  const { date, source, sha256 } = list;
  return {
    list: { date, source, sha256 },
    before: { date: before.date, name: before.name },
    path,
    leftOut,
    difference,
  };
}

/** A damaged list must not hinder its own replacement. */
async function usableList(directory: string, config: Config): Promise<BaseList> {
  try {
    return (await createProjectPrices(directory, config)).list;
  } catch (error) {
    if (!(error instanceof FulcrumError) || error.code !== 'price-list-invalid') throw error;
    const { openBaseList } = await import('../models/index.ts');
    return openBaseList();
  }
}
