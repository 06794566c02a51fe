import { describe, expect, it } from 'vitest';
import { clusterLayout, differenceInterval, warmGenerator } from '../../evaluation/index.ts';
import { chooseSettings, pairedLoss, simplestGood } from './choose-settings.ts';
import { chooseByFolds } from './nested-folds.ts';
import { renderTuningReport } from './render-tuning-report.ts';
import { type TunedSettings, type TuningDimension, tuningSpace } from './retrieval-dimensions.ts';
import { objectiveFor, type RankedPassage, scorePassages, spanRecall } from './score-passages.ts';
import { type TuneRetrievalOptions, type TuningQuestion, tuneRetrieval } from './tune-retrieval.ts';
import { tuningReportSchema } from './tuning-report.ts';

const present: TunedSettings = {
  weight: 0.8,
  'chunk-size': 200,
  neighbours: 0,
  k: null,
  'near-duplicates': 'keep',
  rerank: null,
};
const weightSpace = tuningSpace({ present, dimensions: ['weight'], chunkSizes: [], rerankers: [] });

describe('the order of simplicity', () => {
  it('begins with the present value, then what is nearest to it or costs least', () => {
    const space = tuningSpace({
      present: { ...present, weight: 0.75, k: 10 },
      dimensions: ['weight', 'chunk-size', 'k', 'near-duplicates', 'rerank'],
      chunkSizes: [400, 100, 300, 200],
      rerankers: ['compatible/desk/ranker'],
    });
    expect(space.weight).toEqual([0.75, 0.7, 0.8, 0.6, 0.9, 0.5, 1, 0.4, 0.3, 0.2, 0.1, 0]);
    // Ratios to 200: 300 is 1.5, 100 and 400 are 2.
    expect(space['chunk-size']).toEqual([200, 300, 100, 400]);
    expect(space.k).toEqual([10, 3, 5, 20]);
    expect(space['near-duplicates']).toEqual(['keep', 'collapse']);
    expect(space.rerank).toEqual([null, 'compatible/desk/ranker']);
    expect(space.neighbours).toBeUndefined();
  });
});

const passage = (documentId: string, start: number, end: number, tokens = 100): RankedPassage => ({
  documentId,
  start,
  end,
  tokens,
});

describe('what search is tuned by', () => {
  it('is the share of the gold text that fits into the budget', () => {
    const gold = [{ document: 'a', start: 50, end: 150 }];
    const both = [passage('a', 0, 100), passage('a', 100, 200)];
    expect(spanRecall(both, gold, 200)).toBe(1);
    expect(spanRecall(both, gold, 100)).toBe(0.5);
    // Of the second passage 25 of 100 tokens are left, so 25 of its 100 characters: 50 + 25 of 100.
    expect(spanRecall(both, gold, 125)).toBe(0.75);
    expect(spanRecall([passage('b', 0, 200)], gold, 1000)).toBe(0);
    expect(spanRecall([], gold, 1000)).toBe(0);
  });

  it('counts each piece of gold the same, and text that came twice once', () => {
    const gold = [
      { document: 'a', start: 0, end: 10 },
      { document: 'b', start: 0, end: 1000 },
    ];
    expect(spanRecall([passage('a', 0, 10), passage('a', 5, 10)], gold, 1000)).toBe(0.5);
    // But it takes its part of the budget: nothing is left for b.
    expect(spanRecall([passage('a', 0, 10), passage('a', 0, 10), passage('b', 0, 1000)], gold, 200)).toBe(
      0.5,
    );
  });

  it('is the rank of documents where the evidence names no places', () => {
    const placed = { gold: [{ document: 'a', start: 0, end: 10 }] };
    const whole = { gold: [{ document: 'a' }] };
    expect(objectiveFor([placed, whole], 500)).toEqual({ kind: 'span-recall', budgetTokens: 500 });
    const objective = objectiveFor([placed, whole, whole], 500);
    expect(objective).toEqual({ kind: 'document-ndcg', k: 10 });
    const gold = [{ document: 'a' }, { document: 'b' }];
    // Documents count once: a at rank 1, b at rank 3. (1 + 1 / 2) over (1 + 1 / log2 3).
    const ranked = [passage('a', 0, 9), passage('a', 9, 20), passage('c', 0, 9), passage('b', 0, 9)];
    expect(scorePassages(ranked, gold, objective)).toBeCloseTo(1.5 / (1 + 1 / Math.log2(3)), 12);
  });
});

describe('the choice of a value', () => {
  const groups = ['a', 'b', 'c', 'd'];
  const all = [0, 1, 2, 3];

  it('has a standard error by groups', () => {
    // Residuals .25, .25, .25, -.75: 4/3 x .75 = 1, its root over 4; in two groups of two .5 and -.5: 2 x .5 = 1.
    expect(pairedLoss([1, 1, 1, 0], [0, 0, 0, 0], groups, all)).toEqual({
      difference: 0.75,
      standardError: 0.25,
    });
    expect(pairedLoss([1, 1, 1, 0], [0, 0, 0, 0], ['a', 'a', 'b', 'b'], all).standardError).toBe(0.25);
  });

  it('is the simplest within one standard error of the best', () => {
    // Against the second list the first loses .25 with a standard error of .25, against the third .75 with .25.
    expect(
      simplestGood(
        [
          [0, 0, 0, 0],
          [1, 0, 0, 0],
        ],
        groups,
        all,
      ),
    ).toBe(0);
    expect(
      simplestGood(
        [
          [0, 0, 0, 0],
          [1, 1, 1, 0],
        ],
        groups,
        all,
      ),
    ).toBe(1);
    expect(
      simplestGood(
        [
          [0, 0, 0, 0],
          [0.9, 0.9, 0.9, 0],
          [1, 1, 1, 0],
        ],
        groups,
        all,
      ),
    ).toBe(2);
    expect(
      simplestGood(
        [
          [0.5, 0.5, 0.5, 0.5],
          [0.5, 0.5, 0.5, 0.5],
        ],
        groups,
        all,
      ),
    ).toBe(0);
  });

  it('is made from the questions that may be looked at alone', async () => {
    const looked: TunedSettings[] = [];
    const scores = (settings: TunedSettings): number[] =>
      settings.weight === 0.5 ? [1, 1, 0, 0] : [0, 0, 1, 1];
    const measure = async (settings: TunedSettings) => {
      looked.push(settings);
      return scores(settings);
    };
    const search = { present, space: weightSpace, measure, groups };
    expect((await chooseSettings(search, ['weight'], [0, 1])).weight).toBe(0.5);
    expect((await chooseSettings(search, ['weight'], [2, 3])).weight).toBe(0.8);
    expect((await chooseSettings(search, [], all)).weight).toBe(0.8);
  });
});

function uniform(seed: number): () => number {
  const generator = warmGenerator(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** Questions in groups of three, each with a difficulty of its own. */
function world(seed: number, size: number, quality: (settings: TunedSettings) => number) {
  const draw = uniform(seed);
  const groups = Array.from({ length: size }, (_, index) => `g${Math.floor(index / 3)}`);
  const hardness = groups.map(() => draw());
  const kept = new Map<string, Float64Array>();
  const measure = async (settings: TunedSettings): Promise<Float64Array> => {
    const key = JSON.stringify(settings);
    const noise = uniform(seed * 1000 + Math.round(settings.weight * 10) + settings['chunk-size']);
    const made =
      kept.get(key) ??
      Float64Array.from(hardness, (hard) => (quality(settings) + 0.25 * (noise() - 0.5) > hard ? 1 : 0));
    kept.set(key, made);
    return made;
  };
  return { present, space: weightSpace, measure, groups };
}

describe('nested folds', () => {
  it('keep the present settings in a world where nothing matters, and tell how much the best flatters', async () => {
    let kept = 0;
    let optimism = 0;
    const worlds = 60;
    for (let seed = 1; seed <= worlds; seed++) {
      const { chosen, outer } = (await chooseByFolds(
        world(seed, 150, () => 0.6),
        ['weight'],
      ))!;
      if (chosen.weight === 0.8) kept++;
      optimism += outer.best - outer.scores.reduce((sum, value) => sum + value, 0) / outer.scores.length;
    }
    // A standard error is passed by chance in at most 16 of 100.
    expect(kept / worlds).toBeGreaterThan(0.84);
    expect(optimism / worlds).toBeGreaterThan(0.01);
  });

  it('find the best weight where there is one', async () => {
    for (let seed = 1; seed <= 10; seed++) {
      const peaked = world(seed, 300, ({ weight }) => 0.8 - Math.abs(weight - 0.3));
      const { chosen, opened, outer } = (await chooseByFolds(peaked, ['weight']))!;
      expect(opened).toBe(1);
      // The simplest within one standard error of .3, seen from .8.
      expect(chosen.weight).toBeGreaterThanOrEqual(0.2);
      expect(chosen.weight).toBeLessThanOrEqual(0.4);
      const [without, with_] = outer.byDepth;
      expect(Math.max(...outer.scores)).toBe(1);
      expect(with_!.reduce((a, b) => a + b) - without!.reduce((a, b) => a + b)).toBeGreaterThan(300 * 0.2);
    }
  });

  it('keep the questions of a group together, so that copies of a question do not choose for each other', async () => {
    // One group of 60 copies wants the weight 0, 40 others the present one. Without its fold nothing speaks for 0.
    const groups = [
      ...Array.from({ length: 60 }, () => 'copies'),
      ...Array.from({ length: 40 }, (_, index) => `g${index}`),
    ];
    const measure = async ({ weight }: TunedSettings) =>
      groups.map((group) => ((group === 'copies') === (weight === 0) ? 1 : 0));
    const { outer } = (await chooseByFolds({ present, space: weightSpace, measure, groups }, ['weight']))!;
    expect(outer.folds).toBe(5);
    for (const index of groups.keys()) if (groups[index] === 'copies') expect(outer.scores[index]).toBe(0);
  });

  it('open a later dimension only where it adds something', async () => {
    const space = tuningSpace({
      ...{ present, dimensions: ['weight', 'chunk-size'], chunkSizes: [100, 200, 400], rerankers: [] },
    });
    const useful = { ...world(3, 300, (s) => 0.4 + (s['chunk-size'] === 400 ? 0.3 : 0)), space };
    const found = (await chooseByFolds(useful, ['weight', 'chunk-size']))!;
    expect(found).toMatchObject({ opened: 2, chosen: { weight: 0.8, 'chunk-size': 400 } });
    const useless = { ...world(5, 300, (s) => 0.8 - Math.abs(s.weight - 0.3)), space };
    expect(await chooseByFolds(useless, ['weight', 'chunk-size'])).toMatchObject({ opened: 1 });
    expect(
      await chooseByFolds({ ...useless, groups: useless.groups.map(() => 'one') }, ['weight']),
    ).toBeNull();
  });
});

/** A retriever that finds the gold of a question at a rank that depends on the weight. */
function scripted(
  options: Partial<TuneRetrievalOptions> & { size: number; rankAt: (weight: number) => number },
) {
  const { size, rankAt, ...rest } = options;
  const question = (id: string): TuningQuestion => ({
    id,
    input: `What is ${id}?`,
    group: id,
    gold: [{ document: id, start: 0, end: 100 }],
  });
  const asked: string[] = [];
  const retrieve: TuneRetrievalOptions['retrieve'] = async ({ weight }, questions) =>
    questions.map(({ id }) => {
      asked.push(id);
      const others = Array.from({ length: 20 }, (_, index) => passage(`other-${index}`, 0, 100));
      // A third of the questions is found first at any weight.
      const rank = Number(id.slice(1)) % 3 === 0 ? 1 : rankAt(weight);
      return [...others.slice(0, rank - 1), passage(id, 0, 100), ...others.slice(rank - 1)];
    });
  return {
    asked,
    options: {
      dataset: 'questions',
      questions: Array.from({ length: size }, (_, index) => question(`q${index}`)),
      testQuestions: Array.from({ length: 60 }, (_, index) => question(`t${index}`)),
      objective: { kind: 'span-recall', budgetTokens: 500 },
      present,
      dimensions: ['weight'],
      space: weightSpace,
      margin: 0.05,
      retrieve,
      ...rest,
    } satisfies TuneRetrievalOptions,
  };
}

describe('a tuned retrieval', () => {
  it('changes what is shown to be better, looks at the test split once and says what it gained', async () => {
    // Within 5 passages at weights up to .5; at .6 and above the sixth, which the budget does not hold.
    const { options, asked } = scripted({ size: 90, rankAt: (weight) => (weight <= 0.5 ? 5 : 6) });
    let looks = 0;
    const report = await tuneRetrieval({
      ...options,
      beforeTest: async () => {
        looks++;
        expect(asked.filter((id) => id.startsWith('t'))).toEqual([]);
      },
    });
    expect(tuningReportSchema.parse(report)).toEqual(report);
    expect(report).toMatchObject({ outcome: 'changed', chosen: { weight: 0.5 }, questions: 90, groups: 90 });
    // A third at .8, all at .5.
    const [start] = report.tried;
    expect(start).toMatchObject({ name: 'weight 0.8', gain: null });
    expect(start!.mean).toBeCloseTo(1 / 3, 12);
    expect(report.tried.find(({ chosen }) => chosen)).toMatchObject({ mean: 1, name: 'weight 0.5' });
    expect(report.outer).toMatchObject({ folds: 5, mean: 1, best: 1, optimism: 0 });
    expect(report.dimensions).toMatchObject([
      { dimension: 'weight', word: 'gains', opened: true, neededQuestions: null },
    ]);
    expect(report.dimensions[0]!.worth.difference).toBeCloseTo(2 / 3, 12);
    expect(looks).toBe(1);
    expect(report.test).toMatchObject({ questions: 60, mean: 1 });
    expect(report.test!.gain.difference).toBeCloseTo(2 / 3, 12);
    // Both settings once each: 60 questions twice, and each weight once on the others.
    expect(asked.filter((id) => id.startsWith('t'))).toHaveLength(120);
    expect(asked.filter((id) => id.startsWith('q'))).toHaveLength(90 * 11);
    const text = renderTuningReport(report);
    expect(text).toContain('evidence-span recall at 500 tokens');
    expect(text).toContain('Chosen (* the simplest within one standard error of the best): weight 0.5.');
    expect(text).toContain('On the test split, looked at once: 1.000');
  });

  it('gives intervals that hold for all settings that could have been shown, and plans questions for the intervals it gives', async () => {
    // Of 90 questions 60 find the gold in time at .5 and below. Chunks change nothing.
    const scripts = scripted({ size: 90, rankAt: (weight) => (weight <= 0.5 ? 5 : 6) }).options;
    const space = { ...weightSpace, 'chunk-size': [200, 100, 400] };
    const report = await tuneRetrieval({ ...scripts, dimensions: ['weight', 'chunk-size'], space });
    // 11 weights and 3 sizes are 33 settings; around the present and the chosen ones are 15, but which 15 the data said.
    expect(report.tried.length).toBeLessThan(20);
    const gains = Array.from({ length: 90 }, (_, index) => (index % 3 === 0 ? 0 : 1));
    const layout = clusterLayout(gains.map((_, index) => `q${index}`));
    expect(report.tried.find(({ chosen }) => chosen)!.gain).toEqual(
      differenceInterval(gains, layout, 0.05 / 2 / 32),
    );
    const needed = async (dimensions: TuningDimension[]) => {
      const noisy = scripted({ size: 90, rankAt: () => 6 }).options;
      const flip = async ({ weight }: TunedSettings, questions: readonly TuningQuestion[]) =>
        questions.map(({ id }, index) =>
          uniform(1000 * index + Math.round(10 * weight))() < (weight < 0.5 ? 0.6 : 0.5)
            ? [passage(id, 0, 100)]
            : [],
        );
      const { dimensions: worth } = await tuneRetrieval({ ...noisy, dimensions, space, retrieve: flip });
      return worth[0]!;
    };
    const [alone, withAnother] = [await needed(['weight']), await needed(['weight', 'chunk-size'])];
    expect([alone.word, withAnother.word]).toEqual(['not-settled', 'not-settled']);
    expect(withAnother.neededQuestions!).toBeGreaterThan(alone.neededQuestions!);
  });

  it('keeps what is as good, and leaves the test split alone', async () => {
    const { options, asked } = scripted({ size: 90, rankAt: () => 6 });
    const report = await tuneRetrieval(options);
    expect(report).toMatchObject({ outcome: 'kept', chosen: present, test: null });
    expect(report.dimensions).toMatchObject([{ word: 'no-difference', opened: false }]);
    expect(asked.filter((id) => id.startsWith('t'))).toEqual([]);
    expect(renderTuningReport(report)).toContain('The test split was not looked at');
  });

  it('says where there are too few questions, and what it would take', async () => {
    const { options } = scripted({ size: 24, rankAt: (weight) => (weight <= 0.5 ? 5 : 6) });
    const report = await tuneRetrieval(options);
    expect(report).toMatchObject({
      outcome: 'too-few-questions',
      chosen: present,
      needed: { groups: 30 },
      test: null,
    });
    // Two thirds of the pairs differ; a margin of .05 needs hundreds of them.
    expect(report.needed!.questions).toBeGreaterThan(1000);
    expect(renderTuningReport(report)).toMatch(
      /Too few questions to choose by: 24 in 24 groups.*at least 30 groups/,
    );
    const one = await tuneRetrieval({ ...options, questions: options.questions.slice(0, 1) });
    expect(one).toMatchObject({ outcome: 'too-few-questions', outer: null, dimensions: [] });
  });

  it('takes back a choice that loses on the test split', async () => {
    const { options } = scripted({ size: 90, rankAt: (weight) => (weight <= 0.5 ? 5 : 6) });
    const report = await tuneRetrieval({
      ...options,
      retrieve: async (settings, questions) =>
        questions[0]!.id.startsWith('t')
          ? questions.map(({ id }) => (settings.weight === 0.8 ? [passage(id, 0, 100)] : []))
          : options.retrieve(settings, questions),
    });
    expect(report).toMatchObject({ outcome: 'lost-on-test', test: { mean: 0, present: 1 } });
    expect(renderTuningReport(report)).toContain('lost on the test split');
  });

  it('tells recall beside nDCG where documents are the objective', async () => {
    const { options } = scripted({ size: 30, rankAt: () => 11 });
    const report = await tuneRetrieval({ ...options, objective: { kind: 'document-ndcg', k: 10 } });
    // A third first, the others eleventh.
    expect(report.tried[0]!.mean).toBeCloseTo(1 / 3, 12);
    expect(report.tried[0]!.recall10).toBeCloseTo(1 / 3, 12);
    expect(renderTuningReport(report)).toContain('nDCG@10 of documents');
  });
});
