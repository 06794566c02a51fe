import type { MiddlewareHandler } from 'hono';

/** Requests that are being worked on, whether or not their clients still listen. */
export interface InFlight {
  readonly count: MiddlewareHandler;
  /** Resolves when none is left, at the latest after `mostMs`. */
  idle(mostMs: number): Promise<void>;
}

/** A client that goes away closes its connection, and its handler may still be reading the index: a stop waits for handlers too. */
export function createInFlight(): InFlight {
  let working = 0;
  let told: (() => void) | null = null;
  return {
    async count(_context, next) {
      working++;
      try {
        await next();
      } finally {
        if (--working === 0) told?.();
      }
    },
    idle: (mostMs) =>
      new Promise((resolve) => {
        if (working === 0) return resolve();
        const late = setTimeout(resolve, mostMs);
        told = () => {
          clearTimeout(late);
          resolve();
        };
      }),
  };
}
