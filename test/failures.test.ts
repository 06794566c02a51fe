import { chmodSync, copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { errorOutputSchema, evalRunOutputSchema, syncOutputSchema } from '../src/app/contracts.ts';
import { lockProject } from '../src/database/project-lock.ts';
import { fulcrum, jsonLines, scratchFolder, teaShop, teaShopQuestions } from './cli.ts';

let folder: ReturnType<typeof scratchFolder>;
const config = {
  embedding: false,
  sources: { docs: { type: 'files', directory: 'docs' } },
  variants: { extract: { reader: 'extract' } },
};
beforeEach(() => {
  folder = scratchFolder(teaShop);
  folder.write('fulcrum.config.json', JSON.stringify(config));
});
afterEach(() => folder.remove());

const run = (args: string[], env: NodeJS.ProcessEnv = {}) =>
  fulcrum([...args, '--project', folder.path, '--json'], { env });
const withConfig = (change: object): void =>
  folder.write('fulcrum.config.json', JSON.stringify({ ...config, ...change }));
/** The catalogue error of a command that must fail. */
async function failure(
  args: string[],
  env: NodeJS.ProcessEnv = {},
): Promise<{ code: string; message: string; exit: number | null }> {
  const finished = await run(args, env);
  expect(finished.code, finished.stdout).not.toBe(0);
  const { error } = errorOutputSchema.parse(finished.json());
  expect(`${error.message}${error.hint}`).not.toMatch(/\n\s+at /);
  return { code: error.code, message: error.message, exit: finished.code };
}

describe('each bad input gives one clear error', () => {
  it('unknown config key, with the key that was meant', async () => {
    withConfig({ retreival: { vectorWeight: 0.5 } });
    const error = await failure(['sync']);
    expect(error).toMatchObject({ code: 'config-invalid', exit: 2 });
    expect(error.message).toContain('unknown key "retreival"');
    expect(error.message).toContain('Did you mean "retrieval"?');
  });

  it('unknown key deep in a variant', async () => {
    withConfig({ variants: { rag: { reader: 'generate', modle: 'local/smollm2-135m-instruct' } } });
    const error = await failure(['variants', 'list']);
    expect(error.message).toContain('modle');
    expect(error.message).toContain('variants.rag');
  });

  it('broken config syntax, and no config at all', async () => {
    folder.write('fulcrum.config.json', '{"sources": ');
    expect((await failure(['sync'])).code).toBe('config-unreadable');
    expect((await fulcrum(['sync', '--project', join(folder.path, 'docs'), '--json'])).json()).toMatchObject({
      error: { code: 'project-not-found' },
    });
  });

  it('missing folder, no source, unknown source', async () => {
    withConfig({ sources: { docs: { type: 'files', directory: 'dosc' } } });
    expect((await failure(['sync'])).code).toBe('directory-not-found');
    withConfig({ sources: {} });
    expect((await failure(['sync'])).code).toBe('source-empty');
    withConfig({});
    expect(await failure(['sync', 'dcos'])).toMatchObject({ code: 'source-unknown', exit: 2 });
  });

  it('binary, invalid UTF-8 and unreadable files are reported and skipped; the rest goes on', async () => {
    folder.write('docs/binary.md', new Uint8Array([35, 32, 0, 1, 2, 0, 255]));
    folder.write('docs/latin.md', Buffer.from('# Caf\xe9\n\nna\xefve', 'latin1'));
    const finished = await run(['sync']);
    const report = syncOutputSchema.parse(finished.json());
    expect(finished.code).toBe(1);
    expect(report.added).toBe(4);
    expect(report.failed.map((each) => [each.uri.split('/').at(-1), each.code]).sort()).toEqual([
      ['binary.md', 'file-not-text'],
      ['latin.md', 'file-not-text'],
    ]);
  });

  it.skipIf(process.getuid?.() === 0)('an unreadable file is reported and skipped', async () => {
    chmodSync(join(folder.path, 'docs/returns.md'), 0);
    const report = syncOutputSchema.parse((await run(['sync'])).json());
    expect(report.failed.map((each) => each.code)).toEqual(['file-unreadable']);
  });

  it('search and ask before the first sync', async () => {
    expect((await failure(['search', 'tea'])).code).toBe('index-empty');
    // Not "the corpus does not seem to hold an answer": nobody has looked.
    expect((await failure(['ask', 'tea?'])).code).toBe('index-empty');
  });

  it('empty dataset, missing dataset file, broken line, evidence that is not in the corpus', async () => {
    await run(['sync']);
    folder.write('empty.jsonl', '');
    expect((await failure(['dataset', 'import', join(folder.path, 'empty.jsonl'), '--name', 'a'])).code).toBe(
      'dataset-empty',
    );
    expect((await failure(['dataset', 'import', join(folder.path, 'none.jsonl'), '--name', 'a'])).code).toBe(
      'file-not-found',
    );
    folder.write('broken.jsonl', '{"id":"1","input":"x"}\n{"id":');
    const broken = await failure(['dataset', 'import', join(folder.path, 'broken.jsonl'), '--name', 'a']);
    expect(broken.code).toBe('record-invalid');
    expect(broken.message).toContain('line 2');
    folder.write(
      'wrong.jsonl',
      jsonLines([
        { id: '1', input: 'When?', evidence: [{ document: 'docs:opening.md', quote: 'opens at midnight' }] },
      ]),
    );
    const wrong = await failure(['dataset', 'import', join(folder.path, 'wrong.jsonl'), '--name', 'a']);
    expect(wrong.code).toBe('evidence-not-found');
    expect(wrong.message).toContain('opens at midnight');
    expect((await run(['dataset', 'list'])).json()).toMatchObject({ datasets: [] });
  });

  it('unknown variant, unknown model, missing key, wrong key, no network', async () => {
    await run(['sync']);
    folder.write('questions.jsonl', jsonLines(teaShopQuestions));
    await run(['dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'shop']);
    expect(await failure(['eval', 'run', '--dataset', 'shop', '--variants', 'extrct'])).toMatchObject({
      code: 'variant-unknown',
      exit: 2,
    });
    expect((await failure(['eval', 'run', '--dataset', 'shpo', '--variants', 'extract'])).code).toBe(
      'dataset-unknown',
    );
    withConfig({
      variants: {
        a: { reader: 'generate', model: 'local/smolm2' },
        b: { reader: 'generate', model: 'openai/gpt-4.1-mini' },
        c: { reader: 'generate', model: 'compatible/mine/m' },
      },
      providers: { mine: { baseUrl: 'http://127.0.0.1:9/v1', keyVariable: 'MINE_KEY' } },
    });
    expect((await failure(['ask', 'tea?', '--variant', 'a'])).code).toBe('model-unknown');
    expect((await failure(['ask', 'tea?', '--variant', 'b'])).code).toBe('model-key-missing');
    expect((await failure(['ask', 'tea?', '--variant', 'c'], { MINE_KEY: 'k' })).code).toBe(
      'model-unreachable',
    );
    const server = createServer((_request, response) =>
      response.writeHead(401, { 'content-type': 'application/json' }).end('{"error":{"message":"bad key"}}'),
    );
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    withConfig({
      variants: { c: { reader: 'generate', model: 'compatible/mine/m' } },
      providers: {
        mine: {
          baseUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`,
          keyVariable: 'MINE_KEY',
        },
      },
    });
    expect((await failure(['ask', 'tea?', '--variant', 'c'], { MINE_KEY: 'k' })).code).toBe(
      'model-key-rejected',
    );
    server.close();
  });

  it('a corrupt and a newer database are refused and left untouched', async () => {
    await run(['sync']);
    const file = join(folder.path, '.fulcrum/fulcrum.db');
    const connection = new DatabaseSync(file);
    connection.exec(
      "pragma wal_checkpoint(truncate); insert into kysely_migration (name, timestamp) values ('zz-999-future', '2027')",
    );
    connection.close();
    expect((await failure(['search', 'tea'])).code).toBe('database-newer');
    copyFileSync(file, `${file}.copy`);
    writeFileSync(file, 'no database at all, but long enough to be taken for one at a first glance');
    const before = readFileSync(file);
    expect((await failure(['search', 'tea'])).code).toBe('database-corrupt');
    expect(readFileSync(file)).toEqual(before);
  });

  it('a second sync at once', async () => {
    await run(['sync']);
    const release = lockProject(join(folder.path, '.fulcrum/sync.lock'), 'sync');
    const error = await failure(['sync']);
    release();
    expect(error.code).toBe('project-locked');
    expect(error.message).toContain(String(process.pid));
  });

  it('an external variant that hangs, lies or returns garbage is counted as errors, never as zeros', async () => {
    await run(['sync']);
    folder.write('questions.jsonl', jsonLines(teaShopQuestions));
    await run(['dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'shop']);
    const node = process.execPath;
    withConfig({
      variants: {
        hangs: { external: { command: [node, '-e', 'setInterval(() => {}, 1000)'], timeoutSeconds: 1 } },
        garbage: { external: { command: [node, '-e', 'console.log("<html>")'] } },
        lies: {
          external: {
            command: [
              node,
              '-e',
              'console.log(JSON.stringify({ answer: "nine", contexts: [{ documentId: "docs:none.md", start: 5, end: 2 }], costUsd: -1 }))',
            ],
          },
        },
        fails: { external: { command: [node, '-e', 'process.exit(3)'] } },
      },
    });
    const finished = await run([
      'eval',
      'run',
      '--dataset',
      'shop',
      '--variants',
      'hangs,garbage,lies,fails',
      '--concurrency',
      '5',
    ]);
    // A run without a single answer is no result that a script should go on with; the report is printed all the same.
    expect(finished.code, finished.stdout).toBe(1);
    for (const each of evalRunOutputSchema.parse(finished.json()).runs)
      expect(each.metrics.correct, each.variant).toMatchObject({ mean: null, scored: 0, errors: 5 });
    expect((await failure(['ask', 'tea?', '--variant', 'garbage'])).code).toBe('external-invalid');
    expect((await failure(['ask', 'tea?', '--variant', 'hangs'])).code).toBe('external-timeout');
    expect((await failure(['ask', 'tea?', '--variant', 'fails'])).code).toBe('external-failed');
  });

  it('a recording that lacks samples, or has answers under another name', async () => {
    await run(['sync']);
    folder.write('questions.jsonl', jsonLines(teaShopQuestions));
    await run(['dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'shop']);
    folder.write('other.jsonl', jsonLines([{ id: 'other', answer: 'nine' }]));
    folder.write('keys.jsonl', jsonLines([{ id: '1', output: 'nine' }]));
    const add = (name: string, file: string) => ['variants', 'add', name, '--recorded', file];
    expect((await failure(add('none', 'none.jsonl'))).code).toBe('file-not-found');
    expect((await failure(add('keys', 'keys.jsonl'))).message).toContain('its keys: output');
    await run(add('other', 'other.jsonl'));
    expect((await failure(['ask', 'tea?', '--variant', 'other'])).code).toBe('recording-not-asked');
    const finished = await run(['eval', 'run', '--dataset', 'shop', '--variants', 'other']);
    expect(finished.stderr).toMatch(
      /other: 5 of 5 answers failed \(recording-incomplete\).*has no output for sample/,
    );
  });

  it('a margin and a bar in per cent', async () => {
    const rows = ['a', 'b'].flatMap((variant) =>
      Array.from({ length: 30 }, (_, sample) => ({
        sample: `${sample}`,
        variant,
        metric: 'm',
        value: sample % 2,
      })),
    );
    folder.write('scores.jsonl', jsonLines(rows));
    const scores = ['--scores', join(folder.path, 'scores.jsonl'), '--metric', 'm'];
    const margin = await failure(['compare', ...scores, '--margin', '5']);
    expect(margin).toMatchObject({ code: 'usage', exit: 2 });
    expect(margin.message).toContain('write 5 points as 0.05');
    expect((await failure(['decide', ...scores, '--bar', '80'])).message).toContain('write 80 points as 0.8');
  });

  it('bad rows for compare and a missing bar for decide', async () => {
    folder.write(
      'scores.jsonl',
      '{"sample":"1","variant":"a","metric":"m","value":1}\n{"sample":"1","variant":"b"}\n',
    );
    const error = await failure(['compare', '--scores', join(folder.path, 'scores.jsonl')]);
    expect(error.code).toBe('scores-invalid');
    expect(error.message).toContain('line 2');
    folder.write(
      'scores.jsonl',
      jsonLines([
        { sample: '1', variant: 'a', metric: 'correct', value: 1 },
        { sample: '1', variant: 'b', metric: 'correct', value: 0 },
      ]),
    );
    expect(await failure(['decide', '--scores', join(folder.path, 'scores.jsonl')])).toMatchObject({
      code: 'bar-missing',
      exit: 2,
    });
  });
});
