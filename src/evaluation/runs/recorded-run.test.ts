import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { auditRecorded, exportRecordedRun, importRecordedRun } from './recorded-run.ts';
import {
  openScripted,
  scriptedAnswer,
  scriptedSamples,
  scriptedVariant,
} from './scripted-evaluation.fixture.ts';
import { summariseRun } from './summarise-run.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-recorded-'));
function write(content: string): string {
  const path = join(folder, 'recorded.jsonl');
  writeFileSync(path, content);
  return path;
}

it('a recorded run holds no text and gives the same report elsewhere', async () => {
  const here = await openScripted(':memory:', 14);
  const [run] = await here.run([scriptedVariant('a')]);
  const lines = (await Array.fromAsync(exportRecordedRun(run!.id, here.store))).join('');
  expect(lines).not.toContain('It is');
  expect(lines.trimEnd().split('\n')).toHaveLength(15);

  const there = await openScripted(':memory:', 14);
  const path = write(lines);
  const imported = await importRecordedRun(path, there.store);
  expect(imported).toMatchObject({ origin: 'recorded', variant: 'a', dataset: { hash: run!.dataset.hash } });
  expect((await importRecordedRun(path, there.store)).id).toBe(imported.id);
  expect(await there.store.list()).toHaveLength(1);
  const report = summariseRun(imported, await there.store.results(imported.id));
  expect(report).toEqual({ ...summariseRun(run!, await here.store.results(run!.id)), id: imported.id });
});

it('a damaged recording is refused with its line', async () => {
  const { run, store } = await openScripted(':memory:', 3);
  const [one] = await run([scriptedVariant('a')]);
  const [header, ...rows] = (await Array.fromAsync(exportRecordedRun(one!.id, store)))
    .join('')
    .trimEnd()
    .split('\n');
  const bad = [header, rows[0], rows[1]!.replace('"seconds":0.5', '"seconds":"x"')].join('\n');
  await expect(importRecordedRun(write(bad), store)).rejects.toThrow('line 3: seconds');
  await expect(importRecordedRun(write(`${header}\n${rows[0]}`), store)).rejects.toThrow(
    'has 3 samples, the file 1',
  );
  await expect(importRecordedRun(write(rows.join('\n')), store)).rejects.toThrow('line 1');
  await expect(importRecordedRun(write(''), store)).rejects.toThrow('the file is empty');
});

it('an audit counts equal texts and equal scores', async () => {
  const { run, store } = await openScripted(':memory:', 4);
  const [one] = await run([scriptedVariant('a')]);
  const samples = scriptedSamples(4);
  const live = [
    { sample: samples[0]!, answer: scriptedAnswer({ answer: 'It is fact 0.' }) },
    { sample: samples[1]!, answer: scriptedAnswer({ answer: 'Fact 1, in other words.' }) },
    { sample: samples[2]!, answer: scriptedAnswer({ answer: 'wrong' }) },
  ];
  expect(auditRecorded(await store.results(one!.id), live)).toEqual({
    compared: 3,
    sameOutput: 1,
    sameCorrect: 2,
    differences: [{ sample: 's002', recorded: 1, live: 0 }],
  });
  const unknown = [{ sample: { ...samples[0]!, id: 'x' }, answer: live[0]!.answer }];
  const results = await store.results(one!.id);
  expect(() => auditRecorded(results, unknown)).toThrow('sample "x" was not recorded');
});
