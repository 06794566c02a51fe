import type { HalfLife } from './half-life.ts';

/** What a half-life says, as lines for a terminal. */
export function renderHalfLife(found: HalfLife): string {
  const { ratePerYear, halfLifeDays, freshDays } = found;
  if (!ratePerYear || !halfLifeDays || !freshDays) return 'Nothing was followed: no half-life can be told.';
  return [
    `${found.questions} questions with evidence in ${found.documents} documents; the history reaches back ${duration(found.historyDays)}.`,
    `Of these the evidence of ${found.changed} has changed and that of ${found.created} was added; ${found.questions - found.changed - found.created} read as they always did.`,
    `Knowledge half-life: ${duration(halfLifeDays.value)} (${duration(halfLifeDays.low)} to ${duration(halfLifeDays.high)}), if changes go on at ${(100 * ratePerYear.value).toFixed(0)} % a year (${(100 * ratePerYear.low).toFixed(0)} to ${(100 * ratePerYear.high).toFixed(0)}).`,
    `One answer in twenty is out of date after ${duration(freshDays.value)}, perhaps after ${duration(freshDays.low)}: what a model tuned on these documents would need.`,
    '',
    'A model tuned so long ago would have learned another answer, or none, to:',
    ...found.stale.map(
      ({ days, share, low, high, observed }) =>
        `  ${duration(days).padEnd(10)} ${(100 * share).toFixed(1).padStart(5)} %  (${(100 * low).toFixed(1)} to ${(100 * high).toFixed(1)}, ${observed ? 'counted' : 'drawn out from the rate'})`,
    ),
    ...found.cautions.map((caution) => `Note: ${caution}`),
  ].join('\n');
}

function duration(days: number | null): string {
  if (days === null) return 'never';
  if (days < 60) return `${Math.round(days)} days`;
  if (days < 730) return `${Math.round(days / 30.44)} months`;
  return `${(days / 365.25).toFixed(1)} years`;
}
