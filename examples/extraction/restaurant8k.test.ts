import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../src/app/config.ts';
import fulcrumConfig from './fulcrum.config.ts';
import { inputOf, readInput, readTurns, slotNames } from './restaurant8k.ts';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');

it('the config is valid', () => {
  expect(Object.keys(validateConfig(fulcrumConfig, 'fulcrum.config.ts').variants)).toContain('dictionary');
});

describe.skipIf(!existsSync(join(shared, 'restaurant8k')))(
  'restaurant8k (skipped where it is absent)',
  () => {
    it('has the slots word for word in the text, and the right number of turns', () => {
      const turns = readTurns('test');
      expect(turns).toHaveLength(3731);
      expect(turns[0]).toEqual({ text: '13', asked: ['time'], slots: { time: '13' } });
      for (const { text, slots } of turns)
        for (const [slot, value] of Object.entries(slots)) {
          expect(slotNames).toContain(slot);
          expect(value).not.toBe('');
          expect(text).toContain(value);
        }
    });

    it('has inputs from which text and what was asked for are read again', () => {
      for (const turn of readTurns('train_0')) {
        const { text, asked } = readInput(inputOf(turn));
        expect({ text, asked }).toEqual({ text: turn.text, asked: turn.asked });
      }
    });
  },
);
