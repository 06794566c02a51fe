import { parse } from 'csv-parse/sync';
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import { diffRuns } from '../runs/diff-runs.ts';
import type { Run } from '../runs/run.ts';
import { openScripted, scriptedAnswer, scriptedVariant } from '../runs/scripted-evaluation.fixture.ts';
import { summariseStored } from '../runs/summarise-run.ts';
import { exportCsv } from './csv.ts';
import { exportHtml } from './html.ts';
import { exportJunit } from './junit.ts';
import { exportMarkdown } from './markdown.ts';
import { viewRun } from './run-view.ts';

/** Text that breaks every format that does not escape: markup, quotes, controls, a formula, a mention, a lone half. */
const hostile =
  '=1+1 <script>alert("x")</script> ]]> & | `x` \u0000\u001b[31m @team\nhttps://evil.test/ \ud800 **b**';

async function hostileRun(answers: Record<number, string> = {}) {
  const { run, store, datasets } = await openScripted(':memory:', 8);
  const samples: Sample[] = Array.from({ length: 8 }, (_, index) => ({
    id: index === 0 ? 's<0>&"' : `s${index}`,
    input: `question ${index} ${hostile}`,
    facts: [[`fact ${index}`]],
    answerable: true,
  }));
  await datasets.save('hostile', samples, 'x');
  const dataset = await datasets.open('hostile');
  const make = async (name: string, right: (index: number) => boolean): Promise<Run> => {
    const variant = {
      ...scriptedVariant(name),
      answer: async ({ input }: { input: string }) => {
        const index = Number(input.split(' ')[1]);
        return scriptedAnswer({
          answer: `${right(index) ? `fact ${index} ` : ''}${answers[index] ?? hostile}`,
        });
      },
    };
    const [one] = await run([variant], { dataset });
    return one!;
  };
  const before = await make('old', (index) => index !== 3);
  const after = await make('new <b>', (index) => index !== 5 && index !== 6);
  const samplesOf = (ids: readonly string[]) => dataset.samplesOf(ids);
  const view = (run: Run) => viewRun(run, { store, samplesOf });
  return { store, before, after, samplesOf, view };
}

async function textOf(pieces: AsyncIterable<string>): Promise<string> {
  let text = '';
  for await (const piece of pieces) text += piece;
  return text;
}

describe('exports', () => {
  it('as CSV read back whole, with formulas made text and reasons for missing numbers', async () => {
    const { after, view } = await hostileRun();
    const rows = parse(await textOf(exportCsv(after, view(after))), { columns: true }) as Record<
      string,
      string
    >[];
    expect(rows).toHaveLength(8);
    const [second] = rows;
    expect(second).toMatchObject({
      sample: 's1',
      correct: '1',
      'token-f1': '',
      latency: '0.5',
      cost_usd: '0.01',
    });
    expect(second!.no_number).toContain('token-f1: no-gold');
    expect(second!.question).toContain('question 1 =1+1');
    const wrong = rows.find(({ sample }) => sample === 's5')!;
    expect([wrong.answer!.startsWith("'=1+1"), wrong.correct]).toEqual([true, '0']);
  });

  it('as JUnit are well-formed, with failures where the score is below the threshold', async () => {
    const { after, view } = await hostileRun();
    const options = { metric: 'correct', threshold: 1, gate: null };
    const xml = await textOf(exportJunit(after, view(after), options));
    expect(XMLValidator.validate(xml)).toBe(true);
    // biome-ignore lint/suspicious/noControlCharactersInRegex: these must not be there.
    expect(xml).not.toMatch(/[\u0000-\u0008\u001b]|<script>/);
    const parsed = new XMLParser({ ignoreAttributes: false, attributeNamePrefix: '@' }).parse(xml);
    const cases = parsed.testsuites.testsuite.testcase as Record<string, unknown>[];
    expect(cases).toHaveLength(8);
    expect(cases.filter((each) => 'failure' in each).map((each) => each['@name'])).toEqual(['s5', 's6']);
    const none = await textOf(exportJunit(after, view(after), { ...options, metric: 'token-f1' }));
    expect(none.match(/<skipped/g)).toHaveLength(8);
  });

  it('as HTML hold no markup of others, no script and no address to fetch from', async () => {
    const { store, after, view } = await hostileRun();
    const report = await summariseStored(after, store);
    const html = await textOf(exportHtml(after, report, view(after), { metric: 'correct', gate: null }));
    expect(html).not.toMatch(/<script|<b>|<img|<link|src=|href=|url\(/);
    expect(html).toContain("default-src 'none'");
    expect(html).toContain('&lt;script&gt;');
    expect(html.match(/<details>/g)).toHaveLength(8);
  });

  it('as Markdown show the verdict and the flips, and text cannot format or mention', async () => {
    const { store, before, after, samplesOf } = await hostileRun();
    const difference = await diffRuns({
      ...{ before, after, store, samplesOf, metric: 'correct' },
      direction: 'higher',
    });
    expect(difference).toMatchObject({ improved: 1, regressed: 2, same: 5, unscored: 0, onlyBefore: 0 });
    expect(difference.flips.map(({ sample, change }) => [sample, change])).toEqual([
      ['s5', 'regressed'],
      ['s6', 'regressed'],
      ['s3', 'improved'],
    ]);
    expect(difference.flips[0]!.answers.map((answer) => answer!.answer.startsWith('fact 5'))).toEqual([
      true,
      false,
    ]);
    const gate = {
      outcome: 'inconclusive' as const,
      ...{ metric: 'correct', margin: 0.05, confidence: 0.95, look: 1, verdict: 'inconclusive' as const },
      candidate: { name: 'new', mean: 0.75 },
      baseline: { name: 'old', mean: 0.875 },
      ...{
        difference: -0.125,
        low: -0.5,
        high: 0.3,
        n: 8,
        clusters: 8,
        effectiveClusters: 8,
        samplesNeeded: 900,
      },
      ...{ excluded: [], warnings: [] },
    };
    const report = await summariseStored(after, store);
    const text = exportMarkdown(after, report, {
      metric: 'correct',
      baseline: { run: before, report: await summariseStored(before, store), gate, difference },
    });
    expect(text).toContain('### new &lt;b&gt; on hostile');
    expect(text).toMatch(/correct \\\(primary\\\) \| 0\.750 \[.*\] of 8 \| 0\.875/);
    expect(text).toContain('2 samples got worse, 1 better, 5 stayed the same.');
    expect(text).not.toMatch(/@team|<script|https:\/\/evil|(?<!\\)\*\*b/);
    for (const line of text.split('\n').filter((each) => each.startsWith('| s')))
      expect(line.replaceAll('\\|', '').split('|')).toHaveLength(7);
    const long = exportMarkdown(
      after,
      { ...report, metrics: manyMetrics() },
      { metric: 'correct', baseline: null },
    );
    expect(long.length).toBeLessThanOrEqual(65_010);
  });
});

function manyMetrics() {
  const summary = { mean: 0.5, low: 0, high: 1, scored: 1, undefined: 0, errors: 0 };
  return Object.fromEntries(
    Array.from({ length: 2000 }, (_, index) => [`a-rather-long-name-${index}`, summary]),
  );
}

describe('the difference of two runs', () => {
  it('shows the largest changes of both kinds within a limit, and what one side cannot score', async () => {
    const { store, before, after, samplesOf } = await hostileRun();
    const options = { before, after, store, samplesOf, direction: 'higher' as const };
    const limited = await diffRuns({ ...options, metric: 'correct', limit: 2 });
    expect(limited.flips.map(({ sample }) => sample)).toEqual(['s5', 's3']);
    expect(await diffRuns({ ...options, metric: 'token-f1' })).toMatchObject({ unscored: 8, flips: [] });
    const falling = await diffRuns({ ...options, metric: 'correct', direction: 'lower' });
    expect(falling).toMatchObject({ improved: 2, regressed: 1 });
    const other = { ...after, dataset: { name: 'other', hash: 'x' } };
    await expect(diffRuns({ ...options, metric: 'correct', after: other })).rejects.toMatchObject({
      code: 'run-mismatch',
    });
  });
});
