import type {
  TuningEstimate,
  TuningMethod,
  TuningProduct,
  TuningSettings,
  TuningState,
  TuningStatus,
} from '../tuning-provider.ts';

/** What somebody asked to be trained. */
export interface TuningJobRequest {
  /** Name of the models that come of it; the data's by default. */
  readonly name: string;
  readonly provider: string;
  readonly method: TuningMethod;
  /** `provider/model`. */
  readonly base: string;
  /** `NAME@VERSION`. */
  readonly data: { readonly name: string; readonly version: number };
  readonly settings: TuningSettings;
  /** JSON schema of the answers, kept with the model. */
  readonly outputSchema?: Readonly<Record<string, unknown>> | undefined;
}

/** A tuning job as the project keeps it. */
export interface TuningJob extends TuningJobRequest {
  readonly id: string;
  readonly state: TuningState;
  /** The provider's own word. */
  readonly providerState: string | null;
  /** The provider's name for it; null before the provider has it. */
  readonly providerJob: string | null;
  readonly status: Pick<TuningStatus, 'step' | 'steps' | 'droppedRows'> | null;
  readonly failure: TuningStatus['failure'] | null;
  readonly product: TuningProduct | null;
  readonly estimate: TuningEstimate | null;
  /** Tuned model that came of it. */
  readonly model: string | null;
  readonly createdAt: string;
  readonly updatedAt: string;
}

/** States after which a provider does nothing more. */
export function hasEnded(state: TuningState): boolean {
  return state === 'succeeded' || state === 'failed' || state === 'cancelled';
}
