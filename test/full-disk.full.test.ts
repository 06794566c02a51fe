import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOutputSchema, evalRunOutputSchema, syncOutputSchema } from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';

// A file system of two megabytes, which only root may mount.
const disk = mkdtempSync(join(tmpdir(), 'fulcrum-disk-'));
const mounted = (() => {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=2m', 'fulcrum-test', disk], { stdio: 'ignore' });
    return true;
  } catch {
    return false;
  }
})();
const project = join(disk, 'project');
const documents = 200;
const pages = scratchFolder(
  Object.fromEntries(
    Array.from({ length: documents }, (_, page) => [
      `page-${page}.md`,
      `# Page ${page}\n\n${`The lighthouse number ${page} was painted by hand. `.repeat(150)}\n`,
    ]),
  ),
);
const run = (...args: string[]) => fulcrum([...args, '--project', project, '--json']);

beforeAll(() => {
  if (!mounted) return;
  mkdirSync(project);
  writeFileSync(
    join(project, 'fulcrum.config.json'),
    JSON.stringify({
      embedding: false,
      sources: { docs: { type: 'files', directory: pages.path } },
      variants: { extract: { reader: 'extract' } },
    }),
  );
});
afterAll(() => {
  if (mounted) execFileSync('umount', [disk]);
  rmSync(disk, { recursive: true, force: true });
  pages.remove();
});

describe.skipIf(!mounted)('a full disk (needs the right to mount)', () => {
  it('stops sync with one error, and the next sync completes', async () => {
    const full = await run('sync');
    expect(full.code).toBe(1);
    expect(errorOutputSchema.parse(full.json()).error.code).toBe('disk-full');
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    const again = syncOutputSchema.parse((await run('sync')).json());
    expect(again.added + again.unchanged).toBe(documents);
    expect(again.failed).toEqual([]);
  });

  it('stops a run with one error, and the next run completes it', async () => {
    const questions = Array.from({ length: 150 }, (_, page) => ({
      id: `q${page}`,
      input: `Which lighthouse was painted by hand, number ${page}?`,
      facts: [[String(page)]],
    }));
    writeFileSync(join(pages.path, 'questions.jsonl'), jsonLines(questions));
    const imported = await run('dataset', 'import', join(pages.path, 'questions.jsonl'), '--name', 'q');
    expect(imported.code, imported.stdout).toBe(0);
    const used = Number(execFileSync('du', ['-sk', disk], { encoding: 'utf8' }).split('\t')[0]);
    execFileSync('mount', ['-o', `remount,size=${used + 300}k`, disk]);
    const full = await run('eval', 'run', '--dataset', 'q', '--variants', 'extract');
    expect(full.code).toBe(1);
    expect(errorOutputSchema.parse(full.json()).error.code).toBe('disk-full');
    execFileSync('mount', ['-o', 'remount,size=64m', disk]);
    const done = await run('eval', 'run', '--dataset', 'q', '--variants', 'extract');
    const [only] = evalRunOutputSchema.parse(done.json()).runs;
    expect(only?.metrics.correct).toMatchObject({ scored: 150, errors: 0 });
  });
});
