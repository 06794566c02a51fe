import { stripVTControlCharacters } from 'node:util';
import Table from 'cli-table3';
import {
  expectedText,
  type Run,
  type RunDifference,
  type RunFlip,
  scoreText,
  type ViewedResult,
  viewedAnswer,
} from '../evaluation/index.ts';

/** Everything that is known of one result, for a person. */
export function sampleText(view: ViewedResult, run: Run): string {
  const { result, sample, answer, erasedSample } = view;
  const absent = erasedSample
    ? `(erased with documents that were deleted, ${erasedSample.deletion})`
    : '(the dataset is not at hand)';
  const repetition = run.repeats === 1 ? '' : `, answer ${result.repetition + 1} of ${run.repeats}`;
  const lines = [
    `${result.sample}${repetition} (${run.variant}, group ${result.group}${result.tags.length > 0 ? `, ${result.tags.join(' ')}` : ''})`,
    `question: ${sample?.input ?? erasedSample?.question ?? absent}`,
    `expected: ${sample ? expectedText(sample) || '(nothing is known)' : absent}`,
    `answer:   ${viewedAnswer(view)}`,
    ...(answer?.citations ?? []).map(
      ({ marker, uri, start, end, quote, state }) =>
        `  [${marker}] ${uri} [${start}-${end}] (${state})\n      "${quote}"`,
    ),
    ...(sample?.evidence ?? []).map(
      ({ document, start, end }) =>
        `gold evidence: ${document}${start === undefined ? '' : ` [${start}-${end}]`}`,
    ),
    ...(answer?.contexts ?? []).map(
      ({ documentId, start, end, score }) =>
        `read: ${documentId ?? '(text of the pipeline)'}${start === null ? '' : ` [${start}-${end}]`}${score === null ? '' : ` score ${score.toFixed(3)}`}`,
    ),
    ...run.metrics.map((metric) => `${metric}: ${scoreText(result, metric)}`),
  ];
  return lines.map(harmless).join('\n');
}

/** Counts of what changed, then each flip with both answers side by side. */
export function differenceText(difference: RunDifference, width: number): string {
  const { metric, improved, regressed, same, lostScore, gainedScore, unscored, flips } = difference;
  const apart = difference.onlyBefore + difference.onlyAfter;
  const lines = [
    `${metric}: ${improved} improved, ${regressed} regressed, ${same} the same.`,
    ...(lostScore + gainedScore + unscored > 0
      ? [`${lostScore} lost their score, ${gainedScore} gained one, ${unscored} have none in either.`]
      : []),
    ...(apart > 0 ? [`${apart} samples are in one of the runs only.`] : []),
  ];
  const cell = Math.max(20, Math.floor((width - 7) / 2));
  for (const flip of flips) lines.push('', ...flipText(flip, cell));
  return lines.join('\n');
}

function flipText({ sample, change, before, after, input, answers }: RunFlip, cell: number): string[] {
  const table = new Table({
    head: [`before: ${valueText(before)}`, `after: ${valueText(after)}`],
    colWidths: [cell, cell],
    wordWrap: true,
    style: { head: [], border: [] },
  });
  table.push(
    answers.map((answer) =>
      harmless(answer === null ? '(no text)' : answer.refusal ? '(refused)' : answer.answer),
    ),
  );
  return [harmless(`${sample} ${change}: ${input ?? ''}`), table.toString()];
}

function valueText({ value, reason }: RunFlip['before']): string {
  return value === null ? `no number (${reason})` : String(Number(value.toPrecision(4)));
}

/** Text of users and models without the control characters that a terminal would obey. */
function harmless(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go.
  return stripVTControlCharacters(text).replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, '');
}
