import { z } from 'zod';
import { type Answer, addUsage, type Cost, FulcrumError, usageSchema } from '../../core/index.ts';

/** Most bytes (UTF-16 units for text) that an external pipeline may answer with. */
export const maxOutputBytes = 1_000_000;

const externalContextSchema = z.union([
  z.string().transform((text) => ({ text })),
  z.object({
    documentId: z.string().nullish(),
    text: z.string().nullish(),
    start: z.number().int().nonnegative().nullish(),
    end: z.number().int().nonnegative().nullish(),
    score: z.number().nullish(),
  }),
]);

/** What an external pipeline gives back; further members are ignored. */
export const externalOutputSchema = z
  .object({
    answer: z.string().nullish(),
    contexts: z.array(externalContextSchema).max(1000).nullish(),
    costUsd: z.number().nonnegative().nullish(),
    refused: z.boolean().nullish(),
    confidence: z.number().min(0).max(1).nullish(),
    seconds: z.number().nonnegative().nullish(),
    usage: usageSchema.partial().nullish(),
  })
  .refine((output) => typeof output.answer === 'string' || output.refused === true, {
    message: 'there is no text in it, and "refused" is not true',
    path: ['answer'],
  });

/**
 * The answer of an external pipeline. Throws `external-invalid` for anything that does not have the shape. A cost
 * that is not named is unknown, not 0, and so are tokens; its text is kept as it is and cites nothing.
 * @param measuredSeconds null where asking took no time of the pipeline: its outputs are recorded.
 */
export function readExternalOutput(variant: string, value: unknown, measuredSeconds: number | null): Answer {
  const parsed = externalOutputSchema.safeParse(value);
  if (!parsed.success) {
    const issue = parsed.error.issues[0];
    const place = issue && issue.path.length > 0 ? `"${issue.path.join('.')}": ` : '';
    throw new FulcrumError('external-invalid', {
      variant,
      problem: `${place}${issue?.message ?? 'wrong shape'}`,
    });
  }
  const output = parsed.data;
  const seconds = output.seconds ?? measuredSeconds;
  const usage = output.usage ?? {};
  const unmeasured: Answer['unmeasured'] = [];
  if (usage.inputTokens === undefined && usage.outputTokens === undefined) unmeasured.push('usage');
  if (seconds === null) unmeasured.push('seconds');
  return {
    answer: output.answer ?? '',
    citations: [],
    removedCitations: 0,
    refusal: output.refused === true ? { reason: 'model-declined' } : null,
    contexts: (output.contexts ?? []).map((given) => {
      const context = { documentId: null, start: null, end: null, score: null, text: null, ...given };
      return {
        documentId: context.documentId ?? null,
        start: context.start ?? null,
        end: context.end ?? null,
        score: context.score ?? null,
        ...(context.text === null ? {} : { text: context.text }),
      };
    }),
    usage: addUsage(definedMembers(usage)),
    cost: reportedCost(output.costUsd ?? null),
    seconds: seconds ?? 0,
    ...(unmeasured.length > 0 ? { unmeasured } : {}),
    confidence: output.confidence ?? null,
  };
}

function reportedCost(usd: number | null): Cost {
  return {
    usd,
    source: 'reported',
    priceDate: null,
    basis: usd === null ? 'the pipeline reports no cost' : 'as the pipeline reports it',
  };
}

function definedMembers<T extends object>(value: T): { [K in keyof T]?: NonNullable<T[K]> } {
  return Object.fromEntries(Object.entries(value).filter(([, member]) => member !== undefined)) as {
    [K in keyof T]?: NonNullable<T[K]>;
  };
}

/** The member of a JSON value at a path such as `choices.0.text`; undefined where there is none. */
export function memberAt(value: unknown, path: string): unknown {
  let found: unknown = value;
  for (const key of path.split('.')) {
    if (found === null || typeof found !== 'object' || !Object.hasOwn(found, key)) return undefined;
    found = (found as Record<string, unknown>)[key];
  }
  return found;
}
