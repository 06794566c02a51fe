import type { Decision } from '../decision.ts';
import type { EvidenceRow, LadderStep, Waterfall } from '../decision-parts.ts';
import { type Block, list, plainTable, type Section, type TableRow, text } from './blocks.ts';
import { dollars, figure, interval, whole } from './figures.ts';
import { plotWaterfall } from './plot-waterfall.ts';
import { type References, variantsIn } from './references.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import { percent } from './sentences.ts';

/** What a decision rests on, step by step, and what more evidence is worth. */
export function evidenceSections(model: ReportModel, data: ReportData, references: References): Section[] {
  const decision = model.explained?.decision;
  if (!decision) return [];
  return [
    { id: 'evidence', heading: 'What it rests on', blocks: statements(decision, references) },
    { id: 'ladder', heading: 'Evidence ladder', blocks: ladder(decision, data, references) },
    {
      id: 'waterfall',
      heading: 'Where the gap comes from',
      blocks: decision.waterfalls.flatMap((each) => waterfall(each, references)),
    },
    { id: 'labels', heading: 'What more labels are worth', blocks: labels(decision) },
  ];
}

function statements({ evidence, recommended }: Decision, { scores }: References): Block[] {
  if (evidence.length === 0) return [];
  const rows = evidence.map(
    (row): TableRow => ({
      mark: row.shown ? 'better' : undefined,
      cells: [
        row.claim,
        row.shown ? 'shown' : 'not shown',
        measure(row, row.estimate),
        row.low === null ? '–' : `${measure(row, row.low)} to ${measure(row, row.high)}`,
        measure(row, row.bound),
        `${isTime(row) ? '≤' : '>'} ${measure(row, row.needed)}`,
        whole(row.n),
        row.against === null ? scores(row.variant) : [scores(row.variant), ', ', scores(row.against)],
      ],
    }),
  );
  const about =
    recommended === null
      ? 'Statements that a variant must meet to be recommended.'
      : `Statements that the recommendation of ${recommended} rests on.`;
  return [
    {
      kind: 'table',
      label: 'Statements of the decision',
      head: ['Statement', 'Outcome', 'Estimate', 'Interval', 'Bound', 'Needs', 'n', 'Scores'],
      rows,
    },
    text(
      `${about} The rule goes by its one-sided bounds, which hold together; the two-sided intervals hold together as well.`,
    ),
  ];
}

/** A limit of latency is the one statement that is about seconds, and that lower is better for. */
function isTime({ claim, against, variant }: EvidenceRow): boolean {
  return against === null && claim.startsWith(`${variant} gives 95 of 100 answers within`);
}

function measure(row: EvidenceRow, value: number | null): string {
  return isTime(row) && value !== null ? `${Number(value.toPrecision(3))} s` : figure(value);
}

const outcomes: Readonly<Record<LadderStep['outcome'], { said: string; mark: string | undefined }>> = {
  shown: { said: 'shown', mark: 'better' },
  refuted: { said: 'refuted', mark: 'worse' },
  open: { said: 'open', mark: undefined },
  'not-tested': { said: 'not tested', mark: 'untested' },
};

function ladder({ ladder: steps }: Decision, data: ReportData, references: References): Block[] {
  if (steps.length === 0) return [];
  const tested = steps.filter(({ outcome }) => outcome !== 'not-tested');
  const left = steps.length - tested.length;
  const rows = tested.map((step): TableRow => {
    const { said, mark } = outcomes[step.outcome];
    return {
      mark: step.stopped === true ? 'worse' : mark,
      cells: [
        step.step,
        said,
        step.condition,
        step.figure ?? '–',
        figure(step.estimate),
        interval(step.low, step.high),
        `> ${figure(step.needed)}`,
        whole(step.n),
        stopText(step),
        step.figure === null ? '' : variantsIn(step.figure, data, references),
      ],
    };
  });
  const held = tested.find(({ note }) => note !== '')?.note;
  return [
    ...(tested.length === 0
      ? []
      : [
          {
            kind: 'table' as const,
            label: 'Steps of the evidence ladder',
            head: [
              ...['Step', 'Outcome', 'Condition', 'Figure', 'Estimate', 'Interval', 'Needs', 'n'],
              ...['Stop sign', 'Scores'],
            ],
            rows,
          },
        ]),
    text(
      `From what costs least to what costs most: a step is worth its price when its condition is shown and no stop sign is seen.${held === undefined ? '' : ` For all of them: ${held}.`}`,
    ),
    ...list(
      left === 0
        ? []
        : [
            [
              `${whole(left)} of ${whole(steps.length)} steps could not be looked at: `,
              { text: 'not tested', to: 'not-tested' },
              '.',
            ],
          ],
    ),
  ];
}

function stopText({ stop, stopped }: LadderStep): string {
  if (stopped === true) return `STOP: ${stop}`;
  if (stop === 'none') return 'none';
  return `${stop} (${stopped === false ? 'not seen' : 'not looked at'})`;
}

function waterfall(given: Waterfall, { scores }: References): Block[] {
  const { title, order, from, to, steps } = given;
  const rows = [
    [scores(from.variant), figure(from.mean), '', ''],
    ...steps.map(({ name, estimate, low, high, n }) => [
      name,
      signed(estimate),
      `${signed(low)} to ${signed(high)}`,
      whole(n),
    ]),
    [scores(to.variant), figure(to.mean), '', ''],
  ];
  return [
    {
      kind: 'chart',
      label: `${title}, ${order}: from ${figure(from.mean)} to ${figure(to.mean)} by ${steps.map(({ name, estimate }) => `${name} ${signed(estimate)}`).join(', ')}.`,
      caption: `${title}, ${order}. Lines: intervals of the parts.`,
      draw: (tools) => plotWaterfall(tools, given),
      table: plainTable(title, ['Part', 'Mean or change', 'Interval', 'n'], rows),
    },
  ];
}

function signed(value: number): string {
  return `${value < 0 ? '−' : '+'}${figure(Math.abs(value))}`;
}

function labels({ labels: found }: Decision): Block[] {
  if (found.length === 0) return [];
  const said = found.map(({ stratum, n, stopAt, usdPerMonth }) =>
    stopAt === 0
      ? `More labels of ${stratum} are not worth it.`
      : `${whole(stopAt)} more labels of ${stratum}, beside the ${whole(n)} there are, are worth ${dollars(usdPerMonth)} a month; stop there.`,
  );
  const counts = [10, 40, 90, 200, 500];
  const rows = found.map(({ stratum, share, n, stopAt, curve }) => [
    stratum,
    percent(share),
    whole(n),
    ...counts.map((count) => dollars(curve.find(({ labels: at }) => at === count)?.usdPerMonth ?? null)),
    stopAt === 0 ? 'now' : `at ${whole(stopAt)}`,
  ]);
  return [
    ...list(said),
    ...(found.every(({ curve }) => curve.every(({ usdPerMonth }) => usdPerMonth === 0))
      ? []
      : [
          plainTable(
            'Worth of more labels by stratum, USD a month',
            ['Stratum', 'Share', 'Labels now', ...counts.map((count) => `${count} more`), 'Stop'],
            rows,
          ),
        ]),
    text(
      'Expected gain, in USD a month at this volume, of choosing after so many more labels instead of now (expected value of sample information). Labels are worth nothing where no result of them could change the choice.',
    ),
  ];
}
