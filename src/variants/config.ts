import { z } from 'zod';
import { retrieverSettingsSchema } from '../knowledge/config.ts';
import { goldEvidenceSchema } from './arms/gold-evidence.ts';
import { citingSchema } from './readers/cited-statements.ts';
import { fewShotSampleSchema } from './readers/few-shot-turns.ts';
import { refusalConfigSchema } from './refusal.ts';

export { refusalConfigSchema };

const tokens = z.number().int().positive();

const modelName = z
  .string()
  .regex(/^[^/\s]+\/\S+$/, 'a model is named provider/model, e.g. "openai/gpt-5-mini"');

const retrieverSchema = z.strictObject({
  ...retrieverSettingsSchema.shape,
  /**
   * How a question that follows on others is made to stand by itself: a model rewrites it, `rules` puts the earlier
   * question before one that points back to it (the default), false takes it as it is.
   */
  condense: z.union([modelName, z.literal('rules'), z.literal(false)]).optional(),
  /** A model that takes a compound question apart; its parts are searched one by one. False, by default: none. */
  decompose: z.union([modelName, z.literal(false)]).optional(),
});
export type RetrieverConfig = z.infer<typeof retrieverSchema>;

const evidenceSchema = z.union([z.literal('oracle'), goldEvidenceSchema]).optional();
const shuffleSchema = z.number().int().nonnegative().optional();

const extractSchema = z
  .strictObject({
    reader: z.literal('extract'),
    /** Most sentences that are quoted, 2 by default. */
    sentences: z.number().int().min(1).max(8).optional(),
    retriever: retrieverSchema.optional(),
    refusal: refusalConfigSchema.optional(),
    /** Gives the sample's gold evidence; for diagnosis only, and nothing is refused for want of evidence. */
    evidence: evidenceSchema,
    /** Placebo: the retrieved hits in another order, drawn by this seed; for diagnosis only. */
    shufflePassages: shuffleSchema,
  })
  .refine((value) => value.evidence === undefined || value.shufflePassages === undefined, {
    message: '"shufflePassages" belongs to retrieved passages, not to gold evidence',
    path: ['shufflePassages'],
  });

const fewShotSchema = z
  .strictObject({
    /** Dataset whose train split they are taken from. */
    dataset: z.string().min(1).optional(),
    /** How many of the dataset, 4 by default. */
    k: z.number().int().min(1).max(64).optional(),
    /** The same ones always (`fixed`, by default), or those nearest to the question by shared terms or by embedding. */
    choose: z.enum(['fixed', 'keyword', 'embedding']).optional(),
    /** Chooses other fixed ones; 0 by default. */
    seed: z.number().int().nonnegative().optional(),
    /** Written out, and shown before those of the dataset; for experiments, since no dataset tells where they are from. */
    samples: z.array(fewShotSampleSchema).min(1).max(20).optional(),
  })
  .refine(({ dataset, samples }) => dataset !== undefined || samples !== undefined, {
    message: 'name the "dataset" that few-shot samples are taken from, or write "samples" out',
  })
  .refine(({ dataset, k, choose, seed }) => dataset !== undefined || (k ?? choose ?? seed) === undefined, {
    message: '"k", "choose" and "seed" belong to "dataset"',
  });
export type FewShotConfig = z.infer<typeof fewShotSchema>;

const generateSchema = z
  .strictObject({
    reader: z.literal('generate'),
    /** `provider/model`. */
    model: modelName,
    /** True (or an object) reads the corpus; without it the model answers from what it knows. */
    retriever: z.union([z.boolean(), retrieverSchema]).optional(),
    /**
     * `oracle` gives the sample's gold evidence instead of what retrieval finds; an object gives it among other
     * passages, at the length of the prompt with retrieved ones: both for diagnosis only. `full-context` gives the
     * whole corpus.
     */
    evidence: z.union([z.literal('full-context'), z.literal('oracle'), goldEvidenceSchema]).optional(),
    /** Placebo: the retrieved passages in another order, drawn by this seed; for diagnosis only. */
    shufflePassages: shuffleSchema,
    /** Samples with their right answers before the question; their tokens come on top of `contextTokens`. */
    fewShot: fewShotSchema.optional(),
    /** The answer as JSON (answer and number of its passage), by constrained decoding where the model has it. */
    structured: z.literal(true).optional(),
    /** Each statement names the sentences that it is from; `picked` has the model choose these in a call before. */
    citing: citingSchema.optional(),
    /** Without passages: a guess instead of a refusal; for diagnosis only. */
    forceAnswer: z.literal(true).optional(),
    /** Replaces the built-in instructions; an empty text sends none. `{refusal}` in it becomes the phrase that counts as a refusal. */
    instructions: z.string().optional(),
    /** JSON schema of the answer, or a file that holds it: decoding is held to it and the answer is its JSON text. */
    outputSchema: z.union([z.string().min(1), z.record(z.string(), z.json())]).optional(),
    /** 80 by default for local models, 400 for hosted ones. */
    maxOutputTokens: tokens.optional(),
    /** Prompt and output together: 900 by default for local models, 6000 for hosted ones. */
    contextTokens: tokens.optional(),
    refusal: refusalConfigSchema.optional(),
  })
  .refine(
    (value) =>
      !(typeof value.evidence === 'string' && value.retriever !== undefined && value.retriever !== false),
    {
      message: 'a variant has either "retriever" or "evidence", not both',
      path: ['evidence'],
    },
  )
  .refine((value) => value.shufflePassages === undefined || (value.retriever && !value.evidence), {
    message: '"shufflePassages" belongs to a variant with "retriever"',
    path: ['shufflePassages'],
  })
  .refine((value) => value.citing === undefined || value.retriever || value.evidence === 'oracle', {
    message: '"citing" belongs to a variant with "retriever", or with "evidence": "oracle"',
    path: ['citing'],
  })
  .refine((value) => value.citing === undefined || value.structured === undefined, {
    message: 'a variant has either "citing" or "structured", not both',
    path: ['citing'],
  })
  .refine((value) => value.outputSchema === undefined || !(value.structured || value.citing), {
    message: 'a variant has either "outputSchema" or "structured" or "citing"',
    path: ['outputSchema'],
  })
  .refine((value) => !(value.forceAnswer && (value.retriever || value.evidence)), {
    message: '"forceAnswer" belongs to a variant without "retriever" and "evidence"',
    path: ['forceAnswer'],
  });

const httpSchema = z.strictObject({
  /** `{{input}}` and `{{id}}` in it are replaced, escaped for a URL. */
  url: z.string().regex(/^https?:\/\//, 'a URL begins with http:// or https://'),
  method: z.enum(['GET', 'POST', 'PUT']).optional(),
  /** `${NAME}` is replaced by that environment variable, so that keys stay out of the config. */
  headers: z.record(z.string(), z.string()).optional(),
  /** Text or JSON in which `{{input}}` and `{{id}}` are replaced, escaped for a JSON string. */
  body: z.json().optional(),
  /** Place of the answer in the reply, e.g. `choices.0.message.content`; `answer` by default. */
  answerPath: z.string().min(1).optional(),
  contextsPath: z.string().min(1).optional(),
  costPath: z.string().min(1).optional(),
});
export type HttpConfig = z.infer<typeof httpSchema>;

const timeoutSeconds = z.number().positive().max(3600).optional();
const concurrency = z.number().int().min(1).max(64).optional();

const externalSchema = z.strictObject({
  /** A pipeline of your own: exactly one of `http`, `command`, `module` and `recorded`. */
  external: z
    .strictObject({
      http: httpSchema.optional(),
      /** Program and arguments; gets {id, input} as JSON on stdin and prints its answer as JSON. */
      command: z.array(z.string()).min(1).optional(),
      /** JavaScript or TypeScript module with an export `answer({id, input})`, run in this process. */
      module: z.string().optional(),
      /** Working directory of the command; the project folder by default. */
      cwd: z.string().optional(),
      /** JSONL of {id, answer, contexts?, costUsd?, …}, one line for each sample. */
      recorded: z.string().optional(),
      /** Seconds until an answer counts as an error, 60 by default. */
      timeoutSeconds,
      /** Questions that are asked at once, 4 by default; 16 for `module` and `recorded`. */
      concurrency,
    })
    .refine(
      (value) =>
        [value.http, value.command, value.module, value.recorded].filter((way) => way !== undefined)
          .length === 1,
      {
        message: 'name exactly one of "http", "command", "module" and "recorded"',
      },
    )
    .refine((value) => value.cwd === undefined || value.command !== undefined, {
      message: '"cwd" belongs to "command"',
      path: ['cwd'],
    }),
});

const cascadeSchema = z.strictObject({
  /** Two variants of the project: the first answers, and the other one where the first is not sure. */
  cascade: z.strictObject({
    first: z.string().min(1),
    // biome-ignore lint/suspicious/noThenProperty: the word that reads best in a config; a schema is never awaited.
    then: z.string().min(1),
    /** Confidence of the first answer under which the other variant is asked; a refusal counts as below. */
    below: z.number().min(0).max(1),
  }),
});

/** A trained classifier: `tuned/ID` of the registry. */
const classifySchema = z.strictObject({
  reader: z.literal('classify'),
  model: modelName,
  /** Probability under which the class is not taken; by default what the model was given on its validation rows. */
  reject: z.number().min(0).max(1).optional(),
});
export type ClassifyConfig = z.infer<typeof classifySchema>;

/** Config of one variant: `extract`, `generate`, `classify`, `external` or `cascade`; its kind follows from its parts. */
export const variantConfigSchema = z.union([
  extractSchema,
  generateSchema,
  classifySchema,
  externalSchema,
  cascadeSchema,
]);
export type VariantConfig = z.infer<typeof variantConfigSchema>;
export type ExtractConfig = z.infer<typeof extractSchema>;
export type GenerateConfig = z.infer<typeof generateSchema>;
export type CascadeConfig = z.infer<typeof cascadeSchema>['cascade'];
export type ExternalConfig = z.infer<typeof externalSchema>['external'];
