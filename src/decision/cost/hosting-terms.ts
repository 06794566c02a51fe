import type { ArmInputs, Hosting, RequestProfile } from './arm-inputs.ts';
import { type CostTerm, placeholder } from './cost-term.ts';
import type { Amount } from './figure.ts';
import { plain, usd } from './format-figures.ts';
import { isNothing, shown } from './request-terms.ts';

/** Hours of a month, 365 x 24 / 12. */
export const hoursPerMonth = 730;

/** What serving the model costs apart from a price per token. */
export function hostingTerms(arm: ArmInputs): CostTerm[] {
  const { hosting } = arm;
  if (hosting.form === 'per-token') return feeTerm(hosting.monthlyFee);
  if (hosting.form === 'scale-to-zero') return [secondsTerm(hosting, arm.profile)];
  return [machinesTerm(hosting, arm.profile)];
}

function feeTerm(fee: Amount | undefined): CostTerm[] {
  if (!fee || isNothing(fee)) return [];
  return [
    {
      part: 'hosting',
      term: 'deployment',
      formula: `${shown(fee, usd)} a month`,
      inputs: [fee],
      compute: ([each = 0]) => ({ fixed: each }),
    },
  ];
}

const once = placeholder(1);
const nothing = placeholder(0);

function secondsTerm(
  { gpuSecond, gpuSecondsPerRequest, coldStartSeconds }: Extract<Hosting, { form: 'scale-to-zero' }>,
  profile: RequestProfile | undefined,
): CostTerm {
  const cold = coldStartSeconds ?? nothing;
  const start = isNothing(cold) ? '' : ` + ${shown(cold)} starting`;
  return {
    part: 'hosting',
    term: 'GPU-seconds',
    formula: `requests x (${shown(gpuSecondsPerRequest)}${start}) GPU-seconds x ${shown(gpuSecond, usd)}`,
    inputs: [gpuSecond, gpuSecondsPerRequest, cold, profile?.retryFactor ?? once],
    compute: ([each = 0, seconds = 0, starting = 0, retry = 1]) => ({
      perRequest: each * (seconds * retry + starting),
    }),
  };
}

/**
 * Machines by the hour. One serves as many requests a month as its rate allows at the busiest time; the rate is bounded by
 * decoding and, for long prompts, by reading the prompt tokens that no cache holds.
 */
function machinesTerm(
  hosting: Extract<Hosting, { form: 'per-hour' }>,
  profile: RequestProfile | undefined,
): CostTerm {
  const { replicaHour, requestsPerSecond, prefillTokensPerSecond, peakToMean, minimumReplicas } = hosting;
  const { spareReplicas = 0 } = hosting;
  const reads = prefillTokensPerSecond !== undefined && profile !== undefined;
  const prompt = reads ? promptTokens(profile) : [];
  const inputs = [replicaHour, requestsPerSecond, peakToMean, profile?.retryFactor ?? once];
  const rate = (perSecond: number, [prefill = 0, share = 0, ...tokens]: readonly number[]): number => {
    if (!reads) return perSecond;
    const [prefix = 0, shots = 0, ...rest] = tokens;
    const read = (prefix + shots) * (1 - share) + rest.reduce((sum, count) => sum + count, 0);
    return read > 0 ? Math.min(perSecond, prefill / read) : perSecond;
  };
  const capacityOf = ([, perSecond = 0, peak = 1, retry = 1, ...more]: readonly number[]): number =>
    (rate(perSecond, more) * 3600 * hoursPerMonth) / peak / retry;
  const all = reads ? [...inputs, prefillTokensPerSecond, ...prompt] : inputs;
  const capacity = capacityOf(all.map(({ value }) => value ?? Number.NaN));
  const count = `max(${minimumReplicas}, ceil(requests / ${Number.isNaN(capacity) ? 'unknown' : plain(Math.floor(capacity))})${spareReplicas > 0 ? ` + ${spareReplicas}` : ''})`;
  return {
    part: 'hosting',
    term: 'machines',
    formula: `${count} machines x ${shown(replicaHour, usd)} an hour x ${hoursPerMonth}`,
    inputs: all,
    compute: (values) => ({
      steps: [
        {
          usd: (values[0] ?? 0) * hoursPerMonth,
          capacity: capacityOf(values),
          minimum: minimumReplicas,
          spare: spareReplicas,
        },
      ],
    }),
  };
}

/** The cached share, then the prompt tokens of a request: prefix, few-shot, and those that no cache holds. */
function promptTokens(profile: RequestProfile): Amount[] {
  const { cachedShare, staticPrefix, fewShot, history, query, retrieved } = profile;
  return [cachedShare, staticPrefix, fewShot, history, query, retrieved];
}
