import { deepStrictEqual, ok, rejects, strictEqual } from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import type { RawDocument, Source, SourceItem } from '../knowledge/index.ts';
import type { TestRunner } from './chunk-store-conformance.ts';

/** A source with documents to be checked. */
export interface SourceFixture {
  readonly source: Source;
  /** Changes the content of one document behind the source and tells its key; that check is left out without it. */
  readonly change?: () => Promise<string> | string;
  /** Takes one document away behind the source and tells its key; that check is left out without it. */
  readonly remove?: () => Promise<string> | string;
  readonly close?: () => Promise<void> | void;
}

/** How long a source may hold a version back because a document changed just now, in milliseconds. */
const settlingMs = 10_000;

/**
 * Checks an implementation of `Source` against what the port promises. `create` makes a source with at least two
 * documents that can be read; the suite changes them only by `change` and `remove`.
 */
export function checkSource(
  runner: TestRunner,
  name: string,
  create: () => Promise<SourceFixture> | SourceFixture,
): void {
  const check = (title: string, run: (fixture: SourceFixture) => Promise<void>): void =>
    runner.it(title, async () => {
      const fixture = await create();
      try {
        await run(fixture);
      } finally {
        await fixture.close?.();
      }
    });

  runner.describe(`${name} as a source`, () => {
    check('lists the same documents in the same order each time', async ({ source }) => {
      const first = await listItems(source);
      ok(first.length >= 2, 'the fixture needs two documents or more');
      strictEqual(new Set(first.map(({ key }) => key)).size, first.length, 'keys are unique');
      for (const { key, uri, version } of first) {
        ok(key !== '' && uri !== '', 'key and uri are not empty');
        ok(version === null || version !== '', 'a version is null or not empty');
        if (source.capabilities.versions === 'content') strictEqual(version, null);
      }
      const places = (items: readonly SourceItem[]) => items.map(({ key, uri }) => ({ key, uri }));
      deepStrictEqual(places(await listItems(source)), places(first));
    });

    check('reads what it lists, by a copy of the item and again', async ({ source }) => {
      for (const item of await listItems(source)) {
        const document = await source.read({ ...item });
        checkDocument(document, item);
        deepStrictEqual(await source.read(item), document);
      }
    });

    check('reads while the listing goes on', async ({ source }) => {
      const during: RawDocument[] = [];
      const items: SourceItem[] = [];
      for await (const listing of source.list()) {
        if (!listing.ok) continue;
        items.push(listing.item);
        during.push(await source.read(listing.item));
      }
      for (const item of items.toReversed())
        deepStrictEqual(
          await source.read(item),
          during.find(({ key }) => key === item.key),
        );
    });

    check('can be listed again after a listing that was given up', async ({ source }) => {
      for await (const listing of source.list()) if (listing.ok) break;
      ok((await listItems(source)).length >= 2);
    });

    check('does not know a document that it did not list', async ({ source }) => {
      const unknown = { key: '../no such key', uri: '../no such key', version: null };
      await rejects(async () => source.read(unknown));
    });

    check('stops when it is told to', async ({ source }) => {
      const [item] = await listItems(source);
      const signal = AbortSignal.abort(new Error('told to'));
      await rejects(async () => {
        for await (const _ of source.list({ signal }));
      });
      await rejects(async () => source.read(item!, { signal }));
    });

    check('gives versions that stay while documents do', async ({ source }) => {
      if (source.capabilities.versions !== 'declared') return;
      const first = await settled(source);
      deepStrictEqual(await listItems(source), first);
      for (const item of first) await source.read(item);
      deepStrictEqual(await listItems(source), first);
    });

    check('shows a change of one document, and of no other', async ({ source, change }) => {
      if (!change) return;
      const before = await listItems(source);
      const texts = await readAll(source, before);
      const key = await change();
      const after = await listItems(source);
      deepStrictEqual(new Set(after.map((item) => item.key)), new Set(before.map((item) => item.key)));
      const versionOf = (items: readonly SourceItem[]) => items.find((item) => item.key === key)?.version;
      ok(
        versionOf(after) === null || versionOf(after) !== versionOf(before),
        'a changed document has another version, or none',
      );
      const textsAfter = await readAll(source, after);
      for (const [other, text] of texts)
        if (other === key) ok(textsAfter.get(other) !== text, 'the changed document reads otherwise');
        else strictEqual(textsAfter.get(other), text);
    });

    check('no longer lists a document that is gone', async ({ source, remove }) => {
      if (!remove) return;
      const before = await listItems(source);
      const key = await remove();
      const keys = (await listItems(source)).map((item) => item.key);
      deepStrictEqual(
        keys,
        before.map((item) => item.key).filter((other) => other !== key),
      );
    });
  });
}

async function listItems(source: Source): Promise<SourceItem[]> {
  const items: SourceItem[] = [];
  for await (const listing of source.list()) if (listing.ok) items.push(listing.item);
  return items;
}

/** The listing once every document has a version; it may be held back while a change is fresh. */
async function settled(source: Source): Promise<SourceItem[]> {
  const end = Date.now() + settlingMs;
  for (;;) {
    const items = await listItems(source);
    if (items.every(({ version }) => version !== null) || Date.now() > end) return items;
    await pause(100);
  }
}

async function readAll(source: Source, items: readonly SourceItem[]): Promise<Map<string, string>> {
  const texts = new Map<string, string>();
  for (const item of items) {
    const { content } = await source.read(item);
    texts.set(item.key, typeof content === 'string' ? content : Buffer.from(content).toString('base64'));
  }
  return texts;
}

function checkDocument(document: RawDocument, item: SourceItem): void {
  const { key, uri, content, mediaType, title, readers, language, date, metadata } = document;
  deepStrictEqual({ key, uri }, { key: item.key, uri: item.uri });
  ok(typeof content === 'string' || content instanceof Uint8Array, 'content is text or bytes');
  ok(/^[\w.+-]+\/[\w.+-]+$/.test(mediaType), `${mediaType} is a media type`);
  ok(title === undefined || title.trim() !== '', 'a title is not empty');
  for (const reader of readers ?? [])
    ok(/^(?:everyone|(?:user|group):\S.*)$/.test(reader), `${reader} is a reader`);
  if (language !== undefined) deepStrictEqual(Intl.getCanonicalLocales(language), [language]);
  if (date !== undefined) ok(/^\d{4}-\d{2}-\d{2}/.test(date) && !Number.isNaN(Date.parse(date)), date);
  for (const value of Object.values(metadata ?? {}).flat()) strictEqual(typeof value, 'string');
}
