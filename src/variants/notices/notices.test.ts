import { describe, expect, it } from 'vitest';
import { type Citation, localOwner, sha256 } from '../../core/index.ts';
import type { StoredDocument } from '../../knowledge/index.ts';
import { createExtractVariant } from '../answering.ts';
import type { RetrieverConfig } from '../config.ts';
import { memoryCorpus } from '../fixtures/corpus.ts';
import type { Question } from '../variant.ts';
import { disagree } from './conflicts.ts';
import { createEditions, type ListedDocument, readMark } from './editions.ts';
import { outdatedNotice } from './outdated.ts';

const listed = (source: string, key: string, more: Partial<ListedDocument> = {}): ListedDocument => ({
  documentId: `${source}:${key}`,
  source,
  key,
  ...more,
});

describe('editions', () => {
  const list = [
    listed('docs', '2.25/a/setup.md'),
    listed('docs', '3.0/a/setup.md'),
    listed('docs', '2.9/a/setup.md'),
    listed('docs', '3.0/b/setup.md'),
    listed('book', '2023-01-01/leave.md'),
    listed('book', '2025-02-27/leave.md'),
    listed('api-1.2', 'use.md'),
    listed('api-1.10', 'use.md'),
    listed('wiki', 'tea.md', { title: 'Tea', date: '2020-05-01' }),
    listed('mail', 'tea-again.md', { title: 'Tea', date: '2024-05-01T10:00:00Z' }),
    listed('plain', 'tea.md', { title: 'Tea' }),
    listed('m', 'x.md', { metadata: { version: 'v1' } }),
    listed('n', 'x.md', { metadata: { version: 'v2' } }),
  ];
  let made = 0;
  const editions = createEditions({
    list: async () => {
      made++;
      return list;
    },
    indexVersion: async () => 'one',
  });
  const later = (id: string, sources?: string[]) => editions.laterThan(id, localOwner, sources);

  it.each([
    ['docs:2.9/a/setup.md', ['docs:3.0/a/setup.md', 'docs:2.25/a/setup.md']],
    ['docs:3.0/a/setup.md', []],
    ['docs:3.0/b/setup.md', []],
    ['book:2023-01-01/leave.md', ['book:2025-02-27/leave.md']],
    ['api-1.2:use.md', ['api-1.10:use.md']],
    ['wiki:tea.md', ['mail:tea-again.md']],
    ['plain:tea.md', []],
    ['m:x.md', ['n:x.md']],
    ['unknown', []],
  ])('after %s come %j', async (id, expected) => {
    expect(await later(id)).toEqual(expected);
  });

  it('are listed anew when what the tenant of the asker can find has changed', async () => {
    const versions: Record<string, string> = { local: 'one', acme: 'one' };
    const acme = { tenant: 'acme', user: 'ann', groups: [] };
    let known = [listed('docs', '1.0/setup.md')];
    const changing = createEditions({ list: async () => known, indexVersion: async (of) => versions[of]! });
    expect(await changing.laterThan('docs:1.0/setup.md', acme)).toEqual([]);
    known = [...known, listed('docs', '2.0/setup.md')];
    versions.acme = 'two';
    expect(await changing.laterThan('docs:1.0/setup.md', acme)).toEqual(['docs:2.0/setup.md']);
  });

  it('are those of the named sources, and listed once for a version of the index', async () => {
    expect(await later('api-1.2:use.md', ['docs'])).toEqual([]);
    expect(made).toBe(1);
  });

  it('are not told by numbers that may mean anything', () => {
    expect(readMark(listed('docs', '12/setup.md'))).toBeNull();
    expect(readMark(listed('docs', 'page/2024.md'))).toBeNull();
    expect(readMark(listed('docs', '2024-13-01/setup.md'))).toBeNull();
  });
});

const document = (text: string): StoredDocument => ({
  documentId: 'd',
  version: sha256(text),
  source: 's',
  key: 'd',
  uri: 'd.md',
  title: 'Pumps',
  text,
  readers: [],
});
const page = (sentence: string) =>
  document(
    `# Pumps\n\nThe pump stands in the cellar beside the boiler. ${sentence} Oil it once a year in the spring.\n`,
  );
const cited = (own: StoredDocument, quote: string): Citation => {
  const start = own.text.indexOf(quote);
  const { documentId, version, uri } = own;
  return { marker: 1, documentId, version, uri, start, end: start + quote.length, quote, state: 'quoted' };
};

describe('an outdated quote', () => {
  const notice = (before: string, after: string) => {
    const own = page(before);
    const found = outdatedNotice(cited(own, before), own, page(after));
    return found?.kind === 'outdated' ? found.newer.quote : null;
  };

  it.each([
    ['It moves 40 litres per hour.', 'It moves 55 litres per hour.', 'It moves 55 litres per hour.'],
    [
      'Call `run_pump` to move water up to the roof.',
      'Call `start_pump` to move water up to the roof.',
      'Call `start_pump` to move water up to the roof.',
    ],
    ['Staff may open the valve.', 'Staff may not open the valve.', 'Staff may not open the valve.'],
    // The same, worded otherwise, or with another link: nothing is said.
    ['It moves 40 litres per hour.', 'It moves 40 litres in an hour.', null],
    [
      'See [the manual](https://a.example/1) for 40 litres.',
      'See [the manual](https://b.example/2) for 40 litres.',
      null,
    ],
    // Gone, or about something else.
    ['It moves 40 litres per hour.', 'Wear gloves.', null],
    ['It moves 40 litres per hour.', 'It moves 40 litres per hour.', null],
  ])('%s -> %s', (before, after, expected) => {
    expect(notice(before, after)).toBe(expected);
  });

  it('says nothing where the page was written anew', () => {
    const own = page('It moves 40 litres per hour.');
    const other = document(
      '# Boats\n\nIt moves 55 litres per hour. Ropes, sails, anchors, masts, oars, rudders and keels.\n',
    );
    expect(outdatedNotice(cited(own, 'It moves 40 litres per hour.'), own, other)).toBeNull();
  });
});

describe('a conflict', () => {
  const unit = (text: string, ...titlePath: string[]) => ({ text, titlePath });
  const sentence = 'Employees may take 10 days of parental leave in the first year.';

  it.each([
    [sentence.replace('10', '12'), ['Leave'], true],
    [sentence.replace('10 days', '2 weeks'), ['Leave'], true],
    [sentence.replace('10 days', 'ten days'), ['Leave'], false],
    [sentence.replace('10', '12'), ['Travel'], false],
    [sentence.replace('10', '12').replace('may', 'may not'), ['Leave'], false],
    [sentence.replace('10', '12').replace('parental', 'sick'), ['Leave'], false],
    [
      sentence.replace('10', '12').replace('Employees', 'Contractors, guests and volunteers'),
      ['Leave'],
      false,
    ],
    [sentence.replace('10 days', '12 hours').replace('first', 'second Berlin'), ['Leave'], false],
    ['Employees may take 10 of 12 days of parental leave in the first year.', ['Leave'], false],
  ])('with %s (%j): %s', (other, titles, expected) => {
    expect(disagree(unit(sentence, 'Leave'), unit(other, ...titles))).toBe(expected);
  });

  it('is told beside the answer with both quotes, and not for editions', async () => {
    const texts = {
      leave: 'Employees may take 10 days of parental leave in the first year.',
      'leave copy': 'Employees may take 12 days of parental leave in the first year.',
    };
    const corpus = memoryCorpus(texts);
    const ask = (list: ListedDocument[]) =>
      createExtractVariant(
        'extract',
        { reader: 'extract', sentences: 1, refusal: false },
        {
          ...corpus,
          editions: createEditions({ list: async () => list, indexVersion: async () => 'one' }),
        },
      ).answer({ input: 'How many days of parental leave may employees take?', principal: localOwner });
    const told = await ask([]);
    expect(told.notices?.map(({ kind }) => kind)).toEqual(['conflict']);
    const [notice] = told.notices ?? [];
    expect(notice?.kind === 'conflict' && notice.quotes.map(({ quote }) => quote)).toEqual(
      Object.values(texts),
    );
    const editions = await ask([
      { documentId: 'leave', source: 'a-1.0', key: 'x.md' },
      { documentId: 'leave copy', source: 'a-2.0', key: 'x.md' },
    ]);
    expect(editions.notices?.map(({ kind }) => kind)).toEqual(['outdated']);
  });

  it('quotes no edition that the variant or the question leaves out', async () => {
    const texts = {
      old: 'Employees may take 10 days of parental leave in the first year.',
      newer: 'Employees may take 12 days of parental leave in the first year.',
    };
    const list = [
      { documentId: 'old', source: 'a-1.0', key: 'x.md' },
      { documentId: 'newer', source: 'a-2.0', key: 'x.md' },
    ];
    const { retriever, ...corpus } = memoryCorpus(texts);
    const ask = async (
      filter: NonNullable<RetrieverConfig['filter']> | undefined,
      question: Partial<Question> = {},
    ) => {
      const variant = createExtractVariant(
        'extract',
        { reader: 'extract', sentences: 1, refusal: false, retriever: filter && { filter } },
        {
          ...corpus,
          // As an index would that holds the two in different sources: only the old one passes.
          retriever: {
            retrieve: (query, principal, options) =>
              retriever.retrieve(query, principal, { ...options, filter: { exceptDocuments: ['newer'] } }),
          },
          editions: createEditions({ list: async () => list, indexVersion: async () => 'one' }),
        },
      );
      const input = 'How many days of parental leave may employees take?';
      return (await variant.answer({ input, principal: localOwner, ...question })).notices ?? [];
    };
    expect(await ask(undefined)).toHaveLength(1);
    expect(await ask({ sources: ['a-1.0'] })).toEqual([]);
    expect(await ask({ languages: ['en'] })).toEqual([]);
    expect(await ask(undefined, { sources: ['a-1.0', 'a-2.0'], filter: { sources: ['a-1.0'] } })).toEqual([]);
    expect(await ask(undefined, { hiddenDocuments: ['newer'] })).toEqual([]);
  });
});
