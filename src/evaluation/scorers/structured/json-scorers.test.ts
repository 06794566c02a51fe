import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { corpusOf, judgedText, scoresOf, valuesOf } from '../judged.fixture.ts';
import { bestPairing } from './best-pairing.ts';
import { leafCredit, sameDate } from './comparators.ts';
import { compareFields, type FieldRules } from './compare-fields.ts';
import { compileSchema } from './compile-schema.ts';
import { jsonExactScorer, jsonFieldsScorer, jsonSchemaScorer, jsonValidScorer } from './json-scorers.ts';
import { canonicalText, type JsonValue, readJson } from './json-value.ts';

const rules: FieldRules = { arrays: 'ordered', nulls: 'value', fields: {} };
const options = { ...rules, fenced: false, gold: 'reference' as const, invalid: 'undefined' as const };

describe('reading JSON', () => {
  const valid = (text: string | null, fenced = false) =>
    valuesOf(jsonValidScorer('json', { fenced }), judgedText(text)).then(({ json }) => json);

  it('is strict: JSON and nothing else', async () => {
    for (const text of ['{"a": 1}', ' [1, 2]\n', 'null', '"x"', '1e3'])
      expect(await valid(text), text).toBe(1);
    for (const text of [
      '',
      'Here it is: {"a": 1}',
      "{'a': 1}",
      '{"a": 1,}',
      '{"a": NaN}',
      '```json\n{}\n```',
      '{"a": 1} {"b": 2}',
    ])
      expect(await valid(text), text).toBe(0);
    expect(await valid(null)).toBe('abstained');
  });

  it('looks into one code fence only where that is allowed', async () => {
    expect(await valid('Sure!\n```json\n{"a": 1}\n```\nDone.', true)).toBe(1);
    expect(await valid('```\n[1]', true)).toBe(1);
    expect(await valid('{"a": 1}', true)).toBe(1);
    expect(await valid('Sure! {"a": 1}', true)).toBe(0);
    expect(
      (await scoresOf(jsonValidScorer('json', { fenced: true }), judgedText('```\n1\n```\n```\n2\n```')))
        .json,
    ).toEqual({
      status: 'scored',
      value: 0,
      detail: { invalid: 'several-blocks' },
    });
  });

  it('takes nesting without end as invalid, and keeps hostile keys as data', async () => {
    expect(readJson('['.repeat(100_000))).toMatchObject({ reason: 'too-deep' });
    expect(readJson('["[[[[", "\\"["]')).toMatchObject({ status: 'read' });
    const hostile = '{"__proto__": {"polluted": 1}, "constructor": 2}';
    const found = compareFields(JSON.parse(hostile), JSON.parse(hostile), rules);
    expect(found).toMatchObject({ matched: 2, predicted: 2, gold: 2 });
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });
});

describe('a schema', () => {
  const schema = {
    type: 'object',
    required: ['total'],
    additionalProperties: false,
    properties: { total: { type: 'number' }, due: { type: 'string', format: 'date' } },
  };
  const scorers = jsonSchemaScorer('order', options, () => compileSchema('order', schema));

  it('is conformed to or not, and what is no JSON is a class of its own', async () => {
    expect(await valuesOf(scorers, judgedText('{"total": 3, "due": "2026-01-31"}'))).toEqual({
      order: 1,
      'order.invalid': 0,
    });
    expect((await scoresOf(scorers, judgedText('{"total": "3"}'))).order).toEqual({
      status: 'scored',
      value: 0,
      detail: { problem: '/total must be number' },
    });
    expect((await scoresOf(scorers, judgedText('{"total": 3, "due": "31.1.2026"}'))).order).toMatchObject({
      value: 0,
    });
    expect((await scoresOf(scorers, judgedText('{"total": 3, "x": 1}'))).order).toMatchObject({
      detail: { problem: 'the value must NOT have additional properties ("x")' },
    });
    expect(await valuesOf(scorers, judgedText('total: 3'))).toEqual({
      order: 'invalid-output',
      'order.invalid': 1,
    });
    expect(await valuesOf(scorers, judgedText(null))).toEqual({
      order: 'abstained',
      'order.invalid': 'abstained',
    });
    const asZero = jsonSchemaScorer('order', { fenced: false, invalid: 'zero' }, () =>
      compileSchema('order', schema),
    );
    expect((await scoresOf(asZero, judgedText('total: 3'))).order).toMatchObject({
      value: 0,
      detail: { invalid: 'not-json' },
    });
  });

  it('is refused before the run when it is none', async () => {
    for (const wrong of [
      { type: 'objekt' },
      { requird: ['a'] },
      { format: 'dat' },
      { $ref: 'https://example.com/x.json' },
      [],
      'x',
    ])
      await expect(compileSchema('order', wrong), JSON.stringify(wrong)).rejects.toMatchObject({
        code: 'scorer-invalid',
      });
    const draft7 = { $schema: 'http://json-schema.org/draft-07/schema#', items: [{ type: 'number' }] };
    expect((await compileSchema('order', draft7))(['x'])).toBe('/0 must be number');
  });
});

describe('the canonical exact match', () => {
  const exact = (text: string | null, reference: string, more = {}) =>
    valuesOf(jsonExactScorer('same', { ...options, ...more }), judgedText(text, { reference })).then(
      ({ same }) => same,
    );

  it('goes by value, not by writing', async () => {
    expect(await exact('{"b":[1.0,2],"a":"x"}', '{"a": "\\u0078", "b": [1, 2e0]}')).toBe(1);
    expect(await exact('[2,1]', '[1,2]')).toBe(0);
    expect(await exact('[2,1]', '[1,2]', { arrays: 'unordered' })).toBe(1);
    expect(await exact('{"a":null}', '{}')).toBe(0);
    expect(await exact('{"a":null}', '{}', { nulls: 'missing' })).toBe(1);
    expect(await exact('{"a":"X"}', '{"a":"x"}')).toBe(0);
    expect(await exact('1', '"1"')).toBe(0);
    expect(await exact('1e999', 'null')).toBe(0);
  });

  it('has a class for everything that is no answer', async () => {
    expect(await exact('oops', '{}')).toBe('invalid-output');
    expect(await exact('oops', '{}', { invalid: 'zero' })).toBe(0);
    expect(await exact(null, '{}')).toBe(0);
    expect(await exact('{}', '{,}')).toBe('error: the reference of the sample cannot be read: not-json');
    const scorers = jsonExactScorer('same', options);
    expect(await valuesOf(scorers, judgedText('{}'))).toMatchObject({ same: 'no-gold' });
    expect(await valuesOf(scorers, judgedText(null, { answerable: false }))).toMatchObject({ same: 1 });
    expect(await valuesOf(scorers, judgedText('{}', { answerable: false }))).toMatchObject({ same: 0 });
    expect(await valuesOf(scorers, judgedText('[2]', { references: ['[1]', '[2]'] }))).toMatchObject({
      same: 1,
    });
    const byLabel = jsonExactScorer('same', { ...options, gold: 'label' });
    expect(await valuesOf(byLabel, judgedText('[2]', { label: '[2]' }))).toMatchObject({ same: 1 });
  });
});

describe('fields', () => {
  const compare = (gold: JsonValue, predicted: JsonValue, more: Partial<FieldRules> = {}) =>
    compareFields(gold, predicted, { ...rules, ...more });

  it('are leaves: path and value', async () => {
    // Gold leaves: customer.name, customer.city, lines.0, lines.1, note. Predicted: name right, city wrong, lines.0 right,
    // lines.1 wrong, lines.2 extra, colour extra.
    const gold = { customer: { name: 'Ann', city: 'Bonn' }, lines: [1, 2], note: null };
    const predicted = { customer: { name: 'Ann', city: 'Ulm' }, lines: [1, 3, 2], colour: 'red' };
    expect(compare(gold, predicted)).toEqual({
      matched: 2,
      predicted: 6,
      gold: 5,
      parts: {
        'customer.name': [1, 1, 1],
        'customer.city': [0, 1, 1],
        'lines.*': [1, 3, 2],
        note: [0, 0, 1],
        colour: [0, 1, 0],
      },
    });
    const scorers = jsonFieldsScorer('order', options);
    const values = await valuesOf(
      scorers,
      judgedText(JSON.stringify(predicted), { reference: JSON.stringify(gold) }),
    );
    expect(values).toEqual({
      order: 4 / 11,
      'order.precision': 2 / 6,
      'order.recall': 2 / 5,
      'order.invalid': 0,
    });
  });

  it('invented without end do not fill the record', () => {
    const invented = Object.fromEntries(Array.from({ length: 1000 }, (_, index) => [`key${index}`, 1]));
    const found = compare({ a: 1 }, { ...invented, a: 1 });
    expect(found).toMatchObject({ matched: 1, predicted: 1001, gold: 1 });
    expect(Object.keys(found.parts)).toHaveLength(52);
    expect(found.parts['(other)']).toEqual([0, 950, 0]);
  });

  it('count as decided for order, null and emptiness', () => {
    expect(compare([1, 2], [2, 1])).toMatchObject({ matched: 0, predicted: 2, gold: 2 });
    expect(compare([1, 2], [2, 1], { arrays: 'unordered' })).toMatchObject({ matched: 2 });
    expect(compare([1, 2], [2, 1], { fields: { '': 'set' } })).toMatchObject({ matched: 2 });
    expect(
      compare({ a: [1, 2] }, { a: [2, 1] }, { arrays: 'unordered', fields: { a: 'list' } }),
    ).toMatchObject({ matched: 0 });
    expect(compare([1, 1, 2], [1, 2, 2], { arrays: 'unordered' })).toMatchObject({
      matched: 2,
      predicted: 3,
      gold: 3,
    });
    expect(compare({ a: null }, {})).toMatchObject({ matched: 0, predicted: 1, gold: 1 });
    expect(compare({ a: null }, {}, { nulls: 'missing' })).toMatchObject({
      matched: 1,
      predicted: 1,
      gold: 1,
    });
    expect(compare({ a: null }, { a: null })).toMatchObject({ matched: 1 });
    expect(compare({ a: [] }, {})).toMatchObject({ matched: 0, predicted: 1, gold: 1 });
    expect(compare({ a: [] }, { a: [] })).toMatchObject({ matched: 1, predicted: 1, gold: 1 });
    expect(compare({ a: [] }, { a: {} })).toMatchObject({ matched: 0 });
    expect(compare({ a: 1 }, { a: { b: 1 } })).toMatchObject({ matched: 0, predicted: 1, gold: 1 });
    expect(compare({ a: 1, id: 7 }, { a: 1, id: 8 }, { fields: { id: 'ignore' } })).toMatchObject({
      matched: 1,
      predicted: 1,
      gold: 1,
    });
  });

  it('of objects in a set are paired to have most in common', () => {
    const gold = [
      { sku: 'a', n: 1 },
      { sku: 'b', n: 2 },
    ];
    const predicted = [
      { sku: 'b', n: 3 },
      { sku: 'a', n: 1 },
      { sku: 'c', n: 9 },
    ];
    expect(compare({ lines: gold }, { lines: predicted }, { fields: { lines: 'set' } })).toMatchObject({
      matched: 3,
      predicted: 6,
      gold: 4,
    });
    // Tolerances chain: 1-1.1 and 1.1-1.2 match, though pairing the equal 1.1 first would leave 1 and 1.2 alone.
    const near = { fields: { '': 'set' as const, '*': { compare: 'number' as const, absolute: 0.11 } } };
    expect(compare([1, 1.1], [1.1, 1.2], near)).toMatchObject({ matched: 2 });
    const many = Array.from({ length: 1000 }, (_, index) => index);
    expect(compare(many, [...many].reverse(), { arrays: 'unordered' })).toMatchObject({ matched: 1000 });
    expect(() =>
      compare(
        many,
        many.map((value) => -value - 1),
        { arrays: 'unordered' },
      ),
    ).toThrow('more than 200 elements');
  });

  it('are given up where unordered arrays in unordered arrays take too long', () => {
    const nested = (size: number, start: number): JsonValue =>
      Array.from({ length: size }, (_, row) =>
        Array.from({ length: size }, (_, column) => start + row * size + column),
      );
    expect(compare(nested(20, 0), nested(20, 0), { arrays: 'unordered' })).toMatchObject({ matched: 400 });
    expect(() => compare(nested(150, 0), nested(150, 7), { arrays: 'unordered' })).toThrow(
      'too large to be compared',
    );
  });

  it('have a class for invalid output, whose gold is missed in the corpus', async () => {
    const scorers = jsonFieldsScorer('order', options);
    const reference = '{"a": 1, "b": 2}';
    const scores = [];
    for (const text of ['{"a": 1, "b": 2}', '{"a": 1}', 'oops', null]) {
      const found = await scoresOf(scorers, judgedText(text, { reference }));
      scores.push(found.order!);
    }
    expect(scores.map((score) => (score.status === 'scored' ? score.value : score.status))).toEqual([
      1,
      2 / 3,
      'undefined',
      0,
    ]);
    expect(await valuesOf(scorers, judgedText('oops', { reference }))).toEqual({
      order: 'invalid-output',
      'order.precision': 'invalid-output',
      'order.recall': 'invalid-output',
      'order.invalid': 1,
    });
    expect(await valuesOf(scorers, judgedText(null, { reference }))).toMatchObject({
      order: 0,
      'order.precision': 'abstained',
      'order.recall': 0,
    });
    // Matched 3 of 3 predicted and 8 gold; a: 2 of 2 and 4, b: 1 of 1 and 4.
    const figures = Object.fromEntries(corpusOf(scorers[0]!, scores).map(({ name, value }) => [name, value]));
    expect(figures).toEqual({
      'order micro precision': 1,
      'order micro recall': 3 / 8,
      'order micro F1': 6 / 11,
      'order macro F1': expect.closeTo((4 / 6 + 2 / 5) / 2, 12),
      'order F1 of a': 4 / 6,
      'order F1 of b': 2 / 5,
    });
  });
});

describe('comparators', () => {
  it('forgive numbers as much as they are told to', () => {
    expect(leafCredit(0.3, 0.1 + 0.2, 'exact')).toBe(0);
    expect(leafCredit(0.3, 0.1 + 0.2, 'number')).toBe(1);
    expect(leafCredit(100, 101, 'number')).toBe(0);
    expect(leafCredit(100, 101, { compare: 'number', absolute: 1 })).toBe(1);
    expect(leafCredit(100, 101, { compare: 'number', relative: 0.01 })).toBe(1);
    expect(leafCredit(100, 102, { compare: 'number', relative: 0.01 })).toBe(0);
    expect(leafCredit(100, -100, { compare: 'number', relative: 0.01 })).toBe(0);
    expect(leafCredit(0, -0, 'exact')).toBe(1);
    expect(leafCredit(1, '1', 'number')).toBe(0);
  });

  it('know a date when they see one', () => {
    expect(sameDate('2026-03-01', '2026-03-01T10:00:00Z')).toBe(true);
    expect(sameDate('2026-03-01T10:00:00Z', '2026-03-01T12:00:00+02:00')).toBe(true);
    expect(sameDate('2026-03-01T10:00', '2026-03-01 10:00:00')).toBe(true);
    expect(sameDate('2026-03-01T10:00', '2026-03-01T10:00Z')).toBe(false);
    expect(sameDate('2026-02-30', '2026-03-02')).toBe(false);
    expect(sameDate('02/03/2026', '2026-03-02')).toBe(false);
    expect(leafCredit('soon', 'soon', 'date')).toBe(1);
  });

  it('compare words', () => {
    expect(leafCredit('New  York', 'new york', 'exact')).toBe(0);
    expect(leafCredit('New  York', 'new york', 'normalised')).toBe(1);
    // 1 common token of 2 and 2.
    expect(leafCredit('black cat', 'cat sat', 'token-f1')).toBe(0.5);
  });
});

const json = fc.jsonValue({ maxDepth: 3 }) as fc.Arbitrary<JsonValue>;
const anyRules = fc.record({
  arrays: fc.constantFrom('ordered' as const, 'unordered' as const),
  nulls: fc.constantFrom('value' as const, 'missing' as const),
  fields: fc.constant({}),
});

describe('what must hold for any value', () => {
  it('a value has everything in common with itself', () => {
    fc.assert(
      fc.property(json, anyRules, (value, any) => {
        const { matched, predicted, gold } = compareFields(value, value, any);
        expect([matched, predicted]).toEqual([gold, gold]);
      }),
    );
  });

  it('equal canonical texts and full agreement are the same thing', () => {
    fc.assert(
      fc.property(json, json, anyRules, (one, other, any) => {
        const { matched, predicted, gold } = compareFields(one, other, any);
        expect(matched).toBeLessThanOrEqual(Math.min(predicted, gold));
        if (canonicalText(one, any) === canonicalText(other, any))
          expect([matched, predicted]).toEqual([gold, gold]);
      }),
    );
  });

  it('gold and prediction may change places, and a set its order', () => {
    fc.assert(
      fc.property(fc.array(json, { maxLength: 5 }), fc.array(json, { maxLength: 5 }), (one, other) => {
        const unordered = { ...rules, arrays: 'unordered' as const };
        const { matched, predicted, gold } = compareFields(one, other, unordered);
        expect(compareFields(other, one, unordered)).toMatchObject({
          matched,
          predicted: gold,
          gold: predicted,
        });
        expect(compareFields([...one].reverse(), other, unordered)).toMatchObject({
          matched,
          predicted,
          gold,
        });
      }),
    );
  });

  it('the pairing is the best of all pairings', () => {
    const matrix = fc
      .tuple(fc.integer({ min: 1, max: 4 }), fc.integer({ min: 1, max: 4 }))
      .chain(([rows, columns]) =>
        fc.array(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: columns, maxLength: columns }), {
          minLength: rows,
          maxLength: rows,
        }),
      );
    const best = (gains: number[][], taken: Set<number> = new Set()): number => {
      const [row, ...rest] = gains;
      if (!row) return 0;
      const choices = [...row.keys()].filter((column) => !taken.has(column));
      return Math.max(
        best(rest, taken),
        ...choices.map((column) => row[column]! + best(rest, new Set([...taken, column]))),
      );
    };
    fc.assert(
      fc.property(matrix, (gains) => {
        const pairing = bestPairing(gains);
        const used = pairing.filter((column) => column >= 0);
        expect(new Set(used).size).toBe(used.length);
        expect(pairing.reduce((sum, column, row) => sum + (gains[row]![column] ?? 0), 0)).toBe(best(gains));
      }),
    );
  });
});
