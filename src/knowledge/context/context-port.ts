import type { Principal, RequestContextRecord } from '../../core/index.ts';
import type { Hit, StoredDocument } from '../retriever.ts';

/** Seconds that a provider has where its config says nothing. */
export const defaultTimeoutSeconds = 2;
/** Bytes of text that a provider may give where its config says nothing. */
export const defaultMaxBytes = 16_384;

/** Source of documents that live as long as one question; no source of a config can have its name. */
export const contextSource = '@context';

/** What a question is asked with. */
export interface ContextRequest {
  readonly principal: Principal;
  /** Values of the request by name, such as an account number. */
  readonly values: Readonly<Record<string, string>>;
  readonly signal?: AbortSignal | undefined;
}

/** What was fetched for one question: documents that live as long as it does. */
export interface GivenContext {
  /** One hit for each document, all of its text. */
  readonly hits: readonly Hit[];
  readonly documents: readonly StoredDocument[];
  /** One for each provider, in the order of the config: its name, hash and time, never what it gave. */
  readonly records: readonly RequestContextRecord[];
}

/** Port: facts of the moment (an account, a patient, the latest orders) for one question and one principal. */
export interface RequestContext {
  /**
   * Asks every provider that this principal may use and that has its values, at the same time. A provider that fails,
   * takes too long or gives too much is a record of the result, not an error. Throws `context-value-invalid` for a value
   * that no provider declares or that does not match its pattern, before anything is fetched; and `cancelled`.
   */
  gather(request: ContextRequest): Promise<GivenContext>;
  close(): Promise<void>;
}

/** Fetches text for one question; null where there is nothing. Throws what goes wrong. */
export interface ContextProvider {
  fetch(
    request: ContextRequest,
  ): Promise<{ readonly text: string; readonly title?: string | undefined } | null>;
  /** Seconds that its start may take beside its time, at the first question; 0 by default. */
  readonly startSeconds?: number | undefined;
  close?(): void;
}
