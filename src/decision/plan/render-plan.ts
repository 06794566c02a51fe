import { renderHalfLife } from '../half-life/render-half-life.ts';
import type { Experiment, Hypothesis, Plan } from './plan.ts';

/** A plan as a person reads it in a terminal. */
export function renderPlan(plan: Plan): string {
  const possible = plan.hypotheses.filter(({ ruledOut }) => !ruledOut);
  const out = plan.hypotheses.filter(({ ruledOut }) => ruledOut);
  return [
    ...(plan.answers.task === undefined ? [] : [plan.answers.task, '']),
    'Hypotheses, the cheapest that no answer rules out first (nothing is measured yet):',
    ...(possible.length === 0 ? ['  none: every approach is ruled out by what was answered.'] : []),
    ...possible.flatMap(hypothesisLines),
    ...(out.length === 0 ? [] : ['', 'Ruled out:']),
    ...out.map(({ approach, fails }) => `  ${approach}: ${fails.map(({ reason }) => reason).join('; ')}.`),
    ...(plan.conflicts.length === 0 ? [] : ['', 'What you are inclined to do:']),
    ...plan.conflicts.map(({ approach, message }) => `  ${approach}: ${message}`),
    '',
    ...(plan.experiment
      ? experimentLines(plan.experiment)
      : ['No experiment: relax one of the requirements first.']),
    ...(plan.wouldChange.length === 0 ? [] : ['', 'What would change the first hypothesis:']),
    ...plan.wouldChange.map(
      ({ answer, value, first }) => `  ${answer} = ${value}: ${first ?? 'nothing is left'}`,
    ),
    ...(plan.unanswered.length === 0 ? [] : ['', `Not answered: ${plan.unanswered.join(', ')}.`]),
    ...(plan.halfLife === null ? [] : ['', renderHalfLife(plan.halfLife)]),
    ...(plan.notes.length === 0 ? [] : ['', ...plan.notes]),
  ].join('\n');
}

function hypothesisLines({ rank, approach, meets, open }: Hypothesis): string[] {
  return [
    `  ${rank}. ${approach}`,
    ...meets.map(({ reason }) => `       + ${reason}`),
    ...open.map(({ reason }) => `       ? ${reason}`),
  ];
}

function experimentLines(experiment: Experiment): string[] {
  const { between, samples, detectable, labelsMissing, labelHours, usd } = experiment;
  const millions = (tokens: number): string => `${(tokens / 1e6).toFixed(2)} M`;
  return [
    `The cheapest experiment that decides ${between[1] === null ? `about ${between[0]}` : `between ${between[0]} and ${between[1]}`}:`,
    `  ${experiment.question}`,
    `  Run ${experiment.arms.join(', ')}${samples === null ? '; no number of samples in reach shows this margin' : ` on ${samples} samples`}${labelsMissing ? `, ${labelsMissing} of them still to be labelled (about ${Math.ceil(labelHours ?? 0)} h)` : ''}.`,
    ...(detectable === null
      ? []
      : [`  The gold answers at hand would show a difference of ${(100 * detectable).toFixed(0)} points.`]),
    `  About ${experiment.calls.toLocaleString('en-US')} calls, ${millions(experiment.inputTokens)} tokens in, ${millions(experiment.outputTokens)} out (rule of thumb)${usd === null ? '' : `, $${usd.toFixed(2)}`}.`,
    `  Yes: ${experiment.ifYes}`,
    `  No:  ${experiment.ifNo}`,
    ...experiment.commands.map((command) => `    ${command}`),
  ];
}
