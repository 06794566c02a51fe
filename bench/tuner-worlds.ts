// The choice of `fulcrum tune retrieval` in worlds whose truth is known: how often the present weight stays where no weight matters, how much
// the best of eleven flatters itself, and how near the choice comes where one is best.
//
//   node bench/tuner-worlds.ts [WORLDS]      (default 400)
import { warmGenerator } from '../src/evaluation/index.ts';
import { chooseByFolds } from '../src/experiments/retrieval-tuning/nested-folds.ts';
import { type TunedSettings, tuningSpace } from '../src/experiments/retrieval-tuning/retrieval-dimensions.ts';

const worlds = Number(process.argv[2] ?? 400);
const present: TunedSettings = {
  ...{ weight: 0.8, 'chunk-size': 200, neighbours: 0, k: null, rerank: null },
  'near-duplicates': 'keep',
};
const space = tuningSpace({ present, dimensions: ['weight'], chunkSizes: [], rerankers: [] });

function uniform(seed: number): () => number {
  const generator = warmGenerator(seed);
  return () => (generator.next() >>> 0) / 2 ** 32;
}

/** Yes/no scores of questions in groups of three; a question is hard for all weights alike, and a little more for some. */
function world(seed: number, size: number, quality: (weight: number) => number) {
  const draw = uniform(seed);
  const groups = Array.from({ length: size }, (_, index) => `g${Math.floor(index / 3)}`);
  const hardness = groups.map(() => draw());
  const measured = new Map<number, Float64Array>();
  const measure = async ({ weight }: TunedSettings): Promise<Float64Array> => {
    const noise = uniform(seed * 1000 + Math.round(weight * 10));
    const scores =
      measured.get(weight) ??
      Float64Array.from(hardness, (hard) => (quality(weight) + 0.25 * (noise() - 0.5) > hard ? 1 : 0));
    measured.set(weight, scores);
    return scores;
  };
  return { present, space, measure, groups };
}

const rows: Record<string, unknown>[] = [];
for (const size of [90, 150, 300, 900])
  for (const [name, quality] of [
    ['no weight matters', () => 0.6],
    ['.3 best, by .05 over .8', (weight: number) => 0.6 - 0.1 * Math.abs(weight - 0.3)],
    ['.3 best, by .15 over .8', (weight: number) => 0.6 - 0.3 * Math.abs(weight - 0.3)],
  ] as const) {
    let kept = 0;
    let optimism = 0;
    let gain = 0;
    for (let seed = 1; seed <= worlds; seed++) {
      const { chosen, outer } = (await chooseByFolds(world(seed, size, quality), ['weight']))!;
      if (chosen.weight === present.weight) kept++;
      optimism += outer.best - outer.scores.reduce((sum, value) => sum + value, 0) / size;
      gain += quality(chosen.weight) - quality(present.weight);
    }
    rows.push({
      ...{ questions: size, groups: size / 3, world: name },
      'present kept': `${((100 * kept) / worlds).toFixed(1)} %`,
      'true gain of the choice': (gain / worlds).toFixed(3),
      'optimism of the best': (optimism / worlds).toFixed(3),
    });
  }
console.table(rows);
