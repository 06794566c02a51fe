import type { ArmCost } from '../cost/arm-cost.ts';
import { type Block, list, type Section, type TableRow, text } from './blocks.ts';
import type { Cell } from './cell.ts';
import { dollars, whole } from './figures.ts';
import type { References } from './references.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import { armSentence, priceSentence } from './sentences.ts';

/** What is behind the numbers: runs, samples, prices, and how each cost is computed. */
export function sourceSections(model: ReportModel, data: ReportData, references: References): Section[] {
  return [
    { id: 'sources', heading: 'Sources of the scores', blocks: scores(model, data, references) },
    { id: 'costs', heading: 'How the costs are computed', blocks: costs(model, data, references) },
  ];
}

function scores({ arms, n }: ReportModel, data: ReportData, references: References): Block[] {
  const rows = data.variants.map(({ name, composite, cells }): TableRow => {
    const source = data.sources.find(({ variant }) => variant === name);
    const counted = arms.find(({ variant }) => variant === name);
    const run = source?.run ?? data.decided.costing?.arms.find((arm) => arm.name === name)?.run ?? null;
    return {
      id: references.scores(name).to ?? undefined,
      cells: [
        name,
        run ?? (composite ? 'put together from stored results' : 'scores from a file'),
        source?.what ?? '–',
        source?.date ?? '–',
        whole(counted?.scored ?? cells.filter((cell) => cell && cell[0] !== null).length),
      ],
    };
  });
  return [
    {
      kind: 'table',
      label: 'Sources of the scores',
      head: ['Variant', 'Run', 'What it answered', 'Day', 'Scored'],
      rows,
    },
    ...list(arms.map(armSentence)),
    text(
      `Means and differences are of the ${whole(n)} samples that every deployable variant has a score for.`,
    ),
  ];
}

function costs({ costs: found, explained }: ReportModel, data: ReportData, references: References): Block[] {
  const volume = explained?.decision.volume;
  const noted = data.prices.map(priceSentence);
  if (!found || volume === undefined) {
    const known = noted.length > 0 ? noted : ['The scores came without the date and source of their prices.'];
    return list(known);
  }
  const here = found.found.costs.filter((cost) => cost.volume === volume);
  const rows = here.flatMap((cost) => linesOf(cost, references));
  const measured = rows.length > 0 && noted.length === 0 && here.every(({ lines }) => lines.length <= 1);
  return [
    {
      kind: 'table',
      label: 'Terms of the costs',
      head: ['Variant and term', 'USD a month', 'Formula', 'Source, day', 'Based on'],
      rows,
    },
    text(
      `At ${whole(volume)} requests a month. Intervals: 95 %, from measured tokens and from prices that have one.${measured ? ' The scores came without the date and source of their prices.' : ''}`,
    ),
    ...list(noted),
  ];
}

/** The sum of a variant, which links lead to, and its terms. */
function linesOf({ arm, perMonth, lines, hypothetical }: ArmCost, references: References): TableRow[] {
  const name: Cell = hypothetical ? `${arm} (entered, never measured)` : references.scores(arm);
  const [usd, from, basis] = amount(perMonth);
  return [
    {
      id: references.cost(arm, '').to ?? undefined,
      mark: 'sum',
      cells: [name, usd, perMonth.value === null ? basis : 'the sum of its terms', from, ''],
    },
    ...lines.map(({ term, part, usdPerMonth, formula }): TableRow => {
      const [own, source, based] = amount(usdPerMonth);
      return { cells: [`${term} (${part})`, own, formula, source, based] };
    }),
  ];
}

function amount(given: ArmCost['perMonth']): readonly [usd: string, source: string, basis: string] {
  if (given.value === null) return ['unknown', '–', given.reason];
  const { value, low, high, source, date, basis, n } = given;
  const spread = low === value && high === value ? '' : ` (${dollars(low)} to ${dollars(high)})`;
  return [
    `${dollars(value)}${spread}`,
    date === null ? source : `${source}, ${date}`,
    n === undefined || basis.includes('requests') ? basis : `${basis}, n = ${whole(n)}`,
  ];
}
