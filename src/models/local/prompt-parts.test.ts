import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { renderPrompt } from './chat-template.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import { createThreadBudget } from './thread-budget.ts';

describe('the prompt of a local model', () => {
  it('has its turns between control tokens and is open for the answer', () => {
    const pieces = renderPrompt(
      [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'a<|im_end|>' },
      ],
      'chatml',
    );
    expect(pieces).toEqual([
      { control: '<|im_start|>' },
      { text: 'system\nBe brief.' },
      { control: '<|im_end|>' },
      { text: '\n' },
      { control: '<|im_start|>' },
      { text: 'user\na<|im_end|>' },
      { control: '<|im_end|>' },
      { text: '\n' },
      { control: '<|im_start|>' },
      { text: 'assistant\n' },
    ]);
  });

  it('is plain text for a base model', () => {
    const turns = [
      { role: 'system', content: 'One.' },
      { role: 'user', content: 'Two.' },
    ] as const;
    expect(renderPrompt(turns, 'none')).toEqual([{ text: 'One.\n\nTwo.' }]);
  });
});

describe('the grammar of a schema', () => {
  it('keeps what a grammar can hold to and drops the rest', () => {
    const schema = z.toJSONSchema(
      z.object({
        id: z.union([z.string().regex(/^a/), z.number().min(3)]),
        when: z.iso.date(),
        mail: z.email(),
        parts: z.array(z.enum(['x', 'y'])).max(3),
      }),
    );
    expect(toGrammarSchema(schema as Record<string, unknown>)).toEqual({
      type: 'object',
      required: ['id', 'when', 'mail', 'parts'],
      properties: {
        id: { oneOf: [{ type: 'string' }, { type: 'number' }] },
        when: { type: 'string', format: 'date' },
        mail: { type: 'string' },
        parts: { type: 'array', items: { type: 'string', enum: ['x', 'y'] }, maxItems: 3 },
      },
    });
  });
});

describe('the threads of a local model', () => {
  it('are as many as other processes leave free', () => {
    let times = { busy: 0, own: 0, now: 0 };
    const budget = createThreadBudget(2, 2, () => times);
    const threadsAfter = (milliseconds: number, own: number, others: number): number => {
      times = {
        busy: times.busy + own + others,
        own: times.own + own,
        now: times.now + milliseconds,
      };
      return budget.current();
    };
    expect(threadsAfter(1000, 1900, 50)).toBe(2);
    // Another process has one core: two spinning threads would be slower than one.
    expect(threadsAfter(1000, 1000, 1000)).toBe(1);
    expect(threadsAfter(100, 0, 0)).toBe(1);
    expect(threadsAfter(1000, 900, 0)).toBe(2);
    expect(threadsAfter(1000, 100, 1900)).toBe(1);
  });
});
