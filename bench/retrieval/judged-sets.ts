import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Evidence } from '../../src/core/index.ts';
import type { SourceConfig } from '../../src/knowledge/index.ts';
import { type QuestionSet, questionSets, questionsAt, verifyQuestions } from '../questions/load-questions.ts';

/** A question with what it should find. */
export interface JudgedQuestion {
  readonly id: string;
  readonly input: string;
  /** Questions of one group are not independent: claims on one abstract, questions on one article or page. */
  readonly group: string;
  readonly gold: readonly Evidence[];
}

/** Questions of one language or date, over one corpus. */
export interface JudgedQuestions {
  readonly name: string;
  readonly questions: readonly JudgedQuestion[];
  /** Questions that settings may be tuned on; none of them is among `questions`. */
  readonly tuning?: readonly JudgedQuestion[] | undefined;
  /** Whether no other may be ahead by as much as .01 either. */
  readonly within?: number | undefined;
}

/** A corpus with the questions that are asked of it. */
export interface JudgedCorpus {
  readonly name: string;
  readonly source: SourceConfig;
  /** `documents`: nDCG@10 and recall@10 of documents; `spans`: evidence-span recall at equal token budgets. */
  readonly kind: 'documents' | 'spans';
  readonly parts: readonly JudgedQuestions[];
}

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');

function lines<Row>(file: string): Row[] {
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '')
    .map((line) => JSON.parse(line) as Row);
}

/** Queries of a BEIR folder with a relevant document, in the order of the file. */
function beirQuestions(
  corpus: string,
  folder: string,
  { queries, qrels }: { queries: string; qrels: string },
  groupOf: (documents: readonly string[]) => string,
): JudgedQuestion[] {
  const gold = new Map<string, Evidence[]>();
  for (const line of readFileSync(join(folder, qrels), 'utf8').trim().split('\n').slice(1)) {
    const [query = '', document = '', grade = '0'] = line.split('\t');
    if (Number(grade) <= 0) continue;
    gold.set(query, [
      ...(gold.get(query) ?? []),
      { document: `${corpus}:${document}`, grade: Number(grade) },
    ]);
  }
  return lines<{ _id: string; text: string }>(join(folder, queries)).flatMap(({ _id, text }) => {
    const evidence = gold.get(_id);
    if (!evidence) return [];
    return [
      { id: _id, input: text, group: groupOf(evidence.map(({ document }) => document)), gold: evidence },
    ];
  });
}

function scifact(): JudgedCorpus {
  const folder = join(shared, 'scifact');
  const questions = (split: string) =>
    beirQuestions(
      'scifact',
      folder,
      { queries: `queries.${split}.jsonl`, qrels: `qrels.${split}.tsv` },
      (documents) => [...documents].sort()[0]!,
    );
  return {
    name: 'scifact',
    source: { type: 'beir', directory: folder },
    kind: 'documents',
    parts: [{ name: 'dev', questions: questions('dev'), tuning: questions('train'), within: 0.01 }],
  };
}

function xquad(): JudgedCorpus {
  const folder = join(shared, 'xquad-en/beir');
  const questions = (queries: string) =>
    beirQuestions('xquad-en', folder, { queries, qrels: 'qrels.tsv' }, ([document = '']) =>
      document.slice(0, document.lastIndexOf('-')),
    );
  return {
    name: 'xquad-en',
    source: { type: 'beir', directory: folder },
    kind: 'documents',
    parts: [
      { name: 'English', questions: questions('queries.jsonl'), within: 0.01 },
      { name: 'German', questions: questions('queries.de.jsonl') },
      { name: 'Spanish', questions: questions('queries.es.jsonl') },
    ],
  };
}

/** Our own questions at one version of their documents. */
async function ownCorpus(set: QuestionSet, version: string): Promise<JudgedCorpus[]> {
  const directory = join(shared, set, version);
  if (!existsSync(directory)) return [];
  const problems = await verifyQuestions(set, shared, [version]);
  if (problems.length > 0) throw new Error(`Questions on ${set} do not fit: ${problems.join('; ')}`);
  const questions = questionsAt(set, version).map(({ id, input, document, start, end }) => ({
    ...{ id, input, group: document },
    gold: [{ document: `${set}:${document}`, start, end }],
  }));
  const newest = version === questionSets[set];
  return [
    {
      name: `${set} ${version}`,
      source: { type: 'files', directory },
      kind: 'spans',
      parts: [{ name: newest ? 'own questions' : 'questions that had an answer then', questions }],
    },
  ];
}

/** All corpora whose data and questions are there. */
export async function judgedCorpora(): Promise<JudgedCorpus[]> {
  return [
    ...(existsSync(join(shared, 'scifact')) ? [scifact()] : []),
    ...(existsSync(join(shared, 'xquad-en')) ? [xquad()] : []),
    ...(await ownCorpus('haystack-docs', '3.0')),
    ...(await ownCorpus('handbook-18f', '2023-01-01')),
    ...(await ownCorpus('handbook-18f', '2024-01-01')),
    ...(await ownCorpus('handbook-18f', '2025-02-27')),
  ];
}
