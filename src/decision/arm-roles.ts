import type { ScoreRow } from '../evaluation/index.ts';

/** What a variant stands for on the ladder. */
export const roles = [
  'prompt',
  'few-shot',
  'full-context',
  'rag',
  'tuned',
  'hybrid',
  'cascade',
  'oracle',
  'oracle-shots',
] as const;
export type Role = (typeof roles)[number];

const byKind: Readonly<Record<string, Role>> = {
  'tuned-per-token': 'tuned',
  'tuned-dedicated': 'tuned',
  'tuned-self-hosted': 'tuned',
  'local-head': 'tuned',
  extract: 'rag',
};

/** Arms of an attribution by the end of their name. */
const byEnding: Readonly<Record<string, Role>> = {
  '.no-context': 'prompt',
  '.gold': 'oracle',
  '.gold-shots': 'oracle-shots',
  '.base': 'rag',
};

/**
 * Variants by role, each role's cheapest first where costs are known. A variant's role is its kind (`kind` of its rows); where
 * rows have none, its name if that is one of the kinds.
 */
export function rolesOf(
  rows: readonly ScoreRow[],
  costs: ReadonlyMap<string, number | null>,
): Map<Role, string[]> {
  const found = new Map<Role, string[]>();
  const kinds = new Map<string, string | undefined>();
  for (const row of rows) if (!kinds.get(row.variant)) kinds.set(row.variant, row.kind);
  for (const [variant, kind] of kinds) {
    const role = roleOf(variant, kind);
    if (role) found.set(role, [...(found.get(role) ?? []), variant]);
  }
  const costOf = (variant: string): number => costs.get(variant) ?? Number.POSITIVE_INFINITY;
  for (const list of found.values())
    list.sort((a, b) => (costOf(a) === costOf(b) ? (a < b ? -1 : 1) : costOf(a) - costOf(b)));
  return found;
}

/**
 * Whether a variant is one that is only looked at, such as one that is given the gold evidence: its rows say so by `deployable`, or,
 * where they do not say, its role is one of the oracles.
 */
export function isDiagnostic(variant: string, rows: readonly ScoreRow[]): boolean {
  const said = rows.find(({ deployable }) => deployable !== undefined)?.deployable;
  if (said !== undefined) return !said;
  const role = roleOf(variant, rows.find(({ kind }) => kind)?.kind);
  return role === 'oracle' || role === 'oracle-shots';
}

function roleOf(variant: string, kind: string | undefined): Role | undefined {
  const ending = Object.keys(byEnding).find((end) => variant.endsWith(end));
  if (ending) return byEnding[ending];
  const name = kind ?? variant;
  return byKind[name] ?? roles.find((role) => role === name);
}
