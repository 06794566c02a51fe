import { clusterLayout, meanIntervalOf } from '../../evaluation/index.ts';
import { type GateOutcome, notMeasured, shown } from './gate-outcome.ts';

/** Share of answers that must have the form that was trained. */
const wanted = 0.95;

/** Whether answers have the form of the rows: valid JSON of the schema, or one of the classes. */
export function judgeFormat(
  answers: readonly { readonly id: string; readonly cluster: string; readonly valid: boolean }[],
  what: string,
): GateOutcome {
  const gate = 'format';
  if (answers.length === 0) return notMeasured(gate, 'There are no validation rows to ask.');
  const values = answers.map(({ valid }) => Number(valid));
  const { mean, low, high } = meanIntervalOf(
    values,
    clusterLayout(answers.map(({ cluster }) => cluster)),
    0.025,
    { low: 0, high: 1 },
  );
  const passed = low! >= wanted ? true : high! < wanted || mean! < wanted ? false : null;
  return {
    gate,
    passed,
    detail: `${what}: ${shown(mean!)} [${shown(low!)}, ${shown(high!)}] of ${answers.length} answers to validation rows (at least ${wanted} are wanted${passed === null ? ', too few rows to be sure' : ''}).`,
    figures: { n: answers.length, share: mean, low, high },
  };
}
