import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { localOwner } from '../../core/index.ts';
import { type Database, openDatabase, textsOf } from '../../database/index.ts';
import { servingMigrations } from '../migrations.ts';
import { createApiKeyStore } from './api-key-store.ts';
import { createAuditLog } from './audit-log.ts';
import { createKeyLimits } from './key-limits.ts';

const principal = { tenant: 'acme', user: 'ann', groups: ['hr'] };
let database: Database;
beforeEach(async () => {
  database = await openDatabase(':memory:', [servingMigrations]);
});
afterEach(async () => {
  vi.useRealTimers();
  await database.close();
});
const open = () => ({
  keys: createApiKeyStore(database),
  limits: createKeyLimits(database),
  audit: createAuditLog(database),
});

describe('keys', () => {
  it('are known by their text, which is kept nowhere', async () => {
    const { keys } = open();
    const made = await keys.create({ name: 'intranet', scopes: ['ask', 'ask'], principal }, 'local-owner');
    expect(made.text).toMatch(/^fk_[0-9a-z]{12}_[\w-]{43}$/);
    expect(await keys.verify(made.text)).toEqual(made.key);
    expect(made.key).toMatchObject({ scopes: ['ask'], principal, expiresAt: null, revokedAt: null });
    const kept = [];
    for await (const { text } of textsOf(database)) kept.push(text);
    expect(kept.join('\n')).toContain(made.key.id);
    expect(kept.join('\n')).not.toContain(made.text.slice(-43));
  });

  it('are not known when one character differs, or the id is that of another', async () => {
    const { keys } = open();
    const draft = { name: 'a', scopes: ['ask' as const], principal };
    const first = await keys.create(draft, 'o');
    const second = await keys.create(draft, 'o');
    const last = first.text.at(-5) === 'A' ? 'B' : 'A';
    expect(await keys.verify(first.text.slice(0, -5) + last + first.text.slice(-4))).toBeNull();
    expect(await keys.verify(`fk_${first.key.id}_${second.text.slice(-43)}`)).toBeNull();
    expect(await keys.verify('')).toBeNull();
    expect(await keys.verify(`${first.text}x`)).toBeNull();
  });

  it('end with a revocation at once, and with their time', async () => {
    const { keys } = open();
    const draft = { name: 'a', scopes: ['ask' as const], principal };
    const made = await keys.create(draft, 'o');
    await keys.revoke(made.key.id, 'o');
    expect(await keys.verify(made.text)).toBeNull();
    const short = await keys.create(
      { ...draft, expiresAt: new Date(Date.now() + 60_000).toISOString() },
      'o',
    );
    expect(await keys.verify(short.text)).not.toBeNull();
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] });
    expect(await keys.verify(short.text)).toBeNull();
    await expect(keys.revoke('nobody', 'o')).rejects.toMatchObject({ code: 'key-unknown' });
  });

  it('are rotated: both are taken for the time that was said, and limits that were not named stay', async () => {
    const { keys, audit } = open();
    const limits = { requestsPerMinute: 5, usdPerDay: 2 };
    const old = await keys.create({ name: 'a', scopes: ['read'], principal, limits }, 'o');
    const fresh = await keys.rotate(old.key.id, 'o', {
      oldUntil: new Date(Date.now() + 60_000),
      limits: { usdPerDay: null },
    });
    expect(fresh.key).toMatchObject({
      scopes: ['read'],
      principal,
      limits: { requestsPerMinute: 5, usdPerDay: null },
    });
    expect(await keys.verify(old.text)).not.toBeNull();
    vi.useFakeTimers({ now: Date.now() + 61_000, toFake: ['Date'] });
    expect(await keys.verify(old.text)).toBeNull();
    expect(await keys.verify(fresh.text)).not.toBeNull();
    await expect(keys.rotate(old.key.id, 'o')).rejects.toMatchObject({ code: 'key-unknown' });
    expect((await audit.list()).map(({ action, subject, actor }) => [action, subject, actor])).toEqual([
      ['key-rotated', old.key.id, 'o'],
      ['key-created', old.key.id, 'o'],
    ]);
  });
});

describe('limits', () => {
  it('count requests by key and minute', async () => {
    const { keys, limits } = open();
    const draft = { name: 'a', scopes: ['ask' as const], principal, limits: { requestsPerMinute: 2 } };
    const { key } = await keys.create(draft, 'o');
    const other = (await keys.create(draft, 'o')).key;
    await limits.admit(key);
    await limits.admit(key);
    await expect(limits.admit(key)).rejects.toMatchObject({ code: 'rate-limited', data: { limit: 2 } });
    await limits.admit(other);
  });

  it('hold spending of a day, with what is under way, and forget what a failure did not cost', async () => {
    const { keys, limits } = open();
    const { key } = await keys.create(
      { name: 'a', scopes: ['ask'], principal, limits: { usdPerDay: 1 } },
      'o',
    );
    const first = await limits.reserve(key, 0.6);
    await expect(limits.reserve(key, 0.6)).rejects.toMatchObject({ code: 'spend-limit' });
    await first.settle(0);
    const second = await limits.reserve(key, 0.6);
    await second.settle(0.5);
    expect(await limits.spendToday(key.id)).toMatchObject({ usd: 0.5, requests: 2 });
    await expect(limits.reserve(key, 0.51)).rejects.toMatchObject({ code: 'spend-limit' });
    // Of many at once only as many as fit are let through.
    const { key: busy } = await keys.create(
      { name: 'b', scopes: ['ask'], principal, limits: { usdPerDay: 1 } },
      'o',
    );
    const many = await Promise.allSettled(Array.from({ length: 8 }, () => limits.reserve(busy, 0.4)));
    expect(many.filter(({ status }) => status === 'fulfilled')).toHaveLength(2);
    // What nobody can price is let through until the limit is reached.
    const unpriced = await limits.reserve(key, null);
    await unpriced.settle(0.5);
    await expect(limits.reserve(key, null)).rejects.toMatchObject({ code: 'spend-limit' });
    expect(await createKeyLimits(database).spendToday(key.id)).toMatchObject({ usd: 1 });
  });

  it('slow down who guesses, from that address alone', async () => {
    const { limits } = open();
    for (let guess = 0; guess < 10; guess++) {
      await limits.refuseGuesses('10.0.0.9');
      await limits.wrongKey('10.0.0.9');
    }
    await expect(limits.refuseGuesses('10.0.0.9')).rejects.toMatchObject({ code: 'guessing-slowed' });
    await limits.refuseGuesses('10.0.0.8');
  });

  it('are none for a key without limits', async () => {
    const { keys, limits } = open();
    const { key } = await keys.create({ name: 'a', scopes: ['ask'], principal: localOwner }, 'o');
    for (let n = 0; n < 100; n++) await limits.admit(key);
    await (await limits.reserve(key, 1e6)).settle(1e6);
  });
});
