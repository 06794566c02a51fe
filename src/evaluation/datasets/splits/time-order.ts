/**
 * Order of values in time: numbers by size where all are numbers, dates by date where all are dates, otherwise text with
 * numbers inside compared by size (`1.9` before `1.10`). Equal values get the same number.
 */
export function timeOrder(values: readonly string[]): number[] {
  const numbers = values.map((value) => (value.trim() === '' ? Number.NaN : Number(value)));
  if (numbers.every(Number.isFinite)) return numbers;
  const dates = values.map((value) => (/\d{4}/.test(value) ? Date.parse(value) : Number.NaN));
  if (dates.every(Number.isFinite)) return dates;
  const { compare } = new Intl.Collator('en', { numeric: true });
  const ranks = new Map(
    [...new Set(values)]
      .sort((a, b) => compare(a, b) || (a < b ? -1 : 1))
      .map((value, rank) => [value, rank]),
  );
  return values.map((value) => ranks.get(value)!);
}
