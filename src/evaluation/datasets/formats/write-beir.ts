import type { Sample } from '../../../core/index.ts';
import type { FormatWritten } from './format.ts';
import { acceptedAnswers, countLosses } from './losses-of.ts';
import { createLossCounter } from './lost-fields.ts';

const held = new Set(['id', 'input', 'reference', 'references', 'evidence', 'split', 'group']);

/**
 * Samples as a BEIR folder: `queries[.SPLIT].jsonl` and `qrels[.SPLIT].tsv` for each split. The corpus is not written.
 * Offsets of evidence are lost (BEIR judges whole documents), and a group that is not the first document. Samples
 * without evidence and without an accepted answer cannot be told from queries of another split and are left out.
 */
export function writeBeir(samples: readonly Sample[]): FormatWritten {
  const lost = createLossCounter();
  const kept = samples.filter(
    (sample) => (sample.evidence?.length ?? 0) > 0 || acceptedAnswers(sample).length > 0,
  );
  for (const sample of kept) {
    countLosses(sample, held, lost);
    if (sample.group !== undefined && sample.group !== sample.evidence?.[0]?.document) lost.count('group');
    for (const { start } of sample.evidence ?? []) if (start !== undefined) lost.count('evidence offsets');
    for (const { grade } of sample.evidence ?? [])
      if (grade === 0 || (grade !== undefined && !Number.isInteger(grade))) lost.count('evidence grade');
  }
  const splits = [...new Set(kept.map(({ split }) => split))];
  const files = splits.flatMap((split) => {
    const suffix = split === undefined ? '' : `.${split}`;
    const members = kept.filter((sample) => sample.split === split);
    return [
      { path: `queries${suffix}.jsonl`, lines: members.map(queryLine) },
      {
        path: `qrels${suffix}.tsv`,
        lines: ['query-id\tcorpus-id\tscore', ...members.flatMap(judgementLines)],
      },
    ];
  });
  return { files, lost: lost.report(), leftOut: samples.length - kept.length };
}

function queryLine(sample: Sample): string {
  const answers = acceptedAnswers(sample);
  return JSON.stringify({
    _id: sample.id,
    text: sample.input,
    ...(answers.length > 0 ? { answers } : {}),
  });
}

/** One line a document, with its highest grade. */
function judgementLines(sample: Sample): string[] {
  const grades = new Map<string, number>();
  for (const { document, grade = 1 } of sample.evidence ?? [])
    grades.set(document, Math.max(grades.get(document) ?? 0, Math.round(grade)));
  return [...grades].map(([document, grade]) => `${cell(sample.id)}\t${cell(document)}\t${grade}`);
}

/** Ids cannot hold tabs or line breaks in a table without quotes. */
function cell(text: string): string {
  return text.replace(/[\t\r\n]/g, ' ');
}
