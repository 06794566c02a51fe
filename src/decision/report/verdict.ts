import type { Decision } from '../decision.ts';
import type { Cell } from './cell.ts';
import { dollars, figure, interval, whole } from './figures.ts';
import type { References } from './references.ts';
import type { ReportCosts } from './report-costs.ts';
import type { ReportModel } from './report-model.ts';
import { headline, pairSentence } from './sentences.ts';
import { priceName } from './settings-costing.ts';

/** What a reader needs who reads nothing else. */
export interface Verdict {
  readonly tone: 'qualified' | 'none-good-enough' | 'not-enough-evidence' | 'open';
  readonly sentences: readonly string[];
  /** The few figures that matter most, each with what is behind it. */
  readonly glance: readonly { readonly label: string; readonly cell: Cell; readonly note: string }[];
}

/** Differences that a comparison states at the top. */
const mostPairs = 3;

export function verdictOfReport(model: ReportModel, references: References): Verdict {
  const { explained, costs } = model;
  if (!explained) return comparisonVerdict(model);
  const { decision } = explained;
  const named = decision.variants.find(({ variant }) => variant === decision.recommended);
  if (!named)
    return {
      tone: decision.reason,
      sentences: [[headline(explained), ...decision.next.slice(0, 1)].join(' ')],
      glance: glanceOf(decision, costs, references),
    };
  const month = costs && monthOf(costs, named.variant, decision.volume);
  const price =
    month === null || month === undefined
      ? ' What it costs is not known'
      : `, at ${dollars(month.value)} a month for ${whole(decision.volume)} requests${spread(month)}`;
  return {
    tone: 'qualified',
    sentences: [
      `Recommended: ${named.variant}, the cheapest variant that qualifies${price}; ${changeOf(decision)}.`.replace(
        'qualifies What it costs is not known',
        'qualifies, though what it costs is not known',
      ),
    ],
    glance: glanceOf(decision, costs, references),
  };
}

function comparisonVerdict({ pairs, settings }: ReportModel): Verdict {
  const shown = [...pairs]
    .sort((a, b) => Math.abs(b.difference) - Math.abs(a.difference))
    .slice(0, mostPairs);
  const more = pairs.length - shown.length;
  return {
    tone: shown.some(({ verdict }) => verdict !== 'inconclusive') ? 'qualified' : 'open',
    sentences: [
      ...shown.map((pair) => pairSentence(pair, settings.margin)),
      ...(more > 0 ? [`${more} more differences are below.`] : []),
    ],
    glance: [],
  };
}

interface Spread {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Cost of a month; null where it is not known. */
function monthOf(costs: ReportCosts, variant: string, volume: number): Spread | null {
  const perMonth = costs.found.costs.find((cost) => cost.arm === variant && cost.volume === volume)?.perMonth;
  return perMonth && perMonth.value !== null ? perMonth : null;
}

function spread({ value, low, high }: Spread): string {
  return low === value && high === value ? '' : ` (${dollars(low)} to ${dollars(high)})`;
}

/** What would change the advice: a volume if one does, else the nearest price or loss, else how far quality may fall. */
function changeOf({ tipping }: Decision): string {
  const rank = ({ parameter }: Decision['tipping'][number]): number =>
    parameter === 'volume' ? 0 : parameter.startsWith('quality:') ? 2 : 1;
  const [nearest] = [...tipping].sort((a, b) => rank(a) - rank(b));
  if (!nearest) return 'no single change of volume, price or quality that was looked at would change it';
  return tippingPhrase(nearest);
}

/** A tipping value as a clause, such as "above 1,052,632 requests a month tuned is cheaper". */
export function tippingPhrase({ parameter, flipsAt, direction, to }: Decision['tipping'][number]): string {
  const name = parameter.slice(parameter.indexOf(':') + 1);
  if (parameter === 'volume')
    return `${direction} ${whole(Math.round(flipsAt))} requests a month ${to ?? 'another variant'} is cheaper`;
  if (parameter.startsWith('quality:'))
    return `it no longer qualifies if the mean of ${name} is ${direction} ${figure(flipsAt)}`;
  const what = parameter.startsWith('loss:')
    ? `a ${name} answer that costs`
    : `the price of ${priceName(parameter)}`;
  return `with ${what} ${direction} ${dollars(flipsAt)} ${to ?? 'another variant'} is cheaper`;
}

function glanceOf(
  decision: Decision,
  costs: ReportCosts | null,
  { scores, cost }: References,
): Verdict['glance'] {
  const { recommended, variants, lookAgain, bar, metric, volume } = decision;
  const named = variants.find(({ variant }) => variant === recommended);
  const items: { label: string; cell: Cell; note: string }[] = [];
  if (named && costs)
    for (const at of [volume, volume * 10]) {
      const month = monthOf(costs, named.variant, at);
      items.push({
        label: `Cost a month at ${whole(at)} requests`,
        cell: cost(named.variant, month ? dollars(month.value) : 'unknown'),
        note: month && month.low !== month.high ? `${dollars(month.low)} to ${dollars(month.high)}` : '',
      });
    }
  const best = named ?? bestOf(decision);
  if (best)
    items.push({
      label: `Mean ${metric} of ${best.variant}`,
      cell: scores(best.variant, figure(best.mean)),
      note: `${interval(best.low, best.high)}; bar ${bar}; n = ${whole(best.n)}`,
    });
  items.push({
    label: 'Look again',
    cell: lookAgain.by === null ? 'when something changes' : `by ${lookAgain.by}`,
    note: lookAgain.when.length > 0 ? 'or earlier, see below' : '',
  });
  return items;
}

/** The variant of the highest mean, where none is recommended. */
function bestOf({ variants }: Decision): Decision['variants'][number] | undefined {
  return [...variants]
    .filter(({ deployable, mean }) => deployable && mean !== null)
    .sort((a, b) => b.mean! - a.mean!)[0];
}
