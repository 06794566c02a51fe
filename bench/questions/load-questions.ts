/**
 * The questions that we wrote on public documents: 30 on haystack-docs 3.0 and 60 on handbook-18f, of which ten have another answer at
 * an earlier date. The evidence of each is a span of the canonical text of a document, told by its offsets and its
 * sha256, so that no text of the documents is kept here.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { sha256 } from '../../src/core/index.ts';
import { createDocumentPipeline } from '../../src/knowledge/index.ts';

const answerSchema = z.strictObject({
  /** Folder of the data set that the documents lie in. */
  version: z.string(),
  /** Path of the document in that folder. */
  document: z.string(),
  /** Gold evidence: `[start, end)` of the canonical text, in UTF-16 code units. */
  start: z.number().int().nonnegative(),
  end: z.number().int().positive(),
  /** Of that slice. */
  sha256: z.string().length(64),
  /** What a right answer says, in the words of the document. */
  facts: z.array(z.string().min(1)).min(1),
});

const questionSchema = z.strictObject({
  id: z.string(),
  question: z.string(),
  /** Words as one types them into a search box; a sentence in the words of the page; or one without them. */
  style: z.enum(['keyword', 'natural', 'paraphrase']),
  /** Whether the answer is another one at an earlier version. */
  changed: z.boolean().default(false),
  /** One for each version in which the answer was found, oldest first. */
  answers: z.array(answerSchema).min(1),
});
export type BenchQuestion = z.infer<typeof questionSchema>;

/** Data set of public documents that we wrote questions on, and the version that all of them can be asked of. */
export const questionSets = { 'haystack-docs': '3.0', 'handbook-18f': '2025-02-27' } as const;
export type QuestionSet = keyof typeof questionSets;

/** The questions of a set, as they are written; `verifyQuestions` checks them against the documents. */
export function readQuestions(set: QuestionSet): BenchQuestion[] {
  return readFileSync(join(import.meta.dirname, `${set}.jsonl`), 'utf8')
    .trim()
    .split('\n')
    .map((line) => questionSchema.parse(JSON.parse(line)));
}

/** A question at one version of its documents: input, gold span and accepted facts. */
export interface VersionedQuestion extends Omit<z.infer<typeof answerSchema>, 'version' | 'sha256'> {
  readonly id: string;
  readonly input: string;
  readonly style: BenchQuestion['style'];
}

/** The questions of a set that have an answer at a version; the whole set at its own version. */
export function questionsAt(set: QuestionSet, version: string = questionSets[set]): VersionedQuestion[] {
  return readQuestions(set).flatMap(({ id, question, style, answers }) =>
    answers
      .filter((answer) => answer.version === version)
      .map(({ document, start, end, facts }) => ({
        id,
        input: question,
        style,
        document,
        start,
        end,
        facts,
      })),
  );
}

/** Problems of a set against the documents in `dataFolder`, one sentence each; none when every span is where it is said to be. All versions, unless some are named. */
export async function verifyQuestions(
  set: QuestionSet,
  dataFolder: string,
  versions?: readonly string[],
): Promise<string[]> {
  const pipeline = createDocumentPipeline();
  const texts = new Map<string, Promise<string>>();
  const textOf = (version: string, document: string): Promise<string> => {
    const path = join(dataFolder, set, version, document);
    const known = texts.get(path);
    if (known) return known;
    const content = readFileSync(path, 'utf8');
    const mediaType = document.endsWith('.mdx') ? 'text/mdx' : 'text/markdown';
    const parsed = pipeline.parse({ key: document, uri: document, content, mediaType });
    const text = Promise.resolve(parsed).then((result) => result.text);
    texts.set(path, text);
    return text;
  };
  const problems: string[] = [];
  for (const { id, answers } of readQuestions(set))
    for (const { version, document, start, end, sha256: expected } of answers) {
      if (versions && !versions.includes(version)) continue;
      const slice = (await textOf(version, document)).slice(start, end);
      if (sha256(slice) !== expected)
        problems.push(`${id} at ${version}: ${document} [${start}-${end}] differs`);
    }
  return problems;
}
