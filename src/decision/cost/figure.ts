/** Where a figure comes from: measured in runs or usage, a dated price list, entered by the user, or computed of others. */
export type FigureSource = 'measured' | 'price-list' | 'entered' | 'derived';

/** A number with its interval and its origin. Money is USD; tokens, shares and counts are as the field that holds it says. */
export interface Figure {
  readonly value: number;
  /** `low <= value <= high`; equal to `value` where nothing is known of its uncertainty. */
  readonly low: number;
  readonly high: number;
  readonly source: FigureSource;
  /** ISO day of the price or of the measurement; null where it has none. */
  readonly date: string | null;
  /** One line: where it comes from. */
  readonly basis: string;
  /** Requests behind a measured figure. */
  readonly n?: number | undefined;
  /**
   * Name of the parameter, such as `price:openai/gpt-6-luna:input`. Figures of one id are one quantity: they vary together
   * in what-ifs, and a tipping value is given for it.
   */
  readonly id?: string | undefined;
}

/** A figure that nobody knows. It is never 0, and whatever is computed of it is unknown too. */
export interface UnknownFigure {
  readonly value: null;
  /** Why, and what would make it known. */
  readonly reason: string;
}

export type Amount = Figure | UnknownFigure;

export function isKnown(amount: Amount): amount is Figure {
  return amount.value !== null;
}

export function unknownFigure(reason: string): UnknownFigure {
  return { value: null, reason };
}

/** A figure entered by the user, exact unless `low` and `high` are given. */
export function enteredFigure(value: number, basis = 'entered', more: Partial<Figure> = {}): Figure {
  return { value, low: value, high: value, source: 'entered', date: null, basis, ...more };
}

/** A price of a list on its day. */
export function listedFigure(value: number, date: string | null, basis: string, id?: string): Figure {
  return { value, low: value, high: value, source: 'price-list', date, basis, id };
}

/** A figure measured over `n` requests. */
export function measuredFigure(value: number, n: number, basis: string, more: Partial<Figure> = {}): Figure {
  return { value, low: value, high: value, source: 'measured', date: null, basis, n, ...more };
}
