import { describe, expect, it } from 'vitest';
import { clusterLayout } from '../../statistics/cluster-layout.ts';
import { differenceInterval } from '../../statistics/difference-interval.ts';
import { poweredMean } from './powered-mean.ts';

const groups = Array.from({ length: 200 }, (_, sample) => `g${sample}`);
const layout = clusterLayout(groups);

describe('a mean that people correct', () => {
  it('removes a bias of the judge', () => {
    // The judge says +1 on half of the samples; people agree on half of those.
    const judged = groups.map((_group, sample) => (sample % 2 === 0 ? 1 : 0));
    const labelled = judged.map((value, sample) => (sample < 80 ? (sample % 4 === 0 ? value : 0) : null));
    const found = poweredMean({ judged, labelled, groups, layout })!;
    expect(found.mean).toBeCloseTo(0.25, 9);
    const { low, high } = found.interval(0.025);
    expect(low).toBeGreaterThan(0.1);
    expect(high).toBeLessThan(0.4);
  });

  it('is the interval of the labels where the judge says nothing, and never of width 0', () => {
    const judged = groups.map(() => 0);
    const labelled = judged.map((_value, sample) => (sample < 50 ? 0 : null));
    const { low, high } = poweredMean({ judged, labelled, groups, layout })!.interval(0.025);
    const own = differenceInterval(new Float64Array(50), clusterLayout(groups.slice(0, 50)), 0.025);
    expect(high).toBeGreaterThanOrEqual(own.high);
    expect(low).toBeLessThanOrEqual(own.low);
  });

  it('is null without a label', () => {
    expect(
      poweredMean({ judged: groups.map(() => 1), labelled: groups.map(() => null), groups, layout }),
    ).toBeNull();
  });
});
