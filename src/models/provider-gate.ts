import { z } from 'zod';

/**
 * `rateLimits` of the config: what a provider allows in any minute, by `openai`, `anthropic`, `google`, the NAME of a
 * compatible server, or the host (with its port) of an external pipeline.
 */
export const rateLimitsConfigSchema = z.record(
  z.string(),
  z.strictObject({
    requestsPerMinute: z.number().positive().optional(),
    /** Input and output together. */
    tokensPerMinute: z.number().positive().optional(),
  }),
);
export type RateLimitsConfig = z.infer<typeof rateLimitsConfigSchema>;

/** The door to one provider, shared by everything in the process that calls it. */
export interface ProviderGate {
  /**
   * Calls when rate limits, a pause that the provider asked for and the circuit breaker allow it. While the circuit
   * is open calls wait, and one of them tries whether the provider is back. Throws what the call throws, `cancelled`,
   * or `provider-down` when the provider failed several such tries.
   * @param tokens upper bound of what the call uses, for the limit of tokens.
   */
  run<T>(call: () => Promise<T>, options: { tokens?: number; signal?: AbortSignal | undefined }): Promise<T>;
  /** Whether the circuit is open, so that failed tries are not the fault of the call that makes them. */
  isOpen(): boolean;
  /** Gives back tokens that a call did not use. */
  giveBack(tokens: number): void;
  /** Lets nobody through for so long: the provider asked for it. */
  pause(milliseconds: number): void;
}

/** When a circuit opens and how often its provider is tried again. */
export interface BreakerSettings {
  /** Failures in a row that open the circuit. */
  readonly failures: number;
  /** Pause before the first try; it doubles up to `longestPauseMs`. */
  readonly pauseMs: number;
  readonly longestPauseMs: number;
  /** Failed tries in a row after which calls fail with `provider-down` instead of waiting, until the next try is due. */
  readonly tries: number;
}
