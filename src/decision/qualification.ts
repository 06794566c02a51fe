import { normalUpper } from '../evaluation/index.ts';
import type { RuleBounds } from './rule-bounds.ts';

/** What is asked of a variant. */
export interface Requirements {
  readonly bar: number;
  readonly margin: number;
  /** Error that all statements of the rule share. */
  readonly alpha: number;
  /** How quick the variants are shown to be; absent where no limit was set. */
  readonly speed?: SpeedTests | undefined;
}

/** Statements about a limit of latency, each wrong with probability `tail` at most. */
export interface SpeedTests {
  quickEnough(variant: string, tail: number): boolean;
  tooSlow(variant: string, tail: number): boolean;
}

/** What the rule shows; wrong in any of it with probability `alpha` at most. */
export interface Qualification {
  /** Variants shown to be above the bar, quick enough and worse than no other by the margin or more. */
  readonly qualified: readonly string[];
  /** Whether every variant is shown not to lie above the bar, or to be too slow. */
  readonly noneGoodEnough: boolean;
  /** Shown to be too slow; nobody is held against them. */
  readonly tooSlow: readonly string[];
  /** Error of a test before any step down; what samples are planned with. */
  readonly tail: number;
  /** Error at which the first variant was shown not to be worse than the second; `tail` where that was not shown. */
  tailOf(variant: string, against: string): number;
}

/** Parts of the error that "none is good enough", and dropping slow variants, have for themselves. */
const nonePart = 0.1;
const slowPart = 0.1;

/** Part of the error with which variants that are far worse are told apart, and how many of them count as one. */
const farPart = 0.05;
const farToOne = 20;
/** Standard errors beyond the margin from which a variant passes less than a twentieth as often as at the margin (up to an error of .1). */
const farErrors = 1.3;

/**
 * Which of `variants` qualify. The worlds are parted by which variant is the best among the good ones (Stefansson, Kim & Hsu 1988;
 * Finner & Strassburger 2002): only one part is true, so parts share no error. If m is the best, the others are good enough or not
 * by their difference to m, and Holm's step-down over those k - 1 comparisons with m keeps the error; a variant must stand in every part.
 * Its tests within a part (mean above the bar, difference above minus the margin, quick enough) share nothing, since all must succeed
 * (intersection-union). If no variant is good, one of them passes its own tests at alpha / k with probability alpha at most: without such
 * a one nothing qualifies. "None is good enough" is wrong only where a best one is; it needs every variant, so it has one small part.
 */
export function qualifyVariants(
  variants: readonly string[],
  bounds: RuleBounds,
  requirements: Requirements,
): Qualification {
  const { bar, alpha, speed } = requirements;
  const count = variants.length;
  const none = alpha * nonePart;
  const slow = speed ? alpha * slowPart : 0;
  const tooSlow = variants.filter((variant) => speed?.tooSlow(variant, slow));
  const standsAlone = (variant: string, tail: number): boolean =>
    bounds.meanLow(variant, tail) > bar && (speed?.quickEnough(variant, tail) ?? true);
  const someGood = variants.some((variant) => standsAlone(variant, alpha / count));
  const spent = alpha - none - slow;
  const standing = someGood
    ? variants
        .filter((best) => !tooSlow.includes(best))
        .map((best) => {
          const others = variants.filter((variant) => variant !== best);
          const rule = { bounds, standsAlone, ...requirements };
          return { best, through: stepDown(best, others, spent, rule) };
        })
    : [];
  const first = count > 1 ? spent / (count - 1) : spent;
  return {
    qualified: someGood
      ? variants.filter((variant) =>
          standing.every(({ best, through }) => best === variant || through.has(variant)),
        )
      : [],
    noneGoodEnough:
      count > 0 &&
      !someGood &&
      variants.every((variant) => bounds.meanHigh(variant, none) <= bar || speed?.tooSlow(variant, none)),
    tooSlow,
    tail: first,
    tailOf: (variant, against) =>
      standing.find(({ best }) => best === against)?.through.get(variant) ?? first,
  };
}

/**
 * Holm's step-down over the comparisons with `best`: those of `others` that are good enough if it is the best. Variants that are far
 * worse hardly ever pass, so they need hardly any of the error: as in the two-step tests of Romano, Shaikh & Wolf (2014), upper bounds
 * that hold together at `farPart` of it say which these are, and twenty of them count as one.
 */
function stepDown(
  best: string,
  others: readonly string[],
  alpha: number,
  rule: Requirements & {
    bounds: RuleBounds;
    standsAlone: (variant: string, tail: number) => boolean;
  },
): Map<string, number> {
  const { bounds, bar, margin, standsAlone } = rule;
  const through = new Map<string, number>();
  // A lower bound is never above its estimate, so what no bound can mend is not computed.
  const open = others.filter(
    (variant) => bounds.difference(variant, best) > -margin && bounds.mean(variant) > bar,
  );
  const far = others.filter((variant) => isFar(variant, best, (alpha * farPart) / others.length, rule));
  for (;;) {
    const near = others.length - far.length - through.size;
    const tail = (alpha * (1 - farPart)) / (near + far.length / farToOne);
    const next = open.filter(
      (variant) =>
        !through.has(variant) &&
        standsAlone(variant, tail) &&
        bounds.differenceLow(variant, best, tail) > -margin,
    );
    for (const variant of next) through.set(variant, tail);
    if (next.length === 0 || through.size === open.length) return through;
  }
}

function isFar(
  variant: string,
  best: string,
  tail: number,
  { bounds, margin }: Requirements & { bounds: RuleBounds },
): boolean {
  const estimate = bounds.difference(variant, best);
  if (estimate > -margin) return false;
  const high = -bounds.differenceLow(best, variant, tail);
  const error = (high - estimate) / normalUpper(tail);
  return high + farErrors * error <= -margin;
}
