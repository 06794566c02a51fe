import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { makePlan } from './make-plan.ts';
import { planSchema } from './plan.ts';
import { type PlanAnswers, planAnswersSchema, planQuestions } from './plan-answers.ts';
import { readPlanAnswers, readPlanWords } from './read-plan-answers.ts';
import { renderPlan } from './render-plan.ts';

const first = (answers: PlanAnswers): string => {
  const [leader] = makePlan(answers).hypotheses;
  return leader!.ruledOut ? 'none' : leader!.approach;
};
const ruledOut = (answers: PlanAnswers): string[] =>
  makePlan(answers)
    .hypotheses.filter((hypothesis) => hypothesis.ruledOut)
    .map(({ approach }) => approach)
    .sort();

describe('a plan', () => {
  it('starts with prompting as long as nothing rules it out', () => {
    expect(first({})).toBe('prompt');
    expect(first({ needs: 'behaviour', output: 'label', labelledRows: 10_000 })).toBe('prompt');
    expect(makePlan({}).experiment).toMatchObject({
      settles: 'knowledge',
      between: ['prompt', 'rag'],
      arms: ['prompt', 'oracle'],
    });
  });

  it('reads private, changing, cited knowledge by retrieval', () => {
    const answers: PlanAnswers = {
      needs: 'knowledge',
      public: false,
      changes: 'weekly',
      corpusTokens: 5_000_000,
      access: 'by-person',
      citations: true,
      labelledRows: 10_000,
    };
    expect(first(answers)).toBe('rag');
    expect(ruledOut(answers)).toEqual(['few-shot', 'full-context', 'prompt', 'tuned']);
  });

  it('prefers a small corpus in the prompt', () => {
    const small: PlanAnswers = { needs: 'knowledge', public: false, corpusTokens: 20_000 };
    expect(first(small)).toBe('full-context');
    expect(first({ ...small, corpusTokens: 200_000 })).toBe('rag');
    expect(first({ ...small, access: 'by-person' })).toBe('rag');
  });

  it('says when a choice fights its purpose', () => {
    const facts = makePlan({ needs: 'knowledge', changes: 'monthly', considering: ['tuned'] });
    expect(facts.conflicts.map(({ message }) => message.slice(0, 24))).toEqual([
      'This fights its purpose:',
      'This fights its purpose:',
    ]);
    const style = makePlan({ needs: 'behaviour', tone: 'examples', considering: ['rag', 'prompt'] });
    expect(style.conflicts).toEqual([
      {
        approach: 'rag',
        message:
          'This fights its purpose: retrieval changes what a model reads, not how it answers: it does not change form or voice.',
      },
    ]);
  });

  it('does not tune without rows', () => {
    const style: PlanAnswers = { needs: 'behaviour', tone: 'examples' };
    expect(ruledOut({ ...style, labelledRows: 20 })).toContain('tuned');
    expect(ruledOut({ ...style, labelledRows: 0 })).toContain('few-shot');
    expect(ruledOut({ ...style, labelledRows: 700 })).not.toContain('tuned');
  });

  it('names what would change it', () => {
    const plan = makePlan({ needs: 'knowledge', public: false, corpusTokens: 20_000 });
    expect(plan.wouldChange).toContainEqual({ answer: 'access', value: 'by-person', first: 'rag' });
    expect(plan.wouldChange).toContainEqual({ answer: 'public', value: 'yes', first: 'prompt' });
  });

  it('says so when nothing is left', () => {
    const plan = makePlan({ needs: 'behaviour', citations: true, labelledRows: 10 });
    expect(plan.experiment).toBeNull();
    expect(renderPlan(plan)).toContain('none: every approach is ruled out by what was answered.');
  });

  it('counts labels and tokens of the experiment', () => {
    const { experiment } = makePlan({ needs: 'knowledge', public: true, goldSamples: 44 });
    const { samples, labelsMissing, calls, inputTokens, outputTokens } = experiment!;
    expect(labelsMissing).toBe(samples! - 44);
    expect(calls).toBe(2 * samples!);
    // Instructions and question 600 for each, gold passages 500 more for the oracle; answers of 300.
    expect(inputTokens).toBe(samples! * (600 + 1_100));
    expect(outputTokens).toBe(calls * 300);
  });

  it('holds for any answers: every approach once, those ruled out last, open ones never ruled out by being open', () => {
    const shape = Object.fromEntries(
      planQuestions.map(({ key, kind, choices = [] }) => {
        const value: fc.Arbitrary<unknown> =
          kind === 'yes-no'
            ? fc.boolean()
            : kind === 'count'
              ? fc.integer({ min: 1, max: 3_000_000 })
              : kind === 'text'
                ? fc.string({ minLength: 1 })
                : kind === 'choice'
                  ? fc.constantFrom(...choices.map(([name]) => name))
                  : fc.subarray(choices.map(([name]) => name));
        return [key, fc.option(value, { nil: undefined })];
      }),
    );
    fc.assert(
      fc.property(fc.record(shape), (raw) => {
        const answers = planAnswersSchema.parse(raw);
        const plan = planSchema.parse(makePlan(answers));
        expect(new Set(plan.hypotheses.map(({ approach }) => approach)).size).toBe(6);
        const out = plan.hypotheses.map((hypothesis) => hypothesis.ruledOut);
        expect(out).toEqual([...out].sort((a, b) => Number(a) - Number(b)));
        for (const hypothesis of plan.hypotheses)
          expect(hypothesis.ruledOut).toBe(hypothesis.fails.length > 0);
        expect(plan.experiment === null).toBe(out.every(Boolean));
        expect(renderPlan(plan).length).toBeGreaterThan(0);
      }),
      { numRuns: 30 },
    );
  });
});

describe('answers to the questionnaire', () => {
  it('are read from words', () => {
    expect(
      readPlanWords(['needs=both', 'public=no', 'volume=20_000', 'considering=rag,tuned', 'task=a=b']),
    ).toEqual({
      needs: 'both',
      public: false,
      volume: 20_000,
      considering: ['rag', 'tuned'],
      task: 'a=b',
    });
    expect(() => readPlanWords(['volume=many'])).toThrow('"volume"');
    expect(() => readPlanWords(['volume'])).toThrow('is not key=value');
  });

  it('take yes and no of a file, which are words in YAML', () => {
    expect(readPlanAnswers({ public: 'yes', citations: 'no', hosted: true }, 'a.yaml')).toEqual({
      public: true,
      citations: false,
      hosted: true,
    });
    expect(() => readPlanAnswers({ public: 'perhaps' }, 'a.yaml')).toThrow(/"public"/);
  });

  it('name the wrong key and the right one', () => {
    expect(() => readPlanAnswers({ neds: 'both' }, 'plan.yaml')).toThrow(
      'plan.yaml: unknown key "neds". Did you mean "needs"?',
    );
    expect(() => readPlanAnswers('text', 'plan.yaml')).toThrow('plan.yaml');
  });

  it('have a question for every key but the margin', () => {
    const asked = planQuestions.map(({ key }) => key);
    expect(Object.keys(planAnswersSchema.shape).filter((key) => !asked.includes(key as never))).toEqual([
      'margin',
    ]);
  });
});
