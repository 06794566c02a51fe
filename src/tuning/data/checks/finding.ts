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
  readonly fix?: 'remove' | 'redact' | undefined;
}

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
