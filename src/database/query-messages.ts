import type { QueryOutcome, ReadOnlyQuery } from './read-only-queries.ts';

/** A value of a result; whole numbers beyond 2^53 are bigints. */
export type SqlValue = null | number | bigint | string | Uint8Array;

/** What the query process is sent, and what it sends back; its first message says that it is ready. */
export type QueryTask = ReadOnlyQuery;
export type QueryReply = QueryOutcome;
