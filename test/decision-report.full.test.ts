import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { reportDocumentSchema } from '../src/decision/index.ts';
import { decisionInput, ladderRows } from '../src/decision/report/decision-report.fixture.ts';
import { renderReport } from '../src/decision/report/render-report.ts';
import { packReport, surroundingsOf, unpackRows } from '../src/decision/report/report-data.ts';
import { modelReport, type ReportModel } from '../src/decision/report/report-model.ts';
import { chromiumPath, expectAlike, launchChromium, openPage, patiently, setField } from './browser.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';

const scratch = scratchFolder({ 'scores.jsonl': jsonLines(ladderRows()) });
const path = (name: string): string => join(scratch.path, name);
const url = (name: string): string => pathToFileURL(path(name)).href;
const asked = ['--scores', path('scores.jsonl'), '--bar', '0.75', '--margin', '0.1'];
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
let browser: Browser;
afterAll(async () => {
  await browser?.close();
  scratch.remove();
});

async function current(tab: Page): Promise<ReportModel> {
  return tab.evaluate(() =>
    (globalThis as unknown as { fulcrumReport: { current(): ReportModel } }).fulcrumReport.current(),
  );
}

/** Breaches of WCAG 2.0 to 2.2, A and AA, and headings out of order. */
async function breaches(tab: Page): Promise<string[]> {
  await tab.evaluate(axe);
  return tab.evaluate(async () => {
    const { axe: engine } = globalThis as unknown as {
      axe: { run(where: Document): Promise<{ violations: { id: string; nodes: { html: string }[] }[] }> };
    };
    const { violations } = await engine.run(document);
    return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`);
  });
}

describe.skipIf(!existsSync(chromiumPath))(
  'the page of a decision in Chromium (needs /usr/bin/chromium)',
  () => {
    beforeAll(async () => {
      browser = await launchChromium();
      writeFileSync(path('full.html'), await renderReport(decisionInput()));
      const made = await fulcrum([
        ...['decide', ...asked, '--wrong-usd', '0.05', '--volume', '50000'],
        ...['--report', path('cli.html')],
      ]);
      expect(made.stderr).toContain('cli.html');
    });

    it('computes what the command line computes, to 1e-12, after volume, price and loss are changed', async () => {
      const { tab, asked: requests, wrong } = await openPage(browser, url('cli.html'));
      await setField(tab, 'input[name="volume"]', '80000');
      await setField(tab, 'input[name="wrongUsd"]', '0.2');
      await setField(tab, 'input[name="price"][data-name="rag"]', '4');
      await patiently(async () => (await current(tab)).settings.prices.rag).toBe(4);
      const printed = await fulcrum([
        ...['decide', ...asked, '--wrong-usd', '0.2', '--volume', '80000', '--price', 'rag=4', '--json'],
      ]);
      expectAlike((await current(tab)).explained?.decision, printed.json());
      expect(await tab.textContent('#verdict')).toContain('Recommended: hybrid');
      expect(requests).toEqual([url('cli.html')]);
      expect(wrong).toEqual([]);
      await tab.close();
    });

    it('computes costs with every named price changed as the same code does outside of it', async () => {
      const { tab } = await openPage(browser, url('full.html'));
      const id = 'price:example/small:input';
      await setField(tab, `input[name="figure"][data-name="${id}"]`, '20');
      await patiently(async () => (await current(tab)).settings.figures?.[id]).toBe(20);
      const data = packReport(decisionInput());
      const settings = { ...data.settings, figures: { [id]: 20 } };
      const made = modelReport(unpackRows(data), data.basis, settings, surroundingsOf(data));
      const shown = await current(tab);
      expectAlike(shown.explained?.decision, JSON.parse(JSON.stringify(made.explained?.decision)));
      expectAlike(shown.costs?.lines, made.costs?.lines);
      expectAlike(shown.costs?.regions, made.costs?.regions);
      // 2,260 tokens of input a request at $20 instead of $.40 a million.
      expect(await tab.textContent('#verdict')).toContain('Recommended: hybrid');
      await tab.close();
    });

    it('has sliders for the keyboard, with a name, a unit and a value in words', async () => {
      const { tab } = await openPage(browser, url('full.html'));
      const slider = tab.getByRole('slider', { name: 'Volume requests a month' });
      expect(await slider.getAttribute('aria-valuetext')).toBe('100,000 requests a month');
      await slider.focus();
      // A step is a fiftieth of an order of magnitude: 10 of them are 10 ** .2.
      for (let press = 0; press < 10; press += 1) await tab.keyboard.press('ArrowRight');
      expect(await slider.getAttribute('aria-valuetext')).toBe('158,000 requests a month');
      await patiently(async () => (await current(tab)).settings.volume).toBe(158_000);
      await tab.click('#original');
      await patiently(async () => (await current(tab)).settings.volume).toBe(100_000);
      await tab.close();
    });

    it('breaks no rule of accessibility, wide, narrow and dark', async () => {
      for (const [width, colorScheme] of [
        [1280, 'light'],
        [375, 'light'],
        [1280, 'dark'],
      ] as const) {
        const { tab } = await openPage(browser, url('full.html'), width);
        await tab.emulateMedia({ colorScheme });
        await tab.evaluate(() => {
          for (const each of document.querySelectorAll('details')) each.open = true;
        });
        expect(await breaches(tab)).toEqual([]);
        expect(await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth)).toBe(0);
        await tab.close();
      }
    });

    it('has something to lead to for every link, and a table of figures for every chart', async () => {
      const { tab } = await openPage(browser, url('full.html'));
      const dead = await tab.evaluate(() =>
        [...document.querySelectorAll('a')].filter(
          (link) => !document.getElementById((link.getAttribute('href') ?? '').slice(1)),
        ),
      );
      expect(dead).toEqual([]);
      const charts = await tab.locator('figure').count();
      expect(charts).toBeGreaterThanOrEqual(4);
      expect(await tab.locator('figure + .figures table').count()).toBe(charts);
      expect(await tab.locator('figure svg[role=img][aria-label]').count()).toBe(charts);
      await tab.click('.glance a');
      expect(await tab.locator(':target').textContent()).toContain('rag');
      await tab.close();
    });

    it('prints with the verdict on the first page, values in place of sliders, and nothing cut off', async () => {
      const { tab } = await openPage(browser, url('full.html'), 703);
      expect((await tab.pdf({ format: 'A4' })).subarray(0, 5).toString()).toBe('%PDF-');
      await tab.emulateMedia({ media: 'print' });
      const found = await tab.evaluate(() => {
        const bottom = (selector: string): number =>
          document.querySelector(selector)!.getBoundingClientRect().bottom;
        return {
          // An A4 page without its margins is about 1,040 points of the screen high.
          verdict: bottom('#verdict'),
          sliders: [...document.querySelectorAll('input')].filter((input) => input.offsetParent).length,
          said: document.querySelector('.slider output')?.getBoundingClientRect().height ?? 0,
          cut: [...document.querySelectorAll('table, figure')].filter(
            (each) => each.getBoundingClientRect().right > innerWidth + 1,
          ).length,
        };
      });
      expect(found.verdict).toBeLessThan(500);
      expect(found).toMatchObject({ sliders: 0, cut: 0 });
      expect(found.said).toBeGreaterThan(0);
      await tab.close();
    });

    it('shows no label over another', async () => {
      const { tab } = await openPage(browser, url('full.html'));
      const covered = await tab.evaluate(() =>
        [...document.querySelectorAll('.chart svg')].flatMap((svg) => {
          const boxes = [...svg.querySelectorAll('text')]
            .filter((text) => text.textContent !== '')
            .map((text) => text.getBoundingClientRect());
          return boxes.flatMap((a, index) =>
            boxes
              .slice(index + 1)
              .filter(
                (b) =>
                  a.left < b.right - 1 &&
                  b.left < a.right - 1 &&
                  a.top < b.bottom - 2 &&
                  b.top < a.bottom - 2,
              ),
          );
        }),
      );
      expect(covered).toEqual([]);
      await tab.close();
    });
  },
);

describe('a report of a decision as text', () => {
  it('says the same as Markdown and as JSON', async () => {
    const write = (name: string, ...more: string[]) =>
      fulcrum(['decide', ...asked, '--report', path(name), ...more]);
    await write('report.md');
    await write('report.txt', '--format', 'json');
    const markdown = readFileSync(path('report.md'), 'utf8');
    const json = reportDocumentSchema.parse(JSON.parse(readFileSync(path('report.txt'), 'utf8')));
    expect(json.decision?.recommended).toBe('hybrid');
    expect(markdown).toMatch(/^# Decision by correct\n\n\*\*Recommended: hybrid/);
    for (const { heading } of json.sections) expect(markdown).toContain(`## ${heading}`);
    expect((await write('report.html', '--format', 'pdf')).stderr).toContain('--format is one of html');
    expect((await fulcrum(['decide', ...asked, '--format', 'json'])).stderr).toContain('--format belongs to');
  });
});

describe('a report of runs', () => {
  it('leads to the runs and says what a mean request costs and why', async () => {
    const samples = Array.from({ length: 60 }, (_, index) => ({
      id: `q${index}`,
      input: `Question number ${index}?`,
      facts: [[`fact-${index}-end`]],
    }));
    const recorded = (right: boolean): string =>
      jsonLines(
        samples.map(({ id }, index) => ({
          id,
          answer: right ? `It is fact-${index}-end.` : 'It is something else.',
          costUsd: right ? 0.002 : 0.001,
          seconds: 1,
        })),
      );
    const folder = scratchFolder({
      'fulcrum.config.json': JSON.stringify({
        embedding: false,
        variants: {
          good: { external: { recorded: 'good.jsonl' } },
          poor: { external: { recorded: 'poor.jsonl' } },
        },
      }),
      'good.jsonl': recorded(true),
      'poor.jsonl': recorded(false),
      'questions.jsonl': jsonLines(samples),
    });
    try {
      const run = (...args: string[]) => fulcrum([...args, '--project', folder.path]);
      await run('dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'questions');
      await run('eval', 'run', '--dataset', 'questions', '--variants', 'good,poor');
      const file = join(folder.path, 'report.json');
      const printed = await run(...['decide', '--bar', '0.6', '--report', file, '--json']);
      const report = reportDocumentSchema.parse(JSON.parse(readFileSync(file, 'utf8')));
      const decision = printed.json<{ recommended: string; runs: string[] }>();
      expect(decision.recommended).toBe('good');
      expectAlike(report.decision, decision);
      const said = JSON.stringify(report.sections.find(({ id }) => id === 'sources'));
      for (const id of decision.runs) expect(said).toContain(id);
      expect(said).toContain('all samples of questions');
      expect(JSON.stringify(report.sections.find(({ id }) => id === 'costs'))).toContain('requests x $2.00');
      expect(report.decision?.variants.map(({ p95 }) => p95?.seconds)).toEqual([1, 1]);
    } finally {
      folder.remove();
    }
  });
});
