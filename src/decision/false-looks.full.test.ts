import { describe, expect, it } from 'vitest';
import { simulateCoverage, simulateLooks } from './false-looks.fixture.ts';
import { dominatedWorlds, fewClusterWorlds, growingWorlds } from './simulated-worlds.fixture.ts';

describe('looking ten times and stopping at the first verdict', () => {
  // 5 % and three standard errors of 2,000 and of 300 draws.
  it('confidence sequences say something untrue in at most 5 % of 2,000 data sets', () => {
    const { falseVerdict } = simulateLooks(growingWorlds['independent, 10 looks']!, 2000, 'sequential');
    expect(falseVerdict).toBeLessThanOrEqual(0.065);
  });

  it.each(['equal', 'pocock', 'obrien-fleming'] as const)('declared looks too: %s', (spending) => {
    const plan = { looks: 10, spending };
    const { falseVerdict } = simulateLooks(growingWorlds['clusters of 5, 10 looks']!, 300, plan);
    expect(falseVerdict).toBeLessThanOrEqual(0.088);
  });

  it('looking as if each look were the first finds differences that are not there more often', () => {
    const world = { ...growingWorlds['independent, dense, 10 looks']!, variants: 2 };
    const naive = simulateLooks(world, 200, 'naive').falseVerdict;
    expect(naive).toBeGreaterThan(simulateLooks(world, 200, 'sequential').falseVerdict);
  });

  it('a planted difference is found, with fewer samples than all', () => {
    const world = { ...growingWorlds['independent, 10 looks']!, loss: 0.15 };
    const { found, spent } = simulateLooks(world, 200, 'sequential');
    expect(found).toBeGreaterThan(0.8);
    expect(spent).toBeLessThan(0.75);
  });
});

describe('few clusters', () => {
  it.each(Object.keys(fewClusterWorlds))(
    'one interval of 95 in 100 holds the truth in 92 or more: %s',
    (name) => {
      const { mean, difference } = simulateCoverage(fewClusterWorlds[name]!, 1000);
      expect(mean).toBeGreaterThanOrEqual(0.92);
      expect(difference).toBeGreaterThanOrEqual(0.92);
    },
  );

  it('where six of 60 groups hold three quarters of the samples yes/no means fall short, as the documentation says', () => {
    const { mean, difference } = simulateCoverage(
      dominatedWorlds['60 clusters, six of them large, binary']!,
      1000,
    );
    expect(mean).toBeGreaterThan(0.86);
    expect(mean).toBeLessThan(0.94);
    expect(difference).toBeGreaterThan(0.95);
  });
});
