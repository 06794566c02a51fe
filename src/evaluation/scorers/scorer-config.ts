import { z } from 'zod';
import { suggest } from '../../core/index.ts';
import { judgedScorerConfigSchema } from '../judges/judge-config.ts';
import type { JudgeAnswer } from './define-scorer.ts';
import type { Scorer } from './scorer.ts';
import { comparatorSchema } from './structured/comparator-config.ts';

/** Takes the output out of the one code fence of an answer; without it the whole answer must be the output. */
const fenced = z.boolean().default(false);
/** Where the gold stands in the sample. */
const gold = z.enum(['reference', 'label']).default('reference');
/** How an output that cannot be read counts: no number, or 0. Its rate is `NAME.invalid` in any case. */
const invalid = z.enum(['undefined', 'zero']).default('undefined');
const values = {
  /** Whether the order of arrays counts. */
  arrays: z.enum(['ordered', 'unordered']).default('ordered'),
  /** Whether `null` differs from a key that is not there. */
  nulls: z.enum(['value', 'missing']).default('value'),
};
const timeoutSeconds = z.number().positive().max(3600);
const path = z.string().min(1);
const phrases = z.array(z.string().min(1));

const jsonSchemas = [
  z.strictObject({ type: z.literal('json-valid'), fenced }),
  z
    .strictObject({
      type: z.literal('json-schema'),
      fenced,
      invalid,
      /** The schema itself. */
      schema: z.record(z.string(), z.json()).optional(),
      /** A file that holds it. */
      schemaFile: path.optional(),
    })
    .refine((value) => (value.schema === undefined) !== (value.schemaFile === undefined), {
      message: 'name exactly one of "schema" and "schemaFile"',
    }),
  z.strictObject({ type: z.literal('json-exact'), fenced, gold, invalid, ...values }),
  z.strictObject({
    type: z.literal('json-fields'),
    fenced,
    gold,
    invalid,
    ...values,
    /** Comparator by path: keys joined by dots, `*` for any key or index; the first that fits counts. */
    fields: z.record(z.string(), comparatorSchema).default({}),
  }),
] as const;

const sqlSchema = z.strictObject({
  type: z.literal('sql'),
  fenced,
  gold,
  /** The answer is JSON, and its SQL stands in this member. */
  member: z.string().min(1).optional(),
  /** SQLite files; `{label}` and `{group}` stand for those of the sample. */
  databases: z.array(path).min(1),
  timeoutSeconds: timeoutSeconds.default(10),
  maxRows: z.number().int().min(1).max(1_000_000).default(100_000),
  /** When the order of rows counts. */
  order: z.enum(['gold', 'always', 'never']).default('gold'),
});

const programSchemas = [
  z
    .strictObject({
      type: z.literal('grammar'),
      fenced,
      gold,
      invalid,
      /** An Ohm grammar. */
      grammar: z.string().min(1).optional(),
      grammarFile: path.optional(),
    })
    .refine((value) => (value.grammar === undefined) !== (value.grammarFile === undefined), {
      message: 'name exactly one of "grammar" and "grammarFile"',
    }),
  z.strictObject({
    type: z.literal('command'),
    fenced,
    /** Program and arguments; no shell looks at them. */
    command: z.array(z.string()).min(1),
    /** Working directory; the project folder by default. */
    cwd: path.optional(),
    timeoutSeconds: timeoutSeconds.default(10),
    verdict: z.enum(['json', 'exit']).default('json'),
    /** With `"verdict": "exit"`: the status that means 0. */
    failExit: z.number().int().min(1).max(255).default(1),
  }),
] as const;

const entitiesSchema = z.strictObject({
  type: z.literal('entities'),
  fenced,
  gold,
  invalid,
  match: z.enum(['auto', 'offsets', 'text']).default('auto'),
});

const bounds = z
  .strictObject({
    min: z.number().int().nonnegative().optional(),
    max: z.number().int().nonnegative().optional(),
  })
  .refine(({ min, max }) => min !== undefined || max !== undefined, { message: 'give "min", "max" or both' })
  .refine(({ min, max }) => (min ?? 0) <= (max ?? Number.POSITIVE_INFINITY), {
    message: '"min" is above "max"',
  })
  .optional();

const styleSchemas = [
  z
    .strictObject({
      type: z.literal('phrases'),
      must: phrases.default([]),
      mustNot: phrases.default([]),
      caseSensitive: z.boolean().default(false),
      count: z.enum(['all', 'share']).default('all'),
    })
    .refine(({ must, mustNot }) => must.length + mustNot.length > 0, {
      message: 'give "must", "mustNot" or both',
    }),
  z
    .strictObject({
      type: z.literal('length'),
      words: bounds,
      characters: bounds,
      sentences: bounds,
      locale: z
        .string()
        .refine(isLocale, { message: 'a locale is a language tag, e.g. "en" or "de-AT"' })
        .default('en'),
    })
    .refine(({ words, characters, sentences }) => (words ?? characters ?? sentences) !== undefined, {
      message: 'give bounds of "words", "characters" or "sentences"',
    }),
  z.strictObject({
    type: z.literal('similar'),
    /** Approved replies; the references of the sample by default. */
    approved: z.array(z.string().min(1)).min(1).optional(),
    measure: z.enum(['characters', 'token-f1', 'embedding']).default('characters'),
  }),
] as const;

const scorerTypes = [
  ...jsonSchemas,
  sqlSchema,
  ...programSchemas,
  entitiesSchema,
  ...styleSchemas,
  ...judgedScorerConfigSchema.options,
] as const;
const typeNames = scorerTypes.map(({ shape }) => shape.type.value);

/** Config of one scorer, by `type`. */
export const scorerConfigSchema = z.discriminatedUnion('type', scorerTypes, {
  error: ({ input }) => {
    if (typeof input !== 'object' || input === null)
      return 'a scorer is an object with a "type", or a function';
    const type = (input as { type?: unknown }).type;
    const known = `The types are ${typeNames.join(', ')}.`;
    if (type === undefined) return `a scorer needs a "type". ${known}`;
    return `there is no scorer of type "${String(type)}". ${suggest(String(type), typeNames) || known}`;
  },
});
export type ScorerConfig = z.infer<typeof scorerConfigSchema>;

/** Entry of `scorers`: a configured scorer, or in a config that is a program a function or what `defineScorer` gives. */
export const scorerEntrySchema = z.union([
  scorerConfigSchema,
  z.custom<JudgeAnswer>((value) => typeof value === 'function', 'is no function'),
  z.custom<Scorer>((value) => typeof (value as Partial<Scorer> | null)?.score === 'function', 'is no scorer'),
]);
export type ScorerEntry = z.infer<typeof scorerEntrySchema>;

function isLocale(tag: string): boolean {
  try {
    return Intl.getCanonicalLocales(tag).length === 1;
  } catch {
    return false;
  }
}
