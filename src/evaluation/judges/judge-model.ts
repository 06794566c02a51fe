import type { z } from 'zod';
import type { Cost, Usage } from '../../core/index.ts';

/** One question to a model that judges. */
export interface JudgeRequest {
  /** What to judge and how; never holds text of documents or answers. */
  readonly instructions: string;
  /** The texts to judge. They reach the model as JSON, so nothing in them can pass for instructions of ours. */
  readonly material: unknown;
  /** What the reply must satisfy. */
  readonly schema: z.ZodType;
  /** Which of several repetitions this is, from 0; the seed. */
  readonly sampleIndex: number;
  /** 0, and 1 where the first reply could not be read: the model should then not say the same again. */
  readonly attempt: number;
  readonly signal: AbortSignal;
}

/** What came back, before anything of it is believed. */
export interface JudgeReply {
  readonly text: string;
  readonly finishReason: 'stop' | 'length' | 'content-filter' | 'error' | 'other';
  readonly usage: Usage;
  readonly cost: Cost;
}

/** A model that judges; supplied by `app` from a language model. Throws what a language model throws. */
export interface JudgeModel {
  /** `provider/model` with everything else that its verdicts depend on, e.g. `openai/gpt-5-mini t=0`. */
  readonly id: string;
  ask(request: JudgeRequest): Promise<JudgeReply>;
}
