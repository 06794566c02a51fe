import { closeSync, ftruncateSync, openSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { docxFile } from '../src/knowledge/parsing/docx-file.fixture.ts';
import { pdfFile, pdfLines } from '../src/knowledge/parsing/pdf-file.fixture.ts';
import { fulcrum, scratchFolder } from './cli.ts';

const paragraphs = '<w:p><w:r><w:t>a</w:t></w:r></w:p>'.repeat(2_000_000);
const word = 'xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"';
const folder = scratchFolder({
  'docs/a.md': '# Tea\n\nThe card expires after two years.\n',
  'docs/deep.html': `${'<div>'.repeat(300_000)}deep words`,
  'docs/z.txt': 'The last file is read as well.\n',
  'fulcrum.config.json': JSON.stringify({
    sources: { docs: { type: 'files', directory: 'docs' } },
    embedding: false,
    parsing: { seconds: 20, memoryMb: 256 },
  }),
});
beforeAll(() => {
  const file = (name: string) => join(folder.path, 'docs', name);
  writeFileSync(
    file('bomb.docx'),
    docxFile([], {
      parts: { 'word/document.xml': `<w:document ${word}><w:body>${paragraphs}</w:body></w:document>` },
    }),
  );
  const page = Buffer.from(pdfFile([pdfLines(['Never shown.'])])).toString('latin1');
  writeFileSync(file('cut.pdf'), page.slice(0, 40));
  writeFileSync(file('scan.pdf'), pdfFile([pdfLines(['One page of words.']), 'scan']));
  const huge = openSync(file('huge.txt'), 'w');
  ftruncateSync(huge, 2 * 1024 ** 3);
  closeSync(huge);
});
afterAll(() => folder.remove());

describe('documents that want to harm', () => {
  it('each costs its own document and nothing else', async () => {
    const { stdout, stderr, code } = await fulcrum(['sync', '--json'], { cwd: folder.path });
    const report = JSON.parse(stdout) as { added: number; failed: { uri: string; code: string }[] };
    const failed = Object.fromEntries(report.failed.map((failure) => [failure.uri, failure.code]));
    // A tree of 300,000 levels may be read or cost too much, but never the others.
    const deep = failed['deep.html'];
    delete failed['deep.html'];
    expect(failed).toEqual({
      'bomb.docx': 'parse-memory',
      'cut.pdf': 'document-damaged',
      'huge.txt': 'file-too-large',
    });
    expect([undefined, 'parse-memory', 'parse-timeout']).toContain(deep);
    expect(report.added).toBe(deep === undefined ? 4 : 3);
    expect(code).toBe(1);
    expect(stderr).toContain('scan.pdf: Page 2 has no text');
    const found = await fulcrum(['search', 'last file', '--json'], { cwd: folder.path });
    expect(found.stdout).toContain('z.txt');
  });
});
