import type { Context } from 'hono';
import type { Project, Serving } from '../app/index.ts';
import type { Principal } from '../core/index.ts';
import type { ApiKey, Scope } from '../serving/index.ts';
import type { InFlight } from './in-flight.ts';

/** Who sent a request, and for whom. */
export interface Caller {
  /** Null: the person at the keyboard, on this machine. */
  readonly key: ApiKey | null;
  readonly scopes: readonly Scope[];
  /** Whom it is from or, with a token, whom the key acts for. */
  readonly principal: Principal;
  /** For the audit log: key id or `local-owner`. */
  readonly actor: string;
}

/** What middleware leaves for the handlers of a request. */
export interface ServerEnv {
  readonly Variables: { requestId: string; caller: Caller };
}

export type ServerContext = Context<ServerEnv>;

/** What the routes of a server work on. */
export interface ServerParts {
  readonly project: Project;
  readonly serving: Serving;
  /** Whether every request needs a key; without, requests from this machine are those of its owner. */
  readonly requireKey: boolean;
  /** Counts requests for a stop that waits for them. */
  readonly inFlight?: InFlight | undefined;
  /** How long the event loop was held up, in milliseconds; null where nobody measures it. */
  readonly loopDelay?:
    | (() => { readonly p50: number; readonly p99: number; readonly max: number })
    | undefined;
  /** Told of failures that are defects, with the id of the request; the caller is told the id only. */
  readonly onDefect: (requestId: string, error: unknown) => void;
}
