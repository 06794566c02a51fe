import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../src/app/config.ts';
import { inputOf, isHere, readSupportTurns } from './dstc11.ts';
import fulcrumConfig from './fulcrum.config.ts';

it('the config is valid', () => {
  expect(Object.keys(validateConfig(fulcrumConfig, 'fulcrum.config.ts').variants)).toEqual([
    'zero-shot',
    'few-shot',
  ]);
});

describe.skipIf(!isHere)('dstc11-sktod (skipped where it is absent)', () => {
  it('has a reply and known sentences for every turn that takes knowledge', () => {
    const turns = readSupportTurns();
    // 2,129 turns take knowledge; those about several houses are left out.
    expect(turns.length).toBeGreaterThan(1500);
    expect(turns.length).toBeLessThanOrEqual(2129);
    for (const { known, reply, question, entity } of turns) {
      expect(known.length).toBeGreaterThan(0);
      expect([reply, question, entity, ...known]).not.toContain('');
    }
    expect(inputOf(turns[0]!)).toMatch(/^Known about .+:\n- .+\n\nCustomer: .+$/s);
  });
});
