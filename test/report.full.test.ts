import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { ReportModel } from '../src/decision/index.ts';
import { hostile, reportRows } from '../src/decision/report/report.fixture.ts';
import type { Comparison } from '../src/evaluation/index.ts';
import {
  chromiumPath,
  expectAlike,
  launchChromium,
  openPage,
  patiently,
  setField as set,
} from './browser.ts';
import { fulcrum, scratchFolder } from './cli.ts';

const scratch = scratchFolder({
  'scores.jsonl': reportRows(hostile)
    .map((row, index) =>
      JSON.stringify({ ...row, input: `<b>${row.sample}</b>`, output: `said ${index % 7}` }),
    )
    .join('\n'),
});
const page = join(scratch.path, 'report.html');
const scores = ['--scores', join(scratch.path, 'scores.jsonl')];
let browser: Browser;
afterAll(async () => {
  await browser?.close();
  scratch.remove();
});

/** What the page has computed last. */
async function current(tab: Page): Promise<ReportModel> {
  return tab.evaluate(() =>
    (globalThis as unknown as { fulcrumReport: { current(): ReportModel } }).fulcrumReport.current(),
  );
}

function expectSame(model: ReportModel, printed: Comparison): void {
  expect(model.pairs.map(({ verdict }) => verdict)).toEqual(
    printed.comparisons.map(({ verdict }) => verdict),
  );
  for (const [index, pair] of printed.comparisons.entries())
    for (const member of ['difference', 'low', 'high'] as const)
      expect(Math.abs(model.pairs[index]![member] - pair[member])).toBeLessThanOrEqual(1e-12);
  for (const [index, mean] of printed.variants.entries())
    for (const member of ['mean', 'low', 'high'] as const)
      expect(Math.abs(model.means[index]![member]! - mean[member])).toBeLessThanOrEqual(1e-12);
}

describe.skipIf(!existsSync(chromiumPath))('the report in Chromium (needs /usr/bin/chromium)', () => {
  beforeAll(async () => {
    const made = await fulcrum(['compare', ...scores, '--report', page]);
    expect(made.stderr).toContain('report.html');
    browser = await launchChromium();
  });

  const open = (width?: number) => openPage(browser, pathToFileURL(page).href, width);

  it('computes what the command line computes, before and after a change, to 1e-12', async () => {
    const { tab, asked, wrong } = await open();
    expectSame(await current(tab), (await fulcrum(['compare', ...scores, '--json'])).json<Comparison>());
    await set(tab, 'input[name="margin"]', '0.2');
    await set(tab, 'input[name="confidence"]', '0.9');
    await set(tab, 'input[name="weight"][data-name="how-to"]', '2.5');
    await patiently(async () => (await current(tab)).settings.weights['how-to']).toBe(2.5);
    const changed = await fulcrum([
      'compare',
      ...scores,
      ...['--margin', '0.2', '--confidence', '0.9', '--weight', 'how-to=2.5', '--json'],
    ]);
    expectSame(await current(tab), changed.json<Comparison>());
    expect(await tab.textContent('#verdict')).toContain('equivalent');
    expect(asked).toEqual([pathToFileURL(page).href]);
    expect(wrong).toEqual([]);
    await tab.close();
  });

  it('recommends with a bar, by the prices that a reader enters', async () => {
    const { tab } = await open();
    await set(tab, 'input[name="margin"]', '0.2');
    await set(tab, 'input[name="bar"]', '0.5');
    await patiently(() => tab.textContent('#verdict')).toContain('Recommended: same');
    await set(tab, 'input[name="price"][data-name="same"]', '9');
    await patiently(() => tab.textContent('#verdict')).toContain('Recommended: good');
    const decided = await fulcrum([
      'decide',
      ...scores,
      ...['--bar', '0.5', '--margin', '0.2', '--price', 'same=9', '--json'],
    ]);
    const { explained } = await current(tab);
    expectAlike(explained?.decision, decided.json());
    await tab.click('#original');
    await patiently(() => tab.textContent('#verdict')).not.toContain('Recommended');
    await tab.close();
  });

  it('says what is wrong with a setting and keeps the last result', async () => {
    const { tab } = await open();
    const before = await tab.textContent('#verdict');
    await set(tab, 'input[name="confidence"]', '2');
    await patiently(() => tab.textContent('#status')).toContain('between .5 and 1');
    expect(await tab.textContent('#verdict')).toBe(before);
    await tab.close();
  });

  it('fits a telephone and works by keyboard', async () => {
    const { tab } = await open(375);
    const overflow = await tab.evaluate(() => document.documentElement.scrollWidth - innerWidth);
    expect(overflow).toBe(0);
    await tab.focus('#filter [name="search"]');
    await tab.keyboard.type('s001');
    await patiently(() => tab.locator('#cards details').count()).toBe(1);
    await tab.keyboard.press('Tab');
    await tab.keyboard.press('Enter');
    expect(await tab.locator('#cards details[open] .question').textContent()).toBe('<b>s001</b>');
    await tab.close();
  });

  it('shows no label over another', async () => {
    const { tab } = await open();
    const covered = await tab.evaluate(() =>
      [...document.querySelectorAll('.chart svg')].flatMap((svg) => {
        const boxes = [...svg.querySelectorAll('text')].map((text) => text.getBoundingClientRect());
        return boxes.flatMap((a, index) =>
          boxes
            .slice(index + 1)
            .filter(
              (b) =>
                a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 2 && b.top < a.bottom - 2,
            ),
        );
      }),
    );
    expect(covered).toEqual([]);
    await tab.close();
  });

  it('keeps the data as data', () => {
    const html = readFileSync(page, 'utf8');
    expect(html).not.toContain(hostile);
    expect(html).not.toContain('<b>s001</b>');
  });
});
