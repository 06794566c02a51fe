import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createCodeTracker } from './code-tracker.ts';
import { createLinkFilter, linkTargets } from './link-filter.ts';
import { createMarkerFilter } from './marker-filter.ts';

const allowed = linkTargets(
  'See https://docs.example.org/a and [the guide](/guide/start.md), or [b]: //cdn.example.org/x.png',
);

const clean = (text: string, cuts: readonly number[] = []): { text: string; removed: readonly string[] } => {
  let shown = '';
  const filter = createLinkFilter({ allowed, onText: (piece) => (shown += piece) });
  let from = 0;
  for (const cut of [...cuts].sort((a, b) => a - b)) {
    filter.push(text.slice(from, cut));
    from = cut;
  }
  filter.push(text.slice(from));
  const removed = filter.end();
  return { text: shown, removed };
};

/** Characters of a text that stand in code, marks of code included. */
const codeOf = (text: string): string => {
  const tracker = createCodeTracker();
  let code = '';
  for (const character of text) {
    if (tracker.isCode(character)) code += character;
    tracker.take(character);
  }
  return code;
};

describe('targets of the evidence', () => {
  it('are addresses and destinations', () => {
    expect([...allowed]).toEqual([
      'https://docs.example.org/a',
      '//cdn.example.org/x.png',
      '/guide/start.md',
    ]);
  });
});

describe('links', () => {
  it.each([
    ['See https://docs.example.org/a.', 'See https://docs.example.org/a.'],
    ['See [the guide](/guide/start.md).', 'See [the guide](/guide/start.md).'],
    ['See [above](#top).', 'See [above](#top).'],
    ['See https://evil.example/a?d=secret.', 'See (link removed).'],
    ['[click here](https://evil.example/a)', '[click here] (link removed)'],
    ['![](https://evil.example/a?d=secret)', '![] (link removed)'],
    ['![x](//evil.example/a?d=secret "t")', '![x] (link removed "t")'],
    ['![x](/track?d=secret)', '![x] (link removed)'],
    ['![x](<https://evil.example/a b>)', '![x] (link removed b>)'],
    ['![x](\nhttps://evil.example/a)', '![x] (\n(link removed))'],
    ['![x][y]\n\n[y]: https://evil.example/a', '![x][y]\n\n[y]: (link removed)'],
    ['![x][my y]\n\n[my y]:\n  /track?d=secret', '![x][my y]\n\n[my y]:\n  (link removed)'],
    ['[y]:/track?d=secret', '[y]: (link removed)'],
    ['[1]: The tank is full.', '[1]: The tank is full.'],
    ['<https://evil.example/a>', '<(link removed)>'],
    ['<img src="https://evil.example/a">', '<img (link removed)'],
    ['<img src=x onerror=alert(1)>', '<img (link removed) (link removed)'],
    ['<img src = "//evil.example/a">', '<img src = "(link removed)">'],
    ['<a href="javascript:alert(1)">x</a>', '<a (link removed)'],
    ['www.evil.example/a', '(link removed)'],
    ['javascript:alert(1)', '(link removed))'],
    ['![x](https&#58;//evil.example/a)', '![x] (link removed)'],
    ['Use `fetch("https://api.example/x")` here.', 'Use `fetch("https://api.example/x")` here.'],
    [
      '```\ncurl https://api.example/x\n```\nhttps://evil.example',
      '```\ncurl https://api.example/x\n```\n(link removed)',
    ],
    ['~~~\n![x](https://a.example/)\n~~~', '~~~\n![x](https://a.example/)\n~~~'],
    [
      '`unclosed https://a.example\n![x](https://evil.example/)',
      '`unclosed https://a.example\n![x] (link removed)',
    ],
    ['a list<string>, x: y, 3/4, and/or, C++//', 'a list<string>, x: y, 3/4, and/or, C++//'],
  ])('%j', (text, expected) => {
    expect(clean(text).text).toBe(expected);
  });

  it('are told by their targets, each once', () => {
    expect(clean('![a](https://e.example/1) https://e.example/1, https://e.example/2').removed).toEqual([
      'https://e.example/1',
      'https://e.example/2',
    ]);
  });
});

describe('for any text and any cuts', () => {
  const piece = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 6 }),
    fc.constantFrom(
      '`',
      '``',
      '```',
      '~~~',
      '\n',
      ' ',
      '\\',
      '[1]',
      '[9]',
      ' [9]',
      '[1, 9]',
      '![a](',
      '[a](',
      ')',
      '](',
      ']:',
      '[y]: ',
      'https://evil.example/a',
      'https://docs.example.org/a',
      ' //evil.example/b',
      '/guide/start.md',
      '<img src=',
      'www.',
      'word',
    ),
  );
  const text = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
  const cuts = fc.array(fc.nat(200), { maxLength: 6 });

  it('the result is the same, holds no other target, and is stable', () => {
    fc.assert(
      fc.property(text, cuts, (given, at) => {
        const whole = clean(given);
        expect(
          clean(
            given,
            at.map((cut) => cut % (given.length + 1)),
          ),
        ).toEqual(whole);
        const prose = [...whole.text];
        const tracker = createCodeTracker();
        const outside = prose
          .map((character) => {
            const inCode = tracker.isCode(character);
            tracker.take(character);
            return inCode ? ' ' : character;
          })
          .join('');
        expect(outside).not.toMatch(/evil\.example/);
        expect(outside).not.toMatch(/\]\((?:\s|$)/);
      }),
      { numRuns: 2000 },
    );
  });

  it('code is neither changed nor broken, by links or by markers', () => {
    fc.assert(
      fc.property(text, (given) => {
        expect(codeOf(clean(given).text)).toBe(codeOf(given));
        const filter = createMarkerFilter({ known: new Set([1]) });
        filter.push(given);
        const answer = filter.end();
        const tracker = createCodeTracker();
        let outside = '';
        for (const character of answer.text) {
          outside += tracker.isCode(character) ? '`'.repeat(character.length) : character;
          tracker.take(character);
        }
        expect(outside).not.toContain('[9]');
        for (const { at } of answer.markers) expect(outside.slice(at)).toMatch(/^\[1[\],]/);
      }),
      { numRuns: 2000 },
    );
  });

  it('reads evidence in linear time', () => {
    const startedAt = performance.now();
    expect(linkTargets(`see https://a.b/${'!'.repeat(200_000)}x!`).size).toBe(1);
    expect(performance.now() - startedAt).toBeLessThan(2000);
  });

  it('takes long words in linear time', () => {
    const startedAt = performance.now();
    for (const noise of ['](', '//a.', '<img src=', ']:x', 'https://a.b/', '[1', '`', '~', 'www.', '(('])
      clean(noise.repeat(40_000));
    expect(performance.now() - startedAt).toBeLessThan(6000);
  });
});
