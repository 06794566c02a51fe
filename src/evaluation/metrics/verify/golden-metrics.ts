import { classificationGolden } from './classification-golden.ts';
import type { GoldenMetric } from './golden-metric.ts';
import { ragasGolden } from './ragas-golden.ts';
import { retrievalGolden } from './retrieval-golden.ts';
import { statisticsGolden } from './statistics-golden.ts';
import { textGolden } from './text-golden.ts';

/** Every metric whose golden vectors can be checked, by the name that the vectors give it. */
export const goldenMetrics: ReadonlyMap<string, GoldenMetric> = new Map(
  Object.entries({
    ...textGolden,
    ...classificationGolden,
    ...statisticsGolden,
    ...retrievalGolden,
    ...ragasGolden,
  }),
);
