import { z } from 'zod';
import { canonicalJson, contentHash } from '../../core/index.ts';
import { type ScoreRow, scoreRowSchema } from '../../evaluation/index.ts';
import { type DecideOptions, decide } from '../decide.ts';
import { type Decision, decisionSchema } from '../decision.ts';
import { type Seal, sealContentSchema, sealDifferences, sealHash } from './seal.ts';

/** Everything that a decision can be checked by, without the project it was made in. */
export const bundleSchema = z.strictObject({
  kind: z.literal('fulcrum-decision'),
  version: z.literal(1),
  /** Version of Fulcrum that decided. */
  madeBy: z.string(),
  madeAt: z.string(),
  seal: z.strictObject({ hash: z.string(), content: sealContentSchema, sealedAt: z.string() }).nullable(),
  dataset: z.strictObject({ name: z.string(), hash: z.string() }).nullable(),
  /** Options of `decide` but for the rows. */
  settings: z.record(z.string(), z.unknown()),
  rows: z.array(scoreRowSchema),
  decision: decisionSchema,
  hashes: z.strictObject({ settings: z.string(), rows: z.string(), decision: z.string(), all: z.string() }),
});
export type DecisionBundle = z.infer<typeof bundleSchema>;

export interface BundleParts {
  readonly options: DecideOptions;
  readonly decision: Decision;
  readonly seal: Seal | null;
  readonly dataset: { readonly name: string; readonly hash: string } | null;
  readonly madeBy: string;
  /** ISO time. */
  readonly madeAt: string;
}

/** Figures that no bundle holds: texts of questions and answers are not needed to decide again. */
const leftOut = ['input', 'output'] as const;

export function makeBundle(parts: BundleParts): DecisionBundle {
  const { rows, ...settings } = parts.options;
  const plain = plainJson(settings) as Record<string, unknown>;
  const kept = rows.map((row) => plainJson(withoutTexts(row)) as ScoreRow);
  const decision = plainJson(parts.decision) as Decision;
  const bundle = {
    kind: 'fulcrum-decision' as const,
    version: 1 as const,
    madeBy: parts.madeBy,
    madeAt: parts.madeAt,
    seal: parts.seal && { ...parts.seal },
    dataset: parts.dataset && { name: parts.dataset.name, hash: parts.dataset.hash },
    settings: plain,
    rows: kept,
    decision,
  };
  return { ...bundle, hashes: hashesOf(bundle) };
}

function withoutTexts(row: ScoreRow): ScoreRow {
  return Object.fromEntries(
    Object.entries(row).filter(([name]) => !leftOut.some((left) => left === name)),
  ) as ScoreRow;
}

/** What JSON keeps of a value; a number that it cannot hold (an open end of an interval) becomes null. */
function plainJson(value: unknown): unknown {
  return JSON.parse(JSON.stringify(value));
}

function hashesOf(bundle: Omit<DecisionBundle, 'hashes'>): DecisionBundle['hashes'] {
  return {
    settings: contentHash(bundle.settings),
    rows: contentHash(bundle.rows),
    decision: contentHash(bundle.decision),
    all: contentHash(bundle),
  };
}

/** One thing that was rechecked. */
export interface BundleCheck {
  readonly check: string;
  readonly matches: boolean;
  /** What does not match; empty where it does. */
  readonly problem: string;
}

/**
 * Rechecks a bundle from what is in it: its hashes, the hash and the terms of its seal, and the decision, which is made again from the
 * rows and the settings. Asks nobody.
 */
export function verifyBundle(bundle: DecisionBundle): BundleCheck[] {
  const { hashes, ...content } = bundle;
  const now = hashesOf(content);
  const checks = (['settings', 'rows', 'decision', 'all'] as const).map((name) =>
    checkOf(
      name === 'all' ? 'hash of the whole bundle' : `hash of the ${name}`,
      now[name] === hashes[name]
        ? ''
        : `it is ${now[name].slice(0, 12)}, written is ${hashes[name].slice(0, 12)}`,
    ),
  );
  return [...checks, ...sealChecks(bundle), decisionCheck(bundle)];
}

function sealChecks({ seal, settings, decision, dataset, madeAt }: DecisionBundle): BundleCheck[] {
  if (!seal)
    return [
      checkOf('seal', decision.seal === null ? '' : 'the decision names a seal that is not in the bundle'),
    ];
  const hash = sealHash(seal.content);
  const {
    bar,
    metric,
    confidence = 0.95,
    maxP95 = null,
    volume = 10_000,
    money = null,
    margin,
  } = settings as Partial<DecideOptions>;
  const plan = (settings.plan ?? null) as { looks: number; spending: string } | null;
  const differing = sealDifferences(seal, {
    metric: metric ?? '',
    bar: bar ?? Number.NaN,
    margin: money ? null : (margin ?? 0.05),
    money: money ?? null,
    confidence: confidence ?? 0.95,
    maxP95: maxP95 ?? null,
    volume: volume ?? 10_000,
    plan,
    splits: [],
    arms: decision.variants.filter(({ deployable }) => deployable).map(({ variant }) => variant),
    dataset: dataset ?? { name: 'none', hash: 'none' },
  });
  return [
    checkOf('hash of the seal', hash === seal.hash ? '' : `it is ${hash}, written is ${seal.hash}`),
    checkOf(
      'seal of the decision',
      decision.seal === seal.hash ? '' : `the decision names ${decision.seal ?? 'none'}`,
    ),
    checkOf('what was sealed is what was decided', differing.join('; ')),
    checkOf(
      'sealed before it was decided',
      seal.sealedAt <= madeAt ? '' : `sealed ${seal.sealedAt}, decided ${madeAt}`,
    ),
  ];
}

function decisionCheck({ settings, rows, decision }: DecisionBundle): BundleCheck {
  const name = 'decision made again from rows and settings';
  try {
    const again = plainJson(decide({ ...(settings as unknown as DecideOptions), rows }));
    return checkOf(name, differencesOf(decision, again).slice(0, 5).join('; '));
  } catch (error) {
    return checkOf(name, error instanceof Error ? error.message : String(error));
  }
}

/** Digits that a figure must agree in: another processor may round the last ones otherwise. */
const digits = 9;

/** Paths at which two JSON values differ, with both values. */
export function differencesOf(written: unknown, made: unknown, path = ''): string[] {
  if (typeof written === 'number' && typeof made === 'number')
    return written.toPrecision(digits) === made.toPrecision(digits) || Math.abs(written - made) < 1e-12
      ? []
      : [`${path}: written ${written}, made ${made}`];
  if (isObject(written) && isObject(made)) {
    const names = [...new Set([...Object.keys(written), ...Object.keys(made)])];
    return names.flatMap((name) =>
      differencesOf(written[name], made[name], path === '' ? name : `${path}.${name}`),
    );
  }
  const [first, second] = [written, made].map((value) =>
    value === undefined ? 'absent' : canonicalJson(value),
  );
  return first === second ? [] : [`${path}: written ${first}, made ${second}`];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function checkOf(check: string, problem: string): BundleCheck {
  return { check, matches: problem === '', problem };
}
