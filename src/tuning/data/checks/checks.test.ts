import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { streamOf } from '../../rows.fixture.ts';
import type { TuningMessage, TuningRow } from '../tuning-row.ts';
import { type CheckRowsOptions, checkRows } from './check-rows.ts';
import { fixRows } from './fix-rows.ts';
import { findPrivateData, redact } from './private-data.ts';
import { createSimilarTexts, estimatedSimilarity, signatureOf } from './text-keys.ts';

let rows = 0;
function row(input: string, target: string, more: Partial<TuningRow> = {}): TuningRow {
  const messages: TuningMessage[] = [
    { role: 'user', content: input },
    { role: 'assistant', content: target },
  ];
  return { id: `r${++rows}`, messages, origin: { kind: 'file', file: 'f.jsonl', line: rows }, ...more };
}
const topics = [
  'kettle',
  'bicycle',
  'library card',
  'train ticket',
  'garden hose',
  'winter coat',
  'violin',
  'umbrella',
  'tent',
  'lamp',
  'radio',
  'sofa',
];
const filler = (): TuningRow[] =>
  topics.map((topic, index) =>
    row(
      `Where do people leave a ${topic} after ${topics[(index + 5) % 12]} day?`,
      `Behind the ${topic} rack.`,
    ),
  );
const check = (given: readonly TuningRow[], options?: CheckRowsOptions) =>
  checkRows(streamOf(given), options);
const named = async (given: readonly TuningRow[], options?: CheckRowsOptions) =>
  (await check(given, options)).findings.map(({ check: name }) => name);

describe('checkRows', () => {
  it('finds nothing but what is few in rows that are in order', async () => {
    expect(await named(filler())).toEqual(['size', 'split']);
  });

  it.each<[string, TuningRow[], CheckRowsOptions?]>([
    [
      'roles',
      [
        row('a question', 'b', {
          messages: [
            { role: 'user', content: 'a' },
            { role: 'user', content: 'b' },
          ],
        }),
      ],
    ],
    ['empty-target', [row('Say nothing at all now', ' ')]],
    [
      'refusing-targets',
      [
        row('Tell me a story of ships', 'I’m sorry, I cannot do that.'),
        row('Give me a list', "I'm sorry, but no."),
      ],
    ],
    [
      'schema',
      [
        row('Order of two', '{"people": 2}', {
          schema: { type: 'object', properties: { people: { type: 'string' } } },
        }),
      ],
    ],
    ['duplicates', [row('Twice the same question', 'one'), row('Twice  the SAME question', 'one')]],
    [
      'near-duplicates',
      [
        row('Please tell me how I can reset the password of my account today', 'one'),
        row('Please tell me how I can reset the password of my account now', 'two'),
      ],
    ],
    [
      'contradictions',
      [
        row('Which one is it then', 'one', { label: 'one' }),
        row('Which one is it then', 'two', { label: 'two' }),
      ],
    ],
    [
      'leakage',
      [row('What is asked in the test?', 'x')],
      { frozenTests: [{ dataset: 'd', samples: [{ id: 's', input: 'what is asked in the  test?' }] }] },
    ],
    [
      'near-leakage',
      [row('What exactly is asked of me in the final test of spring?', 'x')],
      {
        frozenTests: [
          {
            dataset: 'd',
            samples: [{ id: 's', input: 'What exactly is asked of me in the final test of springs?' }],
          },
        ],
      },
    ],
    ['secrets', [row('Use the key sk-abcdefghijklmnopqrstuvwx12', 'ok')]],
    ['personal-data', [row('Write to ann.lee@mail.example.org please', 'ok')]],
    [
      'changing-facts',
      [
        row('How much is ticket A today', 'It is 12 euros.'),
        row('How much is ticket A today', 'It is 14 euros.'),
      ],
    ],
    ['length', [row('long', 'longer')], { countTokens: async () => 2000, maxTokens: 1000 }],
  ])('finds %s', async (name, planted, options) => {
    expect(await named([...filler(), ...planted], options)).toContain(name);
    expect(await named(filler(), options?.maxTokens ? {} : options)).not.toContain(name);
  });

  it('does not take a question for a test sample because both stand under the same tables', async () => {
    const tables =
      'city(name, population, country)\nriver(name, length, traverse)\nlake(name, area, state)\n';
    const samples = ['Which river is the longest?', 'How many lakes are there?', 'Name every city.'].map(
      (question, index) => ({ id: `s${index}`, input: `${tables}Question: ${question}` }),
    );
    const frozenTests = [{ dataset: 'd', samples }];
    const asked = (question: string) => [row(`${tables}Question: ${question}`, 'x')];
    expect(await named(asked('What do people drink in Peru?'), { frozenTests })).not.toContain(
      'near-leakage',
    );
    expect(await named(asked('Which river is the longest??'), { frozenTests })).toContain('near-leakage');
  });

  it('works out the ceiling that contradictions leave', async () => {
    const label = (name: string) => row('the same words', name, { label: name });
    // Two of three can be right for one input, and both for the other: 4 of 5.
    const { ceiling } = await check([
      label('a'),
      label('a'),
      label('b'),
      row('others', 'c', { label: 'c' }),
      row('others', 'c', { label: 'c' }),
    ]);
    expect(ceiling).toBeCloseTo(0.8, 12);
  });

  it('tells the balance of classes and those that only the test has', async () => {
    const many = Array.from({ length: 40 }, (_, index) =>
      row(`number ${index} of many things`, 'big', { label: 'big', split: 'train' }),
    );
    const report = await check([
      ...many,
      row('a rare thing', 'rare', { label: 'rare', split: 'train' }),
      row('a new thing', 'new', { label: 'new', split: 'test' }),
    ]);
    expect(report.classes).toMatchObject({
      classes: 2,
      largest: { label: 'big', rows: 40 },
      majority: 40 / 41,
    });
    expect(report.findings.map(({ check: name }) => name)).toEqual(
      expect.arrayContaining(['balance', 'unseen-classes', 'size']),
    );
  });

  it('a fix takes out what is safe to take out, and nothing else', async () => {
    const given = [
      ...filler(),
      row('Twice this', 'one'),
      row('Twice this', 'one'),
      row('nothing', ''),
      row('Mail me at bo@x.example.com', 'ok'),
    ];
    const report = await check(given);
    const fixed = await Array.fromAsync(fixRows(streamOf(given), report, { redact: true, near: false }));
    expect(fixed).toHaveLength(given.length - 2);
    expect(fixed.at(-1)!.messages[0]!.content).toBe('Mail me at [email]');
    expect((await check(fixed)).findings.map(({ check: name }) => name)).toEqual(['size', 'split']);
    expect(
      await Array.fromAsync(fixRows(streamOf(given), report, { redact: false, near: false })),
    ).toContainEqual(given.at(-1));
  });
});

describe('private data', () => {
  it.each([
    ['card 4111 1111 1111 1111 here', 'card [card] here'],
    ['card 4111 1111 1111 1112 here', 'card 4111 1111 1111 1112 here'],
    ['IBAN DE89 3704 0044 0532 0130 00.', 'IBAN [iban].'],
    ['IBAN DE88 3704 0044 0532 0130 00.', 'IBAN DE88 3704 0044 0532 0130 00.'],
    ['call +49 30 901820 now', 'call [phone] now'],
    ['from 203.0.113.9 to 127.0.0.1', 'from [ip] to 127.0.0.1'],
    ['AKIAABCDEFGHIJKLMNOP', '[secret]'],
    ['password: "tr4velling-light" is set', '[secret]" is set'],
    ['the password of the day is long', 'the password of the day is long'],
    ['at postgres://shop:s3same@db.example.com/x', 'at [secret]db.example.com/x'],
    ['hf_abcdefghijklmnopqrstuvwxyzABCDEFGH', '[secret]'],
    ['version 1.2.3 of 2026-11-26', 'version 1.2.3 of 2026-11-26'],
  ])('%s', (text, expected) => {
    expect(redact(text)).toBe(expected);
  });

  it('comes to an end for texts that nearly match everywhere', () => {
    for (const text of [
      'a@'.repeat(50_000),
      '1-'.repeat(50_000),
      '+1 '.repeat(50_000),
      'AB12 '.repeat(20_000),
    ])
      expect(findPrivateData(text)).toEqual([]);
  });
});

describe('similar texts', () => {
  it('estimate the Jaccard similarity within four standard errors', () => {
    fc.assert(
      fc.property(fc.integer({ min: 20, max: 120 }), fc.integer({ min: 0, max: 20 }), (length, changed) => {
        const words = Array.from({ length }, (_, index) => `w${index * 7919}`);
        const other = words.map((word, index) => (index < changed ? `x${index * 104_729}` : word));
        const sets = [words, other].map((list) => {
          const text = ` ${list.join(' ')} `;
          return new Set(Array.from({ length: text.length - 4 }, (_, at) => text.slice(at, at + 5)));
        });
        const both = [...sets[0]!].filter((shingle) => sets[1]!.has(shingle)).length;
        const truth = both / (sets[0]!.size + sets[1]!.size - both);
        const estimate = estimatedSimilarity(signatureOf(words.join(' ')), signatureOf(other.join(' ')));
        expect(Math.abs(estimate - truth)).toBeLessThan(4 * Math.sqrt(0.25 / 128));
      }),
      { numRuns: 100 },
    );
  });

  it('find what is alike and nothing else', () => {
    const texts = createSimilarTexts();
    for (const topic of topics)
      texts.add(
        topic,
        signatureOf(`Please tell me how I can get rid of my old ${topic} before the end of spring`),
      );
    expect(
      texts.nearest(
        signatureOf('Please tell me how I can get rid of my old violin before the end of a spring'),
        0.8,
      )?.id,
    ).toBe('violin');
    expect(texts.nearest(signatureOf('A sentence about something quite different'), 0.8)).toBeNull();
  });
});
