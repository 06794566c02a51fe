import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Answer, localOwner, noCost, noUsage } from '../../core/index.ts';
import { type Database, openDatabase } from '../../database/index.ts';
import { tracesConfigSchema } from '../config.ts';
import { eraseFromTraces } from '../erase-documents.ts';
import { createFeedbackStore } from '../feedback/feedback-store.ts';
import { traceFixture } from '../fixture.ts';
import { monitoringMigrations } from '../migrations.ts';
import { newTraceId, traceOf } from './record-answer.ts';
import type { Trace } from './trace.ts';
import { createTraceStore, type TraceStore } from './trace-store.ts';
import { createTraceWriter } from './trace-writer.ts';

let database: Database;
let traces: TraceStore;
beforeEach(async () => {
  database = await openDatabase(':memory:', [monitoringMigrations]);
  traces = createTraceStore(database);
});
afterEach(() => database.close());
const quote = {
  marker: 1,
  documentId: 'docs:a.md',
  version: 'v',
  uri: 'a.md',
  start: 0,
  end: 5,
  quote: 'words',
  state: 'quoted' as const,
};

describe('kept traces', () => {
  it('come back as they were, and are not written over', async () => {
    const trace = traceFixture(1, {
      conversation: 'c',
      spans: [
        { id: '0'.repeat(16), parent: null, name: 'model', startMs: 1, endMs: 2, attributes: { hits: 3 } },
      ],
    });
    await traces.add([trace]);
    await traces.add([{ ...trace, variant: 'other' }]);
    expect(await traces.get(trace.id, { tenant: 'local' })).toEqual(trace);
  });

  it('are seen by their tenant and user alone', async () => {
    await traces.add([
      traceFixture(1),
      traceFixture(2, { user: 'bob' }),
      traceFixture(3, { tenant: 'acme' }),
    ]);
    const { id } = traceFixture(3);
    await expect(traces.get(id, { tenant: 'local' })).rejects.toMatchObject({
      code: 'trace-unknown',
      status: 404,
    });
    await expect(traces.get(traceFixture(2).id, { tenant: 'local', user: 'ann' })).rejects.toMatchObject({
      code: 'trace-unknown',
    });
    const seen = async (tenant: string, user?: string) =>
      (await traces.list({ tenant, user })).traces.map((trace) => Number.parseInt(trace.id, 16));
    expect(await seen('local')).toEqual([2, 1]);
    expect(await seen('local', 'ann')).toEqual([1]);
    expect(await seen('acme')).toEqual([3]);
  });

  it('are listed page by page without a gap or a repetition, also where many came at one time', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 30 }),
        fc.integer({ min: 1, max: 7 }),
        async (count, limit) => {
          const tenant = `t${newTraceId()}`;
          const all = Array.from({ length: count }, (_, n) =>
            traceFixture(n, { id: newTraceId(), tenant, at: traceFixture(n % 3).at }),
          );
          await traces.add(all);
          const seen: Trace[] = [];
          for (let after: string | undefined; ; ) {
            const page = await traces.list({ tenant }, {}, { limit, after });
            expect(page.traces.length).toBeLessThanOrEqual(limit);
            seen.push(...page.traces);
            if (page.next === null) break;
            after = page.next;
          }
          expect(new Set(seen.map(({ id }) => id)).size).toBe(count);
          expect(seen).toHaveLength(count);
          expect(seen.map(({ at }) => at)).toEqual([...seen.map(({ at }) => at)].sort().reverse());
        },
      ),
      { numRuns: 30 },
    );
    await expect(traces.list({ tenant: 'local' }, {}, { after: 'x' })).rejects.toMatchObject({
      code: 'request-invalid',
    });
  });

  it('go when their time is over, with their feedback', async () => {
    await traces.add([traceFixture(1), traceFixture(5)]);
    const feedback = createFeedbackStore(database, traces);
    await feedback.give({ trace: traceFixture(1).id, thumbs: 'up' }, 'ann', { tenant: 'local' });
    expect(await traces.removeBefore(traceFixture(5).at)).toBe(1);
    expect((await traces.list({ tenant: 'local' })).traces).toHaveLength(1);
    expect(await feedback.of(traceFixture(1).id)).toEqual([]);
  });
});

describe('the writer of traces', () => {
  it('tells of each when it is durable, many in one commit', async () => {
    const batches: number[] = [];
    const writer = createTraceWriter({
      store: {
        async add(given) {
          batches.push(given.length);
          await traces.add(given);
        },
      },
      batch: 4,
    });
    const done = Array.from({ length: 10 }, (_, n) => writer.write(traceFixture(n)));
    expect(await Promise.all(done)).toEqual(Array(10).fill(true));
    expect(batches).toEqual([4, 4, 2]);
    expect((await traces.list({ tenant: 'local' })).traces).toHaveLength(10);
    expect(writer.figures()).toEqual({ written: 10, waiting: 0, lost: 0 });
  });

  it('gives up and counts what is too much, and says so once', async () => {
    const notices: string[] = [];
    const writer = createTraceWriter({
      store: traces,
      mostWaiting: 3,
      onNotice: (notice) => notices.push(notice),
    });
    const done = await Promise.all(Array.from({ length: 8 }, (_, n) => writer.write(traceFixture(n))));
    expect(done.filter(Boolean)).toHaveLength(3);
    expect(writer.figures()).toEqual({ written: 3, waiting: 0, lost: 5 });
    expect(notices).toHaveLength(1);
    expect(await writer.write(traceFixture(9))).toBe(true);
  });

  it('tries again where the database fails for a moment, and never throws', async () => {
    let failures = 2;
    const flaky = {
      add: async (given: readonly Trace[]) =>
        failures-- > 0 ? Promise.reject(new Error('busy')) : traces.add(given),
    };
    const writer = createTraceWriter({ store: flaky, retryMs: 1 });
    expect(await writer.write(traceFixture(1))).toBe(true);
    failures = 3;
    expect(await writer.write(traceFixture(2))).toBe(false);
    expect(writer.figures()).toMatchObject({ written: 1, lost: 1 });
  });

  it('writes what waits when it is closed, and nothing after', async () => {
    const writer = createTraceWriter({ store: traces });
    const first = writer.write(traceFixture(1));
    await writer.close();
    expect(await first).toBe(true);
    expect(await writer.write(traceFixture(2))).toBe(false);
  });
});

describe('what is kept of a request', () => {
  const given: Answer = {
    answer: 'Write to ann@example.com [1]',
    citations: [quote],
    removedCitations: 0,
    refusal: null,
    contexts: [],
    usage: noUsage,
    cost: noCost,
    seconds: 1,
    confidence: 0.5,
  };
  const asked = {
    id: newTraceId(),
    at: new Date(0),
    door: 'ask' as const,
    principal: { ...localOwner, user: 'ann' },
    key: 'k',
    conversation: null,
    name: null,
    variant: { name: 'rag', definition: { kind: 'rag', retriever: { indexVersion: 'v7' } } },
    input: 'Mail of +49 170 1234567?',
  };
  const outcome = { answer: given, failure: null, seconds: 1, firstTextSeconds: null, spans: [] };
  const keep = (config: object) => traceOf(asked, outcome, tracesConfigSchema.parse(config), 'secret');

  it('is all of it by default', () => {
    expect(keep({})).toMatchObject({
      user: 'ann',
      variant: 'rag',
      indexVersion: 'v7',
      status: 'answered',
      content: { input: asked.input, answer: given.answer, citations: [quote] },
    });
  });

  it('is redacted, hashed or figures alone where the config says so', () => {
    expect(keep({ redact: true }).content).toMatchObject({
      input: 'Mail of [phone]?',
      answer: 'Write to [email] [1]',
    });
    expect(keep({ texts: false }).content).toBeNull();
    const { user } = keep({ principal: 'hashed' });
    expect(user).toMatch(/^[0-9a-f]{24}$/);
    expect(keep({ principal: 'hashed' }).user).toBe(user);
    expect(traceOf(asked, outcome, tracesConfigSchema.parse({ principal: 'hashed' }), 'other').user).not.toBe(
      user,
    );
  });

  it('says what became of it', () => {
    const config = tracesConfigSchema.parse({});
    const refused = { ...given, refusal: { reason: 'not-in-corpus' as const } };
    expect(traceOf(asked, { ...outcome, answer: refused }, config, 's')).toMatchObject({
      status: 'refused',
      reason: 'not-in-corpus',
    });
    expect(traceOf(asked, { ...outcome, answer: null, failure: 'model-failed' }, config, 's')).toMatchObject({
      status: 'failed',
      reason: 'model-failed',
      cost: noCost,
    });
  });
});

describe('feedback', () => {
  const { id } = traceFixture(1);
  const reader = { tenant: 'local', user: 'ann' };

  it('of the same person on the same part replaces what was said', async () => {
    await traces.add([
      traceFixture(1, { content: { input: 'q', answer: 'a [1]', citations: [quote], contexts: [] } }),
    ]);
    const feedback = createFeedbackStore(database, traces);
    await feedback.give({ trace: id, thumbs: 'up' }, 'ann', reader);
    await feedback.give({ trace: id, thumbs: 'down', correction: 'b' }, 'ann', reader);
    await feedback.give({ trace: id, citation: 1, rating: 2 }, 'ann', reader);
    await feedback.give({ trace: id, thumbs: 'up' }, 'bob', { tenant: 'local' });
    const said = (await feedback.of(id)).map(({ author, thumbs, rating, citation }) => [
      author,
      thumbs,
      rating,
      citation,
    ]);
    expect(said).toHaveLength(3);
    expect(said).toEqual(
      expect.arrayContaining([
        ['ann', 'down', undefined, undefined],
        ['ann', undefined, 2, 1],
        ['bob', 'up', undefined, undefined],
      ]),
    );
    expect(await feedback.figures({ tenant: 'local' }, '2000')).toEqual({
      requests: 1,
      judged: 1,
      up: 1,
      down: 1,
      corrected: 1,
    });
  });

  it('is refused on what the author may not see, and on a citation that is not there', async () => {
    await traces.add([traceFixture(1), traceFixture(2, { tenant: 'acme' })]);
    const feedback = createFeedbackStore(database, traces);
    await expect(
      feedback.give({ trace: traceFixture(2).id, thumbs: 'up' }, 'ann', reader),
    ).rejects.toMatchObject({
      code: 'trace-unknown',
    });
    await expect(
      feedback.give({ trace: id, citation: 4, thumbs: 'up' }, 'ann', reader),
    ).rejects.toMatchObject({
      code: 'citation-unknown',
    });
    expect(await feedback.list({ tenant: 'local' })).toEqual([]);
  });
});

it('a deletion takes the texts of traces that cite the document or repeat it, and what people said of them', async () => {
  await traces.add([
    traceFixture(1, { content: { input: 'q', answer: 'a [1]', citations: [quote], contexts: [] } }),
    traceFixture(2, {
      content: { input: 'q', answer: 'the xylograph is blue', citations: [], contexts: [] },
    }),
    traceFixture(3),
  ]);
  const feedback = createFeedbackStore(database, traces);
  await feedback.give({ trace: traceFixture(1).id, thumbs: 'down', comment: 'no', correction: 'c' }, 'ann', {
    tenant: 'local',
  });
  await feedback.give({ trace: traceFixture(3).id, comment: 'xylograph!' }, 'ann', { tenant: 'local' });
  const surfaces = await eraseFromTraces(database, {
    deletion: 'del_1',
    at: '',
    ids: new Set(['docs:a.md']),
    repeats: (text) => text.includes('xylograph'),
    mentions: (text) => text.includes('xylograph'),
  });
  expect(surfaces.map(({ removed }) => removed)).toEqual([2, 2]);
  const kept = (await traces.list({ tenant: 'local' })).traces.map(({ content, erased }) => [
    content === null,
    erased,
  ]);
  expect(kept).toEqual([
    [false, null],
    [true, 'del_1'],
    [true, 'del_1'],
  ]);
  expect(await feedback.of(traceFixture(1).id)).toEqual([
    { trace: traceFixture(1).id, thumbs: 'down', author: 'ann', at: expect.any(String) },
  ]);
});
