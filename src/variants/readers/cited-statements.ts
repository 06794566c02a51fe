import { z } from 'zod';
import type { LanguageModel, Message } from '../../models/index.ts';

/**
 * How a model is made to cite: `statements` has it answer in statements that each name their evidence, `picked` has it choose
 * the evidence in a call of its own before and shows it nothing else.
 */
export const citingSchema = z.enum(['statements', 'picked']);
export type Citing = z.infer<typeof citingSchema>;

/** Most sentences of evidence that a model picks, statements that it makes, and sentences that one statement names. */
const maxPicked = 4;
const maxStatements = 4;
const maxNamed = 3;

/** Added to the instructions where each statement names its evidence. */
export const statementsInstructions =
  'Answer as JSON: {"statements": [{"text": "a short statement", "evidence": [numbers of the passages that it is from]}]}. Without an answer in the passages the list is empty.';

/** Instructions for choosing evidence; the answer comes in a second call. */
export const pickInstructions =
  'Choose the passages that hold the answer to the question. Answer as JSON: {"evidence": [their numbers]}. If none does, the list is empty.';

/** Numbers of evidence that a model may name; under a grammar it cannot name others. */
function numbersOf(numbers: readonly number[]) {
  return z.union(numbers.map((number) => z.literal(number)) as [z.ZodLiteral<number>, z.ZodLiteral<number>]);
}

/** What a model may answer that cites passages of these numbers. */
export function statementsSchema(numbers: readonly number[]) {
  return z.strictObject({
    statements: z
      .array(
        z.strictObject({
          text: z.string(),
          evidence: z.array(numbersOf(numbers)).min(1).max(maxNamed),
        }),
      )
      .max(maxStatements),
  });
}

/** The text of a statements answer with its evidence as markers; null where it is none, `''` for no statement. */
export function textOfStatements(object: unknown, numbers: readonly number[]): string | null {
  const parsed = statementsSchema(numbers).safeParse(object);
  if (!parsed.success) return null;
  return parsed.data.statements
    .filter(({ text }) => text.trim() !== '')
    .map(({ text, evidence }) => `${text.trim()} [${[...new Set(evidence)].join(', ')}]`)
    .join('\n');
}

/** Asks a model which passages bear on the question: their numbers in ascending order, none where it finds none. */
export async function pickEvidence(options: {
  readonly model: LanguageModel;
  readonly messages: readonly Message[];
  readonly numbers: readonly number[];
  readonly signal?: AbortSignal | undefined;
}) {
  const { model, numbers } = options;
  const schema = z.strictObject({ evidence: z.array(numbersOf(numbers)).max(maxPicked) });
  const generation = await model.generate({
    messages: options.messages,
    maxOutputTokens: 40,
    temperature: 0,
    signal: options.signal,
    schema,
  });
  const parsed = schema.safeParse(generation.object);
  const picked = parsed.success ? [...new Set(parsed.data.evidence)].sort((a, b) => a - b) : numbers;
  return { picked, usage: generation.usage, cost: generation.cost };
}
