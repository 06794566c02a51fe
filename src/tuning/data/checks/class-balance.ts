import type { TuningRow } from '../tuning-row.ts';
import type { Finding } from './finding.ts';

/** How rows are spread over classes. */
export interface ClassBalance {
  readonly classes: number;
  readonly largest: { readonly label: string; readonly rows: number };
  readonly smallest: { readonly label: string; readonly rows: number };
  /** Accuracy of always saying the largest class. */
  readonly majority: number;
  /** Rows of every class, the largest first. */
  readonly counts: Readonly<Record<string, number>>;
}

/** Counts labels; there is no balance where few rows have one. */
export function createClassBalance() {
  const counts = new Map<string, number>();
  const testOnly = new Map<string, number>();
  let rows = 0;
  let labelled = 0;
  return {
    add({ label, split }: TuningRow): void {
      rows++;
      if (label === undefined) return;
      labelled++;
      if (split === 'test') testOnly.set(label, (testOnly.get(label) ?? 0) + 1);
      else counts.set(label, (counts.get(label) ?? 0) + 1);
    },
    report(): ClassBalance | null {
      if (labelled < rows * 0.9 || counts.size === 0) return null;
      const sorted = [...counts].sort((a, b) => b[1] - a[1]);
      const [first, last] = [sorted[0]!, sorted.at(-1)!];
      const total = sorted.reduce((sum, [, n]) => sum + n, 0);
      return {
        classes: sorted.length,
        largest: { label: first[0], rows: first[1] },
        smallest: { label: last[0], rows: last[1] },
        majority: first[1] / total,
        counts: Object.fromEntries(sorted),
      };
    },
    findings(balance: ClassBalance | null): (Finding | null)[] {
      if (!balance) return [];
      const { largest, smallest, majority } = balance;
      const unseen = [...testOnly.keys()].filter((label) => !counts.has(label));
      return [
        largest.rows >= 20 * smallest.rows
          ? {
              check: 'balance',
              severity: 'warning',
              message: `"${largest.label}" has ${largest.rows} rows and "${smallest.label}" ${smallest.rows}; always saying the first is right on ${majority.toFixed(3)}.`,
              count: largest.rows,
              rows: [],
            }
          : null,
        unseen.length > 0
          ? {
              check: 'unseen-classes',
              severity: 'error',
              message: `${unseen.length} classes stand in the test only and cannot be learnt: ${unseen.slice(0, 5).join(', ')}.`,
              count: unseen.length,
              rows: [],
            }
          : null,
      ];
    },
  };
}
