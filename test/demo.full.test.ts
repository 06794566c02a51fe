import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { Answer } from '../src/core/index.ts';
import { fulcrum, scratchFolder, teaShop } from './cli.ts';

/** The quote of every citation is the slice of the file that it names. */
function expectVerbatim(answer: Answer, read: (key: string) => string): void {
  for (const { documentId, start, end, quote } of answer.citations) {
    const text = read(documentId.slice(documentId.indexOf(':') + 1))
      .replace(/^\uFEFF/, '')
      .replace(/\r\n?/g, '\n');
    expect(text.slice(start, end), documentId).toBe(quote);
  }
}

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
