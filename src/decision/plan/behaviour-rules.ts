import type { Approach, PlanAnswers } from './plan-answers.ts';
import type { Standing } from './standing.ts';

/** Fewest rows with which tuning is worth a trial at all. */
const fewestRows = 50;
/** Rows from which style and format are usually learned, and those that labels and reasoning take. */
const rowsForStyle = 500;
const rowsForLabels = 5_000;

/** What follows from the form and voice of answers and from the examples at hand. */
export function behaviourRules(answers: PlanAnswers): Standing[] {
  return [...formRules(answers), ...toneRules(answers), ...rowRules(answers)];
}

const untuned: readonly Approach[] = ['prompt', 'few-shot', 'full-context', 'rag'];
const withTuning: readonly Approach[] = ['tuned', 'hybrid'];

function formRules({ output }: PlanAnswers): Standing[] {
  if (output === undefined || output === 'text') return [];
  const requirement = 'output';
  const reason =
    output === 'label'
      ? 'instructions that name the labels may do; where there are many, examples near to the question help'
      : `decoding held to the ${output === 'json' ? 'schema' : 'grammar'} may do; it makes answers valid, not right`;
  return [
    ...untuned.map(
      (approach): Standing => ({ approach, state: 'open', requirement, reason, settles: 'behaviour' }),
    ),
    ...withTuning.map(
      (approach): Standing => ({
        approach,
        state: 'meets',
        requirement,
        reason:
          output === 'label'
            ? 'labels are what a small tuned model or a head learns best'
            : 'form is what tuning teaches best',
      }),
    ),
  ];
}

function toneRules({ tone, needs }: PlanAnswers): Standing[] {
  if (tone === undefined || tone === 'none') return [];
  const requirement = 'tone';
  if (tone === 'rules')
    return untuned
      .filter((approach) => needs !== 'behaviour' || approach === 'prompt' || approach === 'few-shot')
      .map((approach) => ({
        approach,
        state: 'meets',
        requirement,
        reason: 'rules can be written into the instructions',
      }));
  return [
    {
      approach: 'prompt',
      state: 'open',
      requirement,
      reason: 'a voice that no rule describes is hard to instruct',
      settles: 'behaviour',
    },
    {
      approach: 'few-shot',
      state: 'open',
      requirement,
      reason: 'a few examples may carry the voice',
      settles: 'behaviour',
    },
    ...(['full-context', 'rag'] as const).map(
      (approach): Standing => ({
        approach,
        state: 'open',
        requirement,
        reason: 'the voice can only come from its instructions and examples; passages do not bring it',
        settles: 'behaviour',
      }),
    ),
    ...withTuning.map(
      (approach): Standing => ({
        approach,
        state: 'meets',
        requirement,
        reason: 'voice is what tuning teaches',
      }),
    ),
  ];
}

function rowRules({ labelledRows: rows, output }: PlanAnswers): Standing[] {
  const requirement = 'labelledRows';
  if (rows === undefined)
    return withTuning.map((approach) => ({
      approach,
      state: 'open',
      requirement,
      reason: 'it is not known whether there are rows to learn from',
      settles: 'rows',
    }));
  const wanted = output === 'label' || output === 'sql' || output === 'code' ? rowsForLabels : rowsForStyle;
  const shown = rows.toLocaleString('en-US');
  const found: Standing[] =
    rows === 0
      ? [{ approach: 'few-shot', state: 'fails', requirement, reason: 'there is no example to show' }]
      : [
          {
            approach: 'few-shot',
            state: 'meets',
            requirement,
            reason: `${shown} rows to choose examples from`,
          },
        ];
  for (const approach of withTuning)
    if (rows < fewestRows)
      found.push({
        approach,
        state: 'fails',
        requirement,
        reason: `${shown} rows are too few to learn from; ${wanted.toLocaleString('en-US')} are usual here`,
      });
    else if (rows < wanted)
      found.push({
        approach,
        state: 'open',
        requirement,
        reason: `${shown} rows where ${wanted.toLocaleString('en-US')} are usual: a learning curve tells whether more would help`,
        settles: 'rows',
      });
    else found.push({ approach, state: 'meets', requirement, reason: `${shown} rows to learn from` });
  return found;
}
