import { nameTunedSettings } from './retrieval-dimensions.ts';
import type { TuningGain, TuningReport } from './tuning-report.ts';

/** A tuned retrieval as a person reads it in a terminal. */
export function renderTuningReport(report: TuningReport): string {
  const { dimensions, tried, outer, questions, groups, objective } = report;
  const names = dimensions.map(({ dimension }) => dimension);
  const width = Math.max(8, ...tried.map(({ name }) => name.length));
  const byDocuments = objective.kind === 'document-ndcg';
  return [
    `Search on ${questions} questions of "${report.dataset}" in ${groups} groups, by ${objectiveText(report)}:`,
    `  ${'settings'.padEnd(width)}  mean   ${byDocuments ? 'recall@10  ' : ''}against the present settings`,
    ...tried.map(
      ({ name, mean, recall10, gain, chosen }) =>
        `${chosen ? '* ' : '  '}${name.padEnd(width)}  ${mean.toFixed(3)}  ${byDocuments ? `${(recall10 ?? 0).toFixed(3)}      ` : ''}${gain === null ? 'present' : span(gain)}`,
    ),
    'The intervals beside the settings hold at once; the best of them is flattered by having come out best.',
    '',
    ...(outer
      ? [
          `What each dimension is worth, on ${outer.folds} outer folds that had no part in the choice:`,
          ...dimensions.map(
            (each) =>
              `  ${each.dimension.padEnd(15)}  ${span(each.worth)}  ${worthText(each, report.margin)}`,
          ),
          `Optimism: the best settings had ${outer.best.toFixed(3)} on the questions they were chosen from, the choice ${outer.mean.toFixed(3)} on folds without part in it: ${signed(outer.optimism)}.`,
          `On those folds the choice gained ${span(outer.gain)} over the present settings.`,
        ]
      : []),
    '',
    outcomeText(report, nameTunedSettings(report.chosen, names)),
    ...testText(report),
    ...report.notes,
  ].join('\n');
}

function objectiveText({ objective }: TuningReport): string {
  return objective.kind === 'span-recall'
    ? `evidence-span recall at ${objective.budgetTokens} tokens`
    : `nDCG@${objective.k} of documents (the evidence names documents, not places)`;
}

function worthText(
  { word, opened, neededQuestions }: TuningReport['dimensions'][number],
  margin: number,
): string {
  const settled = {
    gains: 'gains',
    loses: 'loses',
    'no-difference': `no difference of ${margin}`,
    'not-settled': `not settled${neededQuestions === null ? '' : `: about ${neededQuestions} questions would settle a difference of ${margin}`}`,
  }[word];
  return opened ? settled : `${settled}; left as it is`;
}

function outcomeText(
  { outcome, needed, margin, groups, questions, dimensions }: TuningReport,
  chosen: string,
): string {
  if (outcome === 'too-few-questions')
    return [
      `Too few questions to choose by: ${questions} in ${groups} groups, so the present settings stay. It takes at least ${needed?.groups} groups`,
      needed?.questions
        ? `, and about ${needed.questions} questions to tell a difference of ${margin} from none.`
        : '.',
    ].join('');
  if (outcome === 'kept')
    return dimensions.some(({ opened }) => opened)
      ? 'Kept the present settings (*): on all questions they are within one standard error of the best.'
      : 'Kept the present settings (*): other settings, chosen without a fold, are not better on it by more than one standard error.';
  if (outcome === 'lost-on-test')
    return `Kept the present settings: ${chosen} was chosen, and lost on the test split.`;
  return `Chosen (* the simplest within one standard error of the best): ${chosen}.`;
}

function testText({ test, outcome }: TuningReport): string[] {
  if (test)
    return [
      `On the test split, looked at once: ${test.mean.toFixed(3)}, the present settings ${test.present.toFixed(3)}: ${span(test.gain)} on ${test.questions} questions.`,
    ];
  return outcome === 'changed'
    ? ['No test split was looked at.']
    : ['The test split was not looked at: nothing was changed.'];
}

function span({ difference, low, high }: TuningGain): string {
  return `${signed(difference)} [${signed(low)}, ${signed(high)}]`;
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
