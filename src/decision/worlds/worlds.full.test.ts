import { describe, expect, it } from 'vitest';
import { nastyWorlds, plainWorlds } from './decision-worlds.fixture.ts';
import { simulateWorld } from './simulate-worlds.fixture.ts';

const memory = new Map<string, number>();

describe('1,000 data sets of each world, 300 samples, margin .10', () => {
  it.each(Object.keys(plainWorlds))('the right arm is named: %s', (name) => {
    const rates = simulateWorld(plainWorlds[name]!, 1000, memory);
    expect(rates.right).toBeGreaterThanOrEqual(0.9);
    expect(rates.worse).toBeLessThanOrEqual(0.02);
    expect(rates.dearer).toBeLessThanOrEqual(0.1);
  });

  // 5 % and three standard errors of 1,000 draws would be .07.
  it.each(Object.keys(nastyWorlds))('an arm that is worse is hardly ever named: %s', (name) => {
    expect(simulateWorld(nastyWorlds[name]!, 1000, memory).worse).toBeLessThanOrEqual(0.065);
  });
});
