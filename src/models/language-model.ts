import type { z } from 'zod';
import type { Cost, Usage } from '../core/index.ts';

/** One turn of a conversation. */
export interface Message {
  readonly role: 'system' | 'user' | 'assistant';
  readonly content: string;
  /** Whether many requests begin with the same turns up to this one, so that a provider may keep them. */
  readonly cache?: boolean | undefined;
}

/** What is asked of a language model. */
export interface GenerationRequest {
  readonly messages: readonly Message[];
  /** Structured output: the text is JSON that satisfies this schema. */
  readonly schema?: z.ZodType | undefined;
  readonly maxOutputTokens?: number | undefined;
  /** 0 (greedy) by default. */
  readonly temperature?: number | undefined;
  readonly seed?: number | undefined;
  readonly signal?: AbortSignal | undefined;
  /** Called with each piece of text as it arrives. */
  readonly onText?: ((piece: string) => void) | undefined;
}

/** What a language model gave back. */
export interface Generation {
  readonly text: string;
  /** Present when a schema was asked for and the text satisfies it. */
  readonly object?: unknown;
  readonly finishReason: 'stop' | 'length' | 'content-filter' | 'error' | 'other';
  readonly usage: Usage;
  readonly cost: Cost;
  readonly seconds: number;
}

/** Port: a language model, named `provider/model`. Hosted ones are AI SDK models; local ones run here on the CPU. */
export interface LanguageModel {
  readonly id: string;
  readonly local: boolean;
  /** Tokens that prompt and output may have together, or null where it is not known. */
  readonly contextTokens: number | null;
  /** Throws `model-key-rejected`, `model-rate-limited`, `model-unreachable`, `model-context-exceeded`, `model-failed` or `cancelled`. */
  generate(request: GenerationRequest): Promise<Generation>;
  /** Tokens of a text: exact for local models, an estimate (4 characters a token) for hosted ones. */
  countTokens(text: string): Promise<number>;
  /** Prices a usage by the model's price; unknown stays unknown. */
  price(usage: Usage): Cost;
  close(): Promise<void>;
}
