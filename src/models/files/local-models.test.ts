import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { modelCacheDirectory } from './cache-directory.ts';
import { listLocalModels, removeModel } from './local-models.ts';
import { modelCatalogue } from './model-catalogue.ts';

let cacheDirectory: string;
beforeAll(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'fulcrum-cache-'));
});
afterAll(() => rm(cacheDirectory, { recursive: true }));

describe('local models', () => {
  it('are present when every file has its size, and can be removed', async () => {
    const folder = join(cacheDirectory, 'bge-small-en-v1.5');
    await mkdir(folder);
    await writeFile(join(folder, 'tokenizer.json'), Buffer.alloc(711_396));
    const state = async () =>
      (await listLocalModels({ cacheDirectory })).find((model) => model.id === 'local/bge-small-en-v1.5');
    expect(await state()).toMatchObject({ present: false, bytes: 34_725_822, preselected: true });
    await writeFile(join(folder, 'model.onnx'), Buffer.alloc(34_014_426));
    expect(await state()).toMatchObject({ present: true });
    expect(await removeModel('local/bge-small-en-v1.5', { cacheDirectory })).toBe(true);
    expect(await removeModel('local/bge-small-en-v1.5', { cacheDirectory })).toBe(false);
    await expect(removeModel('local/../..', { cacheDirectory })).rejects.toMatchObject({
      code: 'model-unknown',
    });
  });

  it('are pinned by sha256 and have a source each', () => {
    for (const file of modelCatalogue.flatMap((entry) => entry.files)) {
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.sources.length).toBeGreaterThan(0);
    }
  });

  it('lie in the cache folder of the platform', () => {
    expect(modelCacheDirectory({ FULCRUM_CACHE: '/c' }, 'linux')).toBe('/c');
    expect(modelCacheDirectory({ XDG_CACHE_HOME: '/x' }, 'linux')).toBe(join('/x', 'fulcrum', 'models'));
    expect(modelCacheDirectory({}, 'linux')).toMatch(/\.cache.fulcrum.models$/);
    expect(modelCacheDirectory({}, 'darwin')).toMatch(/Library.Caches.fulcrum.models$/);
    expect(modelCacheDirectory({ LOCALAPPDATA: '/l' }, 'win32')).toBe(join('/l', 'fulcrum', 'models'));
  });
});
