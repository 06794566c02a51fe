import type { ScoreTable } from '../evaluation/index.ts';
import type { Role } from './arm-roles.ts';
import { type Contrast, type ContrastSettings, contrastOf } from './contrast.ts';
import type { LadderStep } from './decision-parts.ts';

/** What the steps are read off. */
export interface LadderBasis {
  readonly table: ScoreTable;
  /** Labels of people, which correct the scores; null where there are none. */
  readonly labels?: ScoreTable | null | undefined;
  readonly roles: ReadonlyMap<Role, readonly string[]>;
  readonly bar: number;
  readonly margin: number;
  /** Error that all figures of the ladder share. */
  readonly alpha: number;
  readonly width: number;
  /** USD a month at the volume, by variant. */
  readonly monthly: ReadonlyMap<string, number | null>;
  /** What the surroundings know of the stop signs; absent where they do not. */
  readonly facts?: LadderFacts | undefined;
}

export interface LadderFacts {
  /** Tokens of the corpus, and of the window of the model that would read it. */
  readonly corpusTokens?: number | undefined;
  readonly windowTokens?: number | undefined;
  /** Months after which half of the evidence of the questions has changed. */
  readonly halfLifeMonths?: number | undefined;
  /** Months until the base model of a tuned variant is withdrawn, and over which tuning is paid off. */
  readonly baseModelMonths?: number | undefined;
  readonly amortisationMonths?: number | undefined;
}

/** Intervals of the ladder and of the waterfalls: ten steps, synergy, and six parts of waterfalls. */
export const ladderStatements = 17;

/** Months of half-life under which tuning on facts is a poor idea. */
const shortHalfLife = 12;

/** All steps in order, from what costs least to what costs most. All figures hold at once. */
export function climbLadder(basis: LadderBasis): LadderStep[] {
  const { bar, margin } = basis;
  const first = (role: Role): string | undefined => basis.roles.get(role)?.[0];
  const [prompt, shots, full] = [first('prompt'), first('few-shot'), first('full-context')];
  const [rag, tuned, hybrid] = [first('rag'), first('tuned'), first('hybrid')];
  const stronger =
    (basis.roles.get('prompt')?.length ?? 0) > 1 ? basis.roles.get('prompt')?.at(-1) : undefined;
  const gold = first('oracle');
  const bestGold = first('oracle-shots') ?? gold;
  const { corpusTokens, windowTokens, halfLifeMonths } = basis.facts ?? {};
  const knowledge = difference(basis, gold ?? rag, prompt);
  const lift = gold ? 'knowledge lift K' : 'knowledge lift K, at least';
  return [
    judge(basis, {
      step: 'stay with the prompt',
      condition: 'the cheapest prompt is above the bar',
      measured: against(prompt, bar, measure(basis, prompt ? { [prompt]: 1 } : null)),
      needed: 0,
      figure: `${prompt} - bar`,
      missing: needs({ prompt }),
      stop: 'none',
      stopped: false,
    }),
    judge(basis, {
      step: 'a better prompt',
      condition: 'worked examples gain more than the margin',
      measured: difference(basis, shots, prompt),
      needed: margin,
      figure: `${shots} - ${prompt}`,
      missing: needs({ prompt, 'few-shot': shots }),
      stop: 'the examples cost more with every request than the gain is worth',
      stopped: null,
    }),
    judge(basis, {
      step: 'a stronger model',
      condition: 'the same prompt on a dearer model gains more than the margin',
      measured: difference(basis, stronger, prompt),
      needed: margin,
      figure: `${stronger} - ${prompt}`,
      missing: stronger ? [] : ['a second prompt variant on a dearer model'],
      stop: 'the price of the stronger model against what the gap is worth',
      stopped: null,
    }),
    judge(basis, {
      step: 'the corpus as a cached prefix',
      condition: 'the whole corpus in the prompt gains more than the margin',
      measured: difference(basis, full, prompt),
      needed: margin,
      figure: `${full} - ${prompt}`,
      missing: needs({ prompt, 'full-context': full }),
      stop: 'the corpus does not fit the window, or changes faster than the cache lasts',
      stopped: corpusTokens === undefined || windowTokens === undefined ? null : corpusTokens > windowTokens,
    }),
    atLeast(
      gold !== undefined,
      judge(basis, {
        step: 'retrieval',
        condition: 'the gold evidence gains more than the margin over none',
        measured: knowledge,
        needed: margin,
        figure: `${lift} = ${gold ?? rag} - ${prompt}`,
        missing: needs({ prompt, 'oracle (or rag)': gold ?? rag }),
        stop: 'K is shown to be under the margin: retrieval cannot help',
        stopped: knowledge && gold ? knowledge.high < margin : null,
      }),
    ),
    judge(basis, {
      step: 'better retrieval',
      condition: 'the gold evidence gains more than the margin over what search finds',
      measured: difference(basis, gold, rag),
      needed: margin,
      figure: `retrieval gap R = ${gold} - ${rag}`,
      missing: needs({ oracle: gold, rag }),
      stop: 'R is small: the reader, not the search, is what fails',
      stopped: null,
    }),
    judge(basis, {
      step: 'fine-tuning for behaviour',
      condition: 'with the gold evidence and the best prompt the bar is missed by more than the margin',
      measured: against(bestGold, bar, measure(basis, bestGold ? { [bestGold]: 1 } : null), -1),
      needed: margin,
      figure: `behaviour gap B = bar - ${bestGold}`,
      missing: needs({ 'oracle (best with worked examples)': bestGold }),
      stop: `facts change (half of the evidence within ${shortHalfLife} months): never tune facts in`,
      stopped: halfLifeMonths === undefined ? null : halfLifeMonths < shortHalfLife,
    }),
    tunedStep(basis, tuned),
    hybridStep(basis, { prompt, rag, tuned, hybrid }),
    costOnlyStep(basis, tuned),
  ];
}

/** Without gold evidence only a lower limit of K is measured, which can show it but not refute it. */
function atLeast(exact: boolean, step: LadderStep): LadderStep {
  return exact || step.outcome !== 'refuted' ? step : { ...step, outcome: 'open' };
}

function tunedStep(basis: LadderBasis, tuned: string | undefined): LadderStep {
  const prompts = (['prompt', 'few-shot'] as const).flatMap((role) => basis.roles.get(role) ?? []);
  const found = shownLeast(basis, tuned, prompts);
  return judge(basis, {
    step: 'a tuned model',
    condition: 'without evidence, tuning gains more than the margin over every prompt',
    measured: found,
    needed: basis.margin,
    figure: `${tuned} - the best of ${prompts.join(', ')}`,
    missing: needs({ prompt: prompts[0], tuned }),
    stop: 'facts change, or too few rows: "fulcrum tune curve" says whether more would help',
    stopped: null,
  });
}

/**
 * The difference to the variant over which least is shown, so that what is shown of it is shown of all. All differences share the error of one
 * figure: what is refuted of the one that was picked is refuted too.
 */
function shownLeast(
  basis: LadderBasis,
  variant: string | undefined,
  others: readonly string[],
): Contrast | null {
  const each = { ...basis, alpha: basis.alpha / Math.max(1, others.length) };
  const found = others.flatMap((other) => difference(each, variant, other) ?? []);
  return found.sort((a, b) => a.low - b.low)[0] ?? null;
}

function hybridStep(
  basis: LadderBasis,
  arms: Record<'prompt' | 'rag' | 'tuned' | 'hybrid', string | undefined>,
): LadderStep {
  const { prompt, rag, tuned, hybrid } = arms;
  const all = prompt && rag && tuned && hybrid;
  const gain = difference(basis, hybrid, rag);
  const synergy = measure(basis, all ? { [hybrid]: 1, [rag]: -1, [tuned]: -1, [prompt]: 1 } : null);
  return judge(basis, {
    step: 'hybrid',
    condition: 'tuning and retrieval together gain more than each by itself promises',
    measured: synergy,
    needed: 0,
    figure: `synergy (${hybrid} - ${rag}) - (${tuned} - ${prompt})`,
    missing: needs(arms),
    stop: 'the hybrid is no better than rag by more than the margin: distractors throw the tuned model off',
    stopped: gain ? gain.high < basis.margin : null,
  });
}

function costOnlyStep(basis: LadderBasis, tuned: string | undefined): LadderStep {
  const { roles, monthly, margin, facts } = basis;
  const costOf = (variant: string): number | null => monthly.get(variant) ?? null;
  const own = tuned === undefined ? null : costOf(tuned);
  const dearer = (['prompt', 'few-shot', 'rag'] as const)
    .flatMap((role) => roles.get(role) ?? [])
    .filter((variant) => own !== null && (costOf(variant) ?? 0) > own);
  const found = shownLeast(basis, tuned, dearer);
  const { baseModelMonths, amortisationMonths } = facts ?? {};
  return judge(basis, {
    step: 'tuning for cost alone',
    condition: 'a tuned model is not worse than what is dearer at this volume, by the margin or more',
    measured: found,
    needed: -margin,
    figure: `${tuned} - the best of those that are dearer`,
    missing:
      tuned === undefined
        ? ['tuned']
        : own === null
          ? [`the cost of ${tuned}`]
          : dearer.length === 0
            ? ['a dearer variant']
            : [],
    stop: 'the base model is withdrawn before tuning has paid for itself',
    stopped:
      baseModelMonths === undefined || amortisationMonths === undefined
        ? null
        : baseModelMonths < amortisationMonths,
  });
}

function judge(
  basis: LadderBasis,
  given: Pick<LadderStep, 'step' | 'condition' | 'stop' | 'stopped' | 'needed'> & {
    measured: Contrast | null;
    figure: string;
    missing: readonly string[];
  },
): LadderStep {
  const { measured, missing, figure, ...step } = given;
  if (missing.length > 0 || !measured)
    return {
      ...step,
      outcome: 'not-tested',
      figure: null,
      estimate: null,
      low: null,
      high: null,
      n: 0,
      note:
        missing.length > 0
          ? `needs ${missing.join(', ')}`
          : 'no sample is scored, or labelled by people, for all of its arms',
    };
  const { estimate, low, high, n, clusters } = measured;
  const enough = clusters >= 30;
  return {
    ...step,
    figure,
    estimate,
    low,
    high,
    n,
    outcome: !enough ? 'open' : low > step.needed ? 'shown' : high <= step.needed ? 'refuted' : 'open',
    note: enough
      ? `all figures of the ladder hold together with ${((1 - basis.alpha) * 100).toFixed(1)} % confidence`
      : `${clusters} groups of samples are too few to say`,
  };
}

function settingsOf({ alpha, width, labels }: LadderBasis): ContrastSettings {
  return { tail: alpha / ladderStatements / 2, width, labels };
}

function measure(basis: LadderBasis, weights: Record<string, number> | null): Contrast | null {
  return weights && contrastOf(basis.table, weights, settingsOf(basis));
}

function difference(
  basis: LadderBasis,
  variant: string | undefined,
  other: string | undefined,
): Contrast | null {
  return variant && other && variant !== other ? measure(basis, { [variant]: 1, [other]: -1 }) : null;
}

/** A mean set against the bar; with `sign` -1 the bar against the mean. */
function against(
  variant: string | undefined,
  bar: number,
  found: Contrast | null,
  sign: 1 | -1 = 1,
): Contrast | null {
  if (variant === undefined || !found) return null;
  const ends = [sign * (found.low - bar), sign * (found.high - bar)];
  return {
    ...found,
    estimate: sign * (found.estimate - bar),
    low: Math.min(...ends),
    high: Math.max(...ends),
  };
}

function needs(arms: Readonly<Record<string, string | undefined>>): string[] {
  return Object.entries(arms).flatMap(([role, variant]) => (variant === undefined ? [role] : []));
}
