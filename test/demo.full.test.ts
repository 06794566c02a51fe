import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { BreakReport } from '../src/cli/demo/break-it.ts';
import type { TimeTravel } from '../src/cli/demo/time-travel.ts';
import type { Answer } from '../src/core/index.ts';
import { fulcrum, scratchFolder, teaShop } from './cli.ts';

const documentationOf = (name: string): string =>
  join(dirname(createRequire(import.meta.url).resolve(`${name}/package.json`)), 'docs');
const documentation = documentationOf('ai');

/** The quote of every citation is the slice of the file that it names. */
function expectVerbatim(answer: Answer, read: (key: string) => string): void {
  for (const { documentId, start, end, quote } of answer.citations) {
    const text = read(documentId.slice(documentId.indexOf(':') + 1))
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n');
    expect(text.slice(start, end), documentId).toBe(quote);
  }
}

describe('npm start', () => {
  it('goes from the documentation to an audited verdict', async () => {
    const finished = await fulcrum(['demo', '--json']);
    expect(finished.code, finished.stderr).toBe(0);
    const report = finished.json<{
      documents: number;
      chunks: number;
      questions: number;
      answers: { question: string; answer: Answer }[];
      audit: { variant: string; compared: number; sameCorrect: number }[];
      verdict: { decision: { reason: string; variants: { variant: string; n: number }[] }; report: string };
      travel: TimeTravel;
      broken: BreakReport;
    }>();
    expect(report.documents).toBe(303);
    expect(report.questions).toBe(150);
    expect(report.answers).toHaveLength(3);
    for (const { answer } of report.answers)
      expectVerbatim(answer, (key) => readFileSync(join(documentation, key), 'utf8'));
    expect(report.answers.some(({ answer }) => answer.citations.length > 0)).toBe(true);
    expect(report.audit.map((each) => each.variant).sort()).toEqual([
      'hybrid',
      'oracle',
      'prompt',
      'rag',
      'tuned',
    ]);
    expect(report.verdict.decision.variants.map((each) => each.variant).sort()).toEqual([
      'extract',
      'hybrid',
      'oracle',
      'prompt',
      'rag',
      'tuned',
    ]);
    for (const each of report.verdict.decision.variants) expect(each.n, each.variant).toBe(80);
    // 238 pages then, 303 now: 236 of them in both, 158 of those changed.
    const { travel, broken } = report;
    expect(travel.difference).toMatchObject({ added: 67, changed: 158, removed: 2, renamed: 0 });
    expect(travel.difference.embedded).toBeLessThan(report.chunks * 0.7);
    expect(travel.answers.filter(({ changed }) => changed).length).toBeGreaterThanOrEqual(5);
    for (const { before, after } of travel.answers) {
      expectVerbatim(before, (key) => readFileSync(join(documentationOf('ai-6'), key), 'utf8'));
      expectVerbatim(after, (key) => readFileSync(join(documentation, key), 'utf8'));
    }
    expect(travel.answers[0]!.before.answer).toContain('experimental_throttle');
    expect(travel.answers[0]!.after.answer).not.toContain('experimental_throttle');
    expect(travel.opened?.isVerbatim).toBe(true);
    const guides = ({ citations }: Answer): boolean =>
      citations.some(({ documentId }) => documentId.includes('08-migration-guides/'));
    expect(guides(broken.ann)).toBe(true);
    expect(guides(broken.bob)).toBe(false);
    const hidden = broken.hidden!;
    expect(hidden.answer.citations.some(({ documentId }) => documentId === hidden.document)).toBe(false);
    for (const { falseCitations, leaked } of broken.injections.variants)
      expect(falseCitations + leaked).toBe(0);
    const html = readFileSync(report.verdict.report, 'utf8');
    expect(html).toContain('<svg');
    expect(html).not.toMatch(/(src|href)="https?:/);
  });
});

describe('npm start -- FOLDER', () => {
  const folder = scratchFolder(teaShop);
  afterAll(() => folder.remove());

  it("answers from somebody's own folder and leaves it as it was", async () => {
    const finished = await fulcrum(['demo', join(folder.path, 'docs'), '--json']);
    expect(finished.code, finished.stderr).toBe(0);
    const report = finished.json<{
      documents: number;
      project: string;
      answers: { answer: Answer }[];
      next: string[];
    }>();
    expect(report.documents).toBe(4);
    expect(report.project).toBe(join(folder.path, 'docs-fulcrum'));
    for (const { answer } of report.answers) expectVerbatim(answer, (key) => teaShop[`docs/${key}`] ?? '');
    expect(report.next.join('\n')).toContain('dataset import');
  });
});
