import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { editConfig, initialConfig, loadConfig, validateConfig } from './config.ts';
import { addSource, initProject, projectPath, removeSource } from './edit-project.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-config-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('the config', () => {
  it('fills in defaults', () => {
    const config = validateConfig({}, 'fulcrum.config.json');
    expect(config.decision).toMatchObject({ margin: 0.05, volume: 10_000, metric: 'correct' });
    expect(config.retrieval.vectorWeight).toBe(0.8);
    expect(validateConfig(initialConfig(), 'x').variants).toHaveProperty('oracle');
  });

  it.each([
    [{ sorces: {} }, /unknown key "sorces"\. Did you mean "sources"\?/],
    [{ decision: { volumne: 3 } }, /unknown key "volumne" in "decision"\. Did you mean "volume"\?/],
    [{ decision: { margin: 'big' } }, /"decision\.margin" /],
    [{ sources: { docs: { type: 'files', directry: 'x' } } }, /sources\.docs/],
    [{ sources: { docs: { type: 'folder', directory: 'x' } } }, /sources\.docs/],
    [{ scorrs: {} }, /unknown key "scorrs"\. Did you mean "scorers"\?/],
    [
      { scorers: { a: { type: 'json-vald' } } },
      /no scorer of type "json-vald"\. Did you mean "json-valid"\?/,
    ],
    [{ scorers: { a: {} } }, /a scorer needs a "type"\. The types are json-valid, /],
    [{ scorers: { a: 3 } }, /"scorers\.a" a scorer is an object with a "type", or a function/],
    [
      { scorers: { a: { type: 'json-exact', fence: true } } },
      /unknown key "fence" in "scorers\.a"\. Did you mean "fenced"/,
    ],
    [
      { scorers: { a: { type: 'json-valid', schema: {} } } },
      /unknown key "schema" in "scorers\.a"\. Known: type, fenced\./,
    ],
    [
      { scorers: { a: { type: 'length', words: { min: 5, max: 2 } } } },
      /"scorers\.a\.words" "min" is above "max"/,
    ],
    [{ scorers: { a: { type: 'length' } } }, /give bounds of/],
    [{ scorers: { a: { type: 'phrases' } } }, /give "must", "mustNot" or both/],
    [{ scorers: { a: { type: 'grammar' } } }, /name exactly one of "grammar" and "grammarFile"/],
  ])('names what is wrong in %j', (value, message) => {
    expect(() => validateConfig(value, 'fulcrum.config.json')).toThrow(message);
  });

  it('is read from JSON, TypeScript and JavaScript', async () => {
    for (const [name, content] of [
      ['fulcrum.config.json', '{"decision": {"volume": 7}}'],
      ['fulcrum.config.ts', 'const volume: number = 7;\nexport default { decision: { volume } };'],
      ['fulcrum.config.js', 'export default { decision: { volume: 7 } };'],
    ] as const) {
      writeFileSync(join(folder, name), content);
      expect((await loadConfig(folder)).decision.volume, name).toBe(7);
      rmSync(join(folder, name));
    }
    await expect(loadConfig(folder)).rejects.toMatchObject({ code: 'project-not-found' });
  });

  it('is edited only while it stays valid, and a program is not edited', async () => {
    await initProject(folder);
    const file = join(folder, 'fulcrum.config.json');
    const before = readFileSync(file, 'utf8');
    await expect(addSource(folder, 'docs', { type: 'files' })).rejects.toMatchObject({
      code: 'config-invalid',
    });
    expect(readFileSync(file, 'utf8')).toBe(before);
    await addSource(folder, 'docs', { type: 'files', directory: 'docs' });
    await expect(addSource(folder, 'docs', { type: 'files', directory: 'other' })).rejects.toMatchObject({
      code: 'source-exists',
    });
    await removeSource(folder, 'docs');
    expect(readFileSync(file, 'utf8')).toBe(before);
    rmSync(file);
    writeFileSync(join(folder, 'fulcrum.config.js'), 'export default {};');
    await expect(editConfig(folder, () => undefined, 'sources: {}')).rejects.toMatchObject({
      code: 'config-not-editable',
      exit: 2,
    });
  });

  it('keeps paths inside the project relative', () => {
    writeFileSync(join(folder, 'a.jsonl'), '');
    expect(projectPath(folder, join(folder, 'a.jsonl'))).toBe('a.jsonl');
    expect(projectPath(folder, 'a.jsonl')).toBe('a.jsonl');
    expect(projectPath(join(folder, 'inner'), join(folder, 'a.jsonl'))).toBe(join(folder, 'a.jsonl'));
    expect(() => projectPath(folder, 'nowhere')).toThrow(/nowhere does not exist/);
  });
});
