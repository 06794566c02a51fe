import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, expect, it } from 'vitest';
import { syncOutputSchema } from '../src/app/contracts.ts';
import { fulcrum, scratchFolder, teaShop } from './cli.ts';

const config = JSON.stringify({
  sources: { docs: { type: 'files', directory: 'docs' } },
  embedding: false,
  variants: { extract: { reader: 'extract' } },
});
const folders: ReturnType<typeof scratchFolder>[] = [];
const project = () => {
  const folder = scratchFolder({ ...teaShop, 'fulcrum.config.json': config });
  folders.push(folder);
  return folder;
};
afterAll(() => {
  for (const folder of folders) folder.remove();
});

it('sync --dry-run makes no state folder, and counts what the sync then does', async () => {
  const { path } = project();
  const plan = await fulcrum(['sync', '--dry-run', '--json'], { cwd: path });
  expect(plan.code, plan.stderr).toBe(0);
  expect(existsSync(join(path, '.fulcrum'))).toBe(false);
  const { added, embedding } = plan.json<{ added: number; embedding: unknown }>();
  expect(embedding).toEqual({
    model: null,
    texts: 0,
    tokens: 0,
    usd: 0,
    seconds: 0,
    basis: 'nothing to embed',
  });
  const report = syncOutputSchema.parse((await fulcrum(['sync', '--json'], { cwd: path })).json());
  expect(report).toMatchObject({ added, version: 1 });
  const refused = await fulcrum(['sync', '--dry-run', '--prune'], { cwd: path });
  expect(refused).toMatchObject({ code: 2, stdout: '' });
});

it('versions are listed, compared and rolled back; search and ask name them', async () => {
  const folder = project();
  const run = async (...args: string[]) => {
    const { code, stdout, stderr } = await fulcrum(args, { cwd: folder.path });
    expect(code, stderr).toBe(0);
    return stdout;
  };
  await run('sync');
  folder.write('docs/opening.md', '# Opening hours\n\nThe shop opens at ten in the morning.\n');
  await run('sync');
  const list = JSON.parse(await run('versions', 'list', '--json')) as { versions: { number: number }[] };
  expect(list.versions.map(({ number }) => number)).toEqual([2, 1]);
  expect(await run('versions', 'diff', '1', 'live')).toContain('changed  docs:opening.md');
  const blocks = await run('versions', 'diff', '1', '2', '--document', 'docs:opening.md');
  expect(blocks).toContain('- The shop opens at nine in the morning');
  expect(blocks).toContain('+ The shop opens at ten in the morning.');
  const ask = async () => {
    const { index, citations } = JSON.parse(await run('ask', 'When does the shop open?', '--json'));
    return [index.version, citations[0].quote];
  };
  expect(await ask()).toEqual([2, 'The shop opens at ten in the morning.']);
  expect(await run('versions', 'rollback', '1')).toContain('Back at version 1, as version 3');
  expect(await ask()).toEqual([3, 'The shop opens at nine in the morning and closes at half past six.']);
  const search = JSON.parse(await run('search', 'shop opens', '--json'));
  const named = JSON.parse(await run('versions', 'show', search.indexVersion, '--json'));
  expect([search.indexVersionNumber, named.number]).toEqual([3, 3]);
  expect(await run('versions', 'pin', '2')).toContain('Version 2 is kept');
  const unknown = await fulcrum(['versions', 'show', '9', '--json'], { cwd: folder.path });
  expect(unknown.code).toBe(2);
  expect(unknown.json()).toMatchObject({ error: { code: 'version-unknown' } });
});

it('sync --watch takes in changes, survives failures and ends cleanly', async () => {
  const folder = project();
  const program = join(import.meta.dirname, '..', 'bin', 'fulcrum');
  const child = spawn(process.execPath, [program, 'sync', '--watch', '--json'], { cwd: folder.path });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (piece: string) => {
    output += piece;
  });
  const lines = () =>
    output
      .split('\n')
      .filter(Boolean)
      .map((line) => JSON.parse(line) as Record<string, unknown>);
  const until = async (holds: () => boolean): Promise<void> => {
    for (let waited = 0; !holds() && waited < 60_000; waited += 100) await wait(100);
    expect(holds(), output).toBe(true);
  };
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  await until(() => lines().length === 1);
  folder.write('docs/opening.md', '# Opening hours\n\nThe shop opens at ten.\n');
  await until(() => lines().some((line) => line.changed === 1));
  folder.write('docs/broken.md', new Uint8Array([0x23, 0x20, 0xff, 0xfe, 0x00]));
  await until(() => lines().some((line) => Array.isArray(line.failed) && line.failed.length === 1));
  folder.write('docs/more.md', '# More\n\nTea cups are sold too.\n');
  await until(() => lines().some((line) => line.added === 1));
  child.kill('SIGINT');
  expect(await ended).toBe(0);
});
