import { parseHTML } from 'linkedom';
import { describe, expect, it } from 'vitest';
import { decide } from '../decide.ts';
import { textOf } from './cell.ts';
import { decisionInput, ladderDecided, ladderRows } from './decision-report.fixture.ts';
import { renderReport } from './render-report.ts';
import { hostile } from './report.fixture.ts';
import { packReport, surroundingsOf, unpackRows } from './report-data.ts';
import { reportDocument, reportMarkdown } from './report-document.ts';
import { modelReport } from './report-model.ts';
import { reportSections } from './report-sections.ts';
import { priceParameters } from './settings-costing.ts';
import { renderSlider, valueAt } from './sliders.ts';

const input = decisionInput();
const data = packReport(input);
const compute = (changes: Partial<typeof data.settings> = {}) =>
  modelReport(unpackRows(data), data.basis, { ...data.settings, ...changes }, surroundingsOf(data));
const model = compute();

describe('the model of a decision', () => {
  it('decides as decide does, with the same costs, losses and facts', () => {
    const direct = decide({
      ...ladderDecided,
      ...{ rows: ladderRows(), metric: 'correct', bar: 0.75, margin: 0.1, volume: 100_000 },
    });
    expect(JSON.parse(JSON.stringify(model.explained?.decision))).toEqual(JSON.parse(JSON.stringify(direct)));
    expect(direct.recommended).toBe('rag');
  });

  it('costs what its terms cost', () => {
    // rag, 100,000 requests: 2,260 tokens of input at $.40 and 140 of output at $1.60 a million, and $60 over 12 months.
    const rag = model.costs?.found.costs.find(({ arm, volume }) => arm === 'rag' && volume === 100_000);
    expect(rag?.perMonth.value).toBeCloseTo(90.4 + 22.4 + 5, 9);
    // Two machines at $2.50 for 730 hours against $.001128 a request and $5 a month.
    const first = model.costs?.regions.find(({ arm }) => arm === 'hybrid');
    expect(first?.from).toBe(Math.floor((2 * 2.5 * 730 - 5) / 0.001128) + 1);
    expect(model.costs?.lines.find(({ variant }) => variant === 'hybrid')?.points[48]).toMatchObject({
      requests: 100_000,
      usd: 3650,
    });
  });

  it('follows prices, losses and volume as they are changed, and nothing else', () => {
    const dear = compute({ figures: { 'price:example/small:input': 20 } });
    expect(dear.explained?.decision.recommended).toBe('hybrid');
    expect(compute({ volume: 4_000_000 / 1.2 }).explained?.decision.recommended).toBe('hybrid');
    const wrong = compute({ wrongUsd: 1 }).explained!.decision.variants.find(
      ({ variant }) => variant === 'rag',
    );
    // (.001178 + .15 x 1 + .05 x .01) / .8
    expect(wrong?.perAcceptedUsd).toBeCloseTo((0.001178 + 0.15 + 0.0005) / 0.8, 9);
    expect(compute({ wrongUsd: null }).explained?.decision.labels).toEqual([]);
    expect(priceParameters(data.decided).map(({ label, now }) => [label, now])).toEqual([
      ['example/small, input', 0.4],
      ['example/small, output', 1.6],
      ['tuned, machine', 2.5],
    ]);
  });
});

describe('the page of a decision', () => {
  it('names the variant, what a month costs and what would change it in one sentence', () => {
    expect(reportDocument(input).verdict.sentences).toEqual([
      expect.stringMatching(
        /^Recommended: rag, the cheapest variant that qualifies, at \$118 a month for 100,000 requests \(\$11\d to \$12\d\); above 3,231,383 requests a month hybrid is cheaper\.$/,
      ),
    ]);
    const open = reportDocument(decisionInput({ bar: 0.86 })).verdict;
    expect(open.tone).toBe('not-enough-evidence');
    expect(open.sentences[0]).toMatch(/^Not enough evidence for a recommendation\. /);
    expect(reportDocument(decisionInput({ bar: 0.99 })).verdict.sentences[0]).toMatch(/^None is good enough/);
  });

  it('says condition, figure, interval, n and stop sign of each step that was tested', () => {
    const ladder = reportSections(model, data).find(({ id }) => id === 'ladder')!;
    const [table] = ladder.blocks;
    if (table?.kind !== 'table') throw new Error('no table');
    const said = table.rows.map(({ cells }) => cells.map(textOf));
    const hybrid = said.find(([step]) => step === 'hybrid')!;
    expect(hybrid[3]).toBe('synergy (hybrid - rag) - (tuned - prompt)');
    expect(hybrid[7]).toBe('400');
    expect(hybrid[8]).toMatch(/^STOP: /);
    expect(said.every((cells) => cells.length === table.head.length)).toBe(true);
  });

  it('says "never" where no volume makes another cheaper', () => {
    const cost = reportSections(model, data).find(({ id }) => id === 'cost')!;
    const lines = cost.blocks.flatMap((block) => (block.kind === 'list' ? block.items.map(textOf) : []));
    expect(lines).toContain('rag is never cheaper than prompt, up to 100M requests a month.');
  });

  it('leads from every number to what is behind it, and shows names as text', async () => {
    const rows = ladderRows().map((row) => (row.variant === 'tuned' ? { ...row, variant: hostile } : row));
    const html = await renderReport({ ...input, rows });
    const { document } = parseHTML(html);
    const links = [...document.querySelectorAll('a')].map((link) => link.getAttribute('href') ?? '');
    expect(links.length).toBeGreaterThan(30);
    for (const href of links) expect(document.getElementById(href.slice(1)), href).not.toBeNull();
    expect(document.querySelectorAll('img, script[src]').length).toBe(0);
    expect(document.querySelectorAll('main script').length).toBe(0);
    const headings = [...document.querySelectorAll('h1, h2, h3, h4')].map(({ tagName }) =>
      Number(tagName[1]),
    );
    for (const [index, level] of headings.entries())
      expect(level - (headings[index - 1] ?? 0), `heading ${index}`).toBeLessThanOrEqual(1);
    const markdown = reportMarkdown({ ...input, rows });
    expect(markdown.replaceAll(/<a id="[a-z]+-\d+"><\/a>/g, '')).not.toContain('<');
    expect(markdown).toContain('&lt;script&gt;');
  });
});

describe('a slider', () => {
  it('is logarithmic, with the value of the page in its middle', () => {
    expect(valueAt(0, 123.456)).toBe(123.456);
    expect(valueAt(50, 2)).toBe(20);
    expect(valueAt(-100, 2)).toBe(0.02);
  });

  it('says its value with the unit, and that nothing was entered', () => {
    const slider = { name: 'wrongUsd', label: 'Cost', unit: 'USD', absent: 'not entered', decades: 2 };
    expect(renderSlider({ ...slider, value: null }, 'a')).toContain('aria-valuetext="not entered"');
    expect(renderSlider({ ...slider, value: 0.5 }, 'a')).toContain('aria-valuetext="$0.50"');
  });
});
