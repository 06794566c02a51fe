import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalJson, contentHash, newId, sha256 } from './ids.ts';
import { localOwner, readerTokens } from './principal.ts';
import { sampleSchema } from './sample.ts';
import { addCost, addUsage, type Cost, noCost, noUsage } from './usage.ts';

describe('ids and hashes', () => {
  it('hash as sha256 does', () => {
    // FIPS 180-2 test vector.
    expect(sha256('abc')).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  it('give the same text whatever the order of keys', () => {
    expect(canonicalJson({ b: [1, { d: 1, c: undefined }], a: null })).toBe('{"a":null,"b":[1,{"d":1}]}');
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const reversed = Object.fromEntries(Object.entries(value).reverse());
        return contentHash(value) === contentHash(reversed);
      }),
    );
    expect(() => canonicalJson({ a: Number.NaN })).toThrow(TypeError);
  });

  it('are new each time', () => {
    expect(newId('run')).toMatch(/^run_[0-9a-z]+-[0-9a-f]{10}$/);
    expect(newId('run')).not.toBe(newId('run'));
  });
});

describe('usage and cost', () => {
  const price = (usd: number | null, priceDate: string): Cost => ({
    usd,
    source: 'price-list',
    priceDate,
    basis: 'list',
  });

  it('add up member by member', () => {
    expect(addUsage({ inputTokens: 3 }, { inputTokens: 4, calls: 1 })).toEqual({
      ...noUsage,
      inputTokens: 7,
      calls: 1,
    });
  });

  it('stay unknown when one part is unknown, and keep the oldest price date', () => {
    expect(addCost(price(1, '2026-02-01'), noCost, price(2, '2026-01-01'))).toEqual({
      usd: 3,
      source: 'price-list',
      priceDate: '2026-01-01',
      basis: 'list',
    });
    expect(addCost(price(1, '2026-02-01'), price(null, '2026-01-01')).usd).toBeNull();
    expect(addCost()).toEqual(noCost);
  });
});

describe('principals and samples', () => {
  it('read by user, group and everyone', () => {
    expect(readerTokens({ tenant: 't', user: 'ann', groups: ['hr', 'it'] })).toEqual([
      'everyone',
      'user:ann',
      'group:hr',
      'group:it',
    ]);
    expect(readerTokens(localOwner)).toContain('group:owners');
  });

  it('are answerable unless said otherwise, and refuse unknown members', () => {
    expect(sampleSchema.parse({ id: '1', input: 'q' })).toEqual({ id: '1', input: 'q', answerable: true });
    expect(sampleSchema.safeParse({ id: '1', input: 'q', refrence: 'x' }).success).toBe(false);
  });
});
