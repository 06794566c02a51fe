import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type TuningReport, tuningReportSchema } from '../src/experiments/index.ts';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

// Pages of lamps: at 200 tokens a page is one chunk whose second half holds the answer, at 100 the answer has a chunk of its own.

const folder = scratchFolder();
const temporary = join(folder.path, 'tmp');
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);

const care =
  'Keep the glass clean with a soft dry cloth and never touch the metal parts while they are warm. Store it upright in a dry room, away from children and from curtains. ';
const page = (lamp: number): string =>
  `# Lamp Q${lamp}\n\n${care.repeat(3)}\n\nOn one filling of oil, lamp Q${lamp} burns for ${lamp + 100} hours. ${care}\n`;

beforeAll(async () => {
  mkdirSync(temporary);
  vi.stubEnv('TMPDIR', temporary);
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      sources: { docs: { type: 'files', directory: 'docs' } },
      variants: { quotes: { reader: 'extract' } },
    }),
  );
  const lamps = Array.from({ length: 72 }, (_, lamp) => lamp);
  for (const lamp of lamps) folder.write(`docs/q${lamp}.md`, page(lamp));
  const sample = (lamp: number, more: object = {}) =>
    JSON.stringify({
      id: `l${lamp}`,
      input: `For how many hours does lamp Q${lamp} burn on one filling?`,
      ...more,
    });
  const evidence = (lamp: number) => [
    { document: `docs:q${lamp}.md`, quote: `lamp Q${lamp} burns for ${lamp + 100} hours` },
  ];
  folder.write(
    'lamps.jsonl',
    lamps
      .map((lamp) => sample(lamp, { evidence: evidence(lamp), split: lamp < 36 ? 'dev' : 'test' }))
      .join('\n'),
  );
  folder.write('bare.jsonl', sample(1));
  folder.write('pages.jsonl', sample(1, { evidence: [{ document: 'docs:q1.md' }] }));
  expect((await run('sync')).code).toBe(0);
  for (const name of ['lamps', 'bare', 'pages'])
    expect((await run('dataset', 'import', join(folder.path, `${name}.jsonl`), '--name', name)).code).toBe(0);
  expect((await run('dataset', 'split', 'lamps', '--by', 'given')).code).toBe(0);
}, 120_000);
afterAll(() => {
  vi.unstubAllEnvs();
  folder.remove();
});

/** Hash of every file of the live index. */
function indexHashes(): string[] {
  const root = join(folder.path, '.fulcrum', 'index');
  return readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => statSync(join(root, file)).isFile())
    .sort()
    .map(
      (file) =>
        `${file} ${createHash('sha256')
          .update(readFileSync(join(root, file)))
          .digest('hex')}`,
    );
}

describe('fulcrum tune retrieval', () => {
  it('refuses what it cannot tune, and says why', async () => {
    const errorOf = async (...args: string[]) => {
      const { code, stdout } = await run('tune', 'retrieval', '--json', ...args);
      expect(code).not.toBe(0);
      return (JSON.parse(stdout) as { error: { code: string; message: string } }).error;
    };
    const bare = await errorOf('--dataset', 'bare');
    const weight = await errorOf('--dataset', 'lamps');
    const unknown = await errorOf('--dataset', 'lamps', '--dimensions', 'size');
    const split = await errorOf('--dataset', 'lamps', '--split', 'test');
    const missing = await errorOf('--dataset', 'lamps', '--split', 'train', '--dimensions', 'k');
    const rerank = await errorOf('--dataset', 'lamps', '--dimensions', 'rerank');
    const documents = await errorOf('--dataset', 'pages', '--dimensions', 'k,neighbours');
    expect(bare).toMatchObject({ code: 'tuning-evidence-missing' });
    expect(bare.message).toContain('1 have no evidence');
    expect(weight).toMatchObject({ code: 'usage' });
    expect(weight.message).toContain('the project embeds nothing');
    expect(unknown.message).toContain('not "size"');
    expect(split.message).toContain('the test split is looked at once');
    expect(missing.code).toBe('split-missing');
    expect(rerank.message).toContain('--rerankers');
    expect(documents.message).toContain('documents are ranked');
  });

  it('says where there are too few questions and ranks documents where evidence has no places', async () => {
    const { code, stdout } = await run(
      ...['tune', 'retrieval', '--dataset', 'pages', '--dimensions', 'near-duplicates', '--write'],
    );
    expect(code).toBe(0);
    expect(stdout).toContain('nDCG@10 of documents');
    expect(stdout).toContain('Too few questions to choose by: 1 in 1 groups');
    expect(readFileSync(join(folder.path, 'fulcrum.config.json'), 'utf8')).not.toContain('retrieval');
  });

  it('finds a better chunk size in a second index, leaves the live one alone and writes the config', async () => {
    const before = indexHashes();
    // What a killed process left; no process has such a number.
    folder.write('tmp/fulcrum-tuning-999999999-x/side.db', 'text');
    folder.write(`tmp/fulcrum-tuning-${process.pid}-other/side.db`, 'of a run that goes on');
    const { code, stdout, stderr } = await run(
      ...['tune', 'retrieval', '--dataset', 'lamps', '--dimensions', 'chunk-size,k', '--json', '--write'],
      ...['--chunk-sizes', '100', '--budget-tokens', '100'],
    );
    expect(code, stderr).toBe(0);
    const report: TuningReport = tuningReportSchema.parse(JSON.parse(stdout));
    expect(report).toMatchObject({
      objective: { kind: 'span-recall', budgetTokens: 100 },
      questions: 36,
      groups: 36,
      outcome: 'changed',
      present: { 'chunk-size': 200, k: 5 },
      chosen: { 'chunk-size': 100, k: 5 },
      test: { questions: 36, mean: 1, present: 0 },
    });
    expect(report.dimensions[0]).toMatchObject({ dimension: 'chunk-size', word: 'gains', opened: true });
    expect(report.dimensions[1]).toMatchObject({ dimension: 'k', opened: false });
    expect(report.dimensions[1]!.worth.difference).toBe(0);
    expect(indexHashes()).toEqual(before);
    expect(readdirSync(temporary).filter((name) => name.startsWith('fulcrum-tuning'))).toEqual([
      `fulcrum-tuning-${process.pid}-other`,
    ]);
    rmSync(join(temporary, `fulcrum-tuning-${process.pid}-other`), { recursive: true });
    const config = JSON.parse(readFileSync(join(folder.path, 'fulcrum.config.json'), 'utf8'));
    expect(config.chunking).toEqual({ maxTokens: 100 });
    expect(config.retrieval ?? {}).toEqual({});
    const looks = (await run('dataset', 'looks', 'lamps', '--json')).stdout;
    expect(looks).toContain('tune retrieval');
  });

  it('does not compare chunk sizes over documents that changed since the last sync', async () => {
    folder.write('docs/q3.md', `${page(3)}\nA new line.\n`);
    const { code, stdout } = await run(
      ...['tune', 'retrieval', '--dataset', 'lamps', '--dimensions', 'chunk-size', '--json'],
      ...['--chunk-sizes', '400'],
    );
    expect(code).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({ error: { code: 'sources-changed' } });
    expect(readdirSync(temporary).filter((name) => name.startsWith('fulcrum-tuning'))).toEqual([]);
  });
});
