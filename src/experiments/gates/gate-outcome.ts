/** What a check before promotion found; kept with the model. */
export interface GateOutcome {
  readonly gate: string;
  /** Null where it could not be measured, or does not apply; `detail` says why. */
  readonly passed: boolean | null;
  /** One sentence with the figure, its n and its interval. */
  readonly detail: string;
  readonly figures: Readonly<Record<string, number | null>>;
}

/** A check that was not made, with the reason. */
export function notMeasured(gate: string, why: string): GateOutcome {
  return { gate, passed: null, detail: why, figures: {} };
}

/** A share or difference for a sentence. */
export function shown(value: number): string {
  return value.toFixed(3);
}
