import { spawn } from 'node:child_process';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { pathToFileURL } from 'node:url';
import { afterEach, describe, expect, it } from 'vitest';
import type { RawDocument } from '../../document.ts';
import { docxFile } from '../docx-file.fixture.ts';
import { docxType } from '../media-type.ts';
import { defaultParsingLimits, type ParsingLimits } from '../parsing-limits.ts';
import { pdfFile, pdfLines } from '../pdf-file.fixture.ts';
import { createParseProcesses, type ParseProcesses } from './parse-processes.ts';

const open: ParseProcesses[] = [];
afterEach(() => {
  for (const processes of open.splice(0)) processes.close();
});
const start = (limits: Partial<ParsingLimits> = {}) => {
  const processes = createParseProcesses({ ...defaultParsingLimits, ...limits });
  open.push(processes);
  return (content: RawDocument['content'], mediaType: string) =>
    processes.parse({
      raw: { key: 'a', uri: 'a', content, mediaType, title: undefined },
      maxTokens: undefined,
    });
};
const page = pdfFile([pdfLines(['The kettle boils.'])]);
/** Small as a file, many gigabytes as a tree. */
const bomb = docxFile([], {
  parts: {
    'word/document.xml': `<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"><w:body>${'<w:p><w:r><w:t>a</w:t></w:r></w:p>'.repeat(2_000_000)}</w:body></w:document>`,
  },
});

describe('parsing in processes', () => {
  it('gives what parsing here would, several documents at a time', async () => {
    const parse = start();
    const results = await Promise.all([
      parse(page, 'application/pdf'),
      parse('# Tea\n\nGreen.', 'text/markdown'),
      parse('function brew() {}', 'text/javascript'),
      parse(docxFile([{ text: 'Black.' }]), docxType),
    ]);
    expect(results.map(({ document }) => document.text)).toEqual([
      'The kettle boils.',
      '# Tea\n\nGreen.',
      'function brew() {}',
      'Black.',
    ]);
    expect(results[1]?.chunks).toMatchObject([{ start: 0, end: 13, titlePath: ['Tea'] }]);
  });

  it('passes the errors of a document on', async () => {
    const parse = start();
    const failure = parse(pdfFile([[]], { encrypted: true }), 'application/pdf');
    await expect(failure).rejects.toMatchObject({ code: 'document-encrypted', data: { path: 'a' } });
  });

  it('a document over its memory or time costs that document, and the loop here goes on', async () => {
    const parse = start({ memoryMb: 256 });
    const loop = monitorEventLoopDelay({ resolution: 5 });
    loop.enable();
    await expect(parse(bomb, docxType)).rejects.toMatchObject({
      code: 'parse-memory',
      message: 'a needs more than 256 MB to be parsed.',
    });
    loop.disable();
    // Mean over the whole time: single waits are those of a busy machine.
    expect(loop.mean / 1e6).toBeLessThan(50);
    expect((await parse(page, 'application/pdf')).document.text).toBe('The kettle boils.');
    const hurried = start({ seconds: 0.05 });
    await expect(hurried('*a '.repeat(200_000), 'text/markdown')).rejects.toMatchObject({
      code: 'parse-timeout',
      message: 'a was not parsed within 0.05 s.',
    });
  });

  it('a process ends with the one that started it, also in the middle of a document', async () => {
    const module = pathToFileURL(new URL('./parse-processes.ts', import.meta.url).pathname).href;
    const limits = JSON.stringify(defaultParsingLimits);
    const script = `
      const { createParseProcesses } = await import(${JSON.stringify(module)});
      const processes = createParseProcesses(${limits});
      const raw = { key: 'a', uri: 'a', content: '*a '.repeat(2_000_000), mediaType: 'text/markdown', title: undefined };
      await processes.parse({ raw: { ...raw, content: 'x' }, maxTokens: undefined });
      processes.parse({ raw, maxTokens: undefined });
      setTimeout(() => console.log('busy'), 300);`;
    const parent = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    await new Promise((resolve) => parent.stdout.once('data', resolve));
    const children = await childrenOf(parent.pid!);
    expect(children.length).toBeGreaterThan(0);
    parent.kill('SIGKILL');
    for (let wait = 0; wait < 100 && children.some(isAlive); wait += 1)
      await new Promise((resolve) => setTimeout(resolve, 50));
    expect(children.filter(isAlive)).toEqual([]);
  });
});

async function childrenOf(pid: number): Promise<number[]> {
  const list = spawn('ps', ['-A', '-o', 'pid=,ppid='], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  for await (const piece of list.stdout) output += piece;
  const rows = output
    .trim()
    .split('\n')
    .map((line) => line.trim().split(/\s+/).map(Number));
  return rows.filter(([, parent]) => parent === pid).map(([child]) => child!);
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
