import type { PriceUpdate, ProjectPrices } from '../app/index.ts';
import { FulcrumError, suggest } from '../core/index.ts';
import type { PriceEntry, PriceKind, Retirement } from '../models/index.ts';
import { printable } from './printable.ts';

/** What `prices list` shows. */
export interface SelectedPrices {
  readonly list: {
    readonly name: string;
    readonly date: string;
    readonly origin: 'bundled' | 'fetched';
    readonly ageDays: number;
    readonly old: boolean;
    readonly models: number;
  };
  readonly today: string;
  readonly prices: readonly (PriceEntry & { readonly used: boolean })[];
  readonly retirements: readonly (Retirement & { readonly inDays: number })[];
}

/** Chooses the prices and end-of-life dates that were asked for. Throws `usage` for an unknown kind. */
export async function selectPrices(
  { book, list }: ProjectPrices,
  { model, kind }: { model?: string | undefined; kind?: string | undefined },
): Promise<SelectedPrices> {
  const { isoDay, isUsable, oldAfterDays, priceKinds, retirements, retirementsOf } = await import(
    '../models/index.ts'
  );
  const kinds = [...priceKinds, 'retirement'];
  if (kind !== undefined && !kinds.includes(kind))
    throw new FulcrumError('usage', {
      problem: `There is no kind "${kind}". ${suggest(kind, kinds)} Kinds: ${kinds.join(', ')}.`,
    });
  const today = isoDay();
  const days = (date: string): number => Math.round((Date.parse(date) - Date.parse(today)) / 86_400_000);
  const found = model === undefined ? book.noted : book.ofModel(model);
  const ends = model === undefined ? retirements : retirementsOf(model);
  const ageDays = Math.max(0, -days(list.date));
  return {
    list: {
      name: list.name,
      date: list.date,
      origin: list.origin,
      ageDays,
      old: ageDays > oldAfterDays,
      models: list.providers.reduce((sum, provider) => sum + provider.models.length, 0),
    },
    today,
    prices: found
      .filter((price) => kind === undefined || price.kind === (kind as PriceKind))
      .map((price) => ({ ...price, used: isUsable(price.state) && !isOverruled(price, found) })),
    retirements:
      kind === undefined || kind === 'retirement'
        ? ends.map((each) => ({ ...each, inDays: days(each.date) }))
        : [],
  };
}

/** Whether an entered price, or one that was read later, takes the place of a price for the same model, kind and scope. */
function isOverruled(price: PriceEntry, all: readonly PriceEntry[]): boolean {
  const rank = (each: PriceEntry): string => (each.origin === 'entered' ? '9999' : (each.checked ?? ''));
  return all.some(
    (other) =>
      other.origin !== price.origin &&
      (other.model !== null || other.provider === price.provider) &&
      other.model === price.model &&
      other.kind === price.kind &&
      JSON.stringify(other.scope) === JSON.stringify(price.scope) &&
      (other.state === 'current' || other.state === 'old' || other.state === 'undated') &&
      rank(other) > rank(price),
  );
}

/** The selected prices for a person: one line a price, then the end-of-life dates. */
export async function pricesText(selected: SelectedPrices, model: string | undefined): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const { priceUnits } = await import('../models/index.ts');
  const { list, prices, retirements } = selected;
  const style = {
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  };
  const table = new Table({ head: ['kind', 'of', 'USD', 'what', 'read', ''], ...style });
  for (const price of prices.filter(({ state, origin }) => origin !== 'price-list' || state !== 'ended'))
    table.push([
      price.kind,
      printable(price.model ?? price.provider),
      `${amountText(price)} ${priceUnits[price.unit]}`,
      printable(price.what),
      price.checked === null ? 'no day' : `${price.checked}, ${price.ageDays} d`,
      !price.used && (price.state === 'current' || price.state === 'old') ? 'overruled' : markOf(price),
    ]);
  const ends = new Table({ head: ['ends', 'of', 'on', 'note'], ...style });
  for (const { ends: what, model: of, date, earliest, inDays, note } of retirements)
    ends.push([
      what,
      of,
      `${earliest ? 'not before ' : ''}${date} (${inDays < 0 ? `${-inDays} d ago` : `in ${inDays} d`})`,
      note ?? '',
    ]);
  const nothing =
    model === undefined ? 'No such price.' : `No price is known of ${model}; it is unknown, not 0.`;
  return [
    `Token prices of ${list.models} models: ${list.name} of ${list.date}, ${list.ageDays} days old${list.old ? ', OLD: fulcrum prices update' : ''}.${model === undefined ? ' Show one with --model.' : ''}`,
    ...(prices.length > 0 ? [table.toString()] : retirements.length > 0 ? [] : [nothing]),
    ...(retirements.length > 0 ? [ends.toString()] : []),
    ...notesOf(prices),
  ].join('\n');
}

function amountText({ value, low, high }: PriceEntry): string {
  const range = low !== undefined && high !== undefined && low !== high ? ` (${low} to ${high})` : '';
  return value === null ? `unknown${range}` : `${value}${range}`;
}

function markOf({ state, validFrom, validUntil, origin }: PriceEntry): string {
  switch (state) {
    case 'old':
      return 'OLD';
    case 'future':
      return `from ${validFrom}, not used yet`;
    case 'ended':
      return `until ${validUntil}, not used`;
    case 'unconfirmed':
      return 'unconfirmed, not used';
    case 'unknown':
      return 'unknown';
    case 'undated':
      return 'entered';
    case 'current':
      return origin === 'entered' ? 'entered' : validUntil === undefined ? '' : `until ${validUntil}`;
  }
}

/** Notes and sources, each once. */
function notesOf(prices: readonly PriceEntry[]): string[] {
  const sources = new Set(
    prices.map(({ source }) => (source.url === null ? source.name : `${source.name}, ${source.url}`)),
  );
  const notes = Map.groupBy(
    prices.filter(({ note }) => note !== undefined),
    ({ model, provider, note }) => `${model ?? provider}\n${note}`,
  );
  const noted = [...notes].map(([key, of]) => {
    const [name, note] = key.split('\n');
    return printable(`  ${name}, ${[...new Set(of.map(({ kind }) => kind))].join(', ')}: ${note}`);
  });
  return [
    ...(noted.length > 0 ? ['Notes:', ...noted] : []),
    ...(sources.size > 0 ? ['Sources:', ...[...sources].map((source) => `  ${source}`)] : []),
  ];
}

/** Most changes that the text names; `--json` has all of them. */
const mostNamed = 30;

/** What an update did, for a person. */
export function updateText({ list, before, difference, leftOut }: PriceUpdate): string {
  const { added, removed, large, small, same } = difference;
  const lines = large
    .slice(0, mostNamed)
    .map(
      ({ model, kind, before: was, after, change }) =>
        `  ${printable(model)} ${kind}: ${was} -> ${after} (${change === null ? 'was free' : `${change > 0 ? '+' : ''}${Math.round(change * 100)} %`})`,
    );
  const more = large.length > mostNamed ? [`  and ${large.length - mostNamed} more; --json has all`] : [];
  return [
    `Prices of ${list.date} are used from now on, in place of ${before.name} of ${before.date}.`,
    `From ${list.source}, sha256 ${list.sha256}.`,
    `${added.length} models new, ${removed.length} gone; ${same} prices the same, ${small} changed by up to 20 %, ${large.length} by more.`,
    ...lines,
    ...more,
    ...(leftOut.length > 0
      ? [`Left out, for their prices cannot be read: ${printable(leftOut.slice(0, mostNamed).join(', '))}.`]
      : []),
  ].join('\n');
}
