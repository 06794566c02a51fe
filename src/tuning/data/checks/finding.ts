/** What a check found. Rows are named by their ids, with the line of their file where it is known. */
export interface Finding {
  readonly check: string;
  /** `error`: training would fail or teach something wrong. `warning`: look at it. `info`: good to know. */
  readonly severity: 'error' | 'warning' | 'info';
  /** One sentence with the count. */
  readonly message: string;
  readonly count: number;
  /** The first rows that it is about. */
  readonly rows: readonly RowPlace[];
  /** What `fulcrum tune data fix` would do about it; absent where nothing is safe. */
  readonly fix?: FixKind | undefined;
}

/** `remove-near` and `redact` are done where they are asked for. */
export type FixKind = 'remove' | 'remove-near' | 'redact';

/** A row as a person finds it. */
export interface RowPlace {
  readonly id: string;
  readonly file?: string | undefined;
  readonly line?: number | undefined;
  /** What is wrong with it, where that differs from row to row. */
  readonly detail?: string | undefined;
}

/** Rows named by one finding. */
const placesKept = 20;

/** Collects rows of one kind; keeps all their ids for a fix, and the first places for a person. */
export function createPlaces() {
  const ids = new Set<string>();
  const places: RowPlace[] = [];
  return {
    ids,
    places,
    add(place: RowPlace): void {
      if (!ids.has(place.id) && places.length < placesKept) places.push(place);
      ids.add(place.id);
    },
  };
}

/** Places of one kind of finding. */
export type Places = ReturnType<typeof createPlaces>;

/** The finding of some places; null where there are none. */
export function findingOf(
  check: string,
  severity: Finding['severity'],
  { ids, places }: Places,
  message: (count: number) => string,
  fix?: Finding['fix'],
): Finding | null {
  if (ids.size === 0) return null;
  return { check, severity, message: message(ids.size), count: ids.size, rows: places, ...(fix && { fix }) };
}

/** What some checks found of the rows that they were given, with what a fix would do. */
export interface Checked {
  readonly findings: readonly (Finding | null)[];
  readonly remove: readonly Places[];
  readonly removeNear: readonly Places[];
  readonly redact: readonly Places[];
}
