import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { beforeAll, describe, expect, it } from 'vitest';
import { openTextScorer, renderConversation } from '../../models/index.ts';
import { checkTuningProvider } from '../../testing/tuning-provider-conformance.ts';
import type { TuningRow } from '../data/tuning-row.ts';
import { folderProcess } from '../folder/folder-process.ts';
import { streamOf } from '../rows.fixture.ts';
import type { TuningRequest } from '../tuning-provider.ts';
import { ensureBaseCheckpoint } from './base-checkpoint.ts';
import { createLoraProvider } from './lora-provider.ts';
import { findPythonEnvironment, setupPythonEnvironment, trainerDirectory } from './python-environment.ts';

const full = process.env.FULCRUM_TEST_FULL === '1';
const base = 'local/smollm2-135m-instruct';
const minutes = 60_000;
let python = '';

const provider = createLoraProvider({
  countTokens: async (_base, text) => Math.ceil(text.length / 4),
  priceCoreSeconds: (seconds) => ({ usd: seconds / 1e6, source: 'none', priceDate: null, basis: 'a test' }),
});

function row(id: number): TuningRow {
  const people = 2 + (id % 7);
  return {
    id: `r${id}`,
    messages: [
      { role: 'user', content: `A table for ${people} please, number ${id}` },
      { role: 'assistant', content: `{"people":"${people}"}` },
    ],
    rejected: 'Hello!',
    origin: { kind: 'human' },
  };
}
/** A sentence of a caretaker; words that a model of this size does not know for certain, so that log-probabilities say something. */
function report(index: number): TuningRow {
  const pick = (list: readonly string[], step: number): string =>
    list[(index * step + (index >> 2)) % list.length]!;
  const thing = pick(['lamp', 'boiler', 'window', 'lift', 'gate', 'carpet', 'radiator'], 3);
  const place = pick(['attic', 'cellar', 'east hall', 'kitchen', 'workshop'], 2);
  const state = pick(
    [
      'leaks a little',
      'rattles at night',
      'was painted twice',
      'stays shut',
      'smells of smoke',
      'is as good as new',
    ],
    5,
  );
  const day = pick(['Monday', 'the holidays', 'last spring', 'the storm', 'noon'], 7);
  return {
    id: `n${index}`,
    messages: [
      { role: 'user', content: `How is the ${thing} of the ${place}?` },
      { role: 'assistant', content: `Since ${day} the ${thing} of the ${place} ${state}, tell the owner.` },
    ],
    origin: { kind: 'human' },
  };
}
let keys = 0;
function request(more: Partial<TuningRequest> = {}): TuningRequest {
  const rows = Array.from({ length: 24 }, (_, index) => row(index));
  return {
    key: `lora-${++keys}`,
    name: 'slots',
    method: 'sft',
    base,
    settings: { maxSteps: 4, batchSize: 4, rank: 4, seed: 3, own: { checkpointEvery: 2, threads: 1 } },
    dataHash: 'd',
    train: () => streamOf(rows),
    validation: () => streamOf([row(100), row(101)]),
    directory: mkdtempSync(join(tmpdir(), 'lora-')),
    ...more,
  };
}

async function finished(folder: string) {
  for (;;) {
    const status = await provider.status(folder);
    if (status.state !== 'running') return status;
    await wait(200);
  }
}
const weights = (folder: string): Buffer =>
  readFileSync(join(folder, 'artifacts/peft/adapter_model.safetensors'));

describe.runIf(full)('LoRA on this machine', () => {
  beforeAll(async () => {
    // A step that needs Python brings it.
    python = ((await findPythonEnvironment()) ?? (await setupPythonEnvironment())).python;
    await ensureBaseCheckpoint(base, python);
  }, 10 * minutes);

  it(
    'goes on after kill -9 to the weights of a run without a break, which was packed for another machine, bit for bit',
    async () => {
      const whole = request();
      const parcel = join(mkdtempSync(join(tmpdir(), 'parcel-')), 'job');
      await provider.elsewhere!.pack(whole, parcel);
      expect(await provider.status(whole.directory)).toMatchObject({
        state: 'paused',
        providerState: 'elsewhere',
      });
      execFileSync('sh', [join(parcel, 'run.sh')], { env: { ...process.env, PYTHON: python } });
      await provider.elsewhere!.collect(whole.directory, parcel, 1.5);
      expect(await finished(whole.directory)).toMatchObject({
        state: 'succeeded',
        product: { cost: { usd: 1.5 } },
      });
      const broken = request();
      await provider.start(broken);
      // After the first checkpoint, before the end.
      for (;;) {
        const checkpoints = await provider.checkpoints(broken.directory);
        if (checkpoints.length > 0) break;
        await wait(20);
      }
      process.kill(folderProcess(broken.directory)!, 'SIGKILL');
      await wait(200);
      const status = await provider.status(broken.directory);
      // A process that was faster than the signal is done; else it is to be resumed.
      expect(['paused', 'succeeded']).toContain(status.state);
      await provider.resume(broken.directory);
      const end = await finished(broken.directory);
      expect(end).toMatchObject({ state: 'succeeded', step: 4 });
      expect(weights(broken.directory).equals(weights(whole.directory))).toBe(true);
      expect(end.product!.artifacts.map(({ format }) => format)).toEqual(['peft', 'gguf-lora']);
      expect(end.product!.artifacts[1]!.bytes).toBeLessThan(12e6);
    },
    5 * minutes,
  );

  it(
    'sees the same tokens as serving, and each planted fault of the conversion shows',
    async () => {
      const job = request({
        settings: { maxSteps: 10, batchSize: 8, rank: 16, learningRate: 5e-3, own: { threads: 2 } },
        train: () => streamOf(Array.from({ length: 48 }, (_, index) => report(index))),
      });
      await provider.start(job);
      const trained = await finished(job.directory);
      expect(trained.state).toBe('succeeded');
      const { path } = await ensureBaseCheckpoint(base, python);
      const folder = mkdtempSync(join(tmpdir(), 'faults-'));
      execFileSync(python, [
        '-c',
        plantedFaults,
        trainerDirectory,
        join(job.directory, 'artifacts/peft'),
        path,
        folder,
      ]);
      const asked = Array.from({ length: 24 }, (_, index) => report(100 + index * 7));
      const rows = asked.map(({ id, messages }) => ({
        id,
        pieces: renderConversation(
          messages.map(({ role, content }) => ({ role: role as 'user', content })),
          'chatml',
        ),
      }));
      const { judgeParity } = await import('../../experiments/gates/parity.ts');
      const { writeFileSync } = await import('node:fs');
      writeFileSync(
        join(folder, 'request.json'),
        JSON.stringify({
          base: path,
          adapter: join(job.directory, 'artifacts/peft'),
          precision: trained.product!.config.precision,
          rows,
        }),
      );
      execFileSync(
        python,
        [join(trainerDirectory, 'score.py'), join(folder, 'request.json'), join(folder, 'out.jsonl')],
        { stdio: 'ignore' },
      );
      const training = readFileSync(join(folder, 'out.jsonl'), 'utf8')
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line));
      const score = async (lora: string | undefined) => {
        const scorer = await openTextScorer(base, { lora });
        const scored = [];
        for (const { pieces } of rows) scored.push(await scorer.score(pieces));
        await scorer.close();
        return scored;
      };
      const served = await score(undefined);
      const judged = async (name: string) => {
        const tuned = await score(name);
        return judgeParity(
          rows.map(({ id }, index) => ({
            id,
            training: training[index],
            serving: {
              ids: served[index]!.ids,
              end: served[index]!.end,
              base: served[index]!.logProbabilities,
              tuned: tuned[index]!.logProbabilities,
            },
          })),
        );
      };
      const whole = await judged(join(job.directory, 'artifacts/adapter.gguf'));
      expect(whole, whole.detail).toMatchObject({ passed: true });
      for (const fault of ['unpermuted', 'half', 'no-down']) {
        const verdict = await judged(join(folder, `${fault}.gguf`));
        expect(verdict, `${fault}: ${verdict.detail}`).toMatchObject({ passed: false });
      }
    },
    8 * minutes,
  );

  it(
    'learns an order from pairs (DPO)',
    async () => {
      const job = request({
        method: 'dpo',
        settings: { maxSteps: 3, batchSize: 4, rank: 4, learningRate: 1e-3, own: { threads: 2 } },
      });
      await provider.start(job);
      expect((await finished(job.directory)).state).toBe('succeeded');
      const losses = (await provider.events(job.directory, 0)).flatMap(({ metrics }) => metrics?.loss ?? []);
      // Before the first step tuned and base are the same: the loss is ln 2.
      expect(losses[0]).toBeCloseTo(Math.LN2, 2);
      expect(losses.at(-1)!).toBeLessThan(losses[0]!);
    },
    5 * minutes,
  );

  it(
    'says what is wrong with rows, memory, data that changed and a loss that is no number',
    async () => {
      const long = request({ settings: { maxSteps: 2, maxTokens: 8 } });
      await provider.start(long);
      expect(await finished(long.directory)).toMatchObject({
        state: 'failed',
        failure: { code: 'trainer-data' },
      });
      const changed = request();
      await provider.start(changed);
      await finished(changed.directory);
      const copy = mkdtempSync(join(tmpdir(), 'lora-copy-'));
      rmSync(copy, { recursive: true });
      cpSync(changed.directory, copy, { recursive: true });
      const job = JSON.parse(readFileSync(join(copy, 'job.json'), 'utf8'));
      const { writeFileSync } = await import('node:fs');
      writeFileSync(join(copy, 'job.json'), JSON.stringify({ ...job, dataHash: 'other' }));
      writeFileSync(join(copy, 'events.jsonl'), '');
      await provider.resume(copy);
      expect(await finished(copy)).toMatchObject({ state: 'failed', failure: { code: 'trainer-resume' } });
      const wild = request({
        settings: { maxSteps: 4, learningRate: 1e30, batchSize: 4, own: { threads: 2 } },
      });
      await provider.start(wild);
      expect(await finished(wild.directory)).toMatchObject({
        state: 'failed',
        failure: { code: 'trainer-diverged' },
      });
    },
    8 * minutes,
  );
});

if (full) {
  mkdirSync(tmpdir(), { recursive: true });
  checkTuningProvider({ describe, it: (title, test) => it(title, test, 5 * minutes) }, 'local LoRA', () => ({
    provider,
    request: () => request({ settings: { maxSteps: 2, batchSize: 2, rank: 2, own: { threads: 2 } } }),
  }));
}

/** Three conversions that are each wrong in one way. */
const plantedFaults = `
import sys
trainer, adapter, base, out = sys.argv[1:5]
sys.path.insert(0, trainer)
import gguf_adapter as g
whole = (g.permuted, g.scale_of, g.load_file)
g.permuted = lambda weight, heads: weight
g.write_gguf_adapter(adapter, base, out + "/unpermuted.gguf")
g.permuted = whole[0]
g.scale_of = lambda config: whole[1](config) / 2
g.write_gguf_adapter(adapter, base, out + "/half.gguf")
g.scale_of = whole[1]
g.load_file = lambda path: {name: value for name, value in whole[2](path).items() if "down_proj" not in name}
g.write_gguf_adapter(adapter, base, out + "/no-down.gguf")
`;

it('a provider without its environment says how to make it', async () => {
  const { requirePythonEnvironment } = await import('./python-environment.ts');
  process.env.FULCRUM_PYTHON = join(tmpdir(), 'no-such-python');
  await expect(requirePythonEnvironment()).rejects.toMatchObject({
    code: 'trainer-missing',
    message: expect.stringContaining('does not exist'),
  });
  delete process.env.FULCRUM_PYTHON;
  expect(existsSync(trainerDirectory)).toBe(true);
});
