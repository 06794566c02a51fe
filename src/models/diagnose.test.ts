import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { diagnose } from './diagnose.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'fulcrum-doctor-'));
  vi.stubEnv('FULCRUM_CACHE', directory);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(directory, { recursive: true });
});

describe('the diagnosis of a machine', () => {
  it('says which keys are set and never shows one', async () => {
    vi.stubEnv('OPENAI_API_KEY', 'sk-secret-value');
    vi.stubEnv('MY_KEY', 'another-secret');
    vi.stubEnv('ANTHROPIC_API_KEY', '');
    const found = await diagnose(['MY_KEY']);
    expect(found.keys).toContainEqual({ variable: 'OPENAI_API_KEY', set: true });
    expect(found.keys).toContainEqual({ variable: 'ANTHROPIC_API_KEY', set: false });
    expect(found.keys).toContainEqual({ variable: 'MY_KEY', set: true });
    expect(JSON.stringify(found)).not.toMatch(/secret/);
    expect(found.advice.join()).not.toContain('No key is set');
  });

  it('advises to fetch the default models when the cache is empty', async () => {
    const found = await diagnose();
    expect(found.cacheDirectory).toBe(directory);
    expect(found.models.map((model) => model.present)).toEqual([false, false, false, false]);
    expect(found.advice.filter((advice) => advice.includes('models pull'))).toEqual([
      'local/bge-small-en-v1.5 is not in the cache: run "fulcrum models pull local/bge-small-en-v1.5".',
      'local/smollm2-135m-instruct is not in the cache: run "fulcrum models pull local/smollm2-135m-instruct".',
    ]);
    expect(found.diskFreeBytes).toBeGreaterThan(0);
    expect(found.packages.map((entry) => entry.name)).toEqual(['onnxruntime-node', 'node-llama-cpp']);
  });

  it('says that the cache folder cannot be written', async () => {
    vi.stubEnv('FULCRUM_CACHE', '/dev/null/models');
    const found = await diagnose();
    expect(found.diskFreeBytes).toBeNull();
    expect(found.advice).toContain(
      '/dev/null/models cannot be written: set FULCRUM_CACHE to a folder that can.',
    );
  });
});
