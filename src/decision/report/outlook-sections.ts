import type { Decision } from '../decision.ts';
import { list, plainTable, type Section, text } from './blocks.ts';
import { dollars, figure, whole } from './figures.ts';
import type { ReportModel } from './report-model.ts';
import { priceName } from './settings-costing.ts';

/** What may change: tipping values, risks, what was not tested, and when to look again. */
export function outlookSections({ explained }: ReportModel): Section[] {
  const decision = explained?.decision;
  if (!decision) return [];
  const { risks, notTested, lookAgain, seal } = decision;
  return [
    { id: 'tipping', heading: 'What would change it', blocks: tipping(decision) },
    { id: 'risks', heading: 'Risks', blocks: list(risks) },
    { id: 'not-tested', heading: 'Not tested', blocks: list(notTested) },
    {
      id: 'look-again',
      heading: 'When to look again',
      blocks: [
        ...list([
          ...(lookAgain.by === null ? [] : [`By ${lookAgain.by}, whatever happens.`]),
          ...lookAgain.when.map((each) => `Earlier when ${each}.`),
        ]),
        ...(seal === null ? [] : [text(`Sealed before the test samples were opened: ${seal}.`)]),
      ],
    },
  ];
}

function tipping({ tipping: found, recommended }: Decision): Section['blocks'] {
  if (found.length === 0)
    return recommended === null
      ? []
      : [text('No single change of volume, price or quality that was looked at would change the advice.')];
  const rows = found.map(({ parameter, now, flipsAt, direction, to }) => {
    const form = formOf(parameter);
    return [
      nameOf(parameter),
      form(now),
      `${direction} ${form(flipsAt)}`,
      to ?? 'nothing else has qualified',
    ];
  });
  return [
    plainTable('Tipping values', ['What changes', 'Now', 'Flips', 'Then recommended'], rows),
    text('Each by itself, all else as it is; the nearest first.'),
  ];
}

function formOf(parameter: string): (value: number) => string {
  if (parameter === 'volume') return (value) => whole(Math.round(value));
  return parameter.startsWith('quality:') ? figure : dollars;
}

function nameOf(parameter: string): string {
  const name = parameter.slice(parameter.indexOf(':') + 1);
  if (parameter === 'volume') return 'requests a month';
  if (parameter.startsWith('quality:')) return `mean of ${name}`;
  return parameter.startsWith('loss:') ? `cost of a ${name} answer` : `price of ${priceName(parameter)}`;
}
