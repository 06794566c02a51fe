import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { checkSource } from '../../testing/source-conformance.ts';
import { createSource } from './create-source.ts';
import { sourceConfigSchema } from './source-config.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'module-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

let modules = 0;

/** A source of which the module is the given code; each module has a name of its own, for they are kept. */
function open(code: string, options?: object) {
  const file = `source-${process.pid}-${++modules}.mjs`;
  writeFileSync(join(folder, file), code);
  const config = sourceConfigSchema.parse({ type: 'module', file, ...(options && { options }) });
  return createSource('s', config, { projectDirectory: folder });
}

async function listAll(code: string) {
  const listings = [];
  for await (const listing of open(code).list()) listings.push(listing);
  return listings;
}

const item = `{ ok: true, item: { key: 'a', uri: 'a', version: null } }`;
const sourceOf = (list: string, read: string) =>
  `export const createSource = () => ({ async *list() { ${list} }, async read(item) { ${read} } });`;

describe('a source of your own', () => {
  it('is checked in what it lists', async () => {
    for (const [code, problem] of [
      ['export const x = 1;', 'exports no function "createSource"'],
      ['export const createSource = () => ({});', 'gives no object with the functions "list" and "read"'],
      ['not code', 'cannot be loaded'],
      [sourceOf('yield "a";', ''), '"list" gave something else than a listing'],
      [
        sourceOf('yield { ok: true, item: { key: 7, uri: "a", version: null } };', ''),
        '"list" gave something else',
      ],
    ] as const)
      await expect(listAll(code), code).rejects.toMatchObject({
        code: 'source-invalid',
        message: expect.stringContaining(problem),
      });
    await expect(listAll(sourceOf(`yield ${item}; throw new Error('half way');`, ''))).rejects.toMatchObject({
      code: 'source-failed',
      message: 'The source "s" failed: half way.',
    });
    await expect(
      listAll('export const createSource = () => { throw new Error("no key"); };'),
    ).rejects.toMatchObject({ code: 'source-failed' });
    const [failure] = await listAll(sourceOf(`yield { ok: false, key: 'a', uri: 'a', error: 'gone' };`, ''));
    expect(failure).toMatchObject({ ok: false, key: 'a', error: { code: 'source-failed' } });
  });

  it('is checked in what it reads', async () => {
    const read = async (code: string) =>
      open(sourceOf(`yield ${item};`, code)).read({ key: 'a', uri: 'a', version: null });
    await expect(read('return "text";')).rejects.toMatchObject({ code: 'source-invalid' });
    await expect(read('return { content: 7, mediaType: "text/plain" };')).rejects.toMatchObject({
      code: 'source-invalid',
    });
    await expect(read('return { content: "", mediaType: "plain" };')).rejects.toMatchObject({
      code: 'source-invalid',
    });
    await expect(
      read('return { content: "", mediaType: "text/plain", readers: "hr" };'),
    ).rejects.toMatchObject({
      code: 'access-list-invalid',
    });
    await expect(
      read('return { content: "", mediaType: "text/plain", date: "soon" };'),
    ).rejects.toMatchObject({
      code: 'attribute-invalid',
    });
    await expect(read('throw new Error("no line");')).rejects.toMatchObject({ code: 'source-failed' });
    // Key and address are those of the listing, whatever the module says.
    expect(
      await read(
        'return { key: "b", uri: "b", content: "x", mediaType: "text/plain", readers: ["user:ann"] };',
      ),
    ).toEqual({
      key: 'a',
      uri: 'a',
      content: 'x',
      mediaType: 'text/plain',
      readers: ['user:ann'],
    });
  });

  it('declares other versions when its code or its options change', async () => {
    const code = (comment: string) =>
      sourceOf(`yield { ok: true, item: { key: 'a', uri: 'a', version: '1' } };`, comment);
    const version = async (text: string, options?: object) => {
      const versions = [];
      for await (const listing of open(text, options).list())
        versions.push(listing.ok && listing.item.version);
      return versions[0];
    };
    const first = await version(code('return 1;'));
    expect(await version(code('return 1;'))).toBe(first);
    expect(await version(code('return 2;'))).not.toBe(first);
    expect(await version(code('return 1;'), { a: 1 })).not.toBe(first);
  });

  it('needs its module', async () => {
    const config = sourceConfigSchema.parse({ type: 'module', file: 'none.ts' });
    const source = createSource('s', config, { projectDirectory: folder });
    await expect(source.list()[Symbol.asyncIterator]().next()).rejects.toMatchObject({
      code: 'file-not-found',
    });
  });
});

it('is shown in the documentation as the example has it', () => {
  const root = join(import.meta.dirname, '../../..');
  const example = readFileSync(join(root, 'examples/own-source/release-notes.ts'), 'utf8');
  expect(readFileSync(join(root, 'docs/sources.md'), 'utf8')).toContain(example);
});

checkSource({ describe, it }, 'the example of an own source', () => {
  const directory = mkdtempSync(join(tmpdir(), 'notes-'));
  const put = (two: string) =>
    writeFileSync(
      join(directory, 'CHANGES.md'),
      `# Changes\n\n## 2.0 (2026-03-01)\n\n${two}\n\n## 1.0 (2026-01-01)\n\nFirst.\n`,
    );
  put('Second.');
  const file = join(import.meta.dirname, '../../../examples/own-source/release-notes.ts');
  const config = sourceConfigSchema.parse({ type: 'module', file, options: { file: 'CHANGES.md' } });
  return {
    source: createSource('notes', config, { projectDirectory: directory }),
    change() {
      put('Second, corrected.');
      return '2.0';
    },
    remove() {
      writeFileSync(join(directory, 'CHANGES.md'), '## 1.0 (2026-01-01)\n\nFirst.\n');
      return '2.0';
    },
    close: () => rmSync(directory, { recursive: true, force: true }),
  };
});
