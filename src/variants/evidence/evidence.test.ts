import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { teaTexts } from '../fixtures/corpus.ts';
import { quotableUnits } from './quotable-units.ts';
import { informativeTerms, termCoverage, termWeights } from './terms.ts';

const quotes = (text: string, start?: number, end?: number): string[] =>
  quotableUnits(text, start, end).map((unit) => text.slice(unit.start, unit.end));

describe('quotable units', () => {
  it('are sentences, small code and rows, without headings, fences and separators', () => {
    expect(quotes(teaTexts.kettle)).toEqual([
      'The Brevo kettle boils one litre in 95 seconds.',
      'It switches itself off.',
      'Its cord is red.',
    ]);
    expect(quotes(teaTexts.setup)).toEqual([
      'Pour water before you switch it on.',
      'const kettle = openKettle({ litres: 2 });\nawait kettle.boil();',
      '| option | meaning |',
      '| litres | how much water the kettle takes |',
    ]);
    expect(quotes(teaTexts.tea).slice(2)).toEqual([
      'Steep green tea for two minutes.',
      'Steep black tea for four minutes.',
    ]);
  });

  it('see that a slice begins within a fence', () => {
    const text = '```\nfirst();\nsecond();\n```\nProse here.';
    expect(quotes(text, text.indexOf('second'))).toEqual(['second();', 'Prose here.']);
  });

  it('cut long code into pieces of at most eight lines', () => {
    const code = Array.from({ length: 20 }, (_, line) => `call(${line});`).join('\n');
    expect(quotes(`\`\`\`\n${code}\n\`\`\``).map((quote) => quote.split('\n').length)).toEqual([8, 8, 4]);
  });

  it('skip front matter and tags, and keep properties together', () => {
    const text =
      "---\ntitle: X\n---\n\n<Note>\n  Careful now.\n</Note>\n\n<Table\n  content={[\n    {\n      name: 'size',\n      type: 'number',\n    },\n  ]}\n/>";
    expect(quotes(text)).toContain('Careful now.');
    expect(quotes(text)).toContain("name: 'size',\n      type: 'number',");
    expect(quotes(text).join()).not.toContain('title: X');
  });

  it('are in order, inside the slice, never empty, whatever the text', () => {
    const line = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        '```',
        '~~~~',
        '| a | b |',
        '- item one. Two!',
        '# H',
        '---',
        '{',
        "name: 'x',",
        '<p>',
        '',
        '1. x',
      ),
    );
    fc.assert(
      fc.property(fc.array(line, { maxLength: 12 }), fc.nat(), fc.nat(), (lines, a, b) => {
        const text = lines.join('\n');
        const [start, end] = [a % (text.length + 1), b % (text.length + 1)].sort((x, y) => x - y);
        let before = start ?? 0;
        for (const unit of quotableUnits(text, start, end)) {
          expect(unit.start).toBeGreaterThanOrEqual(before);
          expect(unit.end).toBeGreaterThan(unit.start);
          expect(unit.end).toBeLessThanOrEqual(end ?? 0);
          expect(text.slice(unit.start, unit.end)).toBe(text.slice(unit.start, unit.end).trim());
          before = unit.end;
        }
      }),
    );
  });
});

describe('terms', () => {
  it('leave out stop words, cut endings and split identifiers', () => {
    expect(informativeTerms('How do I set stopWhen while steeping teas?')).toEqual([
      'set',
      'stopwhen',
      'stop',
      'steep',
      'tea',
    ]);
  });

  it('weigh rare terms more, and cover by weight', () => {
    const texts = [new Set(['tea', 'red']), new Set(['tea']), new Set(['tea'])];
    const weights = termWeights('red tea', texts);
    // ln(1 + 3.5 / 1.5) and ln(1 + 3.5 / 3.5)
    expect(weights.get('red')).toBeCloseTo(1.20397, 4);
    expect(weights.get('tea')).toBeCloseTo(Math.LN2, 4);
    expect(termCoverage(weights, new Set(['red']))).toBeCloseTo(1.20397 / 1.89712, 4);
    expect(termCoverage(new Map(), new Set(['red']))).toBe(0);
  });
});
