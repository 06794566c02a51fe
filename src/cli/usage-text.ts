import type { Amount, UsageImport, UsageSummary } from '../decision/index.ts';
import { printable } from './printable.ts';

/** What an import did, in lines. */
export function importText(done: UsageImport): string {
  const { name, format, records, added, replaced, repeated, withoutUsage, bad, firstBad, otherFormats } =
    done;
  const parts = [
    `${added} rows added to "${name}"`,
    ...(replaced > 0 ? [`${replaced} replaced`] : []),
    ...(repeated > 0 ? [`${repeated} there already`] : []),
    ...(withoutUsage > 0 ? [`${withoutUsage} records without usage`] : []),
  ];
  return [
    `${format}: ${records} records read; ${parts.join(', ')}.`,
    ...(bad > 0 ? [`${bad} records cannot be read and are left out:`] : []),
    ...firstBad.map(({ place, problem }) => `  ${place}: ${printable(problem)}`),
    ...(bad > firstBad.length ? [`  and ${bad - firstBad.length} more`] : []),
    ...(otherFormats.length > 0
      ? [
          `"${name}" also holds ${otherFormats.join(', ')}: the same requests in two formats count twice. Use --name for another set.`,
        ]
      : []),
  ].join('\n');
}

/** What imported usage says, for a person. */
export async function usageText(summary: UsageSummary): Promise<string> {
  const { default: Table } = await import('cli-table3');
  const look = {
    style: { head: [], border: [] },
    chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
  };
  const tokens = new Table({ head: ['tokens a request', 'mean', 'p50', 'p90', 'p99', 'most'], ...look });
  for (const [kind, { mean, spread }] of Object.entries(summary.tokens))
    tokens.push([
      kind,
      mean.value === null ? 'unknown' : amountText(mean, whole),
      ...(spread ? [spread.p50, spread.p90, spread.p99, spread.most].map(whole) : ['', '', '', '']),
    ]);
  const models = new Table({
    head: ['model', 'requests', 'input', 'output', 'reported', 'at prices of today'],
    ...look,
  });
  for (const each of summary.models)
    models.push([
      printable([each.provider, each.model ?? 'not named'].filter(Boolean).join('/')) +
        (each.batch ? ' (batch)' : '') +
        (each.kind === 'embedding' ? ' (embedding)' : ''),
      each.requests === null ? 'unknown' : whole(each.requests),
      whole(each.inputTokens),
      whole(each.outputTokens),
      each.reportedUsd === null ? 'unknown' : dollars(each.reportedUsd),
      each.pricedUsd.value === null ? 'unknown' : amountText(each.pricedUsd, dollars),
    ]);
  const { period, cost } = summary;
  const noted = [...new Set(summary.models.flatMap(({ pricedUsd }) => basisOf(pricedUsd)))];
  const reasons = Object.entries(summary.tokens).flatMap(([kind, { mean }]) =>
    mean.value === null ? [`  ${kind} tokens are unknown: ${mean.reason}`] : [],
  );
  return [
    `Requests: ${amountText(summary.requests, whole)}`,
    period === null
      ? 'Period: unknown, the export has no times'
      : `Period: ${period.from.slice(0, 10)} to ${period.to.slice(0, 10)}, ${period.days.toFixed(1)} days`,
    `Requests a month: ${amountText(summary.volume, whole)}`,
    tokens.toString(),
    ...reasons,
    `Input from the cache: ${amountText(summary.cachedShare, percent)}; sent as a batch: ${amountText(summary.batchShare, percent)}`,
    models.toString(),
    `Cost: ${amountText(cost.reportedUsd, dollars)} as reported; ${amountText(cost.pricedUsd, dollars)} at the prices of today${ratioText(cost)}`,
    ...noted.map((basis) => `  ${printable(basis)}`),
    ...summary.notes,
  ].join('\n');
}

function basisOf(amount: Amount): string[] {
  return amount.value === null ? [] : [`${amount.basis}${amount.date === null ? '' : `, ${amount.date}`}`];
}

function ratioText({ reportedUsd, pricedUsd }: UsageSummary['cost']): string {
  if (reportedUsd.value === null || pricedUsd.value === null || reportedUsd.value === 0) return '';
  const change = pricedUsd.value / reportedUsd.value - 1;
  return ` (${change >= 0 ? '+' : ''}${(change * 100).toFixed(1)} %)`;
}

function amountText(amount: Amount, format: (value: number) => string): string {
  if (amount.value === null) return `unknown (${printable(amount.reason)})`;
  const { value, low, high } = amount;
  return low === high ? format(value) : `${format(value)} [${format(low)}, ${format(high)}]`;
}

function whole(value: number): string {
  const digits = Math.abs(value) < 100 && !Number.isInteger(value) ? 1 : 0;
  return value.toLocaleString('en-US', { maximumFractionDigits: digits });
}

function dollars(value: number): string {
  return `$${value >= 100 ? value.toFixed(0) : value >= 0.01 || value === 0 ? value.toFixed(2) : value.toPrecision(2)}`;
}

function percent(value: number): string {
  return `${(value * 100).toFixed(1)} %`;
}
