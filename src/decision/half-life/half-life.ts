import { z } from 'zod';
import { clusterLayout, eventRate, meanIntervalOf } from '../../evaluation/index.ts';

/** For how long the evidence of one question has read as it reads now. */
export interface EvidenceAge {
  readonly sample: string;
  /** Documents are the clusters: what lies in one document changes together. */
  readonly document: string;
  /** Days from the last change until now; for what never changed, as far back as the history reaches. */
  readonly days: number;
  /** `changed`: another text stood there before; `created`: there was no such document; `unchanged`: as far as is known. */
  readonly event: 'changed' | 'created' | 'unchanged';
}

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);
const days = z.number().nonnegative();

/** How long the knowledge behind a set of questions stays true. */
export const halfLifeSchema = z.strictObject({
  /** Questions whose evidence was followed. */
  questions: count,
  documents: count,
  /** Days that the history reaches back. */
  historyDays: days,
  changed: count,
  created: count,
  /** Share of questions, a year, whose evidence changes, as a rate; intervals are at .95. Null when nothing was followed. */
  ratePerYear: z.strictObject({ value: days, low: days, high: days }).nullable(),
  /** Days after which half of the answers would be out of date, if the rate stays; null stands for never. */
  halfLifeDays: z.strictObject({ value: days.nullable(), low: days, high: days.nullable() }).nullable(),
  /** Days after which one answer in twenty would be out of date, by the rate and by its upper limit. */
  freshDays: z.strictObject({ value: days.nullable(), low: days }).nullable(),
  /** A model tuned so many days ago: the share of these questions that it learned another answer to, or none. */
  stale: z.array(
    z.strictObject({
      days,
      share,
      low: share,
      high: share,
      /** Counted; otherwise drawn out from the rate, since the history does not reach so far. */
      observed: z.boolean(),
    }),
  ),
  cautions: z.array(z.string()),
});
export type HalfLife = z.infer<typeof halfLifeSchema>;

const year = 365.25;
const horizons = [30, 90, 180, 365, 730] as const;
const tail = 0.025;
/** Share that is called out of date for `freshDays`. */
const bearable = 0.05;
/** Width of an interval of a share from which it says nothing. */
const widest = 0.5;
/** Documents under which intervals say little. */
const fewDocuments = 10;

/**
 * Half-life of knowledge from how old the evidence of questions is. Read backwards, the age of a text that changes at a steady
 * rate has the distribution of the time until its next change, so no model call is needed. What was counted (`observed`)
 * needs no steady rate; half-life and longer horizons do.
 * @param historyDays how far back the history of these documents reaches; above 0.
 */
export function halfLifeOf(ages: readonly EvidenceAge[], historyDays: number): HalfLife {
  const byDocument = Map.groupBy(ages, ({ document }) => document);
  const isEvent = ({ event }: EvidenceAge): boolean => event !== 'unchanged';
  const rate = eventRate(
    [...byDocument.values()].map((inDocument) => ({
      events: inDocument.filter(isEvent).length,
      time: inDocument.reduce((sum, age) => sum + age.days, 0),
    })),
    ages.length,
    tail,
  );
  const stale = rate === null ? [] : horizons.map((horizon) => staleAfter(horizon, ages, historyDays, rate));
  const after = (part: number, perDay: number): number | null =>
    perDay > 0 ? -Math.log(1 - part) / perDay : null;
  return {
    questions: ages.length,
    documents: byDocument.size,
    historyDays,
    changed: ages.filter(({ event }) => event === 'changed').length,
    created: ages.filter(({ event }) => event === 'created').length,
    ratePerYear: rate && { value: rate.rate * year, low: rate.low * year, high: rate.high * year },
    halfLifeDays: rate && {
      value: after(0.5, rate.rate),
      low: after(0.5, rate.high) ?? 0,
      high: after(0.5, rate.low),
    },
    freshDays: rate && { value: after(bearable, rate.rate), low: after(bearable, rate.high) ?? 0 },
    stale,
    cautions: cautionsOf(byDocument.size, historyDays, stale),
  };
}

function staleAfter(
  horizon: number,
  ages: readonly EvidenceAge[],
  historyDays: number,
  rate: { rate: number; low: number; high: number },
): HalfLife['stale'][number] {
  if (horizon > historyDays) {
    const drawn = (perDay: number): number => 1 - Math.exp(-perDay * horizon);
    return {
      days: horizon,
      share: drawn(rate.rate),
      low: drawn(rate.low),
      high: drawn(rate.high),
      observed: false,
    };
  }
  const stale = ages.map(({ days: age, event }) => (event !== 'unchanged' && age <= horizon ? 1 : 0));
  const layout = clusterLayout(ages.map(({ document }) => document));
  const { mean, low, high } = meanIntervalOf(stale, layout, tail, { low: 0, high: 1 });
  return { days: horizon, share: mean ?? 0, low: low ?? 0, high: high ?? 1, observed: true };
}

function cautionsOf(documents: number, historyDays: number, stale: HalfLife['stale']): string[] {
  const found: string[] = [];
  if (documents < fewDocuments)
    found.push(
      `The evidence lies in ${documents} documents: what lies in one changes together, so the intervals say little.`,
    );
  if (historyDays < 90)
    found.push(
      `The history reaches back ${Math.floor(historyDays)} days only: rarer changes cannot have been seen.`,
    );
  if (stale.some(({ low, high, observed }) => observed && high - low > widest))
    found.push(
      'Counted shares with an interval wider than half of all cannot say anything: more questions from other documents would.',
    );
  return found;
}
