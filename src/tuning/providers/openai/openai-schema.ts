import { z } from 'zod';

// What OpenAI's fine-tuning API answers, as far as it is read here. Unknown members are left alone.

export const fileSchema = z.looseObject({
  id: z.string(),
  bytes: z.number().nullish(),
  filename: z.string().nullish(),
  purpose: z.string().nullish(),
  status: z.string().nullish(),
});
export type VendorFile = z.infer<typeof fileSchema>;

export const jobSchema = z.looseObject({
  id: z.string(),
  status: z.string(),
  model: z.string(),
  created_at: z.number().nullish(),
  finished_at: z.number().nullish(),
  fine_tuned_model: z.string().nullish(),
  trained_tokens: z.number().nullish(),
  training_file: z.string().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  error: z
    .looseObject({ code: z.string().nullish(), message: z.string().nullish(), param: z.string().nullish() })
    .nullish(),
  method: z.looseObject({}).nullish(),
  hyperparameters: z.looseObject({}).nullish(),
  seed: z.number().nullish(),
});
export type VendorJob = z.infer<typeof jobSchema>;

export const eventSchema = z.looseObject({
  id: z.string(),
  created_at: z.number(),
  level: z.string(),
  message: z.string(),
  type: z.string().nullish(),
  data: z.looseObject({}).nullish(),
});
export type VendorEvent = z.infer<typeof eventSchema>;

export const checkpointSchema = z.looseObject({
  id: z.string(),
  created_at: z.number(),
  step_number: z.number(),
  fine_tuned_model_checkpoint: z.string(),
  metrics: z
    .looseObject({
      train_loss: z.number().nullish(),
      full_valid_loss: z.number().nullish(),
      valid_loss: z.number().nullish(),
    })
    .nullish(),
});
export type VendorCheckpoint = z.infer<typeof checkpointSchema>;

export const errorSchema = z.looseObject({
  error: z.looseObject({
    message: z.string().nullish(),
    code: z.union([z.string(), z.number()]).nullish(),
    type: z.string().nullish(),
  }),
});
