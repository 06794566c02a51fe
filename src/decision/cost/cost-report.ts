import { z } from 'zod';
import { type ArmInputs, armKinds, type Losses } from './arm-inputs.ts';
import type { WhatIf } from './what-if.ts';

const usd = z.number().nonnegative();
const count = z.number().int().nonnegative();

/** A figure, or the reason why there is none. `high` is null where it has no bound. */
const amountSchema = z.union([
  z.strictObject({
    value: z.number().nonnegative(),
    low: z.number().nonnegative(),
    high: z.number().nonnegative().nullable(),
    source: z.enum(['measured', 'price-list', 'entered', 'derived']),
    /** ISO day of the price or of the measurement. */
    date: z.string().nullable(),
    basis: z.string(),
    n: count.optional(),
    id: z.string().optional(),
  }),
  z.strictObject({ value: z.null(), reason: z.string() }),
]);

const named = { arm: z.string(), kind: z.enum(armKinds), hypothetical: z.boolean() };

/** What `cost --json` prints. Amounts in USD, volumes in requests a month. */
export const costReportSchema = z.strictObject({
  /** Day that prices are of at the latest. */
  date: z.string(),
  /** By what the cheapest is sought. */
  measure: z.enum(['request', 'accepted']),
  /** The first is the one that tipping values are for. */
  volumes: z.array(z.number().nonnegative()),
  /** Largest volume that regions were looked for below. */
  max: count,
  losses: z.strictObject({ wrong: amountSchema, refused: amountSchema }),
  arms: z.array(
    z.strictObject({
      ...named,
      run: z.string().nullable(),
      /** Tokens of a mean request by part of the prompt, and shares; null where they are not known. */
      profile: z.record(z.string(), amountSchema).nullable(),
      quality: z.record(z.string(), amountSchema).nullable(),
      endOfLife: z.string().nullable(),
    }),
  ),
  costs: z.array(
    z.strictObject({
      ...named,
      volume: z.number().nonnegative(),
      lines: z.array(
        z.strictObject({
          term: z.string(),
          part: z.enum(['request', 'retrieval', 'hosting', 'upfront', 'maintenance']),
          usdPerMonth: amountSchema,
          formula: z.string(),
        }),
      ),
      perMonth: amountSchema,
      per1000: amountSchema,
      perAccepted: amountSchema,
    }),
  ),
  regions: z.array(
    z.strictObject({
      from: count,
      to: count.nullable(),
      arm: z.string(),
      runnerUp: z.string().nullable(),
      at: count,
      usdPerMonth: usd,
      gapUsd: z.number().nullable(),
    }),
  ),
  crossovers: z.array(
    z.strictObject({
      below: z.string(),
      above: z.string(),
      volumes: z.array(count),
      first: count.nullable(),
      low: count.nullable(),
      high: count.nullable(),
      settled: count.nullable(),
      neverShare: z.number().min(0).max(1),
    }),
  ),
  tipping: z.array(
    z.strictObject({
      parameter: z.string(),
      now: z.number().nonnegative(),
      flipsAt: z.number().nonnegative(),
      direction: z.enum(['above', 'below']),
      to: z.string(),
    }),
  ),
  /** Share of the drawn worlds in which an arm is the cheapest. */
  chances: z.array(
    z.strictObject({ volume: z.number().nonnegative(), arm: z.string(), share: z.number().min(0).max(1) }),
  ),
  /** Arms of unknown cost, which are in no region. */
  unknown: z.array(z.strictObject({ arm: z.string(), reason: z.string() })),
  /** Runs of diagnostic variants, which nobody deploys. */
  leftOut: z.array(z.string()),
});
export type CostReport = z.infer<typeof costReportSchema>;

/** Puts together what is reported of a what-if; everything in it can be written as JSON. */
export function costReport(
  arms: readonly ArmInputs[],
  losses: Losses,
  found: WhatIf,
  asked: {
    readonly volumes: readonly number[];
    readonly date: string;
    readonly leftOut?: readonly string[] | undefined;
  },
): CostReport {
  const report = {
    date: asked.date,
    measure: found.measure,
    volumes: asked.volumes,
    max: found.max,
    losses,
    arms: arms.map(({ name, kind, hypothetical, run, profile, quality, endOfLife }) => ({
      arm: name,
      kind,
      hypothetical,
      run: run ?? null,
      profile: profile ?? null,
      quality: quality ?? null,
      endOfLife: endOfLife ?? null,
    })),
    costs: found.costs,
    regions: found.regions,
    crossovers: found.crossovers,
    tipping: found.tipping,
    chances: found.chances,
    unknown: found.unknown,
    leftOut: asked.leftOut ?? [],
  };
  // Through JSON, where what has no bound becomes null and what is absent is left out.
  return costReportSchema.parse(JSON.parse(JSON.stringify(report)));
}
