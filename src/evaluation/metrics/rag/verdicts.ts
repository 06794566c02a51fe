/**
 * Whether each claim is entailed by each passage: `matrix[passage][claim]`. Every row has one entry per claim.
 */
export type SupportMatrix = readonly (readonly boolean[])[];

/** Number of true verdicts. */
export function countTrue(verdicts: readonly boolean[]): number {
  return verdicts.reduce((total, verdict) => total + (verdict ? 1 : 0), 0);
}

/** Share of true verdicts; null without any verdict. */
export function shareTrue(verdicts: readonly boolean[]): number | null {
  return verdicts.length === 0 ? null : countTrue(verdicts) / verdicts.length;
}

/** For each of `claims` claims, whether one of the passages that `counts` supports it. */
export function supportedBy(
  matrix: SupportMatrix,
  claims: number,
  counts: (passage: number) => boolean = () => true,
): boolean[] {
  return Array.from({ length: claims }, (_, claim) =>
    matrix.some((row, passage) => counts(passage) && row[claim] === true),
  );
}

/** Whether each passage entails at least one claim (of a reference: such a passage is relevant). */
export function relevantPassages(matrix: SupportMatrix): boolean[] {
  return matrix.map((row) => row.some(Boolean));
}
