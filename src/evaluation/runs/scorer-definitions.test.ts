import { expect, it } from 'vitest';
import { openDatabase } from '../../database/index.ts';
import { evaluationMigrations } from '../migrations.ts';
import { createConfiguredScorers } from '../scorers/create-configured-scorers.ts';
import { type ScorerEntry, scorerEntrySchema } from '../scorers/scorer-config.ts';
import { createScorers } from '../scorers/scorers.ts';
import { corpusFigures } from './corpus-figures.ts';
import { definitionsOfRun, keepScorerDefinitions, refuseMixedScorers } from './scorer-definitions.ts';
import { openScripted, scriptedVariant } from './scripted-evaluation.fixture.ts';

const create = (entries: Record<string, unknown>) =>
  createConfiguredScorers(
    Object.fromEntries(
      Object.entries(entries).map(([name, entry]): [string, ScorerEntry] => [
        name,
        scorerEntrySchema.parse(entry),
      ]),
    ),
    { directory: '.', present: createScorers() },
  );

it('are kept with a run, and runs that were scored by different ones are not compared', async () => {
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const scorers = create({ order: { type: 'json-exact' }, tone: { type: 'phrases', must: ['tea'] } });
  const others = create({
    order: { type: 'json-exact', nulls: 'missing' },
    tone: { type: 'phrases', must: ['tea'] },
  });
  await keepScorerDefinitions(database, ['a', 'b'], [...createScorers(), ...scorers]);
  await keepScorerDefinitions(database, ['c'], others);
  await keepScorerDefinitions(database, ['d'], createScorers());
  const kept = await definitionsOfRun(database, 'a');
  expect(Object.keys(kept)).toEqual(['order', 'order.invalid', 'tone']);
  expect(kept.order).toEqual({
    type: 'json-exact',
    fenced: false,
    gold: 'reference',
    invalid: 'undefined',
    arrays: 'ordered',
    nulls: 'value',
  });
  expect(await definitionsOfRun(database, 'd')).toEqual({});
  await refuseMixedScorers(database, ['a', 'b', 'd'], 'order');
  await refuseMixedScorers(database, ['a', 'c'], 'tone');
  await expect(refuseMixedScorers(database, ['a', 'c'], 'order')).rejects.toMatchObject({
    code: 'run-mismatch',
  });
  await database.close();
});

it('tell a run that was cut short from one with other scorers', async () => {
  const { run, store } = await openScripted(':memory:', 3);
  const scorers = create({ order: { type: 'json-exact' } });
  const stop = new AbortController();
  const cut = run([scriptedVariant('a', { onCall: () => stop.abort() })], { scorers, signal: stop.signal });
  await expect(cut).rejects.toThrow();
  const [open] = await store.list();
  const [other] = await run([scriptedVariant('a')], {
    scorers: create({ order: { type: 'json-exact', nulls: 'missing' } }),
  });
  expect(other?.id).not.toBe(open?.id);
  const [same] = await run([scriptedVariant('a')], { scorers });
  expect(same?.id).toBe(open?.id);
  // Figures come from the scores that a run has: of a scorer that it was not made with there are none.
  const figures = await corpusFigures(
    store.pages(same!.id, 'sample'),
    create({ fields: { type: 'json-fields' } }),
  );
  expect(figures).toEqual([]);
});

it('stop a run before anything is asked where a scorer cannot work', async () => {
  const { run, store } = await openScripted(':memory:', 3);
  let calls = 0;
  const scorers = create({ order: { type: 'json-schema', schemaFile: 'no-such-file.json' } });
  const failed = run([scriptedVariant('a', { onCall: () => calls++ })], { scorers });
  await expect(failed).rejects.toMatchObject({ code: 'scorer-invalid' });
  expect([calls, await store.list()]).toEqual([0, []]);
});
