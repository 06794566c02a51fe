import { type Cost, noUsage } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { evaluationMigrations } from '../migrations.ts';
import { createCandidateStore } from './candidate-store.ts';
import { generateDataset } from './generate-dataset.ts';
import type { CorpusPassage, GenerationCorpus, QuestionModel } from './generation.ts';

/** Documents of one section each: `The Dnn machine weighs nn kilograms …`. */
export function machineCorpus(documents: number): GenerationCorpus {
  const passages = Array.from({ length: documents }, (_, index) => machinePassage(index));
  return {
    documents: async () => passages.map(({ documentId }) => ({ documentId, version: 'v1' })),
    sections: async (id) => passages.filter(({ documentId }) => documentId === id),
    findPassages: async (_query, { limit, exceptDocuments = [] }) =>
      passages.filter(({ documentId }) => !exceptDocuments.includes(documentId)).slice(0, limit),
  };
}

/** Name of a machine; no two are near-duplicates of each other. */
export function machineName(index: number): string {
  const syllables = ['bra', 'cil', 'dom', 'fen', 'gux', 'hov', 'jip', 'kra', 'lim', 'moz'];
  return `${syllables[index % 10]}${syllables[Math.floor(index / 10) % 10]}${syllables[(index * 7 + 3) % 10]}`;
}

/** Weight of a machine, which is its fact. */
export const machineWeight = (index: number): string => `${1000 + index} kilograms`;

function machinePassage(index: number): CorpusPassage {
  const text = `The ${machineName(index)} machine weighs ${machineWeight(index)} when it is empty. It was built for cold places, and nobody has moved it since the hall around it was put up.`;
  return {
    documentId: `docs:${index}.md`,
    titlePath: [`Machine ${machineName(index)}`],
    start: 10,
    end: 10 + text.length,
    text,
  };
}

export const callCost: Cost = { usd: 0.01, source: 'price-list', priceDate: '2026-01-01', basis: 'scripted' };

/** Said by the scripted model in place of a draft, by what the passage holds. */
export type Script = (
  passage: { name: string; weight: string; sentence: string },
  user: string,
) => string | null;

/**
 * A model by script: drafts a question on the machine of the passage, knows the answer with the evidence and nothing
 * without it. `draft` may say something else; null means the usual draft.
 */
export function scriptedQuestionModel(
  options: {
    draft?: Script;
    closedBook?: (question: string) => string;
    onCall?: () => void;
    delayMs?: number;
  } = {},
): QuestionModel & { calls: number } {
  const model = {
    id: 'scripted/writer',
    local: false,
    calls: 0,
    countTokens: async (text: string) => Math.ceil(text.length / 4),
    price: () => callCost,
    async generate({ messages, schema, signal }: Parameters<QuestionModel['generate']>[0]) {
      model.calls++;
      options.onCall?.();
      if (options.delayMs) await new Promise((done) => setTimeout(done, options.delayMs));
      signal?.throwIfAborted();
      const user = messages.at(-1)?.content ?? '';
      const sentence = /The (\w+) machine weighs (\d+ kilograms)[^.]*\./.exec(user);
      const [whole = '', name = '', weight = ''] = sentence ?? [];
      const text =
        schema !== undefined
          ? (options.draft?.({ name, weight, sentence: whole }, user) ??
            usualDraft(name, weight, whole, user))
          : whole !== ''
            ? `It weighs ${weight}.`
            : (options.closedBook?.(user) ?? 'NOT ANSWERABLE');
      return { text, usage: { ...noUsage, inputTokens: 100, outputTokens: 20, calls: 1 }, cost: callCost };
    },
  };
  return model;
}

function usualDraft(name: string, weight: string, sentence: string, user: string): string {
  if (user.includes('does not answer'))
    return JSON.stringify({ question: `Who designed the ${name} machine?` });
  return JSON.stringify({
    question: `How heavy is the ${name} machine?`,
    answer: `It weighs ${weight}.`,
    facts: [weight],
    quotes: [sentence],
    firstQuestion: `What is the ${name} machine built for?`,
    firstAnswer: 'For cold places.',
  });
}

/** Generation over a database file (or memory). */
export async function openGeneration(file: string) {
  const database = await openDatabase(file, [evaluationMigrations]);
  return { database, store: createCandidateStore(database) };
}

// Run as a program (by the test that kills it): node scripted-generation.fixture.ts DATABASE QUESTIONS
if (process.argv[1]?.endsWith('scripted-generation.fixture.ts') && process.argv[2] !== undefined) {
  const { database, store } = await openGeneration(process.argv[2]);
  const onCall = (): void => void process.stdout.write('.');
  await generateDataset({
    corpus: machineCorpus(60),
    store,
    model: scriptedQuestionModel({ onCall, delayMs: 5 }),
    kinds: ['single-fact', 'how-to'],
    count: Number(process.argv[3]),
    concurrency: 3,
  });
  await database.close();
}
