import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type Database, openDatabase } from '../../database/index.ts';
import { createAuditLog } from '../keys/audit-log.ts';
import { servingMigrations } from '../migrations.ts';
import { chooseVariant, isShadowed, routeSchema } from './route.ts';
import { createRouteStore, type RouteStore } from './route-store.ts';

const route = (weights: Readonly<Record<string, number>>) =>
  routeSchema.parse({ variants: Object.entries(weights).map(([variant, weight]) => ({ variant, weight })) });
const conversations = Array.from({ length: 4000 }, (_, index) => `conversation ${index}`);
const shareOf = (weights: Readonly<Record<string, number>>, variant: string): number =>
  conversations.filter((each) => chooseVariant('name', route(weights), each) === variant).length /
  conversations.length;

describe('the variant of a conversation', () => {
  it('is always the same one, whatever the order in which variants are named', () => {
    fc.assert(
      fc.property(
        fc.string(),
        fc.uniqueArray(fc.constantFrom('a', 'b', 'c', 'd'), { minLength: 1 }),
        (conversation, names) => {
          const there = route(Object.fromEntries(names.map((name, index) => [name, index + 1])));
          const back = { ...there, variants: [...there.variants].reverse() };
          expect(chooseVariant('n', there, conversation)).toBe(chooseVariant('n', back, conversation));
        },
      ),
    );
  });

  it('is drawn by the weights', () => {
    // 4,000 draws of .75: three standard errors are .021.
    expect(Math.abs(shareOf({ a: 3, b: 1 }, 'a') - 0.75)).toBeLessThan(0.021);
    expect(Math.abs(shareOf({ a: 1, b: 1, c: 2 }, 'c') - 0.5)).toBeLessThan(0.024);
    expect(shareOf({ a: 1 }, 'a')).toBe(1);
  });

  it('changes only where a new share needs it', () => {
    const before = route({ a: 9, b: 1 });
    const after = route({ a: 9, b: 3 });
    for (const each of conversations) {
      const [first, second] = [chooseVariant('n', before, each), chooseVariant('n', after, each)];
      // More weight for b takes nobody away from b.
      if (first !== second) expect([first, second]).toEqual(['a', 'b']);
    }
  });

  it('is none while the name is off', () => {
    expect(() => chooseVariant('n', { ...route({ a: 1 }), on: false }, 'c')).toThrow(
      expect.objectContaining({ code: 'name-off' }),
    );
  });

  it('has a shadow for about the share that was asked for', () => {
    const shadowed = { ...route({ a: 1 }), shadow: { variant: 'b', share: 0.2 } };
    const share = conversations.filter((each) => isShadowed(shadowed, each)).length / conversations.length;
    expect(Math.abs(share - 0.2)).toBeLessThan(0.02);
    expect(isShadowed(route({ a: 1 }), 'x')).toBe(false);
  });
});

describe('names', () => {
  let database: Database;
  let names: RouteStore;
  beforeEach(async () => {
    database = await openDatabase(':memory:', [servingMigrations]);
    names = createRouteStore(database, createAuditLog(database));
  });
  afterEach(() => database.close());
  const of = (variant: string) => ({ variants: [{ variant }] });

  it('keep every revision, and go back to the one before or to a named one', async () => {
    await names.set('assistant', of('a'), 'o');
    await names.set('assistant', of('b'), 'o');
    await names.turn('assistant', false, 'o');
    expect((await names.find('assistant'))?.route).toMatchObject({ on: false, variants: [{ variant: 'b' }] });
    expect((await names.rollback('assistant', 'o')).route).toMatchObject({
      on: true,
      variants: [{ variant: 'b' }],
    });
    const first = await names.rollback('assistant', 'o', 1);
    expect([first.number, first.reason, first.route.variants[0]?.variant]).toEqual([5, 'rollback to 1', 'a']);
    expect((await names.history('assistant')).map(({ number }) => number)).toEqual([5, 4, 3, 2, 1]);
    expect((await names.list()).map(({ name, number }) => [name, number])).toEqual([['assistant', 5]]);
  });

  it('are told apart from what there is not', async () => {
    await names.set('assistant', of('a'), 'o');
    expect(await names.find('nobody')).toBeNull();
    await expect(names.turn('asistant', false, 'o')).rejects.toMatchObject({
      code: 'name-unknown',
      message: expect.stringContaining('Did you mean "assistant"?'),
    });
    await expect(names.rollback('assistant', 'o')).rejects.toMatchObject({ code: 'revision-unknown' });
    await expect(names.rollback('assistant', 'o', 7)).rejects.toMatchObject({ code: 'revision-unknown' });
    await expect(names.set('a b', of('a'), 'o')).rejects.toMatchObject({ code: 'request-invalid' });
    await expect(names.set('a', { variants: [] }, 'o')).rejects.toMatchObject({ code: 'request-invalid' });
  });
});
