import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { nastyWorlds, plainWorlds } from './decision-worlds.fixture.ts';
import {
  drawOutcomes,
  drawScores,
  isTrulyWorse,
  trueQuality,
  worldMargin,
} from './scripted-models.fixture.ts';
import { decideWorld, simulateWorld } from './simulate-worlds.fixture.ts';

// 40 data sets each with fixed seeds; `worlds.full.test.ts` draws 1,000 of every world.
const repetitions = 40;
const quick = ['pure knowledge', 'both', 'nothing is good enough'];
const quickNasty = ['worse by exactly the margin', 'clustered questions', 'a judge biased to one arm'];
const worlds = { ...plainWorlds, ...nastyWorlds };

const memory = new Map<string, number>();

describe('worlds with a known answer', () => {
  it.each(Object.keys(plainWorlds))('differ by .12 or not at all: %s', (name) => {
    const world = plainWorlds[name]!;
    const qualities = world.arms.map((arm) => trueQuality(world, arm));
    const best = Math.max(...qualities);
    for (const quality of qualities)
      expect(Math.abs(best - quality) < 1e-9 || best - quality >= 0.12 || best < world.bar).toBe(true);
    if (world.right === null) expect(best).toBeLessThanOrEqual(world.bar - 0.119);
    else {
      expect(isTrulyWorse(world, world.right)).toBe(false);
      expect(best).toBeGreaterThanOrEqual(world.bar + 0.12);
    }
  });

  it.each(quick)('the right arm: %s', (name) => {
    const rates = simulateWorld(plainWorlds[name]!, repetitions, memory);
    expect(rates.right).toBeGreaterThanOrEqual(0.8);
    expect(rates.worse).toBe(0);
    expect(rates.dearer).toBeLessThanOrEqual(0.2);
  });

  it.each(quickNasty)('no arm that is worse: %s', (name) => {
    expect(simulateWorld(nastyWorlds[name]!, repetitions, memory).worse).toBeLessThanOrEqual(0.1);
  });

  it.each(Object.keys(worlds))('decide on the score rows says what the simulation counts: %s', (name) => {
    const world = worlds[name]!;
    for (const seed of [1]) {
      const counted = decideWorld(world, drawOutcomes(world, seed), memory);
      const rows = drawScores(world, seed);
      const said = decide({
        rows,
        metric: 'correct',
        bar: world.bar,
        margin: worldMargin,
      });
      expect(said.recommended).toBe(counted.named);
      expect(said.reason === 'none-good-enough').toBe(counted.noneGoodEnough);
    }
  });
});
