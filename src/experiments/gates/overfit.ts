import { type GateOutcome, notMeasured, shown } from './gate-outcome.ts';

/** Figures of a step, as jobs report them. */
export interface StepFigures {
  readonly step: number;
  readonly loss?: number | undefined;
  readonly validationLoss?: number | undefined;
}

/** How much the validation loss may have risen above its least, in shares of it. */
const tolerated = 0.05;

/** Signs of overfitting in the course of a job: the validation loss rose again, or the training loss is that of rows known by heart. */
export function judgeOverfit(steps: readonly StepFigures[]): GateOutcome {
  const gate = 'overfit';
  const validation = steps.flatMap(({ step, validationLoss }) =>
    validationLoss === undefined ? [] : [{ step, loss: validationLoss }],
  );
  if (validation.length < 2)
    return notMeasured(
      gate,
      'There are fewer than two looks at validation rows; split the data with validation rows to have some.',
    );
  const best = validation.reduce((a, b) => (b.loss < a.loss ? b : a));
  const last = validation.at(-1)!;
  const rise = best.loss === 0 ? 0 : last.loss / best.loss - 1;
  const passed = rise <= tolerated;
  return {
    gate,
    passed,
    detail: `Validation loss ${shown(last.loss)} at the end, least ${shown(best.loss)} at step ${best.step} of ${last.step}: ${passed ? 'no more than' : 'more than'} ${tolerated * 100} % above it${passed ? '' : '; fewer epochs would have been better'}.`,
    figures: { last: last.loss, best: best.loss, bestStep: best.step, rise, looks: validation.length },
  };
}
