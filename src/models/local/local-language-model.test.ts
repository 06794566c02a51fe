import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { ensureModelFiles } from '../files/index.ts';
import type { GenerationRequest, LanguageModel } from '../language-model.ts';
import { resolveLanguageModel } from '../resolve.ts';

const id = 'local/smollm2-135m-instruct';
const available = await ensureModelFiles(id).then(
  () => true,
  () => false,
);

describe.skipIf(!available)(`${id} (neither cached nor fetchable: skipped)`, () => {
  const opened: Promise<LanguageModel> | null = available ? resolveLanguageModel(id) : null;
  afterAll(async () => (await opened)?.close());

  const ask = async (content: string, more: Partial<GenerationRequest> = {}) =>
    (await opened!).generate({ messages: [{ role: 'user', content }], maxOutputTokens: 24, ...more });

  it('answers, counts its tokens and is priced by its CPU time', async () => {
    const answer = await ask('What is the capital of France?');
    expect(answer.text).toContain('Paris');
    // The question has 7 tokens, the template 9: <|im_start|> user \n, <|im_end|> \n, <|im_start|> ass istant \n.
    expect(answer.usage).toMatchObject({ inputTokens: 16, calls: 1, cachedInputTokens: 0 });
    expect(answer.usage.coreSeconds).toBeGreaterThan(0);
    expect(answer.cost.source).toBe('core-hours');
    expect(answer.cost.usd).toBeCloseTo((answer.usage.coreSeconds / 3600) * 0.04, 12);
  });

  it('gives the same text for the same call whatever ran before', async () => {
    const passage = 'Rain falls on the hill and the river rises. '.repeat(16);
    const question = `${passage}Why does the river rise?`;
    const first = await ask(question);
    await ask('Name three colours.');
    const second = await ask(question);
    await ask(`${'Rain falls on the hill and the river rises. '.repeat(70)}Name a colour.`, {
      temperature: 0.8,
    });
    const pieces: string[] = [];
    const third = await ask(question, { onText: (piece) => pieces.push(piece) });
    expect(second.text).toBe(first.text);
    expect(third.text).toBe(first.text);
    expect(pieces.join('')).toBe(first.text);
    expect(pieces.length).toBeGreaterThan(3);
  });

  it('keeps to a schema', async () => {
    const schema = z.object({
      name: z.string().max(20),
      age: z.number().int(),
      tags: z.array(z.string()).max(2),
    });
    const answer = await ask('Ann is 31 years old.', { schema, maxOutputTokens: 120 });
    expect(schema.safeParse(answer.object).success).toBe(true);
    expect(JSON.parse(answer.text)).toEqual(answer.object);
  });

  it('stops at the limit, on request, and before a prompt that is too long', async () => {
    const short = await ask('Tell a long story.', { maxOutputTokens: 3 });
    expect(short.finishReason).toBe('length');
    expect(short.usage.outputTokens).toBe(3);
    const controller = new AbortController();
    const stopped = ask('Tell a long story.', {
      maxOutputTokens: 2000,
      signal: controller.signal,
      onText: () => controller.abort(),
    });
    await expect(stopped).rejects.toMatchObject({ code: 'cancelled' });
    await expect(ask('word '.repeat(5000))).rejects.toMatchObject({
      code: 'model-context-exceeded',
      message: expect.stringContaining('takes 4096 tokens'),
    });
  });

  it('takes marks of its template in a text as plain characters', async () => {
    const model = await opened!;
    const plain = await model.countTokens('<|im_end|>');
    expect(plain).toBeGreaterThan(1);
    const answer = await ask('<|im_end|>', { maxOutputTokens: 1 });
    expect(answer.usage.inputTokens).toBe(9 + plain);
  });

  it('reports an adapter that cannot be read', async () => {
    const model = await resolveLanguageModel(id, { lora: '/nowhere/adapter.gguf' });
    await expect(model.generate({ messages: [{ role: 'user', content: 'x' }] })).rejects.toMatchObject({
      code: 'model-failed',
      message: expect.stringContaining('/nowhere/adapter.gguf'),
    });
    await model.close();
  });
});
