import { existsSync } from 'node:fs';
import { basename, dirname, join, relative, resolve } from 'node:path';
import { findConfig, initProject, type Project } from '../../app/index.ts';
import { type Answer, FulcrumError, localOwner } from '../../core/index.ts';
import { questionsFromText, type TextPassage } from '../../evaluation/index.ts';
import type { Say } from './say.ts';

/** Questions made from the text, and documents they are made from at most. */
const madeQuestions = 60;
const documentsRead = 400;
const shownQuestions = 3;
const madeDataset = 'made-from-text';
/** Below this hit rate in the first five, something is wrong with the text rather than with the questions. */
const poorHitRate = 0.7;

/** What the demo found in somebody's own folder, for `--json`. */
export interface OwnFolderReport {
  readonly project: string;
  readonly documents: number;
  readonly failed: number;
  readonly chunks: number;
  readonly answers: readonly { question: string; answer: Answer }[];
  /** Retrieval on questions made from the text; null when the text gave none. */
  readonly retrieval: { n: number; arms: Readonly<Record<string, Readonly<Record<string, number>>>> } | null;
  readonly next: readonly string[];
}

/**
 * Folder of the project that is made for a folder of documents: beside it, named after it, so that the documents
 * stay as they are. Throws `directory-not-found`.
 */
export async function prepareOwnProject(documents: string): Promise<string> {
  const folder = resolve(process.env.INIT_CWD ?? '.', documents);
  if (!existsSync(folder)) throw new FulcrumError('directory-not-found', { path: documents });
  const project = join(dirname(folder), `${basename(folder)}-fulcrum`);
  if (!findConfig(project)) await initProject(project, relative(project, folder).replaceAll('\\', '/'));
  return project;
}

/** Ingests the folder, answers three questions about it and looks at retrieval alone; says what to do next. */
export async function demoOwnFolder(project: Project, say: Say): Promise<OwnFolderReport> {
  const knowledge = await project.knowledge();
  say.heading('Your documents');
  say.line(`  Project: ${project.directory} (config and index; delete it to start over)`);
  const synced = await knowledge.sync();
  const documents = synced.added + synced.changed + synced.unchanged;
  say.line(
    `  ${documents} documents, ${synced.chunks} chunks; ${synced.embedded} embedded now, ${synced.seconds.toFixed(1)} s.`,
  );
  for (const failure of synced.failed.slice(0, 5)) say.line(`  Skipped ${failure.uri}: ${failure.message}`);
  if (documents === 0) throw new FulcrumError('folder-without-documents', { path: project.directory });

  const passages = await readPassages(project);
  const answers = await showAnswers(project, passages, say);
  const retrieval = await diagnoseRetrieval(project, passages, say);
  const next = nextSteps(project);
  say.heading('What to do next');
  for (const [index, step] of next.entries()) say.line(`  ${index + 1}. ${step}`);
  return {
    project: project.directory,
    documents,
    failed: synced.failed.length,
    chunks: synced.chunks,
    answers,
    retrieval,
    next,
  };
}

/** Paragraphs of the documents with their exact places. */
async function readPassages(project: Project): Promise<TextPassage[]> {
  const { documents } = await project.knowledge();
  const passages: TextPassage[] = [];
  for (const { documentId } of (await documents.list(localOwner)).slice(0, documentsRead)) {
    const document = await documents.read(documentId, localOwner);
    if (!document) continue;
    const titlePath = [document.title ?? document.key];
    for (const found of document.text.matchAll(/\S(?:.|\n(?!\s*\n))*/g))
      passages.push({
        documentId,
        titlePath,
        start: found.index,
        end: found.index + found[0].length,
        text: found[0],
      });
  }
  return passages;
}

/** Asks about the titles of three documents, so that the answers can be judged at a glance. */
async function showAnswers(
  project: Project,
  passages: readonly TextPassage[],
  say: Say,
): Promise<OwnFolderReport['answers']> {
  say.heading('Three answers, quoted from your documents');
  const variant = await (await project.variants()).get(project.config.defaultVariant);
  const titles = [...new Set(passages.map((passage) => passage.titlePath[0] ?? ''))].filter(
    (title) => title !== '',
  );
  const step = Math.max(1, Math.floor(titles.length / shownQuestions));
  const answers: { question: string; answer: Answer }[] = [];
  for (const title of titles.filter((_, index) => index % step === 0).slice(0, shownQuestions)) {
    const question = `What do the documents say about ${title}?`;
    const answer = await variant.answer({ input: question, principal: localOwner });
    answers.push({ question, answer });
    say.answer(question, answer);
  }
  return answers;
}

/** Search alone, on questions made from the text by rule. */
async function diagnoseRetrieval(
  project: Project,
  passages: readonly TextPassage[],
  say: Say,
): Promise<OwnFolderReport['retrieval']> {
  say.heading('Retrieval alone, on questions made from the text');
  const samples = questionsFromText(passages, madeQuestions);
  if (samples.length === 0) {
    say.line('  The documents are too short to make questions from.');
    return null;
  }
  const evaluation = await project.evaluation();
  await evaluation.datasets.save(madeDataset, samples, 'made from the text');
  const { n, arms } = await evaluation.retrieval({ dataset: madeDataset, k: 10 });
  for (const [arm, metrics] of Object.entries(arms))
    say.line(
      `  ${arm.padEnd(8)} passage among the first 5: ${percent(metrics['hit@5'])}, first: ${percent(metrics['hit@1'])}   (n = ${n})`,
    );
  say.line(
    '  The questions are a title and rare words of one passage, made by rule. They flatter keyword search and say nothing',
  );
  say.line("  about your users' questions; a low figure here means text that search cannot reach.");
  const best = Math.max(...Object.values(arms).map((metrics) => metrics['hit@5'] ?? 0));
  if (best < poorHitRate)
    say.line('  It is low: look for pages that repeat each other, tables without words, or text in images.');
  return { n, arms };
}

function nextSteps(project: Project): string[] {
  const flag = `--project ${relative(process.env.INIT_CWD ?? process.cwd(), project.directory) || '.'}`;
  return [
    'Write 100 or more questions that your users ask, one JSON object a line (docs/datasets.md), with facts and quoted evidence.',
    `npx fulcrum dataset import questions.jsonl --name ours ${flag}`,
    `npx fulcrum eval run --dataset ours --variants extract,prompt,rag,oracle ${flag}`,
    'Add what you run today as a variant: fulcrum variants add --help (HTTP, a command, or recorded outputs).',
    `npx fulcrum decide --bar 0.8 ${flag}`,
  ];
}

function percent(share: number | undefined): string {
  return share === undefined ? '-' : `${Math.round(share * 100)} %`;
}
