import { z } from 'zod';
import {
  bootstrapInterval,
  bootstrapStandardError,
  mean,
  median,
  resample,
  type Statistic,
} from '../statistics/bootstrap.ts';
import { kolmogorovSmirnov } from '../statistics/kolmogorov-smirnov.ts';
import { benjaminiHochberg, holm } from '../statistics/multiple-testing.ts';
import { mcnemarChiSquared, mcnemarExact, pairedPermutation } from '../statistics/paired-tests.ts';
import { populationStability } from '../statistics/population-stability.ts';
import { clopperPearsonInterval, wilsonInterval } from '../statistics/proportion-intervals.ts';
import { type GoldenMetric, goldenMetric } from './golden-metric.ts';

const numbers = z.array(z.number());
const alternative = z.enum(['two-sided', 'greater', 'less']).default('two-sided');
const counted = z.object({ count: z.number(), nobs: z.number() });
const intervalParams = z.object({
  alpha: z.number().default(0.05),
  alternative: z.enum(['two-sided', 'larger', 'smaller']).default('two-sided'),
  // statsmodels' interval has none.
  continuity_correction: z.literal(false).optional(),
});
const pvalues = z.object({ pvalues: numbers });
const alphaParams = z.object({ alpha: z.number().default(0.05) });
const table = z.object({
  table: z.tuple([z.tuple([z.number(), z.number()]), z.tuple([z.number(), z.number()])]),
});
const samples = z.object({ x: numbers, y: numbers });

const bootstrapParams = z.object({
  statistic: z.enum(['mean', 'median']).default('mean'),
  confidence_level: z.number().default(0.95),
  alternative,
  n_resamples: z.number().int().positive().max(100_000).default(9999),
});
const statistics: Readonly<Record<'mean' | 'median', Statistic>> = { mean, median };

const kolmogorov = (method: 'exact' | 'asymp'): GoldenMetric =>
  goldenMetric(samples, z.object({ alternative }), ({ x, y }, params) =>
    kolmogorovSmirnov(x, y, { method, alternative: params.alternative }),
  );

/** Vectors of statsmodels and scipy, and of formulas that the vectors state themselves. */
export const statisticsGolden: Readonly<Record<string, GoldenMetric>> = {
  wilson: goldenMetric(counted, intervalParams, ({ count, nobs }, params) =>
    wilsonInterval(count, nobs, params.alpha, params.alternative),
  ),
  clopper_pearson: goldenMetric(counted, intervalParams, ({ count, nobs }, params) =>
    clopperPearsonInterval(count, nobs, params.alpha, params.alternative),
  ),
  'mcnemar.exact': goldenMetric(table, z.object({}), ({ table: [[, gained], [lost]] }) =>
    mcnemarExact(gained, lost),
  ),
  'mcnemar.chi2': goldenMetric(
    table,
    z.object({ correction: z.boolean().default(true) }),
    ({ table: [[, gained], [lost]] }, { correction }) => mcnemarChiSquared(gained, lost, correction),
  ),
  holm: goldenMetric(pvalues, alphaParams, (given, { alpha }) => holm(given.pvalues, alpha)),
  benjamini_hochberg: goldenMetric(pvalues, alphaParams, (given, { alpha }) =>
    benjaminiHochberg(given.pvalues, alpha),
  ),
  'paired_permutation.exact': goldenMetric(samples, z.object({ alternative }), ({ x, y }, params) =>
    pairedPermutation(x, y, params.alternative),
  ),
  'bootstrap.given_distribution': goldenMetric(
    z.object({ data: numbers, bootstrap_distribution: numbers }),
    bootstrapParams,
    ({ data, bootstrap_distribution }, params) => {
      const options = { confidence: params.confidence_level, alternative: params.alternative };
      const interval = (method: 'BCa' | 'percentile' | 'basic') =>
        writeBounds(
          bootstrapInterval(data, bootstrap_distribution, statistics[params.statistic], method, options),
        );
      return {
        BCa: interval('BCa'),
        percentile: interval('percentile'),
        basic: interval('basic'),
        standard_error: bootstrapStandardError(bootstrap_distribution),
      };
    },
  ),
  'bootstrap.bca_montecarlo': goldenMetric(
    z.object({ data: numbers }),
    bootstrapParams,
    ({ data }, params) => {
      const statistic = statistics[params.statistic];
      const distribution = resample(data, statistic, params.n_resamples);
      const options = { confidence: params.confidence_level, alternative: params.alternative };
      return writeBounds(bootstrapInterval(data, distribution, statistic, 'BCa', options));
    },
  ),
  'ks_2samp.exact': kolmogorov('exact'),
  'ks_2samp.asymp': kolmogorov('asymp'),
  psi: goldenMetric(
    z.object({ expected_counts: numbers, actual_counts: numbers }),
    z.object({ epsilon: z.number().default(1e-4) }),
    (given, { epsilon }) => populationStability(given.expected_counts, given.actual_counts, epsilon),
  ),
};

/** JSON has no infinity, so vectors write it as a word. */
function writeBounds({ low, high }: { low: number | null; high: number | null }): object {
  const write = (bound: number | null): number | string | null =>
    bound === null || Number.isFinite(bound) ? bound : String(bound);
  return { low: write(low), high: write(high) };
}
