import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { openProjectDatabase } from '../src/app/open-database.ts';
import { deletionTables } from '../src/knowledge/deletion/deletion-migrations.ts';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

const folder = scratchFolder({
  'docs/people/ann.md': '# Ann\n\nThe flumoxar valve in room qwertzuiopasdf belongs to her.\n',
  'docs/people/bob.md': '# Bob\n\nBob has the yxcvbnmlkjhgfd pump in the cellar below.\n',
  'docs/people/cleo.md': '# Cleo\n\nCleo keeps the poiuztrewqlkjh lamp on the upper deck.\n',
  'docs/tea.md': '# Tea\n\nGreen tea is brewed at seventy degrees.\n',
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    sources: { docs: { type: 'files', directory: 'docs' } },
    variants: {
      said: {
        reader: 'generate',
        model: 'local/x',
        instructions: 'Note that the flumoxar valve in room qwertzuiopasdf belongs to her.',
      },
    },
  }),
});
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);
const errorOf = async (...args: string[]) => {
  const finished = await run(...args, '--json');
  return [finished.code, finished.json<{ error: { code: string } }>().error.code];
};
/** Ids of the documents that are listed. */
const listed = async () =>
  (await run('documents', 'list', '--json'))
    .json<{ documents: { documentId: string }[] }>()
    .documents.map(({ documentId }) => documentId);

function holds(word: string): boolean {
  return readdirSync(join(folder.path, '.fulcrum'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .some((entry) => readFileSync(join(entry.parentPath, entry.name)).includes(word));
}

afterAll(() => folder.remove());

it('plans, refuses without a yes, deletes, keeps out, checks its receipt, and lets back in', async () => {
  await run('sync');
  const plan = await run('documents', 'delete', 'docs:people/ann.md', '--dry-run');
  expect(plan.stdout).toMatch(/^Would delete 1 document for good: docs:people\/ann.md\n/);
  expect(plan.stdout).toContain('Nothing was removed.');
  expect(await errorOf('documents', 'delete', 'docs:people/ann.md')).toEqual([2, 'usage']);
  expect(await errorOf('documents', 'delete', 'docs:people/anna.md', '--yes')).toEqual([
    1,
    'document-unknown',
  ]);
  expect(await errorOf('documents', 'delete', '--yes')).toEqual([2, 'usage']);
  expect(await errorOf('documents', 'delete', '--matching', 'people/*', '--yes')).toEqual([2, 'usage']);
  expect(await errorOf('documents', 'delete', '--source', 'docs', '--matching', 'x/*', '--yes')).toEqual([
    1,
    'document-unknown',
  ]);
  expect(await errorOf('documents', 'undelete', 'docs:people/ann.md')).toEqual([1, 'document-not-deleted']);
  expect(await listed()).toHaveLength(4);
  expect(holds('qwertzuiopasdf')).toBe(true);

  const deleted = await run('documents', 'delete', 'docs:people/ann.md', '--reason', 'request 17', '--yes');
  expect(deleted.stdout).toMatch(/^Deleted 1 document for good: docs:people\/ann.md\n/);
  expect(deleted.stdout).toContain('no tuned models in this project');
  expect(deleted.stdout).toContain('the config file: the variant "said" repeats a passage; edit it');
  expect(holds('qwertzuiopasdf')).toBe(false);
  expect(await listed()).toHaveLength(3);
  expect((await run('sync')).stdout).toContain('1 left out since they were deleted for good');
  const receipt = /^receipt (.+)$/m.exec(deleted.stdout)![1]!;
  const check = await run('documents', 'receipt', receipt);
  expect([check.code, check.stdout.trimEnd().split('\n').at(-1)]).toEqual([
    0,
    'nothing of the documents was found',
  ]);
  expect((await run('documents', 'deletions')).stdout).toContain('reason: request 17');
  expect(await errorOf('documents', 'receipt', join(folder.path, 'docs/tea.md'))).toEqual([
    2,
    'receipt-invalid',
  ]);

  await run('documents', 'undelete', 'docs:people/ann.md');
  expect((await run('sync')).stdout).toContain('1 added');
  expect((await run('documents', 'receipt', receipt)).stdout).toContain(
    'came back, since somebody undeleted it: docs:people/ann.md',
  );
}, 60_000);

it('deletes what a glob names, and every command finishes an interrupted deletion first', async () => {
  const { stdout } = await run(
    'documents',
    'delete',
    '--source',
    'docs',
    '--matching',
    'people/b*',
    '--yes',
    '--json',
  );
  const { receipt } = JSON.parse(stdout) as { receipt: { documents: { id: string }[] } };
  expect(receipt.documents.map(({ id }) => id)).toEqual(['docs:people/bob.md']);
  // What a process leaves that is killed right after it wrote the wish down.
  const database = await openProjectDatabase(join(folder.path, '.fulcrum'));
  await deletionTables(database)
    .insertInto('document_deletions')
    .values({
      ...{ id: 'del_x', tenant: 'local', state: 'requested', documents: '["docs:people/cleo.md"]' },
      ...{ requested_at: '2026-01-01T00:00:00.000Z', requested_by: 'ann', reason: null, questions: 0 },
      ...{ receipt: null, salt: 's', finished_at: null, receipt_hash: null },
    })
    .execute();
  await database.close();
  const search = await run('search', 'lamp on the upper deck', '--json');
  expect(search.stderr).toContain('Finished the deletion del_x, which was interrupted');
  expect(search.stdout).not.toContain('cleo');
  expect(holds('poiuztrewqlkjh')).toBe(false);
  expect(readdirSync(join(folder.path, '.fulcrum/receipts'))).toContain('del_x.json');
}, 60_000);
