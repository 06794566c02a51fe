import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Citation, localOwner, sha256 } from '../../core/index.ts';
import { createExtractVariant, createGenerateVariant } from '../answering.ts';
import { memoryCorpus, scriptedModel, teaTexts } from '../fixtures/corpus.ts';
import { claimsByMarker } from './claims.ts';
import { createMarkerFilter } from './marker-filter.ts';
import { isQuoted } from './support.ts';
import { verifyCitation } from './verify-citation.ts';

const filter = (text: string, known: number[], cut = text.length) => {
  let shown = '';
  const made = createMarkerFilter({ known: new Set(known), onText: (piece) => (shown += piece) });
  made.push(text.slice(0, cut));
  made.push(text.slice(cut));
  const answer = made.end();
  expect(shown).toBe(answer.text);
  return answer;
};

describe('markers', () => {
  it('are kept when known and taken out when not', () => {
    expect(filter('Tea is hot [1]. It is old [7].', [1, 2])).toEqual({
      text: 'Tea is hot [1]. It is old.',
      markers: [{ marker: 1, at: 11 }],
      removed: 1,
    });
    expect(filter('A [1, 9] b [x] [12', [1])).toMatchObject({ text: 'A [1] b [x] [12', removed: 1 });
  });

  it('are not made by taking others out', () => {
    expect(filter('A [1[0]] b', [])).toEqual({ text: 'A b', markers: [], removed: 2 });
    expect(filter('A [1[0]] b', [1])).toEqual({
      text: 'A [1] b',
      markers: [{ marker: 1, at: 2 }],
      removed: 1,
    });
    expect(filter('A [1[x]] [2[1]]', [1])).toMatchObject({ text: 'A [1[x]] [2[1]]', removed: 0 });
    const soup = fc.array(fc.constantFrom('[', ']', '0', '1', ', ', ' ', 'a', '`', '\n'), { maxLength: 24 });
    fc.assert(
      fc.property(soup, fc.subarray([1, 11]), fc.nat(24), (parts, known, cut) => {
        const text = parts.join('');
        const once = filter(text, known, Math.min(cut, text.length));
        expect(filter(once.text, known)).toEqual({ ...once, removed: 0 });
      }),
      { numRuns: 2000 },
    );
  });

  it('are left alone in code', () => {
    const text = 'Use `list[7]` here [1].\n```\nrow[9]\n```\nEnd [8].';
    expect(filter(text, [1])).toMatchObject({
      text: 'Use `list[7]` here [1].\n```\nrow[9]\n```\nEnd.',
      removed: 1,
    });
  });

  it('come out the same however the text is cut, and in linear time', () => {
    const piece = fc.oneof(
      fc.string(),
      fc.constantFrom('[1]', '[2, 3]', '[', ']', '`', '```', ' ', '\n', '[99]'),
    );
    fc.assert(
      fc.property(fc.array(piece), fc.nat(), (pieces, at) => {
        const text = pieces.join('');
        expect(filter(text, [1, 2], at % (text.length + 1))).toEqual(filter(text, [1, 2]));
      }),
    );
    const startedAt = performance.now();
    filter('[1, '.repeat(200_000), [1]);
    filter(`${' '.repeat(300_000)}[`, [1]);
    expect(performance.now() - startedAt).toBeLessThan(3000);
  });

  it('stand behind the sentence that they close', () => {
    const claims = claimsByMarker(filter('Tea is hot [1]. Milk is cold. [2] Beer is warm [1].', [1, 2]));
    expect(claims.get(1)).toBe('Tea is hot . Beer is warm .');
    expect(claims.get(2)).toContain('Milk is cold.');
  });
});

describe('verification', () => {
  const text = 'One is one. Two is two. Three is three.';
  const citation: Citation = {
    marker: 1,
    documentId: 'd',
    version: sha256(text),
    uri: 'd.md',
    start: 0,
    end: 23,
    quote: 'One is one. Two is two.',
    state: 'quoted',
  };

  it('passes an exact quote of two sentences and names what is wrong with others', () => {
    expect(verifyCitation(citation, text)).toBeNull();
    expect(verifyCitation({ ...citation, quote: 'One is one. Two is too.' }, text)).toBe('quote-differs');
    expect(verifyCitation({ ...citation, start: 1 }, text)).toBe('quote-differs');
    expect(verifyCitation({ ...citation, end: 99 }, text)).toBe('outside-text');
    expect(verifyCitation({ ...citation, version: sha256('x') }, text)).toBe('version-differs');
    expect(verifyCitation({ ...citation, end: text.length, quote: text }, text)).toBe('too-long');
  });

  it('knows a claim that stands in the quote word for word', () => {
    expect(isQuoted('two is two', citation.quote)).toBe(true);
    expect(isQuoted('one is two', citation.quote)).toBe(false);
    expect(isQuoted('', citation.quote)).toBe(false);
  });
});

describe('every emitted citation', () => {
  const texts: Record<string, string> = teaTexts;
  const check = (citations: readonly Citation[]): void => {
    for (const citation of citations) {
      const text = texts[citation.documentId] ?? '';
      expect(text.slice(citation.start, citation.end)).toBe(citation.quote);
      expect(verifyCitation(citation, text)).toBeNull();
    }
    expect(new Set(citations.map(({ marker }) => marker)).size).toBe(citations.length);
  };

  it('quotes its version verbatim, whatever the model says', async () => {
    const said = fc.array(
      fc.oneof(
        fc.string({ unit: 'binary' }),
        fc.constantFrom(
          ' [1]',
          '[2].',
          '[1,2,3] ',
          '[0]',
          '[999999999]',
          '[-1]',
          '```',
          '`',
          '\n',
          ' Green tea wants 80 degrees. ',
        ),
        fc.constantFrom(
          'NOT ANSWER',
          '[1][1][1]',
          '[ 1 ]',
          '[1',
          ']',
          '{"start":0,"end":99}',
          '<script>',
          '\u202e',
          '\ud800',
        ),
      ),
      { maxLength: 12 },
    );
    await fc.assert(
      fc.asyncProperty(said, async (pieces) => {
        const variant = createGenerateVariant(
          'rag',
          { reader: 'generate', model: 'scripted/model', retriever: true, refusal: false },
          scriptedModel(pieces.join('')),
          memoryCorpus(texts),
        );
        let shown = '';
        const answer = await variant.answer({
          input: 'How hot is green tea water from the kettle?',
          principal: localOwner,
          onText: (piece) => (shown += piece),
        });
        check(answer.citations);
        const known = new Set(answer.citations.map(({ marker }) => marker));
        if (!answer.refusal) {
          const again = createMarkerFilter({ known });
          again.push(answer.answer);
          expect(again.end().removed).toBe(0);
          expect(shown.trimEnd()).toBe(answer.answer);
        }
      }),
      { numRuns: 200 },
    );
  });

  it('of extraction quotes too, whatever is asked', async () => {
    const variant = createExtractVariant(
      'extract',
      { reader: 'extract', sentences: 5, refusal: false },
      memoryCorpus(texts),
    );
    const word = fc.constantFrom('tea', 'kettle', 'water', 'minutes', 'litres', 'boil', 'red', 'zebra');
    await fc.assert(
      fc.asyncProperty(fc.array(word, { minLength: 1, maxLength: 6 }), async (words) => {
        const answer = await variant.answer({ input: words.join(' '), principal: localOwner });
        check(answer.citations);
        for (const { quote, marker } of answer.citations)
          expect(answer.answer).toContain(`${quote} [${marker}]`);
      }),
      { numRuns: 100 },
    );
  });
});
