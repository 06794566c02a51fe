import { describe, expect, it } from 'vitest';
import { type CalibrationAnswer, certifyRefusal } from '../../evaluation/index.ts';
import { reportRefusal } from './refusal-report.ts';
import { renderRefusalReport } from './render-refusal-report.ts';

/** A report on so many answers of one confidence, of which every tenth, say, is wrong; none is unanswerable. */
function rendered(count: number, confidence: number, isWrong: (index: number) => boolean): string {
  const answers = Array.from(
    { length: count },
    (_, index): CalibrationAnswer => ({
      ...{ sample: `s${index}`, group: `g${index}`, answerable: true, confidence, wrong: isWrong(index) },
    }),
  );
  const certificate = certifyRefusal(answers, { risk: 0.1, confidence: 0.95, unanswerable: 0 });
  const named = { variant: 'v', dataset: 'd', metric: 'm', calibrationSet: 'd', hidden: null, config: null };
  return renderRefusalReport(
    reportRefusal({
      ...{ ...named, certificate, calibration: { answers, run: 'r', unscored: 2 }, test: null },
      holdsFor: { definition: 'x', indexVersion: 'y' },
    }),
  );
}

describe('a calibration of refusal in words', () => {
  it('prints the certified threshold unrounded, for a rounded one admits what was not tested', () => {
    const text = rendered(200, 0.71249, () => false);
    expect(text).toContain(
      'Certified: at confidence 0.71249 and above, at most 10 % of the answers are wrong.',
    );
    expect(text).toContain('2 answers failed or have no score: they are in no figure');
  });

  it('says too few of a handful without a wrong answer, and what it takes', () => {
    expect(rendered(4, 0.9, () => false)).toContain(
      'Nothing is certified: 4 given answers are too few. It takes 39 at least, with none wrong.',
    );
  });

  it('says that more samples do not mend as many wrong answers as were, if that goes on', () => {
    expect(rendered(200, 0.9, (index) => index % 2 === 0)).toContain(
      'Nothing is certified: 10 % or more of 200 given answers were wrong. If that goes on, no number of samples proves it',
    );
  });
});
