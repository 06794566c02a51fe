import Table from 'cli-table3';
import type { CostReport } from '../decision/index.ts';
import { percent, plain, usd, volumeText } from '../decision/index.ts';

type ReportedAmount = CostReport['costs'][number]['perMonth'];
type ReportedArm = CostReport['arms'][number];

export interface CostTextOptions {
  /** Each term of each arm on a line. */
  readonly lines: boolean;
  /** Where which arm is the cheapest, crossovers and tipping values. */
  readonly regions: boolean;
}

/** What a person reads of a cost report. */
export function costText(report: CostReport, { lines, regions }: CostTextOptions): string {
  const parts = report.volumes.map((volume) => volumeTable(report, volume));
  parts.push(...notesOf(report));
  if (lines) parts.push(...report.arms.map((arm) => linesTable(report, arm)));
  parts.push(...profileTable(report));
  if (regions) parts.push(regionsText(report), crossoverText(report), tippingText(report));
  return parts.filter((part) => part !== '').join('\n\n');
}

const plainStyle = { head: [], border: [] };
const compact = { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' };

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const made = new Table({ head: [...head], style: plainStyle, chars: compact });
  for (const row of rows) made.push([...row]);
  return made.toString();
}

/** A name, marked where the arm was never measured. */
function nameOf({ arm, hypothetical }: { readonly arm: string; readonly hypothetical: boolean }): string {
  return hypothetical ? `${arm} *` : arm;
}

function volumeTable(report: CostReport, volume: number): string {
  const rows = report.costs
    .filter((cost) => cost.volume === volume)
    .map((cost) => [
      nameOf(cost),
      cost.kind,
      amountText(cost.perMonth),
      amountText(cost.per1000),
      amountText(cost.perAccepted),
      chanceText(report, cost),
    ]);
  const head = ['arm', 'kind', 'a month', '1,000 requests', 'accepted answer', 'cheapest'];
  return `At ${plain(volume)} requests a month, USD [95 %]:\n${table(head, rows)}`;
}

/** In which share of the drawn worlds an arm is the cheapest, by the measure of the report. */
function chanceText(
  { chances, unknown }: CostReport,
  { arm, volume }: { readonly arm: string; readonly volume: number },
): string {
  if (unknown.some((each) => each.arm === arm)) return 'unknown';
  const found = chances.find((each) => each.arm === arm && each.volume === volume);
  return `${Math.round((found?.share ?? 0) * 100)} %`;
}

/** A figure with its interval; what is not known is said to be so. */
function amountText(amount: ReportedAmount): string {
  if (amount.value === null) return 'unknown';
  const { value, low, high } = amount;
  if (low === value && high === value) return usd(value);
  return `${usd(value)} [${usd(low)}, ${high === null ? 'no bound' : usd(high)}]`;
}

function notesOf(report: CostReport): string[] {
  const notes: string[] = [];
  if (report.arms.some(({ hypothetical }) => hypothetical))
    notes.push('* entered in the config, never measured: run it before you trust it.');
  const reasons = new Map<string, string[]>();
  for (const { arm, perMonth, perAccepted, volume } of report.costs) {
    if (volume !== report.volumes[0]) continue;
    const unknown = perMonth.value === null ? perMonth : perAccepted;
    if (unknown.value !== null) continue;
    const what = unknown === perMonth ? 'its cost' : 'the cost of an accepted answer';
    const key = `${what} is not known: ${unknown.reason}`;
    reasons.set(key, [...(reasons.get(key) ?? []), arm]);
  }
  for (const [reason, arms] of reasons) notes.push(`${arms.join(', ')}: ${reason}.`);
  if (report.leftOut.length > 0)
    notes.push(`${report.leftOut.join(', ')}: diagnostic, never deployed, so left out.`);
  notes.push(...oldPrices(report));
  for (const { arm, endOfLife } of report.arms)
    if (endOfLife !== null) notes.push(`${arm}: its base model is withdrawn on ${endOfLife}.`);
  return notes.length === 0 ? [] : [notes.join('\n')];
}

/** Days after which a price is called old. */
const oldAfterDays = 90;

function oldPrices({ costs, date, volumes }: CostReport): string[] {
  const old = costs
    .filter(({ volume }) => volume === volumes[0])
    .flatMap(({ arm, lines }) =>
      lines.flatMap(({ term, usdPerMonth }) => {
        if (usdPerMonth.value === null || usdPerMonth.date === null) return [];
        const days = (Date.parse(date) - Date.parse(usdPerMonth.date)) / 86_400_000;
        return days > oldAfterDays ? [`${arm}, ${term} (${usdPerMonth.date})`] : [];
      }),
    );
  return old.length === 0 ? [] : [`Figures more than ${oldAfterDays} days old: ${old.join('; ')}.`];
}

/** Regions that are shown; `--json` has them all. */
const mostRegions = 12;

function linesTable(report: CostReport, { arm }: ReportedArm): string {
  const volume = report.volumes[0] ?? 0;
  const cost = report.costs.find((each) => each.arm === arm && each.volume === volume);
  if (!cost) return '';
  const rows = cost.lines.map(({ part, term, usdPerMonth, formula }) => [
    part,
    term,
    amountText(usdPerMonth),
    usdPerMonth.value === null ? usdPerMonth.reason : formula,
    usdPerMonth.value === null
      ? ''
      : `${usdPerMonth.source}${usdPerMonth.date === null ? '' : `, ${usdPerMonth.date}`}`,
  ]);
  return `${nameOf(cost)} at ${plain(volume)} requests a month:\n${table(['part', 'term', 'a month', 'formula', 'source'], rows)}`;
}

const parts = ['staticPrefix', 'fewShot', 'history', 'query', 'retrieved', 'output', 'reasoning'] as const;

/** Tokens by part of the prompt, of the arms where they are known. */
function profileTable(report: CostReport): string[] {
  const known = report.arms.filter(({ profile }) => (profile?.query?.value ?? null) !== null);
  if (known.length === 0) return [];
  const rows = known.map((arm) => [
    nameOf(arm),
    ...parts.map((part) => tokensText(arm.profile?.[part])),
    shareText(arm.profile?.cachedShare),
  ]);
  const head = [
    'arm',
    'prefix',
    'few-shot',
    'history',
    'query',
    'retrieved',
    'output',
    'reasoning',
    'cached',
  ];
  return [
    `Tokens of a mean request (measured: total, split by characters; *: entered, or as in the variant it is like):\n${table(head, rows)}`,
  ];
}

function tokensText(amount: ReportedAmount | undefined): string {
  return amount === undefined || amount.value === null ? 'unknown' : plain(Math.round(amount.value));
}

function shareText(amount: ReportedAmount | undefined): string {
  return amount === undefined || amount.value === null ? 'unknown' : percent(amount.value);
}

function regionsText({ regions, measure, max, unknown }: CostReport): string {
  const by = measure === 'request' ? 'a request' : 'an accepted answer, errors included';
  const left = unknown.map(({ arm }) => arm);
  const without = left.length === 0 ? '' : ` Without ${left.join(', ')}, whose cost is not known.`;
  if (regions.length === 0) return `No arm has a known cost by ${by}.${without}`;
  const rows = regions
    .slice(0, mostRegions)
    .map(({ from, to, arm, runnerUp, at, gapUsd }) => [
      `${volumeText(from)} ${to === null ? 'and more' : `to ${volumeText(to)}${to === max ? ', perhaps more' : ''}`}`,
      arm,
      runnerUp === null ? '' : `${runnerUp}: ${usd(gapUsd ?? 0)} more a month at ${volumeText(at)}`,
    ]);
  const more = regions.length > mostRegions ? `\nand ${regions.length - mostRegions} more (--json)` : '';
  return `Cheapest by ${by}, by requests a month.${without}\n${table(['requests a month', 'cheapest', 'next'], rows)}${more}`;
}

function crossoverText({ crossovers, max }: CostReport): string {
  const lines = crossovers.map(({ below, above, first, low, high, settled, volumes, neverShare }) => {
    const never = neverShare > 0 && neverShare < 1 ? `; never in ${percent(neverShare)} of the draws` : '';
    if (first === null) return `${above} is never cheaper than ${below} below ${volumeText(max)}${never}.`;
    const upTo = high === null ? 'never' : volumeText(high);
    const interval = low === high && low === first ? '' : ` [${volumeText(low ?? first)}, ${upTo}]`;
    const steps =
      volumes.length === 1
        ? ''
        : ` (changes ${volumes.length} times by steps of hosting${settled === null ? '' : `, for good from ${volumeText(settled)}`})`;
    return `${above} is cheaper than ${below} from ${volumeText(first)}${interval}${steps}${never}.`;
  });
  return lines.length === 0 ? '' : `Crossovers, requests a month [95 %]:\n${lines.join('\n')}`;
}

/** Tipping values that are shown, the nearest; `--json` has them all. */
const mostTips = 6;

function tippingText({ tipping, volumes }: CostReport): string {
  if (tipping.length === 0) return '';
  const lines = tipping.slice(0, mostTips).map(({ parameter, now, flipsAt, direction, to }) => {
    const form = parameter === 'volume' ? volumeText : parameter.startsWith('quality:') ? percent : usd;
    return `${parameter} ${direction} ${form(flipsAt)} (now ${form(now)}): ${to}`;
  });
  return `What would make another arm the cheapest at ${volumeText(volumes[0] ?? 0)} requests a month, all else as it is:\n${lines.join('\n')}`;
}
