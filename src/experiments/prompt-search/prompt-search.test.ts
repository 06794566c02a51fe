import { describe, expect, it } from 'vitest';
import { FulcrumError } from '../../core/index.ts';
import { choosePrompt, crossFittedMean } from './choose-prompt.ts';
import { type MeasuredPrompt, pairedDifference } from './measured-prompt.ts';
import { promptReportSchema, reportPrompts } from './prompt-report.ts';
import { nameSettings, type PromptSettings, type SearchSpace } from './prompt-settings.ts';
import { renderPromptReport } from './render-prompt-report.ts';
import { searchPrompts } from './search-prompts.ts';

const start: PromptSettings = { instructions: 'as it is', fewShot: null, structured: false };
const four = { k: 4, choose: 'keyword' } as const;
const eight = { k: 8, choose: 'keyword' } as const;
const space: SearchSpace = {
  instructions: ['as it is', 'brief', 'long'],
  fewShot: [null, four, eight],
  structured: [false, true],
};

/** Right on the first `right` of `samples`, each its own group. */
function measured(settings: PromptSettings, right: number, samples = 100): MeasuredPrompt {
  return {
    settings,
    run: nameSettings(settings),
    scores: new Map(
      Array.from({ length: samples }, (_, index) => [
        `s${index}`,
        { value: index < right ? 1 : 0, group: `g${index}` },
      ]),
    ),
    inputTokens: 100 + 50 * (settings.fewShot?.k ?? 0) + (settings.instructions === 'as it is' ? 0 : 10),
    costPer1000Usd: null,
  };
}

const quality = ({ instructions, fewShot, structured }: PromptSettings): number =>
  40 + (instructions === 'brief' ? 20 : 0) + (fewShot === null ? 0 : 20) - (structured ? 10 : 0);

describe('a paired difference', () => {
  it('has a standard error by groups', () => {
    const scores = (values: number[], groups: string[]) =>
      new Map(values.map((value, index) => [`s${index}`, { value, group: groups[index]! }]));
    const ones = (groups: string[]) =>
      pairedDifference(scores([1, 1, 1, 0], groups), scores([0, 0, 0, 0], groups))!;
    // Residuals .25, .25, .25, -.75: 4/3 * .75 = 1, its root over 4. In two groups of two: .5, -.5: 2 * .5 = 1.
    expect(ones(['a', 'b', 'c', 'd'])).toMatchObject({ samples: 4, difference: 0.75 });
    expect(ones(['a', 'b', 'c', 'd']).standardError).toBeCloseTo(0.25, 12);
    expect(ones(['a', 'a', 'b', 'b']).standardError).toBeCloseTo(0.25, 12);
    expect(pairedDifference(new Map(), new Map())).toBeNull();
  });
});

describe('the choice of a prompt', () => {
  it('is the shortest within one standard error of the best', () => {
    // Three won and two lost of 100: difference .01, standard error .0225. Three won: .03 against .0171.
    const plain = measured(start, 60);
    const mixed = measured({ ...start, fewShot: eight }, 63);
    const scores = new Map([
      ...mixed.scores,
      ['s0', { value: 0, group: 'g0' }],
      ['s1', { value: 0, group: 'g1' }],
    ]);
    expect(choosePrompt([{ ...mixed, scores }, plain])).toBe(plain);
    const better = measured({ ...start, fewShot: eight }, 63);
    expect(choosePrompt([plain, better])).toBe(better);
    expect(choosePrompt([])).toBeNull();
  });

  it('flatters itself less on folds that had no part in it', () => {
    let state = 11;
    const coin = (): number => {
      state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
      return state / 2 ** 32 < 0.5 ? 1 : 0;
    };
    let apparent = 0;
    let honest = 0;
    for (let world = 0; world < 100; world++) {
      const tried = Array.from({ length: 12 }, (_, index): MeasuredPrompt => {
        const noise = measured({ ...start, fewShot: { k: index + 1, choose: 'fixed' } }, 0, 40);
        const scores = new Map([...noise.scores].map(([id, { group }]) => [id, { value: coin(), group }]));
        return { ...noise, scores };
      });
      const chosen = choosePrompt(tried)!;
      apparent += [...chosen.scores.values()].reduce((sum, { value }) => sum + value, 0) / 40;
      honest += crossFittedMean(tried)!;
    }
    // All settings are right half of the time.
    expect(apparent / 100).toBeGreaterThan(0.53);
    expect(Math.abs(honest / 100 - 0.5)).toBeLessThan(0.02);
  });
});

describe('a prompt search', () => {
  it('finds what is better, dimension by dimension, and measures nothing twice', async () => {
    const asked: string[] = [];
    const outcome = await searchPrompts({
      start,
      space,
      most: 50,
      measure: async (settings) => {
        asked.push(nameSettings(settings));
        return measured(settings, quality(settings));
      },
    });
    expect(outcome.ended).toBe('searched');
    expect(outcome.chosen.settings).toEqual({ instructions: 'brief', fewShot: four, structured: false });
    expect(new Set(asked).size).toBe(asked.length);
    expect(asked.slice(0, 4)).toEqual([
      'as it is, no few-shot',
      'as it is, no few-shot, by schema',
      'brief, no few-shot',
      'long, no few-shot',
    ]);
    const report = reportPrompts({
      variant: 'rag',
      dataset: 'ours',
      metric: 'correct',
      margin: 0.05,
      outcome,
      config: { reader: 'generate' },
      test: { start: measured(start, 38), chosen: measured(outcome.chosen.settings, 71) },
      notes: [],
    });
    expect(promptReportSchema.parse(report)).toEqual(report);
    expect(report.test!.optimism).toBeCloseTo(0.8 - 0.71, 12);
    expect(report.test!.gain!.difference).toBeCloseTo(0.33, 12);
    expect(report.exhausted).toBe(false);
    expect(renderPromptReport(report)).toContain('Optimism (dev minus test): +0.090.');
  });

  it('keeps what there is when the budget is spent, and stops at the most', async () => {
    const spent = async (settings: PromptSettings): Promise<MeasuredPrompt> => {
      if (settings.instructions === 'long') throw new FulcrumError('budget-spent', { spent: '1', budget: 1 });
      return measured(settings, quality(settings));
    };
    const cut = await searchPrompts({ start, space, most: 50, measure: spent });
    expect([cut.ended, cut.chosen.settings.instructions, cut.steps.length]).toEqual(['budget', 'brief', 3]);
    const measure = async (settings: PromptSettings) => measured(settings, quality(settings));
    const short = await searchPrompts({ start, space, most: 2, measure });
    expect([short.ended, short.steps.length]).toEqual(['most', 2]);
    await expect(
      searchPrompts({ start, space, most: 9, measure: async () => Promise.reject(new Error('broken')) }),
    ).rejects.toThrow('broken');
  });

  it('goes on where settings get no score, and not where the variant itself gets none', async () => {
    const unscored = new FulcrumError('nothing-scored', { run: 'r', metric: 'correct', answers: 100 });
    const measure = async (settings: PromptSettings): Promise<MeasuredPrompt> => {
      if (settings.structured) throw unscored;
      return measured(settings, quality(settings));
    };
    const outcome = await searchPrompts({ start, space, most: 50, measure });
    expect(outcome.ended).toBe('searched');
    expect(outcome.chosen.settings).toEqual({ instructions: 'brief', fewShot: four, structured: false });
    expect(outcome.unscored[0]).toEqual({ ...start, structured: true });
    const none = async () => Promise.reject(unscored);
    await expect(searchPrompts({ start, space, most: 9, measure: none })).rejects.toBe(unscored);
  });

  it('calls prompting exhausted where every gain is shown to be below the margin', async () => {
    const measure = async (settings: PromptSettings) => measured(settings, 500, 1000);
    const outcome = await searchPrompts({ start, space, most: 50, measure });
    const parts = {
      variant: 'v',
      dataset: 'd',
      metric: 'correct',
      outcome,
      config: {},
      test: null,
      notes: [],
    };
    expect(reportPrompts({ ...parts, margin: 0.05 }).exhausted).toBe(true);
    expect(reportPrompts({ ...parts, margin: 0.0001 }).exhausted).toBe(false);
    expect(outcome.chosen.settings).toEqual(start);
  });

  it('is not exhausted where the variant as it is was chosen but another may be better by the margin', async () => {
    // 60 samples: a gain of 3 (.05) with a standard error above it leaves the shorter prompt chosen.
    const few = (right: number): MeasuredPrompt['scores'] =>
      new Map(
        Array.from({ length: 60 }, (_, index) => [
          `s${index}`,
          { value: (index * 7) % 60 < right ? 1 : 0, group: `s${index}` },
        ]),
      );
    const noisy = new Map(
      [...few(33)].map(([sample, each], index) => [
        sample,
        index < 16 ? { ...each, value: 1 - each.value } : each,
      ]),
    );
    const tried: MeasuredPrompt = { ...measured(start, 33), scores: few(33) };
    const other: MeasuredPrompt = {
      ...measured({ ...start, instructions: 'long' }, 36),
      scores: noisy,
      inputTokens: tried.inputTokens + 100,
    };
    const outcome = {
      steps: [
        { dimension: null, measured: tried, gain: null },
        { dimension: 'instructions' as const, measured: other, gain: null },
      ],
      chosen: tried,
      ended: 'searched' as const,
      unscored: [],
    };
    const test = { start: measured(start, 40), chosen: measured(start, 40) };
    const report = reportPrompts({
      ...{ variant: 'v', dataset: 'd', metric: 'correct', margin: 0.05, outcome, config: {}, test },
      notes: [],
    });
    expect(report.test!.gain!.high).toBeLessThan(0.05);
    expect(report.exhausted).toBe(false);
  });
});
