import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addUsage, inputPartNames, noUsage } from '../../core/index.ts';
import { withInputParts } from './prompt-parts.ts';
import { groundedPrompt } from './prompts.ts';

const usage = (inputTokens: number) => ({ ...noUsage, inputTokens, calls: 1 });

describe('the parts of a prompt', () => {
  it('share the measured tokens by characters', () => {
    const messages = [
      { role: 'system' as const, content: 'x'.repeat(100) },
      { role: 'user' as const, content: 'y'.repeat(20) },
      { role: 'assistant' as const, content: 'z'.repeat(30) },
      { role: 'user' as const, content: 'w'.repeat(50) },
    ];
    // 200 characters and 400 tokens: two a character.
    expect(withInputParts(usage(400), messages, 'w'.repeat(50)).inputParts).toEqual({
      staticPrefix: 200,
      fewShot: 100,
      history: 0,
      retrieved: 0,
      query: 100,
    });
  });

  it('tell passages from the question that follows them', () => {
    const messages = groundedPrompt('Why?', [{ number: 1, title: '', text: 'p'.repeat(67) }], 'i'.repeat(20));
    // "Passages:\n[1] ", the text and two line ends: 14 + 67 + 2 = 83; "Question: Why?": 14; with 20 of instructions 117.
    const { inputParts } = withInputParts(usage(117), messages, 'Why?');
    expect(inputParts).toEqual({ staticPrefix: 20, fewShot: 0, history: 0, retrieved: 83, query: 14 });
  });

  it('are absent where nothing was counted, and sum to the total otherwise', () => {
    expect(withInputParts(usage(0), [], '').inputParts).toBeUndefined();
    const role = fc.constantFrom('system' as const, 'user' as const, 'assistant' as const);
    const message = fc.record({ role, content: fc.string({ maxLength: 40 }) });
    fc.assert(
      fc.property(
        fc.array(message, { maxLength: 6 }),
        fc.string(),
        fc.integer({ min: 1, max: 5000 }),
        (messages, question, total) => {
          const { inputParts } = withInputParts(usage(total), messages, question);
          const counts = inputPartNames.map((name) => inputParts?.[name] ?? Number.NaN);
          expect(counts.every((count) => count >= 0)).toBe(true);
          expect(counts.reduce((sum, count) => sum + count, 0)).toBe(total);
        },
      ),
    );
  });

  it('are summed only where they are known of every input', () => {
    const parts = { staticPrefix: 1, fewShot: 2, history: 3, retrieved: 4, query: 5 };
    const known = { inputTokens: 15, inputParts: parts };
    const twice = { staticPrefix: 2, fewShot: 4, history: 6, retrieved: 8, query: 10 };
    expect(addUsage(known, { embeddedTokens: 9 }, known).inputParts).toEqual(twice);
    expect(addUsage(known, { inputTokens: 1 })).toEqual({ ...noUsage, inputTokens: 16 });
    expect(addUsage()).toEqual(noUsage);
    expect(addUsage(known).inputParts).not.toBe(parts);
  });
});
