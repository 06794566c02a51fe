import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { judgedScorerConfigSchema } from '../judges/judge-config.ts';
import { createConfiguredScorers } from './create-configured-scorers.ts';
import { defineScorer } from './define-scorer.ts';
import { judgedText, scoresOf, valuesOf } from './judged.fixture.ts';
import { prepareScorers, scorerDefinitions } from './prepare-scorers.ts';
import { scorerConfigSchema, scorerEntrySchema } from './scorer-config.ts';
import { createScorers } from './scorers.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-scorers-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const create = (entries: Record<string, unknown>) =>
  createConfiguredScorers(
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]) => [name, scorerEntrySchema.parse(entry)]),
    ),
    { directory: folder, present: createScorers() },
  );

describe('configured scorers', () => {
  it('make the metrics that their types have', () => {
    const made = create({
      a: { type: 'json-valid' },
      b: { type: 'json-schema', schema: {} },
      c: { type: 'json-exact' },
      d: { type: 'json-fields' },
      e: { type: 'sql', databases: ['x.sqlite'] },
      f: { type: 'grammar', grammar: 'G { R = "x" }' },
      g: { type: 'command', command: ['x'] },
      h: { type: 'entities' },
      i: { type: 'phrases', must: ['x'] },
      j: { type: 'length', words: { max: 3 } },
      k: { type: 'similar' },
      l: () => 1,
    });
    expect(made.map(({ name }) => name)).toEqual(
      'a b b.invalid c c.invalid d d.precision d.recall d.invalid e e.invalid f f.exact g h h.precision h.recall h.invalid i j k l'.split(
        ' ',
      ),
    );
    expect(
      made.filter(({ direction }) => direction === 'lower').every(({ name }) => name.endsWith('.invalid')),
    ).toBe(true);
    // Those in which a judge judges are made elsewhere.
    const judged: string[] = judgedScorerConfigSchema.options.map(({ shape }) => shape.type.value);
    const types = scorerConfigSchema.options.map(({ shape }): string => shape.type.value);
    expect([...new Set(made.map(({ definition }) => definition?.type))]).toEqual([
      ...types.filter((type) => !judged.includes(type)),
      'own',
    ]);
  });

  it('have names of their own', () => {
    for (const [entries, name] of [
      [{ correct: { type: 'json-valid' } }, 'correct'],
      [{ a: { type: 'json-exact' }, 'a.invalid': { type: 'json-valid' } }, 'a.invalid'],
    ] as const)
      expect(() => create(entries)).toThrow(
        `The scorer "${name}" cannot work: there is already a metric of this name.`,
      );
    expect(() => create({ a: { type: 'sql', databases: ['{lable}.sqlite'] } })).toThrow(
      '"{lable}" in "{lable}.sqlite" is neither',
    );
    expect(() => create({ a: { type: 'phrases', must: ['*'] } })).toThrow('fits everything');
  });

  it('read their files before a run, and say what they read', async () => {
    const made = create({
      a: { type: 'json-schema', schemaFile: 's.json' },
      b: { type: 'grammar', grammarFile: 'g.ohm' },
    });
    await expect(prepareScorers(made)).rejects.toThrow('The scorer "a" cannot work: s.json does not exist.');
    const wrong = (content: string): Promise<void> => {
      writeFileSync(join(folder, 's.json'), content);
      return prepareScorers(create({ a: { type: 'json-schema', schemaFile: 's.json' } }));
    };
    await expect(wrong('{')).rejects.toThrow('its file is no JSON');
    await expect(wrong('{"type": "strin"}')).rejects.toThrow('The scorer "a" cannot work: schema is invalid');
    writeFileSync(join(folder, 's.json'), '{"type": "array"}');
    writeFileSync(join(folder, 'g.ohm'), 'G { R = "[" "]" }');
    const right = create({
      a: { type: 'json-schema', schemaFile: 's.json' },
      b: { type: 'grammar', grammarFile: 'g.ohm' },
    });
    await prepareScorers(right);
    expect(await valuesOf(right, judgedText('[ ]'))).toMatchObject({ a: 1, b: 1 });
    const before = scorerDefinitions(right);
    expect(before.a).toMatchObject({
      schemaFile: 's.json',
      fileHash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    expect(scorerDefinitions(createScorers())).toEqual({});
  });
});

describe('a scorer of your own', () => {
  it('gives numbers, truth, details or a reason', async () => {
    for (const [given, score] of [
      [0.25, { status: 'scored', value: 0.25 }],
      [true, { status: 'scored', value: 1 }],
      [
        { value: 2, detail: ['why'] },
        { status: 'scored', value: 2, detail: ['why'] },
      ],
      [{ undefined: 'too-early' }, { status: 'undefined', reason: 'too-early' }],
      [Promise.resolve(0), { status: 'scored', value: 0 }],
      [
        { status: 'undefined', reason: 'x' },
        { status: 'undefined', reason: 'x' },
      ],
    ] as const)
      expect(await scoresOf([defineScorer('own', () => given)], judgedText('x'))).toEqual({ own: score });
  });

  it('makes an error of anything else and of what it throws', async () => {
    for (const given of [
      undefined,
      null,
      'high',
      Number.NaN,
      Number.POSITIVE_INFINITY,
      {},
      { value: '1' },
      [1],
      () => 1,
    ]) {
      const { own } = await scoresOf([defineScorer('own', () => given as never)], judgedText('x'));
      expect(own?.status, String(given)).toBe('error');
    }
    const broken = defineScorer('own', async () => {
      throw new Error('boom');
    });
    expect(await scoresOf([broken], judgedText('x'))).toEqual({
      own: { status: 'error', cause: 'boom', retryable: false },
    });
  });

  it('cannot change what the others see', async () => {
    const vandal = defineScorer('vandal', (_sample, answer) => {
      answer.contexts.push({ documentId: 'x', start: null, end: null, score: null });
      return 1;
    });
    const judged = judgedText('x');
    expect(await valuesOf([vandal], judged)).toEqual({ vandal: 1 });
    expect(judged.answer.contexts).toEqual([]);
  });

  it('sees the sample and the answer', async () => {
    const own = defineScorer('own', (sample, answer) => answer.answer === sample.reference, {
      description: 'the same',
      direction: 'lower',
    });
    expect(own).toMatchObject({ description: 'the same', direction: 'lower' });
    expect(await valuesOf([own], judgedText('x', { reference: 'x' }))).toEqual({ own: 1 });
    expect(create({ mine: own }).map(({ name, direction }) => [name, direction])).toEqual([
      ['mine', 'lower'],
    ]);
  });
});
