import type { RefusalReport } from './refusal-report.ts';

/** A calibration of refusal as a person reads it in a terminal. */
export function renderRefusalReport(report: RefusalReport): string {
  const { certificate, test } = report;
  const { answers, certified, risk, confidence, unanswerable } = certificate;
  return [
    `${report.variant} on "${report.calibrationSet}", by ${report.metric}: ${answers.answerable} questions that can be answered, ${answers.unanswerable} that cannot.`,
    ...hiddenLines(report),
    `Wanted: at most ${percent(risk)} of the given answers wrong, where ${percent(unanswerable)} of the questions cannot be answered, at confidence ${confidence}.`,
    '',
    '  threshold  answered  wrong  upper bound',
    ...certificate.tested.map(
      ({ threshold, answered, wrong, upper, passed }) =>
        `${certified?.threshold === threshold ? '* ' : '  '}${threshold.toFixed(3).padEnd(9)}  ${String(answered).padStart(8)}  ${String(wrong).padStart(5)}  ${upper.toFixed(3)}  ${passed ? 'proven' : 'not proven, so it ends here'}`,
    ),
    '',
    certified
      ? // Not rounded: a threshold rounded down lets through answers that were not tested.
        `Certified: at confidence ${certified.threshold} and above, at most ${percent(risk)} of the answers are wrong.`
      : `Nothing is certified: ${shortfallText(report)}`,
    ...rateLines(report),
    ...(test
      ? [
          `On test: ${test.wrong} of ${test.answered} given answers wrong [${test.lower.toFixed(3)}, ${test.upper.toFixed(3)}].`,
        ]
      : []),
    ...(report.unscored > 0
      ? [
          `${report.unscored} answers failed or have no score: they are in no figure, and nothing here speaks of them.`,
        ]
      : []),
    ...(certified
      ? [
          'It holds for this variant, this corpus and questions like these; another model, other settings or a much changed corpus need it anew.',
        ]
      : []),
  ].join('\n');
}

function hiddenLines({ hidden }: RefusalReport): string[] {
  if (!hidden) return [];
  const { made, answeredElsewhere, withoutGold } = hidden;
  const out =
    answeredElsewhere + withoutGold === 0
      ? ''
      : ` Left out: ${answeredElsewhere} that other documents answer too, ${withoutGold} without evidence or facts.`;
  return [`The gold documents of ${made} questions were hidden, so that these cannot be answered.${out}`];
}

function shortfallText({ certificate }: RefusalReport): string {
  const { shortfall, risk } = certificate;
  if (shortfall?.reason === 'too-many-wrong' && shortfall.answered > 0)
    return `${percent(risk)} or more of ${shortfall.answered} given answers were wrong. If that goes on, no number of samples proves it: allow a higher --risk, or make the variant better.`;
  const { answered = 0, needed = null, fewest = 0 } = shortfall ?? {};
  const least = `${fewest} at least, with none wrong`;
  return needed === null
    ? `${answered} given answers are too few. It takes ${least}.`
    : `${answered} given answers are too few. About ${needed} would prove it in four of five tries if as many are wrong as were (${least}).`;
}

function rateLines({ certificate }: RefusalReport): string[] {
  const { answerableAnswered, unanswerableRefused, certified } = certificate;
  const at = certified ? 'At that threshold' : 'At the first threshold';
  return [
    answerableAnswered &&
      `${at} ${rateText(answerableAnswered)} of the questions that can be answered are answered,`,
    unanswerableRefused && `and ${rateText(unanswerableRefused)} of those that cannot are refused.`,
  ].filter((line) => line !== null);
}

function rateText({ rate, low, high, of }: { rate: number; low: number; high: number; of: number }): string {
  return `${percent(rate)} [${percent(low)}, ${percent(high)}] (n ${of})`;
}

function percent(share: number): string {
  return `${Number((100 * share).toFixed(1))} %`;
}
