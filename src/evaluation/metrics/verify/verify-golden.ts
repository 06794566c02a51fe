import { z } from 'zod';
import { goldenMetrics } from './golden-metrics.ts';
import { type GoldenVector, readGoldenFile } from './read-golden-file.ts';
import { sameValue } from './same-value.ts';

const count = z.number().int().nonnegative();

/** What `metrics verify` prints. */
export const verifyOutputSchema = z.strictObject({
  metrics: z.record(z.string(), z.strictObject({ passed: count, failed: count, unsupported: count })),
  failures: z.array(
    z.strictObject({ id: z.string(), metric: z.string(), expected: z.unknown(), got: z.unknown() }),
  ),
});
export type GoldenReport = z.infer<typeof verifyOutputSchema>;

/**
 * Recomputes every vector of a golden file and compares it with what is expected there, to 1e-9 or the tolerance that
 * a vector states. A metric that is not known, or parameters that are not part of it, count as unsupported. Throws as
 * `readGoldenFile`.
 */
export async function verifyGolden(path: string): Promise<GoldenReport> {
  const report: GoldenReport = { metrics: {}, failures: [] };
  for (const vector of await readGoldenFile(path)) {
    const { id, metric, expected, tolerance } = vector;
    if (!Object.hasOwn(report.metrics, metric))
      report.metrics[metric] = { passed: 0, failed: 0, unsupported: 0 };
    const counts = report.metrics[metric]!;
    const got = recompute(vector);
    if (got === undefined) counts.unsupported += 1;
    else if (sameValue(expected, got, tolerance)) counts.passed += 1;
    else {
      counts.failed += 1;
      report.failures.push({ id, metric, expected, got });
    }
  }
  return report;
}

/** The value as vectors write it; undefined where it is not supported; a message where computing it fails. */
function recompute({ metric, inputs, params, recompute: own }: GoldenVector): unknown {
  try {
    if (own) return own();
    return goldenMetrics.get(metric)?.recompute(inputs, params);
  } catch (error) {
    return `error: ${error instanceof Error ? error.message : String(error)}`;
  }
}
