import type { Cost, WorkOptions } from '../core/index.ts';
import type { TuningRow } from './data/tuning-row.ts';

/** What is trained. `classifier` and `query-projection` are heads on frozen embeddings; `sft` and `dpo` change a language model. */
export type TuningMethod = 'classifier' | 'query-projection' | 'sft' | 'dpo';

/** Neutral states; what a vendor called it is kept beside them. */
export type TuningState =
  | 'created'
  | 'validating'
  | 'queued'
  | 'running'
  | 'paused'
  | 'succeeded'
  | 'failed'
  | 'cancelled';

/** Neutral settings; what a provider really used comes back in `TuningProduct.config`. Absent: the provider's preset for that many rows. */
export interface TuningSettings {
  readonly epochs?: number | undefined;
  /** Stops after so many optimizer steps, whatever `epochs` says. */
  readonly maxSteps?: number | undefined;
  readonly learningRate?: number | undefined;
  /** Rows of one optimizer step. */
  readonly batchSize?: number | undefined;
  readonly rank?: number | undefined;
  readonly alpha?: number | undefined;
  /** Tokens of prompt and completion; longer rows are refused, never cut in silence. */
  readonly maxTokens?: number | undefined;
  /** 0 by default. */
  readonly seed?: number | undefined;
  /** Settings that only one provider has, by its own names. */
  readonly own?: Readonly<Record<string, string | number | boolean>> | undefined;
}

/** What is to be trained, with its rows already split; rows come as a stream so that 2 GB never lie in memory. */
export interface TuningRequest {
  /** Our own id of the job; a provider must make at most one job for it, whatever crashes. */
  readonly key: string;
  /** Short name for the vendor's lists. */
  readonly name: string;
  readonly method: TuningMethod;
  /** `provider/model`. */
  readonly base: string;
  readonly settings: TuningSettings;
  /** sha256 of the rows, so that a resumed job refuses others. */
  readonly dataHash: string;
  train(): AsyncIterable<TuningRow>;
  validation(): AsyncIterable<TuningRow>;
  /** Folder that is this job's alone; made by the caller, kept after the end. */
  readonly directory: string;
}

/** Tokens, money and time before anything starts or is sent. */
export interface TuningEstimate {
  readonly rows: number;
  /** Tokens of one pass over the training rows, after the chat template, and how many of them are trained on. */
  readonly tokensPerEpoch: number;
  readonly trainedTokensPerEpoch: number;
  readonly epochs: number;
  /** Whether tokens were counted with the base's own tokenizer, or estimated. */
  readonly tokensCounted: boolean;
  readonly cost: Cost;
  /** USD an hour while the tuned model can be asked, even if nobody asks; null where unknown. */
  readonly hostingUsdPerHour: number | null;
  /** Null where nothing is known of the time. */
  readonly seconds: { readonly low: number; readonly high: number } | null;
  /** In whole sentences: what will not be trained on, what leaves the machine, who keeps the weights. */
  readonly notes: readonly string[];
}

/** Something that a job reported, in the order of `sequence`. */
export interface TuningEvent {
  /** Counts from 1 without gaps in what a provider hands on for one job; a later call continues after it. */
  readonly sequence: number;
  readonly at: string;
  readonly level: 'info' | 'warning' | 'error';
  readonly message: string;
  /** Present for an optimizer step that was measured. */
  readonly metrics?: TuningMetrics | undefined;
}

/** Figures of one step; losses in nats a token. */
export interface TuningMetrics {
  readonly step: number;
  readonly steps: number;
  readonly epoch?: number | undefined;
  readonly loss?: number | undefined;
  readonly validationLoss?: number | undefined;
  readonly tokenAccuracy?: number | undefined;
  readonly learningRate?: number | undefined;
  readonly gradientNorm?: number | undefined;
  readonly tokensPerSecond?: number | undefined;
}

/** A state of the weights in the course of a job that can be asked or gone on from. */
export interface TuningCheckpoint {
  readonly id: string;
  readonly step: number;
  readonly at: string;
  readonly metrics?: TuningMetrics | undefined;
}

/** Where a job stands. */
export interface TuningStatus {
  readonly state: TuningState;
  /** The provider's own word for it. */
  readonly providerState: string;
  /** Present while it runs and when it is done. */
  readonly step?: number | undefined;
  readonly steps?: number | undefined;
  /** Why it failed: a code and message of the error catalogue. */
  readonly failure?: { readonly code: string; readonly message: string; readonly hint: string } | undefined;
  /** Rows that the provider did not take, with its reason. */
  readonly droppedRows?: readonly { readonly row: string; readonly reason: string }[] | undefined;
  readonly product?: TuningProduct | undefined;
}

/** A file of the product, by its path relative to the job's folder. */
export interface TuningArtifact {
  readonly format: 'peft' | 'gguf-lora' | 'head';
  readonly path: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** What a job made. */
export interface TuningProduct {
  /** The provider's name for the tuned model, such as `ft:…`; null where the weights are here. */
  readonly providerModel: string | null;
  readonly artifacts: readonly TuningArtifact[];
  /** Exact base: repository or catalogue id, revision or sha256 of its weights, licence. */
  readonly base: { readonly id: string; readonly revision: string; readonly license: string };
  /** sha256 of the chat template that rows were rendered with; null where the provider does not tell. */
  readonly templateHash: string | null;
  /** What the trainer was: its version or the sha256 of its lock file. */
  readonly trainer: string;
  /** Settings as they were used. */
  readonly config: Readonly<Record<string, string | number | boolean>>;
  readonly trainedTokens: number | null;
  readonly cost: Cost;
  /** Whether the weights can be taken away. */
  readonly portability: 'none' | 'adapter' | 'full';
}

/** What a provider can do; code asks these flags and never its name. */
export interface TuningCapabilities {
  readonly methods: readonly TuningMethod[];
  /** Rows leave this machine. */
  readonly sendsRows: boolean;
  readonly checkpoints: boolean;
  readonly resume: boolean;
  readonly tools: boolean;
  /** Fewest rows that it takes. */
  readonly minimumRows: number;
  /** Rows may name assistants' turns that are not trained on. */
  readonly selectsTurns: boolean;
  /** When its wire shapes were last tried with the real service; null: never, and every surface says so. */
  readonly verifiedLive: string | null;
}

/** Port: who trains. One conformance suite (`fulcrum/testing`, `checkTuningProvider`) runs over every implementation. */
export interface TuningProvider {
  readonly name: string;
  readonly capabilities: TuningCapabilities;
  /** Sends nothing. Throws `tuning-base-unknown` where it cannot train on that base. */
  estimate(request: TuningRequest, options?: WorkOptions): Promise<TuningEstimate>;
  /**
   * Starts the job, or finds the one that an earlier call with this key made. Returns when the provider has it; the
   * work goes on elsewhere (a child process, a vendor). Throws catalogue errors; nothing is paid then.
   */
  start(request: TuningRequest, options?: WorkOptions): Promise<{ readonly providerJob: string }>;
  /** Goes on with a job that was interrupted, from its last checkpoint. Only where `capabilities.resume`. */
  resume(providerJob: string, options?: WorkOptions): Promise<void>;
  status(providerJob: string, options?: WorkOptions): Promise<TuningStatus>;
  /** Events after `sequence` (0 for all) that are there now. */
  events(providerJob: string, after: number, options?: WorkOptions): Promise<readonly TuningEvent[]>;
  /** Empty where the provider keeps none. */
  checkpoints(providerJob: string, options?: WorkOptions): Promise<readonly TuningCheckpoint[]>;
  /** Stops it; a job that has ended stays as it is. */
  cancel(providerJob: string, options?: WorkOptions): Promise<void>;
  /** Present where a job can be handed over as a folder that runs on another machine. */
  readonly elsewhere?: TuningElsewhere | undefined;
}

/** Jobs that run on another machine, whoever owns it, and come back as a folder. */
export interface TuningElsewhere {
  /** Writes the job into an empty folder and starts nothing; the job is paused until its results are collected. */
  pack(request: TuningRequest, to: string, options?: WorkOptions): Promise<{ readonly providerJob: string }>;
  /** Brings the results of a packed job. @param usd what the other machine cost, where it is known. */
  collect(providerJob: string, from: string, usd: number | null): Promise<void>;
}
