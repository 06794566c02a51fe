/** A price in USD per million tokens with the day on which it was looked up. */
export interface DatedPrice {
  readonly input: number;
  readonly cachedInput?: number;
  readonly output: number;
  /** Day, `YYYY-MM-DD`. */
  readonly date: string;
}

/**
 * Prices by `provider/model` that overrule the bundled price list where it is late or wrong. An entry goes as
 * soon as the list has it. Empty at genai-prices 0.1.8: nothing was found to correct.
 */
export const priceOverlay: Readonly<Record<string, DatedPrice>> = {};
