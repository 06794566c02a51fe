import { bestPairing } from './best-pairing.ts';
import type { Comparator } from './comparator-config.ts';
import { leafCredit } from './comparators.ts';
import { canonicalText, isObject, type JsonValue, type ValueRules } from './json-value.ts';
import { type MatchCounts, totalOf } from './match-counts.ts';

export interface FieldRules extends ValueRules {
  /** Comparator by path: keys joined by dots, `*` for any key or array index. The first that fits counts. */
  readonly fields: Readonly<Record<string, Comparator>>;
}

/** In larger unordered arrays equal elements are paired first, and at most so many may be left. */
const largestPairing = 200;
/** Unordered arrays in unordered arrays multiply; this is about a second. */
const mostSteps = 50_000_000;

type Path = readonly string[];

/**
 * Leaves (path and value) that a predicted value has in common with the gold. A leaf is a scalar, or an empty object or
 * array, so that `[]` and a missing key differ. Elements of ordered arrays are compared place by place; elements of
 * unordered ones in the pairing that has most in common. Throws where that pairing would be too large.
 */
export function compareFields(gold: JsonValue, predicted: JsonValue, rules: FieldRules): MatchCounts {
  const walk = walkOf(rules);
  const parts = new Map<string, [number, number, number]>();
  const note = (path: Path, column: 0 | 1 | 2, amount: number): void => {
    const name = path.join('.');
    const sums = parts.get(name) ?? [0, 0, 0];
    sums[column] += amount;
    parts.set(name, sums);
  };
  eachLeaf(walk, gold, [], (path) => note(path, 2, 1));
  eachLeaf(walk, predicted, [], (path) => note(path, 1, 1));
  eachCredit(walk, gold, predicted, [], (path, amount) => note(path, 0, amount));
  return totalOf(parts);
}

/** Counts for a sample without a usable prediction: everything was missed. */
export function missedFields(gold: JsonValue, rules: FieldRules): MatchCounts {
  const parts = new Map<string, [number, number, number]>();
  eachLeaf(walkOf(rules), gold, [], (path) => {
    const name = path.join('.');
    parts.set(name, [0, 0, (parts.get(name)?.[2] ?? 0) + 1]);
  });
  return totalOf(parts);
}

function walkOf(rules: FieldRules): Walk {
  return { rules, comparatorAt: comparatorFinder(rules), stepsLeft: mostSteps };
}

type FindComparator = (path: Path) => Comparator | undefined;

function comparatorFinder({ fields }: FieldRules): FindComparator {
  const patterns = Object.entries(fields).map(([pattern, comparator]) => ({
    segments: pattern === '' ? [] : pattern.split('.'),
    comparator,
  }));
  return (path) =>
    patterns.find(
      ({ segments }) =>
        segments.length === path.length &&
        segments.every((segment, index) => segment === '*' || segment === path[index]),
    )?.comparator;
}

type OnLeaf = (path: Path) => void;
type OnCredit = (path: Path, amount: number) => void;

interface Walk {
  readonly rules: FieldRules;
  readonly comparatorAt: FindComparator;
  /** Steps of pairing that are left before the comparison is given up. */
  stepsLeft: number;
}

/** Names every leaf of a value that counts. */
function eachLeaf(walk: Walk, value: JsonValue, path: Path, onLeaf: OnLeaf): void {
  if (!counts(walk, value, path)) return;
  if (Array.isArray(value) && value.length > 0)
    for (const item of value) eachLeaf(walk, item, [...path, '*'], onLeaf);
  else if (isObject(value)) {
    const keys = members(walk, value, path);
    if (keys.length === 0) onLeaf(path);
    for (const key of keys) eachLeaf(walk, value[key]!, [...path, key], onLeaf);
  } else onLeaf(path);
}

/** Names every leaf that two values have in common, with its credit. */
function eachCredit(walk: Walk, gold: JsonValue, predicted: JsonValue, path: Path, onCredit: OnCredit): void {
  if (!counts(walk, gold, path) || !counts(walk, predicted, path)) return;
  if (Array.isArray(gold) && Array.isArray(predicted)) {
    if (gold.length === 0 && predicted.length === 0) onCredit(path, 1);
    for (const [item, partner] of pairsOfArray(walk, gold, predicted, path))
      if (partner !== undefined) eachCredit(walk, item, partner, [...path, '*'], onCredit);
  } else if (isObject(gold) && isObject(predicted)) {
    const keys = members(walk, gold, path);
    if (keys.length === 0 && members(walk, predicted, path).length === 0) onCredit(path, 1);
    for (const key of keys)
      if (Object.hasOwn(predicted, key))
        eachCredit(walk, gold[key]!, predicted[key]!, [...path, key], onCredit);
  } else if (!isContainer(gold) && !isContainer(predicted)) {
    const amount = leafCredit(gold, predicted, walk.comparatorAt(path) ?? 'exact');
    if (amount > 0) onCredit(path, amount);
  }
}

function counts({ rules, comparatorAt }: Walk, value: JsonValue, path: Path): boolean {
  return !(rules.nulls === 'missing' && value === null && path.length > 0) && comparatorAt(path) !== 'ignore';
}

function members(walk: Walk, value: { [key: string]: JsonValue }, path: Path): string[] {
  return Object.keys(value).filter((key) => counts(walk, value[key]!, [...path, key]));
}

type Pair = readonly [JsonValue, JsonValue | undefined];

function pairsOfArray(
  walk: Walk,
  gold: readonly JsonValue[],
  predicted: readonly JsonValue[],
  path: Path,
): Pair[] {
  const comparator = walk.comparatorAt(path);
  const ordered = comparator === 'list' || (comparator !== 'set' && walk.rules.arrays === 'ordered');
  if (ordered) return gold.map((item, index) => [item, predicted[index]]);
  const paired: Pair[] = [];
  let [left, right] = [gold, predicted];
  if (Math.max(left.length, right.length) > largestPairing) {
    ({ left, right } = pairEqual(gold, predicted, walk.rules, paired));
    if (Math.max(left.length, right.length) > largestPairing)
      throw new Error(`an unordered array has more than ${largestPairing} elements that differ`);
  }
  const [few, many] = [Math.min(left.length, right.length), Math.max(left.length, right.length)];
  walk.stepsLeft -= few * few * many + few * many * 20;
  if (walk.stepsLeft < 0) throw new Error('the unordered arrays are too large to be compared');
  const inside = [...path, '*'];
  const columns = bestPairing(
    left.map((item) => right.map((other) => totalCredit(walk, item, other, inside))),
  );
  for (const [index, item] of left.entries()) paired.push([item, right[columns[index] ?? -1]]);
  return paired;
}

function totalCredit(walk: Walk, gold: JsonValue, predicted: JsonValue, path: Path): number {
  let sum = 0;
  eachCredit(walk, gold, predicted, path, (_path, amount) => {
    sum += amount;
  });
  return sum;
}

/** Pairs equal elements, and gives back the rest of both sides. */
function pairEqual(
  gold: readonly JsonValue[],
  predicted: readonly JsonValue[],
  rules: ValueRules,
  paired: Pair[],
): { left: JsonValue[]; right: JsonValue[] } {
  const waiting = new Map<string, JsonValue[]>();
  for (const item of predicted) {
    const text = canonicalText(item, rules);
    const same = waiting.get(text);
    if (same) same.push(item);
    else waiting.set(text, [item]);
  }
  const left: JsonValue[] = [];
  for (const item of gold) {
    const partner = waiting.get(canonicalText(item, rules))?.pop();
    if (partner === undefined) left.push(item);
    else paired.push([item, partner]);
  }
  return { left, right: [...waiting.values()].flat() };
}

function isContainer(value: JsonValue): boolean {
  return typeof value === 'object' && value !== null;
}
