import { z } from 'zod';

/** Config "traces": what is kept of requests, and how long. */
export const tracesConfigSchema = z.strictObject({
  /** False: nothing is recorded. */
  enabled: z.boolean().default(true),
  /** Whether questions, answers and quotes are kept, or figures alone. */
  texts: z.boolean().default(true),
  /** Personal data in kept texts is replaced by its kind, `[email]`. */
  redact: z.boolean().default(false),
  /** Users as they are named, or a keyed hash by which the same user is still the same. */
  principal: z.enum(['named', 'hashed']).default('named'),
  /** Days that a trace is kept. */
  days: z.number().positive().default(90),
});
export type TracesConfig = z.infer<typeof tracesConfigSchema>;
