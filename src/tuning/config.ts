import { z } from 'zod';

/** A service with OpenAI's fine-tuning API. */
const openaiShape = z.strictObject({
  type: z.literal('openai'),
  /** Up to and without `/files`, e.g. `https://RESOURCE.openai.azure.com/openai/v1`. */
  baseUrl: z.string().regex(/^https?:\/\//, 'a URL begins with http:// or https://'),
  /** Environment variable that holds the key. */
  keyVariable: z.string().min(1).optional(),
  /** `bearer` by default; Azure also takes the key in the header `api-key`. */
  auth: z.enum(['bearer', 'api-key']).optional(),
  /** Where the tuned model is asked, `provider` of `provider/model`: an entry of "providers" (`compatible/NAME`) by default. */
  servedBy: z.string().min(1).optional(),
});

/** `tuning` of the config. */
export const tuningConfigSchema = z.strictObject({
  /** Services that train, by name, beside `heads`, `local` and `openai`. */
  providers: z.record(z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/), openaiShape).default({}),
});
export type TuningConfig = z.infer<typeof tuningConfigSchema>;
export type OpenAiShapeConfig = z.infer<typeof openaiShape>;
