import { FulcrumError } from '../../core/index.ts';
import type { ArmInputs, Losses } from './arm-inputs.ts';
import { type Amount, isKnown } from './figure.ts';
import { rowsOf } from './resample-usage.ts';

const shares = new Set([
  'cachedShare',
  'batchShare',
  'batchDiscount',
  'share',
  'churn',
  'correct',
  'wrong',
  'refused',
]);
const above = new Set([
  'months',
  'retrainMonths',
  'baseModelMonths',
  'embeddingModelMonths',
  'requestsPerSecond',
  'prefillTokensPerSecond',
]);
const atLeastOne = new Set(['retryFactor', 'peakToMean']);

/**
 * Refuses figures that cannot be: throws `cost-invalid`, which names the figure, for a number that is negative or not finite, an
 * interval that does not hold its value, a share outside 0 to 1, a date after `today`, shares of outcomes that do not sum to 1,
 * and usage columns of different lengths.
 * @param today ISO day.
 */
export function checkArm(arm: ArmInputs, today: string): void {
  const refuse = (where: string, problem: string): never => {
    throw new FulcrumError('cost-invalid', { figure: `${arm.name}: ${where}`, problem });
  };
  walk(arm, [], (amount, path) => {
    const name = path.at(-1) ?? '';
    const problem = problemOf(amount, name, today);
    if (problem !== null) refuse(path.join('.'), problem);
  });
  const { hosting, quality, usage } = arm;
  if (hosting.form === 'per-hour')
    for (const [name, count] of [
      ['minimumReplicas', hosting.minimumReplicas],
      ['spareReplicas', hosting.spareReplicas ?? 0],
    ] as const)
      if (!Number.isInteger(count) || count < 0)
        refuse(`hosting.${name}`, `it must be a whole number from 0 on; it is ${count}`);
  if (quality && [quality.correct, quality.wrong, quality.refused].every(isKnown)) {
    const sum = [quality.correct, quality.wrong, quality.refused].reduce(
      (all, { value }) => all + (value ?? 0),
      0,
    );
    if (Math.abs(sum - 1) > 1e-6)
      refuse('quality', `the shares of correct, wrong and refused must sum to 1; they sum to ${sum}`);
  }
  if (usage) {
    const rows = rowsOf(usage);
    const lengths = [...Object.values(usage.columns), usage.clusters].flatMap((column) =>
      column ? [column.length] : [],
    );
    if (lengths.some((length) => length !== rows))
      refuse('usage', `its columns have different lengths (${[...new Set(lengths)].join(', ')})`);
  }
}

/** Refuses losses as `checkArm` does figures. */
export function checkLosses(losses: Losses, today: string): void {
  for (const name of ['wrong', 'refused'] as const) {
    const problem = problemOf(losses[name], name === 'wrong' ? 'lossWrong' : 'lossRefused', today);
    if (problem !== null) throw new FulcrumError('cost-invalid', { figure: `losses.${name}`, problem });
  }
}

/** Most requests a month that are computed with: a hundredfold of it is still an exact whole number. */
const mostRequests = 1e13;

/** Refuses a volume that is not a number of requests: throws `cost-invalid` below 0 or not finite. */
export function checkVolume(volume: number): number {
  if (volume >= 0 && volume <= mostRequests) return volume;
  throw new FulcrumError('cost-invalid', {
    figure: 'volume',
    problem: `it must be a number of requests a month from 0 to ${mostRequests.toLocaleString('en-US')}; it is ${volume}`,
  });
}

function problemOf(amount: Amount, name: string, today: string): string | null {
  if (!isKnown(amount)) return null;
  const { value, low, high, date } = amount;
  if (![value, low, high].every(Number.isFinite)) return `it must be a number; it is ${value}`;
  if (value < 0 || low < 0) return `it must not be below 0; it is ${Math.min(value, low)}`;
  if (low > value || high < value) return `its value ${value} must lie between low ${low} and high ${high}`;
  if (shares.has(name) && high > 1) return `a share lies between 0 and 1; it is ${high}`;
  if (above.has(name) && low === 0) return 'it must be above 0';
  if (atLeastOne.has(name) && low < 1) return `it must be at least 1; it is ${low}`;
  if (date !== null && date > today) return `its date ${date} lies after today, ${today}`;
  return null;
}

/** Calls back for every figure in the inputs of an arm. */
function walk(
  node: unknown,
  path: readonly string[],
  visit: (amount: Amount, path: readonly string[]) => void,
): void {
  if (typeof node !== 'object' || node === null || ArrayBuffer.isView(node)) return;
  if ('value' in node && ('reason' in node || 'basis' in node)) {
    visit(node as Amount, path);
    return;
  }
  for (const [key, child] of Object.entries(node)) if (key !== 'usage') walk(child, [...path, key], visit);
}
