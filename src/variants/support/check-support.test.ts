import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkSupport, supportThreshold } from './check-support.ts';
import { indexEvidence } from './evidence-index.ts';
import { lexicalFigures, lexicalScore } from './lexical-support.ts';

const evidence =
  'The pump moves 40 litres per hour at 3.5 bar. It does not start below 5 °C. Set `max_flow` or pass --slow to limit it. The valve was made by Rotork in 2,019 pieces.';
const failures = (claim: string): string[] =>
  checkSupport(claim, evidence).hardFailures.map(({ kind, found }) => `${kind} ${found}`);

describe('hard failures', () => {
  it.each([
    ['The pump moves 40 litres per hour.', []],
    ['The pump moves 4 litres per hour.', ['number 4']],
    ['The pump moves forty litres.', []],
    ['The pump moves 40 km.', ['unit 40 km']],
    ['The pump moves 3.5 litres per hour at 40 bar.', ['unit 40 bar']],
    ['It runs at 3.50 bar.', []],
    ['It runs at 35 bar.', ['number 35']],
    ['There were 2019 pieces.', []],
    ['The pump does start below 5 °C.', ['negation not']],
    ['It does start below 5 degrees.', ['negation not']],
    ["It doesn't start below 5 °C.", []],
    ['The pump never moves 40 litres per hour.', ['negation never']],
    ['The pump never starts below 5 °C.', []],
    ['Set `max_flow` to limit it.', []],
    ['Set `min_flow` to limit it.', ['identifier min_flow']],
    ['Pass --fast to limit it.', ['identifier --fast']],
    ['The valve was made by Rotork.', []],
    ['The valve was made by Sulzer.', ['name Sulzer']],
    ['The pump moves 40 litres on v2 of the board.', ['identifier v2']],
  ])('%s', (claim, expected) => {
    expect(failures(claim)).toEqual(expected);
  });

  it('takes a denial where the nearest sentences deny nothing for a failure', () => {
    const found = checkSupport(
      'The lamp is not green.',
      'The lamp is green. It was bought here.',
    ).hardFailures;
    expect(found).toEqual([{ kind: 'negation', found: 'not' }]);
    expect(checkSupport('No, the lamp is green.', 'The lamp is green.').hardFailures).toEqual([]);
    expect(checkSupport('The lamp is not only green.', 'The lamp is green.').hardFailures).toEqual([]);
  });
});

describe('the lexical score', () => {
  it('is the logistic of figures worked out by hand', () => {
    const figures = lexicalFigures('green lamps burn', indexEvidence('The lamp here is green.'));
    // "burn" is unseen; "green" stands three words behind "lamp", the pair with "burn" counts 0.
    expect(figures).toEqual({ unseen: 1, proximity: 1 / (1 + 3 / 3) / 2, speaker: false });
    expect(lexicalScore(figures!)).toBeCloseTo(
      1 / (1 + Math.exp(-(-0.52 - 1.54 * Math.log(2) + 3.33 * 0.25))),
      12,
    );
  });

  it('is 0 for no words, and knows who speaks', () => {
    expect(checkSupport(' … ', evidence)).toEqual({ score: 0, hardFailures: [], supported: false });
    expect(lexicalFigures('I like the pump', indexEvidence(evidence))?.speaker).toBe(true);
    expect(lexicalFigures('I like the pump', indexEvidence('I like pumps'))?.speaker).toBe(false);
  });

  it('reads scripts without spaces', () => {
    const { supported } = checkSupport('水は零度で凍る', '水は零度で凍る。百度で沸く。');
    expect(supported).toBe(true);
    expect(checkSupport('鉄は赤く光り重い', '水は零度で凍る。').supported).toBe(false);
  });
});

describe('for any text', () => {
  const words = fc.array(fc.constantFrom('pump', 'moves', 'water', 'at', 'night', 'slowly', 'green'), {
    minLength: 1,
    maxLength: 12,
  });

  it('a claim supports itself', () => {
    fc.assert(
      fc.property(words, (parts) => {
        const claim = parts.join(' ');
        const { score, supported } = checkSupport(claim, claim);
        expect(supported).toBe(true);
        expect(score).toBeGreaterThan(0.5);
      }),
    );
  });

  it('further evidence never adds an unseen word, and the score stays in [0, 1]', () => {
    fc.assert(
      fc.property(words, words, fc.string(), (claim, more, noise) => {
        const text = claim.join(' ');
        const less = lexicalFigures(text, indexEvidence(noise));
        const all = lexicalFigures(text, indexEvidence(`${noise} ${more.join(' ')}`));
        expect(all!.unseen).toBeLessThanOrEqual(less!.unseen);
        expect(all!.proximity).toBeGreaterThanOrEqual(0);
        const { score, supported, hardFailures } = checkSupport(text, noise);
        expect(score >= 0 && score <= 1).toBe(true);
        expect(supported).toBe(score >= supportThreshold && hardFailures.length === 0);
      }),
    );
  });

  it('any characters are taken', () => {
    const text = fc.array(fc.integer({ min: 0, max: 0xffff })).map((units) => String.fromCharCode(...units));
    fc.assert(
      fc.property(text, text, (claim, other) => {
        const { score } = checkSupport(claim, other);
        expect(Number.isFinite(score)).toBe(true);
      }),
    );
  });
});
