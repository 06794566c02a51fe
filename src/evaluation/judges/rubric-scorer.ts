import { type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { referencesOf } from '../scorers/answer-text.ts';
import type { Scorer } from '../scorers/scorer.ts';
import type { Judge } from './judge.ts';
import { judgeEach } from './judge-each.ts';
import { withFaults } from './judge-fault.ts';
import { rubricTask } from './judge-prompts.ts';
import { spentDetail } from './spent-detail.ts';

/** A rubric: yes/no criteria. Whether an answer passes is worked out from them here, never asked of the judge. */
export interface RubricOptions {
  readonly name: string;
  readonly judge: Judge;
  readonly criteria: readonly string[];
  /** Lowest share of the criteria that passes; 1 (all of them) by default. */
  readonly pass?: number | undefined;
  /** Whether a score is the pass (0 or 1, the default) or the share of the criteria that are met. */
  readonly value?: 'pass' | 'share' | undefined;
  /** Show the reference to the judge; true by default. */
  readonly showReference?: boolean | undefined;
}

/** A scorer by a rubric. A refusal is `undefined: abstained`; a judge that fails on one criterion is an error. */
export function createRubricScorer(options: RubricOptions): Scorer {
  const { name, judge, criteria } = options;
  const pass = options.pass ?? 1;
  return {
    name: `${name}@${judge.name}`,
    description: `judged by ${judge.model}: ${options.value === 'share' ? 'share of' : 'enough of'} ${criteria.length} criteria are met`,
    direction: 'higher',
    needs: [],
    score: (judged) =>
      withFaults(async () => {
        if (judged.answer.refusal !== null) return undefinedScore('abstained');
        const { verdicts, usage, cost } = await judgeEach(
          judge,
          rubricTask,
          criteria,
          rubricContext(judged, options),
        );
        const failed = verdicts.find((verdict) => 'fault' in verdict);
        if (failed) throw failed.fault;
        const found = verdicts.map((verdict, index) => ({ criterion: criteria[index], ...verdict }));
        const share =
          found.filter((verdict) => 'label' in verdict && verdict.label === 'met').length / criteria.length;
        const passed = share >= pass - 1e-12;
        const detail = { judge: judge.model, passed, criteria: found, ...spentDetail(usage, cost) };
        return scored(options.value === 'share' ? share : Number(passed), detail);
      }) as Promise<Score>,
  };
}

function rubricContext({ sample, answer }: ScoredSample, options: RubricOptions): Record<string, unknown> {
  const [reference] = options.showReference === false ? [] : referencesOf(sample);
  const contexts = answer.contexts.flatMap(({ text }) => (text === undefined ? [] : [text]));
  return {
    question: sample.input,
    answer: answer.answer,
    ...(reference === undefined ? {} : { reference }),
    ...(contexts.length === 0 ? {} : { contexts }),
  };
}
