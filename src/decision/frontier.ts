/** A variant in the plane of cost and quality. */
export interface FrontierPoint {
  readonly variant: string;
  readonly mean: number;
  readonly low: number;
  readonly high: number;
  readonly costPer1000Usd: number;
  /** Whether no other variant is at least as good and at least as cheap, and better in one of the two, by the point estimates. */
  readonly onFrontier: boolean;
}

/** The variants of known cost and mean, the cheapest first; those without one of the two are left out. */
export function frontierOf(
  variants: readonly {
    readonly variant: string;
    readonly mean: number | null;
    readonly low: number | null;
    readonly high: number | null;
    readonly costPer1000Usd: number | null;
  }[],
): FrontierPoint[] {
  const known = variants.flatMap(({ variant, mean, low, high, costPer1000Usd }) =>
    mean === null || low === null || high === null || costPer1000Usd === null
      ? []
      : [{ variant, mean, low, high, costPer1000Usd }],
  );
  return known
    .map((point) => ({
      ...point,
      onFrontier: !known.some(
        (other) =>
          other.mean >= point.mean &&
          other.costPer1000Usd <= point.costPer1000Usd &&
          (other.mean > point.mean || other.costPer1000Usd < point.costPer1000Usd),
      ),
    }))
    .sort((a, b) => a.costPer1000Usd - b.costPer1000Usd || b.mean - a.mean);
}
