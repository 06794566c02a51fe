import { hash, randomBytes } from 'node:crypto';

/** Lower-case hex sha256 of a text (as UTF-8) or of bytes. */
export function sha256(content: string | Uint8Array): string {
  return hash('sha256', content, 'hex');
}

/**
 * New id: a prefix that names the kind, the time in base 36 (so ids sort by creation) and 40 random bits,
 * for example `run_m3k2x9a1-7f3c09ab12`.
 */
export function newId(prefix: string): string {
  return `${prefix}_${Date.now().toString(36)}-${randomBytes(5).toString('hex')}`;
}

/**
 * JSON with object keys sorted at every depth and `undefined` members left out: the same value always gives
 * the same text, so it can be hashed. Throws a TypeError on a value JSON cannot hold (NaN, Infinity, bigint).
 */
export function canonicalJson(value: unknown): string {
  return JSON.stringify(value, (_key, member: unknown) => {
    if (typeof member === 'number' && !Number.isFinite(member))
      throw new TypeError('canonicalJson: a number is not finite');
    if (member === null || typeof member !== 'object' || Array.isArray(member)) return member;
    return Object.fromEntries(Object.entries(member).sort(([a], [b]) => (a < b ? -1 : 1)));
  });
}

/** sha256 of the canonical JSON of a value. */
export function contentHash(value: unknown): string {
  return sha256(canonicalJson(value));
}
