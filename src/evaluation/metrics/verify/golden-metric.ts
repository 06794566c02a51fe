import type { z } from 'zod';

/** Recomputes the expected value of a golden vector from its inputs. */
export interface GoldenMetric {
  /** The value as the vector writes it; undefined where the inputs or parameters are not those of this metric. */
  recompute(inputs: unknown, params: unknown): unknown;
}

/** A metric whose inputs and parameters are read by schemas; members that they do not name are ignored. */
export function goldenMetric<Inputs, Params>(
  inputsSchema: z.ZodType<Inputs>,
  paramsSchema: z.ZodType<Params>,
  compute: (inputs: Inputs, params: Params) => unknown,
): GoldenMetric {
  return {
    recompute(inputs, params) {
      const given = inputsSchema.safeParse(inputs);
      const chosen = paramsSchema.safeParse(params ?? {});
      return given.success && chosen.success ? compute(given.data, chosen.data) : undefined;
    },
  };
}
