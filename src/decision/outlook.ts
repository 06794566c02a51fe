import type { LadderStep, LookAgain } from './decision-parts.ts';

/** What the surroundings know about the future of a decision; supplied by the caller, never guessed. */
export interface OutlookFacts {
  /** ISO day. */
  readonly today?: string | undefined;
  /** Months after which half of the evidence of the questions has changed. */
  readonly halfLifeMonths?: number | undefined;
  /** Days on which models are withdrawn, by variant. */
  readonly endOfLife?: readonly { readonly variant: string; readonly model: string; readonly day: string }[];
  /** Licences of models and data, by variant. */
  readonly licences?: readonly {
    readonly variant: string;
    readonly what: string;
    readonly licence: string;
  }[];
}

/** Change of a price, as a share, from which a decision is to be made again. */
export const priceChange = 0.2;
/** Days before a model is withdrawn from which it counts as near. */
export const endOfLifeNear = 90;
/** Days after which a decision is old. */
export const oldAfterDays = 180;

const dayLength = 86_400_000;

/** `9 months`, `2.5 years`. */
function spanOfMonths(months: number): string {
  return months < 24 ? `${Number(months.toPrecision(2))} months` : `${(months / 12).toFixed(1)} years`;
}

/** What may go wrong with the recommended variant although it is the right one today. */
export function risksOf(recommended: string | null, facts: OutlookFacts): string[] {
  const { halfLifeMonths, endOfLife = [], licences = [], today } = facts;
  const about = <T extends { variant: string }>(list: readonly T[]): T[] =>
    list.filter(({ variant }) => recommended === null || variant === recommended);
  return [
    ...(halfLifeMonths === undefined
      ? []
      : [
          `Half of the evidence of the questions changes within ${spanOfMonths(halfLifeMonths)}: what is tuned in, or cached, is out of date by then.`,
        ]),
    ...about(endOfLife).map(({ variant, model, day }) => {
      const days = today === undefined ? null : daysBetween(today, day);
      const left = days === null ? '' : days < 0 ? ', which is past' : `, in ${days} days`;
      return `${variant}: ${model} is withdrawn on ${day}${left}.`;
    }),
    ...about(licences).map(({ variant, what, licence }) => `${variant}: ${what} is under ${licence}.`),
  ];
}

/** Kinds of answer that nobody measured, from the ladder. */
export function notTestedOf(steps: readonly LadderStep[]): string[] {
  return steps.flatMap(({ step, outcome, note }) => (outcome === 'not-tested' ? [`${step}: ${note}`] : []));
}

export function lookAgainOf(
  decided: { recommended: string | null; volume: number; volumes: readonly (readonly [string, number])[] },
  facts: OutlookFacts,
): LookAgain {
  const { today, endOfLife = [], halfLifeMonths } = facts;
  const near = endOfLife
    .filter(({ variant }) => variant === decided.recommended)
    .map(({ day }) => shiftDay(day, -endOfLifeNear));
  const dates =
    today === undefined
      ? []
      : [
          shiftDay(today, oldAfterDays),
          ...near,
          ...(halfLifeMonths === undefined ? [] : [shiftDay(today, Math.round(halfLifeMonths * 30.44))]),
        ];
  const latest = dates.sort()[0];
  return {
    by: latest === undefined ? null : today !== undefined && latest < today ? today : latest,
    when: [
      `a price changes by more than ${priceChange * 100} %`,
      `a model is to be withdrawn within ${endOfLifeNear} days`,
      ...decided.volumes.map(([direction, volume]) => `the volume goes ${direction} ${volume} a month`),
      'the documents, or the mix of questions, change much',
    ],
  };
}

/** Whole days from one ISO day to another. */
export function daysBetween(from: string, to: string): number {
  return Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / dayLength);
}

function shiftDay(day: string, days: number): string {
  return new Date(Date.parse(`${day}T00:00:00Z`) + days * dayLength).toISOString().slice(0, 10);
}
