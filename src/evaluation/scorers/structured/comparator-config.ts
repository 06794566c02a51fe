import { z } from 'zod';

const tolerance = z.number().nonnegative().optional();

/** How two values at one path are compared. */
export const comparatorSchema = z.union([
  z.enum(['exact', 'number', 'date', 'normalised', 'token-f1', 'set', 'list', 'ignore']),
  z.strictObject({
    compare: z.literal('number'),
    /** Largest difference that is none. */
    absolute: tolerance,
    /** The same as a share of the gold value, e.g. 0.01; the larger of the two counts. */
    relative: tolerance,
  }),
]);
export type Comparator = z.infer<typeof comparatorSchema>;
