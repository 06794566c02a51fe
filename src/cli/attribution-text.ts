import Table from 'cli-table3';
import { type AttributionReport, clustersSuffice } from '../evaluation/index.ts';

type Interval = { readonly mean: number; readonly low: number; readonly high: number };
type Remedy = AttributionReport['remedies'][number];
type FailureClass = AttributionReport['classes'][number];

/** Samples named for each class. */
const samplesShown = 6;

/** What each arm changes, in words. */
const armWords: Readonly<Record<AttributionReport['arms'][number]['arm'], string>> = {
  base: 'as it is',
  'no-context': 'no context, forced to answer',
  gold: 'gold without distractors',
  'gold-distractors': 'gold among the retrieved',
  'gold-few-shot': 'gold, few-shot, structure',
  placebo: 'placebo',
};

/** The report as a person reads it: arms, remedies, classes of failures, what could not be told. */
export function attributionText(report: AttributionReport): string {
  const { variant, dataset, metric, matched, clusters, confidence } = report;
  const percent = Math.round(confidence * 100);
  return [
    `Failures of "${variant}" on "${dataset}"${report.split === null ? '' : ` (${report.split})`}, metric ${metric}, right from ${report.rightFrom}.`,
    `${report.samples} samples, ${report.answerable} can be answered; arms are compared on ${matched} of them, ${clusters} independent groups.`,
    '',
    armTable(report),
    ...(report.remedies.length === 0
      ? []
      : [
          '',
          `What each change does, and what of it is not chance (${percent} % intervals, all at once):`,
          remedyTable(report),
          '* the interval excludes 0. Headroom: points of the share of right answers.',
          ...placeboLines(report),
        ]),
    '',
    failureLine(report),
    ...(report.failures.count === 0
      ? []
      : [
          classTable(report.classes.filter(({ count }) => count > 0)),
          ...headroomLines(report),
          ...sampleLines(report),
        ]),
    ...unsupportedLines(report),
    ...unanswerableLines(report),
    ...report.notes.map((note) => `Note: ${note}`),
  ].join('\n');
}

/** What the placebo did. */
function placeboLines({ placebo }: AttributionReport): string[] {
  if (placebo === null) return [];
  return [
    placebo === 'shuffled'
      ? 'Placebo: the same passages in another order (decoding is greedy, so asking again would change nothing).'
      : 'Placebo: asked again, nothing changed.',
  ];
}

function armTable({ arms }: AttributionReport): string {
  const table = new Table({ head: ['arm', 'mean', 'input tokens', 'without a score'], ...style });
  for (const arm of arms)
    table.push([
      armWords[arm.arm],
      arm.absent === null ? intervalText(arm.score) : `not run: ${arm.absent}`,
      arm.inputTokens === null ? '' : arm.inputTokens.toFixed(0),
      arm.absent === null ? String(arm.unscored) : '',
    ]);
  return table.toString();
}

function remedyTable({ remedies, clusters, effectiveClusters }: AttributionReport): string {
  const enough = clustersSuffice({ count: clusters, effectiveCount: effectiveClusters });
  const table = new Table({
    head: ['change', 'helped (placebo)', 'harmed (placebo)', 'net', 'attributable share', 'headroom'],
    ...style,
  });
  for (const remedy of remedies)
    table.push([
      armWords[remedy.arm],
      flipText(remedy.helped, remedy.wrongBefore, remedy.helpedByPlacebo),
      flipText(remedy.harmed, remedy.rightBefore, remedy.harmedByPlacebo),
      signedText(remedy.net),
      markShown(remedy, enough),
      remedy.headroom ? signedText(remedy.headroom) : 'unknown',
    ]);
  return table.toString();
}

function flipText(count: number, of: number, byPlacebo: number | null): string {
  return `${count} of ${of} (${byPlacebo ?? 'none run'})`;
}

/** The attributable share, starred where its interval excludes 0 and there are groups enough to say so. */
function markShown({ attributable }: Remedy, enough: boolean): string {
  if (!attributable) return 'unknown';
  const shown = enough && (attributable.low > 0 || attributable.high < 0);
  return `${signedText(attributable)}${shown ? ' *' : ''}`;
}

function failureLine({ failures, confidence }: AttributionReport): string {
  const share = failures.share ? ` (${intervalText(failures.share)})` : '';
  return `${failures.count} of ${failures.of} failed${share}.${failures.count === 0 ? '' : ` Each counts in the first class that fits (${Math.round(confidence * 100)} % intervals, all at once, with that share):`}`;
}

function classTable(classes: readonly FailureClass[]): string {
  const table = new Table({
    head: ['class', 'n', 'share of failures', 'at most', 'suggests'],
    colWidths: [22, 5, 24, 9, 50],
    wordWrap: true,
    ...style,
  });
  for (const { failure, count, share, ceiling, remedy } of classes)
    table.push([failure, String(count), intervalText(share), `+${ceiling.toFixed(3)}`, remedy]);
  return table.toString();
}

function headroomLines({ classes }: AttributionReport): string[] {
  return classes
    .filter(({ count, headroom }) => count > 0 && headroom !== null)
    .sort((a, b) => (b.headroom?.mean ?? 0) - (a.headroom?.mean ?? 0))
    .map(({ failure, headroom }) =>
      headroom
        ? `Headroom of ${failure}: ${signedText(headroom)} by "${armWords[headroom.arm]}" over "${armWords[headroom.against]}" where it was seen.`
        : '',
    );
}

/** The first samples of each class, by id. */
function sampleLines({ failed }: AttributionReport): string[] {
  return [...Map.groupBy(failed, ({ failure }) => failure)].map(([failure, members]) => {
    const first = members.slice(0, samplesShown).map(({ sample }) => sample);
    const more = members.length - first.length;
    return `${failure}: ${first.join(', ')}${more > 0 ? ` and ${more} more (--json has all)` : ''}`;
  });
}

function unsupportedLines({ unsupported }: AttributionReport): string[] {
  const { count, of, share, rightWithoutContext } = unsupported;
  if (of === 0) return [];
  return [
    `${count} of ${of} right answers had no evidence in the context (${intervalText(share)}); ${rightWithoutContext} of them are right without any context too.`,
  ];
}

function unanswerableLines({ unanswerable }: AttributionReport): string[] {
  if (unanswerable.length === 0) return [];
  const arms = unanswerable.map(({ arm, refused, of }) => `${armWords[arm]} ${refused} of ${of}`);
  return [`Questions that cannot be answered, refused: ${arms.join(', ')}.`];
}

function intervalText(interval: Interval | null): string {
  if (!interval) return 'no number';
  return `${interval.mean.toFixed(3)} [${interval.low.toFixed(3)}, ${interval.high.toFixed(3)}]`;
}

function signedText({ mean, low, high }: Interval): string {
  const signed = (value: number): string => `${value < 0 ? '' : '+'}${value.toFixed(3)}`;
  return `${signed(mean)} [${signed(low)}, ${signed(high)}]`;
}

const style = {
  style: { head: [], border: [] },
  chars: { mid: '', 'left-mid': '', 'mid-mid': '', 'right-mid': '' },
};
