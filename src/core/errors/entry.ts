/** One entry of the error catalogue. */
export interface ErrorEntry {
  /** HTTP status that the server answers with. */
  readonly status: number;
  /** What was wrong and where; `{name}` is replaced by the data of the error. */
  readonly message: string;
  /** What the user can do about it. */
  readonly hint: string;
  /** Whether the same call may succeed later without a change. */
  readonly retryable: boolean;
  /** Exit status of the command line: 1 failed, 2 wrong usage. */
  readonly exit: 1 | 2;
}

/** Declares one catalogue entry; failures default to status 400, not retryable, exit status 1. */
export function entry(
  message: string,
  hint: string,
  options: { status?: number; retryable?: boolean; exit?: 1 | 2 } = {},
): ErrorEntry {
  return {
    message,
    hint,
    status: options.status ?? 400,
    retryable: options.retryable ?? false,
    exit: options.exit ?? 1,
  };
}
