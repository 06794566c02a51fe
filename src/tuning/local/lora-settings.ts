import { availableParallelism } from 'node:os';
import type { TuningSettings } from '../tuning-provider.ts';

/** Settings of a LoRA job as the trainer reads them. */
export interface LoraSettings {
  readonly epochs: number;
  readonly maxSteps: number | null;
  readonly learningRate: number;
  readonly batchSize: number;
  readonly rank: number;
  readonly alpha: number;
  readonly maxTokens: number;
  readonly seed: number;
  readonly threads: number;
  /** `auto`: 16 bits where the processor multiplies them, else 32. */
  readonly precision: 'auto' | 'bf16' | 'fp32';
  /** Most padded tokens that are computed at once; memory grows with it. */
  readonly tokensAtOnce: number;
  readonly checkpointEvery: number;
  /** DPO: how far the tuned model may move from its base. */
  readonly beta: number;
}

/** Presets by number of rows: notes of trainers agree on the order of magnitude, not on more. */
const presets: readonly {
  readonly upTo: number;
  readonly epochs: number;
  readonly rank: number;
  readonly learningRate: number;
  readonly batchSize: number;
}[] = [
  { upTo: 200, epochs: 4, rank: 8, learningRate: 5e-4, batchSize: 4 },
  { upTo: 2_000, epochs: 3, rank: 16, learningRate: 5e-4, batchSize: 8 },
  { upTo: 20_000, epochs: 2, rank: 16, learningRate: 3e-4, batchSize: 16 },
  { upTo: Number.POSITIVE_INFINITY, epochs: 1, rank: 32, learningRate: 2e-4, batchSize: 32 },
];

/** What a request says, and for the rest the preset for that many rows. */
export function loraSettings(settings: TuningSettings, rows: number, method: 'sft' | 'dpo'): LoraSettings {
  const preset = presets.find(({ upTo }) => rows <= upTo)!;
  const rank = settings.rank ?? preset.rank;
  const batchSize = settings.batchSize ?? preset.batchSize;
  const epochs = settings.epochs ?? preset.epochs;
  const steps = Math.min(
    Math.max(1, Math.round(Math.ceil(rows / batchSize) * epochs)),
    settings.maxSteps ?? Number.POSITIVE_INFINITY,
  );
  const own = settings.own ?? {};
  const count = (name: string, otherwise: number): number =>
    typeof own[name] === 'number' ? own[name] : otherwise;
  return {
    epochs,
    maxSteps: settings.maxSteps ?? null,
    // Preference tuning starts from a model that can do the task, and needs far smaller steps.
    learningRate:
      settings.learningRate ?? (method === 'dpo' ? preset.learningRate / 10 : preset.learningRate),
    batchSize,
    rank,
    alpha: settings.alpha ?? 2 * rank,
    maxTokens: settings.maxTokens ?? 1024,
    seed: settings.seed ?? 0,
    threads: count('threads', Math.min(16, availableParallelism())),
    precision: own.precision === 'fp32' || own.precision === 'bf16' ? own.precision : 'auto',
    tokensAtOnce: count('tokensAtOnce', 1024),
    checkpointEvery: count('checkpointEvery', Math.max(5, Math.ceil(steps / 8))),
    beta: count('beta', 0.1),
  };
}
