/** Largest difference that still counts as equal: absolute up to 1, relative above. */
export const goldenTolerance = 1e-9;

/**
 * Whether a recomputed value equals an expected one, member by member as far as `expected` goes. Numbers may differ by
 * `tolerance` (absolute where the vector states one). NaN, null and a record of nothing else are the same: no number.
 */
export function sameValue(expected: unknown, got: unknown, tolerance?: number): boolean {
  const wanted = withoutNaN(expected);
  const found = withoutNaN(got);
  if (wanted === null || found === null) return isNothing(wanted) && isNothing(found);
  if (typeof wanted === 'number' && typeof found === 'number') {
    if (wanted === found) return true;
    return Math.abs(wanted - found) <= (tolerance ?? goldenTolerance * Math.max(1, Math.abs(wanted)));
  }
  if (Array.isArray(wanted))
    return (
      Array.isArray(found) &&
      wanted.length === found.length &&
      wanted.every((item, index) => sameValue(item, found[index], tolerance))
    );
  if (isRecord(wanted))
    return (
      isRecord(found) && Object.keys(wanted).every((key) => sameValue(wanted[key], found[key], tolerance))
    );
  return wanted === found;
}

/** Whether there is no number in it: null, NaN, or members that are all such. */
function isNothing(value: unknown): boolean {
  const plain = withoutNaN(value);
  return plain === null || (isRecord(plain) && Object.values(plain).every(isNothing));
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function withoutNaN(value: unknown): unknown {
  return typeof value === 'number' && Number.isNaN(value) ? null : value;
}
