import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import {
  collectResults,
  forgetElsewhere,
  isElsewhere,
  noteElsewhere,
  paidElsewhere,
  requireEmpty,
} from './packed-folder.ts';

const folderOf = (job: string): string => {
  const folder = mkdtempSync(join(tmpdir(), 'packed-'));
  writeFileSync(join(folder, 'job.json'), JSON.stringify({ job }));
  return folder;
};

it('brings results back, and leaves the job as it was written here', async () => {
  const [here, there] = [folderOf('a'), folderOf('a')];
  writeFileSync(join(there, 'job.json'), JSON.stringify({ job: 'a', base: { path: 'base' } }));
  writeFileSync(join(there, 'events.jsonl'), '{"type":"done"}\n');
  mkdirSync(join(there, 'artifacts/peft'), { recursive: true });
  writeFileSync(join(there, 'artifacts/peft/x'), 'weights');
  writeFileSync(join(there, 'train.jsonl'), 'changed');
  await noteElsewhere(here, null);
  await collectResults(here, there);
  expect(readFileSync(join(here, 'artifacts/peft/x'), 'utf8')).toBe('weights');
  expect(readFileSync(join(here, 'events.jsonl'), 'utf8')).toBe('{"type":"done"}\n');
  expect(readFileSync(join(here, 'job.json'), 'utf8')).toBe('{"job":"a"}');
  expect(() => readFileSync(join(here, 'train.jsonl'))).toThrow();
});

it('refuses the folder of another job, one that is none, and a target that holds something', async () => {
  const here = folderOf('a');
  // It was never packed, so nothing can come back.
  await expect(collectResults(here, folderOf('a'))).rejects.toMatchObject({ code: 'tuning-pack-other' });
  await noteElsewhere(here, null);
  await expect(collectResults(here, folderOf('b'))).rejects.toMatchObject({ code: 'tuning-pack-other' });
  await expect(collectResults(here, join(here, 'nothing'))).rejects.toMatchObject({
    code: 'tuning-pack-other',
  });
  await expect(requireEmpty(here)).rejects.toMatchObject({ code: 'tuning-pack-target' });
  await expect(requireEmpty(join(here, 'job.json'))).rejects.toMatchObject({ code: 'tuning-pack-target' });
  await requireEmpty(join(here, 'new'));
});

it('remembers that a job runs elsewhere, and what that cost', async () => {
  const here = folderOf('a');
  expect(isElsewhere(here)).toBe(false);
  expect(await paidElsewhere(here)).toBeNull();
  await noteElsewhere(here, null);
  expect(isElsewhere(here)).toBe(true);
  expect(await paidElsewhere(here)).toBeNull();
  await noteElsewhere(here, 4.2);
  expect(await paidElsewhere(here)).toBe(4.2);
  await forgetElsewhere(here);
  expect(isElsewhere(here)).toBe(false);
});
