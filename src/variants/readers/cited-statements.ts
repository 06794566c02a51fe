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
const maxStatements = 3;
const maxNamed = 2;
/** Longest statement, in characters; small models go on for ever otherwise. */
const maxStatement = 240;

/** Tokens of the structure itself, on top of those of the text. */
export const structureTokens = 60;

/** Added to the instructions where each statement names its evidence. Without an example: small models repeat it. */
export const statementsInstructions =
  'Answer as JSON with "statements": in each, "text" is one sentence that answers the question and "evidence" lists the numbers of the passages that it is from. If the passages do not hold the answer, "statements" is empty.';

/** Instructions for choosing evidence; the answer comes in a second call. */
export const pickInstructions =
  'Choose the passages that hold the answer to the question. Answer as JSON with "evidence", the list of their numbers. If none does, the list is empty.';

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
          text: z.string().max(maxStatement),
          evidence: z.array(numbersOf(numbers)).min(1).max(maxNamed),
        }),
      )
      .max(maxStatements),
  });
}

interface NamedStatement {
  readonly text: string;
  readonly evidence: readonly number[];
}

/**
 * The text of a statements answer with its evidence as markers; `''` for no statement. Of a structure that was cut short what can be
 * read of it, each statement once; a text that is no structure stays as it is.
 */
export function textOfStatements(object: unknown, raw: string, numbers: readonly number[]): string {
  const parsed = statementsSchema(numbers).safeParse(object);
  if (!parsed.success && !raw.trimStart().startsWith('{')) return raw;
  const statements = parsed.success ? parsed.data.statements : readCutShort(raw, numbers);
  const said = new Set<string>();
  return statements
    .map(({ text, evidence }) => ({
      text: text.replace(/\s+/g, ' ').trim(),
      evidence: [...new Set(evidence)],
    }))
    .filter(({ text }) => text !== '' && !said.has(text) && said.add(text))
    .map(({ text, evidence }) => (evidence.length === 0 ? text : `${text} [${evidence.join(', ')}]`))
    .join('\n');
}

const namedStatement = /"text"\s*:\s*"((?:[^"\\]|\\.)*)("?)(?:\s*,\s*"evidence"\s*:\s*\[([\d,\s]*))?/g;

function readCutShort(raw: string, numbers: readonly number[]): NamedStatement[] {
  return [...raw.matchAll(namedStatement)].map(([, text = '', end, named = '']) => ({
    // A sentence that was cut in its middle ends where the cut is.
    text: unescaped(end === '' ? text.replace(/\\[^\\]{0,5}$/, '') : text),
    evidence: named
      .split(',')
      .map((number) => Number(number.trim() || Number.NaN))
      .filter((number) => numbers.includes(number)),
  }));
}

function unescaped(text: string): string {
  try {
    return JSON.parse(`"${text}"`) as string;
  } catch {
    return text;
  }
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
