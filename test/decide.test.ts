import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { decideOutputSchema, errorOutputSchema } from '../src/app/contracts.ts';
import { plainWorlds } from '../src/decision/worlds/decision-worlds.fixture.ts';
import { drawScores } from '../src/decision/worlds/scripted-models.fixture.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';

// Forty test samples with answers of two pipelines that were recorded elsewhere: one is always right, one never.
const samples = Array.from({ length: 60 }, (_, index) => ({
  id: `q${index}`,
  input: `Question number ${index}?`,
  facts: [[`fact-${index}-end`]],
  split: index < 20 ? 'dev' : 'test',
}));
const recorded = (right: boolean): string =>
  jsonLines(
    samples.map(({ id }, index) => ({
      id,
      answer: right ? `It is fact-${index}-end.` : 'It is something else.',
      costUsd: right ? 0.002 : 0.001,
      seconds: 1,
    })),
  );
const folder = scratchFolder({
  'fulcrum.config.json': JSON.stringify({
    embedding: false,
    variants: {
      good: { external: { recorded: 'good.jsonl' } },
      poor: { external: { recorded: 'poor.jsonl' } },
    },
  }),
  'good.jsonl': recorded(true),
  'poor.jsonl': recorded(false),
  'questions.jsonl': jsonLines(samples),
});
const path = (name: string): string => join(folder.path, name);
const run = (...args: string[]) => fulcrum([...args, '--project', folder.path, '--json']);
const failure = async (...args: string[]) => errorOutputSchema.parse((await run(...args)).json()).error;
afterAll(() => folder.remove());

// Each test starts several processes; a busy machine takes its time for them.
const patience = { timeout: 240_000 };
const terms = ['--dataset', 'questions', '--arms', 'poor,good', '--bar', '0.6', '--margin', '0.1'];

describe('a sealed decision', patience, () => {
  let seal = '';

  it('is refused while nobody logs who sees the test samples', async () => {
    await run('dataset', 'import', path('questions.jsonl'), '--name', 'questions');
    expect((await failure('decide', 'seal', ...terms)).code).toBe('seal-not-frozen');
  });

  it('is made before the test samples are opened, and then fixes the terms', async () => {
    expect((await run('dataset', 'split', 'questions', '--by', 'given')).code).toBe(0);
    const made = (await run('decide', 'seal', ...terms)).json<{ hash: string; content: object }>();
    expect(made.content).toMatchObject({ arms: ['good', 'poor'], bar: 0.6, plan: { looks: 1 } });
    seal = made.hash;
    const ran = await run(
      ...['eval', 'run', '--dataset', 'questions', '--split', 'test'],
      ...['--variants', 'good,poor'],
    );
    expect(ran.stderr + ran.stdout).not.toContain('"error": {');
    const late = await failure('decide', 'seal', ...terms, '--volume', '5');
    expect(late).toMatchObject({ code: 'seal-late' });
    expect(late.message).toContain('eval run');
    const other = await failure('decide', '--seal', seal, '--bar', '0.5');
    expect(other.code).toBe('seal-broken');
    expect(other.message).toContain('bar is 0.5, sealed was 0.6');
  });

  it('decides by the seal and writes what anybody can recheck', async () => {
    const finished = await run('decide', '--seal', seal.slice(0, 12), '--bundle', path('bundle.json'));
    const decision = decideOutputSchema.parse(finished.json());
    expect(decision).toMatchObject({ recommended: 'good', seal, bar: 0.6, margin: 0.1 });
    expect(decision.variants.map(({ p95 }) => p95?.seconds)).toEqual([1, 1]);
    // Without a project and from elsewhere.
    const verified = await fulcrum(['decide', 'verify', path('bundle.json'), '--json']);
    expect(verified.json()).toMatchObject({ matches: true, recommended: 'good' });
    expect(verified.code).toBe(0);
  });

  it('names what was changed in a bundle', async () => {
    const bundle = JSON.parse(readFileSync(path('bundle.json'), 'utf8'));
    bundle.settings.bar = 0.2;
    writeFileSync(path('changed.json'), JSON.stringify(bundle));
    const finished = await fulcrum(['decide', 'verify', path('changed.json')]);
    expect(finished.code).toBe(1);
    for (const part of [
      'WRONG  hash of the settings',
      'bar is 0.2, sealed was 0.6',
      'bar: written 0.6, made 0.2',
    ])
      expect(finished.stdout).toContain(part);
    expect((await failure('decide', 'verify', path('questions.jsonl'))).code).toBe('bundle-invalid');
  });

  it('is saved, and checked later', async () => {
    const stands = await run('decide', 'check');
    expect(stands.json()).toMatchObject({ fired: [] });
    expect(stands.code).toBe(0);
    expect((await failure('decide', 'check', 'dec_none')).code).toBe('decision-unknown');
  });
});

describe('decide --run', patience, () => {
  it('prints the cost, asks in as many looks as were declared, and stops when it can tell', async () => {
    const battery = ['decide', '--run', '--dataset', 'two', '--bar', '0.6', '--margin', '0.1'];
    // Other words, so that it is another dataset than the one with a look already.
    folder.write(
      'more.jsonl',
      jsonLines(samples.map((sample) => ({ ...sample, input: `More: ${sample.input}` }))),
    );
    await run('dataset', 'import', path('more.jsonl'), '--name', 'two');
    const finished = await run(...battery, '--looks', '2', '--spending', 'pocock', '--budget', '1');
    const decision = decideOutputSchema.parse(finished.json());
    expect(finished.stderr).toContain('Battery on 60 samples, cheapest first');
    expect(decision.recommended).toBe('good');
    // Thirty samples were enough: the second look was not needed.
    expect(decision.variants[0]?.n).toBe(30);
    const named = await failure('decide', '--run', 'run_1', '--dataset', 'two', '--bar', '0.6');
    expect(named.message).toContain('name no run');
    expect((await failure('decide', '--run', '--bar', '0.6')).message).toContain('--dataset');
  });
});

describe('decide on score files of worlds with a known answer', patience, () => {
  it('names the right arm', async () => {
    const name = 'corpus fits the window';
    const world = plainWorlds[name]!;
    folder.write('world.jsonl', jsonLines(drawScores(world, 1)));
    const finished = await run(
      ...['decide', '--scores', path('world.jsonl'), '--bar', String(world.bar), '--margin', '0.1'],
      ...['--wrong-usd', '0.05', '--volume', '100000'],
    );
    const decision = decideOutputSchema.parse(finished.json());
    expect(decision.recommended).toBe(world.right);
    expect(decision.labels[0]?.stratum).toBe('all samples');
    expect(decision.ladder.find(({ step }) => step === 'the corpus as a cached prefix')?.outcome).toBe(
      'shown',
    );
  });

  it('says what money options need', async () => {
    const scores = ['decide', '--scores', path('world.jsonl'), '--bar', '0.6'];
    expect((await failure(...scores, '--margin-usd', '2')).message).toContain('--wrong-usd');
    expect((await failure(...scores, '--max-p95', '0')).message).toContain('above 0 seconds');
    expect((await failure(...scores, '--volume', '-1')).code).toBe('usage');
  });
});

describe('a decision on runs of local models', patience, () => {
  it('names their licences among the risks', async () => {
    const bare = scratchFolder({ 'fulcrum.config.json': JSON.stringify({ embedding: false }) });
    const recordings = join(import.meta.dirname, '..', 'examples', 'code-assistant', 'recorded');
    const inBare = (...args: string[]) => fulcrum([...args, '--project', bare.path, '--json']);
    expect((await inBare('eval', 'import', join(recordings, 'rag.jsonl'))).code).toBe(0);
    const { risks } = decideOutputSchema.parse((await inBare('decide', '--bar', '0.2')).json());
    expect(risks).toContain('rag: local/smollm2-135m-instruct is under Apache-2.0.');
    bare.remove();
  });
});
