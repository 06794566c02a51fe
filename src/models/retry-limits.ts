/** How long a provider is asked again, and how long one answer may take. */
export interface RetryLimits {
  /** Calls in all, the first included. */
  readonly attempts: number;
  /** Calls in all where the provider limits the rate (429); default `attempts`. */
  readonly rateLimitedAttempts?: number | undefined;
  /** Pause before the second call; it doubles each time. A `Retry-After` of the provider comes first. */
  readonly pauseMs: number;
  /** A provider that asks for a longer pause is not waited for. */
  readonly longestPauseMs: number;
  /** For one call. */
  readonly timeoutMs: number;
}

export const defaultRetryLimits: RetryLimits = {
  attempts: 4,
  rateLimitedAttempts: 12,
  pauseMs: 1_000,
  longestPauseMs: 60_000,
  timeoutMs: 300_000,
};
