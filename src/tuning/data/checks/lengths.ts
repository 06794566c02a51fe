import { type TuningRow, targetOf } from '../tuning-row.ts';

/** Quantiles of lengths; tokens are null where they were not counted. */
export interface LengthReport {
  readonly characters: Quantiles;
  readonly targetCharacters: Quantiles;
  readonly tokens: Quantiles | null;
  readonly totalTokens: number | null;
}

export interface Quantiles {
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
  readonly most: number;
}

export function createLengths() {
  const characters: number[] = [];
  const targets: number[] = [];
  const tokens: number[] = [];
  return {
    add(row: TuningRow, counted: number | null): void {
      characters.push(row.messages.reduce((sum, { content }) => sum + content.length, 0));
      targets.push(targetOf(row)?.content.length ?? 0);
      if (counted !== null) tokens.push(counted);
    },
    report(): LengthReport {
      return {
        characters: quantiles(characters),
        targetCharacters: quantiles(targets),
        tokens: tokens.length === 0 ? null : quantiles(tokens),
        totalTokens: tokens.length === 0 ? null : tokens.reduce((sum, value) => sum + value, 0),
      };
    },
  };
}

/** Nearest-rank quantiles; zeros where there is nothing. */
function quantiles(values: readonly number[]): Quantiles {
  const sorted = Float64Array.from(values).sort();
  const at = (share: number): number => sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? 0;
  return { p50: at(0.5), p95: at(0.95), p99: at(0.99), most: at(1) };
}
