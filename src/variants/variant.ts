import type { Answer, Evidence, Principal } from '../core/index.ts';
import type { ChunkFilter } from '../knowledge/index.ts';
import type { OnSpan } from './spans.ts';

/** An earlier turn of the conversation that a question belongs to. */
export interface Turn {
  readonly role: 'user' | 'assistant';
  readonly content: string;
}

/** A span of a document's canonical text. */
export interface HiddenSpan {
  readonly documentId: string;
  readonly start: number;
  readonly end: number;
}

/** What a variant is asked. */
export interface Question {
  readonly input: string;
  /** What was said before it, oldest first; none by default. */
  readonly turns?: readonly Turn[] | undefined;
  readonly principal: Principal;
  /** Id of the sample, for recorded outputs and caches; absent for a live question. */
  readonly sampleId?: string | undefined;
  /** Gold evidence; only diagnostic variants look at it. */
  readonly evidence?: readonly Evidence[] | undefined;
  /** Only documents of these sources are looked at; all of them by default. */
  readonly sources?: readonly string[] | undefined;
  /** What else narrows the documents that are looked at; joined by "and" with that of the variant. */
  readonly filter?: ChunkFilter | undefined;
  /** Documents that retrieval and gold evidence leave out, before ranking; none by default. */
  readonly hiddenDocuments?: readonly string[] | undefined;
  /** Spans that evidence leaves out, before it is ranked; to see whether an answer rests on them. None by default. */
  readonly hiddenEvidence?: readonly HiddenSpan[] | undefined;
  /** Values for providers of request-time context, by name; a question of a dataset asks none. */
  readonly context?: Readonly<Record<string, string>> | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Told the question as it was understood, where earlier turns made it another one. */
  readonly onUnderstood?: ((question: string) => void) | undefined;
  /** Called with each piece of the answer as it arrives. */
  readonly onText?: ((piece: string) => void) | undefined;
  /** Told of each piece of work; of variants that are somebody else's, nothing is known. */
  readonly onSpan?: OnSpan | undefined;
}

/** Kinds of variant that exist so far; the kind follows from the parts. */
export type VariantKind =
  | 'extract'
  | 'prompt'
  | 'few-shot'
  | 'rag'
  | 'full-context'
  | 'oracle'
  | 'placebo'
  | 'external'
  | 'cascade'
  | 'tuned'
  | 'hybrid';

/** What a model is asked for a question. */
export interface VariantPrompt {
  readonly messages: readonly { readonly role: 'system' | 'user' | 'assistant'; readonly content: string }[];
  /** Numbered passages in the prompt, with exact spans of their documents. */
  readonly passages: readonly {
    readonly number: number;
    readonly documentId: string;
    /** As the model sees it, without its title. */
    readonly text: string;
    readonly spans: readonly { readonly start: number; readonly end: number }[];
  }[];
}

/** One way to answer: the only thing that is evaluated and served. */
export interface Variant {
  readonly name: string;
  readonly kind: VariantKind;
  /** False for diagnostic ones (`oracle`, `placebo`, a forced answer), which are never recommended. */
  readonly deployable: boolean;
  /** Everything that its answers depend on (model, prompt, parameters, index version); hashed for the cache and kept in runs. */
  readonly definition: Readonly<Record<string, unknown>>;
  /** Whether its contexts come from a retriever; absent where it is not known (`external`). */
  readonly retrieves?: boolean | undefined;
  /** Answers that it can work on at once without slowing each other; 1 where absent. */
  readonly concurrency?: number | undefined;
  /** Samples that it may show to its model or was trained on, so that it is not tested on them. */
  readonly learnedFrom?:
    | readonly { readonly id: string; readonly input: string; readonly group?: string | undefined }[]
    | undefined;
  /** Why it cannot answer at all for this principal, in one sentence; null when it can. */
  cannotRun?(principal: Principal): Promise<string | null>;
  /** Upper bound of what one answer may cost in USD: 0 where nothing is paid, null where unknown. */
  estimate(question: Question): Promise<{ inputTokens: number; outputTokens: number; usd: number | null }>;
  /**
   * What its model would be asked, for rows to tune on: the turns, and which spans of documents stand under which number. Null where the
   * question would be refused before the model is asked. Absent where no prompt of ours is sent.
   */
  prompt?(question: Question): Promise<VariantPrompt | null>;
  /** A refusal is an answer. Throws a catalogue error when no answer could be had. */
  answer(question: Question): Promise<Answer>;
  close(): Promise<void>;
}
