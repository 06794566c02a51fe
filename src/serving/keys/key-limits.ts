import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible';
import { FulcrumError } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import type { ServingTables } from '../migrations.ts';
import type { ApiKey } from './api-key.ts';

/** How much a key has been used on one day (UTC). */
export interface KeySpend {
  readonly day: string;
  readonly usd: number;
  readonly requests: number;
}

/** Holds keys to their limits, and slows who guesses keys. One for a process. */
export interface KeyLimits {
  /** Counts a request. Throws `rate-limited`. */
  admit(key: ApiKey): Promise<void>;
  /**
   * Sets aside what a request may cost until `settle` is called with what it did; null where nobody knows. Throws
   * `spend-limit`, for an unknown price as soon as the day's limit is reached.
   */
  reserve(key: ApiKey, usd: number | null): Promise<Reservation>;
  spendToday(key: string): Promise<KeySpend>;
  /** Counts a wrong key of an address. Throws `guessing-slowed` from then on, also for right ones, until it is over. */
  refuseGuesses(address: string): Promise<void>;
  wrongKey(address: string): Promise<void>;
}

export interface Reservation {
  /** Durable when the promise resolves. Null counts nothing. */
  settle(usd: number | null): Promise<void>;
}

/** Wrong keys that an address may send, and the time over which they are counted, which is also how long it then waits. */
const guesses = 10;
const guessSeconds = 60;

export function createKeyLimits(database: Database): KeyLimits {
  const tables = tablesOf<ServingTables>(database).withoutPlugins();
  const limiters = new Map<number, RateLimiterMemory>();
  const guessing = new RateLimiterMemory({ points: guesses, duration: guessSeconds });
  /** Set aside for requests that are under way, by key. */
  const reserved = new Map<string, number>();

  const limiterOf = (points: number): RateLimiterMemory => {
    const known = limiters.get(points) ?? new RateLimiterMemory({ points, duration: 60 });
    limiters.set(points, known);
    return known;
  };

  const spendToday = async (key: string): Promise<KeySpend> => {
    const day = today();
    const row = await tables
      .selectFrom('serving_spend')
      .select(['usd', 'requests'])
      .where('key', '=', key)
      .where('day', '=', day)
      .executeTakeFirst();
    return { day, usd: row?.usd ?? 0, requests: row?.requests ?? 0 };
  };

  const hold = (key: string, usd: number): void => {
    const left = (reserved.get(key) ?? 0) + usd;
    if (left > 1e-12) reserved.set(key, left);
    else reserved.delete(key);
  };

  return {
    spendToday,
    async admit({ id, limits: { requestsPerMinute } }) {
      if (requestsPerMinute === null) return;
      await consume(limiterOf(requestsPerMinute), id, (seconds) => {
        throw new FulcrumError('rate-limited', { limit: requestsPerMinute, seconds });
      });
    },
    async reserve({ id, limits: { usdPerDay } }, usd) {
      const most = usd ?? 0;
      if (usdPerDay !== null) {
        const spent = (await spendToday(id)).usd + (reserved.get(id) ?? 0);
        if (spent + most > usdPerDay || spent >= usdPerDay)
          throw new FulcrumError('spend-limit', {
            limit: usdPerDay,
            spent: spent.toFixed(4),
            next: usd === null ? 'an unknown sum' : most.toFixed(4),
          });
      }
      hold(id, most);
      return {
        async settle(cost) {
          // Let go only once it is written, so that no request in between finds it neither spent nor set aside.
          try {
            await tables
              .insertInto('serving_spend')
              .values({ key: id, day: today(), usd: cost ?? 0, requests: 1 })
              .onConflict((conflict) =>
                conflict.columns(['key', 'day']).doUpdateSet((update) => ({
                  usd: update('serving_spend.usd', '+', cost ?? 0),
                  requests: update('serving_spend.requests', '+', 1),
                })),
              )
              .execute();
          } finally {
            hold(id, -most);
          }
        },
      };
    },
    async refuseGuesses(address) {
      const state = await guessing.get(address);
      if (state && state.consumedPoints >= guesses)
        throw new FulcrumError('guessing-slowed', { seconds: Math.ceil(state.msBeforeNext / 1000) });
    },
    async wrongKey(address) {
      await guessing.consume(address).catch(() => undefined);
    },
  };
}

async function consume(
  limiter: RateLimiterMemory,
  key: string,
  refuse: (seconds: number) => never,
): Promise<void> {
  try {
    await limiter.consume(key);
  } catch (error) {
    if (!(error instanceof RateLimiterRes)) throw error;
    refuse(Math.max(1, Math.ceil(error.msBeforeNext / 1000)));
  }
}

const today = (): string => new Date().toISOString().slice(0, 10);
