/** How often each thing that a format could not hold was met, by its name. */
export type LostFields = Readonly<Record<string, number>>;

/** Counts what is lost on the way from one format to another. */
export interface LossCounter {
  /** One more `name` lost; names are fields of the format that is left, with what was lost of them in words. */
  count(name: string): void;
  /** Sorted by name. */
  report(): LostFields;
}

export function createLossCounter(): LossCounter {
  const counts = new Map<string, number>();
  return {
    count: (name) => void counts.set(name, (counts.get(name) ?? 0) + 1),
    report: () => Object.fromEntries([...counts].sort(([a], [b]) => (a < b ? -1 : 1))),
  };
}
