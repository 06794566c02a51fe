import type { MiddlewareHandler } from 'hono';
import { FulcrumError } from '../core/index.ts';

/** Requests that are being worked on, whether or not their clients still listen. */
export interface InFlight {
  readonly count: MiddlewareHandler;
  /** Counts work that goes on after its request. */
  during<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Aborted when the server stops: work that can go on another time ends then. */
  readonly stopping: AbortSignal;
  /** Tells what is under way to stop. Resolves when none is left, at the latest after `mostMs`. */
  idle(mostMs: number): Promise<void>;
}

/** A client that goes away closes its connection, and its handler may still be reading the index: a stop waits for handlers too. */
export function createInFlight(): InFlight {
  let working = 0;
  let told: (() => void) | null = null;
  const stopped = new AbortController();
  const during: InFlight['during'] = async (work) => {
    working++;
    try {
      return await work();
    } finally {
      if (--working === 0) told?.();
    }
  };
  return {
    during,
    count: (_context, next) => during(next),
    stopping: stopped.signal,
    idle: (mostMs) =>
      new Promise((resolve) => {
        stopped.abort(new FulcrumError('cancelled'));
        if (working === 0) return resolve();
        const late = setTimeout(resolve, mostMs);
        told = () => {
          clearTimeout(late);
          resolve();
        };
      }),
  };
}
