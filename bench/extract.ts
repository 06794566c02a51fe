/**
 * Quality of the reader `extract` on XQuAD-en: how often the gold answer is inside the quoted sentences with refusal
 * off, and risk over coverage on a corpus of which half of the gold paragraphs is withheld.
 * Usage: node bench/extract.ts [--sample n]
 * Data: FULCRUM_SHARED_DATA (default ../shared/data). Half A (by hash of the question's id) was used to choose the
 * weights of sentences and the refusal; half B was not.
 */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type Answer, localOwner } from '../src/core/index.ts';
import { createSource, type Retriever } from '../src/knowledge/index.ts';
import { resolveEmbeddingModel } from '../src/models/index.ts';
import { defaultRefusal } from '../src/variants/index.ts';
import { openCorpus } from './open-corpus.ts';

interface GoldQuestion {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly string[];
  readonly document: string;
  readonly half: 'A' | 'B';
}

interface Outcome {
  readonly question: GoldQuestion;
  readonly answer: Answer;
  /** The gold answer stands in one of the quotes. */
  readonly held: boolean;
}

const folder = join(
  process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data'),
  'xquad-en/beir',
);
const sourceName = 'xquad-en';

/** Half of anything, by hash. */
const isOdd = (text: string): boolean => (createHash('md5').update(text).digest()[0] ?? 0) % 2 === 1;

function readQuestions(): GoldQuestion[] {
  const qrels = readFileSync(join(folder, 'qrels.tsv'), 'utf8').trim().split('\n').slice(1);
  const gold = new Map(qrels.map((line) => line.split('\t')).map(([query = '', key = '']) => [query, key]));
  return readFileSync(join(folder, 'queries.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => JSON.parse(line) as { _id: string; text: string; answers: string[] })
    .map(({ _id, text, answers }) => ({
      id: _id,
      text,
      answers,
      document: `${sourceName}:${gold.get(_id)}`,
      half: isOdd(_id) ? 'B' : 'A',
    }));
}

const share = (part: number, all: number): string => (all === 0 ? '-' : (part / all).toFixed(3));

const { values } = parseArgs({ options: { sample: { type: 'string' } } });
const questions = readQuestions().slice(0, values.sample ? Number(values.sample) : undefined);
const corpus = await openCorpus(
  join(tmpdir(), 'fulcrum-bench', 'extract'),
  await resolveEmbeddingModel('local/bge-small-en-v1.5', { providers: {}, prices: {} }),
);
const { retriever } = corpus;
await corpus.synchroniser.sync([
  createSource(sourceName, { type: 'beir', directory: folder }, { projectDirectory: '.' }),
]);

/** Every question answered over what a retriever finds, with refusal off; confidence is kept. */
async function answerAll(over: Retriever): Promise<Outcome[]> {
  const variant = await corpus.extract({ over });
  const outcomes: Outcome[] = [];
  for (const question of questions) {
    const answer = await variant.answer({ input: question.text, principal: localOwner });
    const held = question.answers.some((gold) => answer.citations.some(({ quote }) => quote.includes(gold)));
    outcomes.push({ question, answer, held });
  }
  return outcomes;
}

const startedAt = performance.now();
const full = await answerAll(retriever);
const seconds = (performance.now() - startedAt) / 1000;
console.log(`\nextract on XQuAD-en, refusal off (${questions.length} questions, ${seconds.toFixed(0)} s)`);
console.table(
  (['A', 'B', 'all'] as const).map((half) => {
    const rows = full.filter(({ question }) => half === 'all' || question.half === half);
    return {
      half,
      n: rows.length,
      'answer in at most two quoted sentences': share(rows.filter(({ held }) => held).length, rows.length),
    };
  }),
);

const gold = [...new Set(questions.map(({ document }) => document))].sort();
const withheld = new Set(gold.filter((document) => isOdd(`withheld ${document}`)));
const halved = await answerAll({
  retrieve: (query, principal, options) =>
    retriever.retrieve(query, principal, {
      ...options,
      filter: { ...options?.filter, exceptDocuments: [...withheld] },
    }),
});
console.log(`\n${withheld.size} of ${gold.length} gold paragraphs withheld; half B, best confidence first`);
const judged = halved
  .filter(({ question }) => question.half === 'B')
  .sort((a, b) => (b.answer.confidence ?? 0) - (a.answer.confidence ?? 0));
console.table(
  [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((coverage) => {
    const answered = judged.slice(0, Math.round(coverage * judged.length));
    return {
      coverage,
      'lowest confidence': answered.at(-1)?.answer.confidence?.toFixed(2),
      'risk (answer not in the quotes)': share(answered.filter(({ held }) => !held).length, answered.length),
    };
  }),
);
const correct = (rows: readonly Outcome[], threshold: number): string =>
  share(
    rows.filter(({ question, answer, held }) => {
      const refused = (answer.confidence ?? 0) < threshold;
      return withheld.has(question.document) ? refused : held && !refused;
    }).length,
    rows.length,
  );
console.log('Correct (answer quoted, or refused where the paragraph is withheld), half B');
console.table(
  [0, 0.3, defaultRefusal.minConfidence, 0.6, 1].map((threshold) => ({
    minConfidence: threshold,
    correct: correct(judged, threshold),
  })),
);
await corpus.close();
