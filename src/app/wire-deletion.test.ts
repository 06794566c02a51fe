import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { localOwner, noCost, noUsage, sha256 } from '../core/index.ts';
import { textsOf } from '../database/index.ts';
import {
  createCandidateStore,
  createCellStore,
  createJudgeStore,
  createProposalStore,
  createReviewStore,
  createRunStore,
} from '../evaluation/index.ts';
import { openProject, type Project } from './project.ts';

let folder: string;
let project: Project;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-deletion-'));
  mkdirSync(join(folder, 'docs'));
});
afterEach(async () => {
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

/** A word that no compression makes shorter and nothing else holds. */
function newWord(): string {
  return Array.from(randomBytes(14), (byte) => String.fromCharCode(97 + (byte % 26))).join('');
}

function write(path: string, content: string): void {
  writeFileSync(join(folder, path), content);
}

async function open(): Promise<Project> {
  project = await openProject(folder);
  return project;
}

/** Files of the project's state that hold one of the words, as UTF-8, UTF-16 or in hex. */
function filesThatHold(words: readonly string[]): string[] {
  const needles = words.flatMap((word) => [
    Buffer.from(word),
    Buffer.from(word, 'utf16le'),
    Buffer.from(Buffer.from(word).toString('hex')),
  ]);
  return readdirSync(join(folder, '.fulcrum'), { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((file) => {
      const bytes = readFileSync(file);
      return needles.some((needle) => bytes.includes(needle));
    })
    .map((file) => file.slice(folder.length));
}

/** Keeps in every cache and queue what a long use of the project would leave there. */
async function fillCaches(words: readonly string[]): Promise<void> {
  const database = await project.database();
  const spent = { usage: noUsage, cost: noCost };
  await createJudgeStore(database).keep('judge-1', 'j', {
    reply: { reason: `It says ${words[0]}.` },
    ...spent,
  });
  await createJudgeStore(database).keep('judge-2', 'j', { reply: { reason: 'It says nothing.' }, ...spent });
  const candidates = createCandidateStore(database);
  await candidates.keepCall('call-1', 'm', { text: `What is ${words[1]}?`, ...spent });
  await candidates.keepCandidate('plan', 0, {
    kind: 'single-fact',
    origin: { documentId: 'docs:secret.md', start: 0, end: 5 },
    sample: { id: 'c', input: 'Which?', answerable: true, facts: [[words[2]!]] },
    gates: {},
    rejected: null,
  });
  await createCellStore(database).keep([
    {
      claim: 'c',
      evidence: 'e',
      judge: 'j',
      sampleIndex: 0,
      verdict: 'supported',
      reason: `since ${words[3]} stands there`,
      source: 'judge',
    },
  ]);
  await createProposalStore(database).keep('questions', {
    sample: 'asked',
    sampleHash: 'h',
    proposer: 'rule',
    facts: [[words[0]!]],
  });
  await createReviewStore(database).keepReviews('questions', [
    {
      sample: 'asked',
      rater: 'ann',
      decision: 'edit',
      edit: { reference: `It is ${words[1]}.` },
      note: words[2]!,
      sampleHash: 'h',
    },
  ]);
}

/** A request to the server about the document, and what somebody said of the answer. */
async function askServer(words: readonly string[]): Promise<string> {
  const { answering, feedback } = await project.serving();
  const trace = 'a'.repeat(32);
  const { answer, traced } = await answering.answer({
    trace,
    door: 'ask',
    target: 'extract',
    input: `What is the ${words[0]} of ${words[1]}?`,
    principal: localOwner,
    key: null,
    conversation: null,
  });
  expect([traced, answer.answer.includes(words[2]!)]).toEqual([true, true]);
  await feedback.give({ trace, thumbs: 'down', comment: `No, ${words[3]}!` }, 'ann', {
    tenant: localOwner.tenant,
  });
  return trace;
}

it('leaves no trace of a document in index, versions, runs, datasets, caches and the bytes of the files', async () => {
  const words = Array.from({ length: 12 }, newWord);
  const before = Array.from({ length: 12 }, newWord);
  const sentence = (of: readonly string[]) =>
    `The ${of[0]} of ${of[1]} is ${of[2]}, and ${of.slice(3).join(' ')}.`;
  write('docs/secret.md', `# ${before[0]} report\n\n${sentence(before)}\n`);
  write('docs/tea.md', '# Tea\n\nGreen tea is brewed at seventy degrees and poured after two minutes.\n');
  write(
    'fulcrum.config.json',
    JSON.stringify({
      sources: { docs: { type: 'files', directory: 'docs' } },
      variants: { extract: { reader: 'extract' } },
      embedding: false,
    }),
  );
  await open();
  await (await project.knowledge()).sync();
  write('docs/secret.md', `# ${words[0]} report\n\n${sentence(words)}\n`);
  await (await project.knowledge()).sync();
  const rows = [
    {
      id: 'asked',
      input: `What is the ${words[0]}?`,
      facts: [[words[2]]],
      reference: sentence(words),
      evidence: [{ document: 'docs:secret.md', quote: sentence(words) }],
    },
    { id: 'made', input: `Name the ${words[1]}.`, facts: [[words[2]]], tags: ['generated'] },
    {
      id: 'tea',
      input: 'How hot is green tea brewed?',
      facts: [['seventy']],
      evidence: [{ document: 'docs:tea.md' }],
    },
  ];
  rows[1]!.evidence = [{ document: 'docs:secret.md', quote: sentence(words) }];
  write('questions.jsonl', rows.map((row) => JSON.stringify(row)).join('\n'));
  const evaluation = await project.evaluation();
  await evaluation.importDataset({ path: join(folder, 'questions.jsonl'), name: 'questions' });
  const [first] = await evaluation.run({ dataset: 'questions', variants: ['extract'], repeats: 2 });
  await fillCaches(words);
  const trace = await askServer(words);
  const scoresBefore = await evaluation.scoreRows([first!.id], 'correct');
  expect(filesThatHold(words).length).toBeGreaterThan(0);

  const deletion = await project.deletion();
  const request = { ids: ['docs:secret.md'], reason: 'request 17' };
  const plan = await deletion.plan(request);
  expect(filesThatHold(words).length).toBeGreaterThan(0);
  expect((await evaluation.runs.showSample(first!.id, 'asked')).views[0]?.answer?.answer).toContain(words[2]);
  const { receipt, path } = await deletion.delete({ ...request, questions: true });
  expect(filesThatHold([...words, ...before])).toEqual([]);
  for await (const { table, text } of textsOf(await project.database()))
    for (const word of [...words, ...before]) expect(text.includes(word), `${table}: ${text}`).toBe(false);

  const removed = Object.fromEntries(receipt.removed.map(({ surface, removed: n }) => [surface, n]));
  expect(Object.fromEntries(plan.removed.map(({ surface, removed: n }) => [surface, n]))).toEqual(removed);
  expect(removed).toMatchObject({
    'documents that could be found': 1,
    'texts of documents, live and of older versions': 2,
    'samples of datasets': 2,
    'answers, with their citations and contexts': 4,
    'results whose answer is gone (scores stay)': 4,
    'replies of judges': 1,
    'replies of models that make questions': 1,
    'candidates for questions': 1,
    'reasons of verdicts on claims': 1,
    'proposed facts': 1,
    'decisions of reviewers': 1,
    'texts of traces': 1,
    'comments and corrections of feedback': 1,
  });
  const { traces, feedback } = await project.serving();
  expect(await traces.get(trace, { tenant: localOwner.tenant })).toMatchObject({
    content: null,
    erased: receipt.id,
    status: 'answered',
  });
  expect(await feedback.of(trace)).toMatchObject([{ thumbs: 'down' }]);
  expect(receipt.documents).toEqual([
    {
      id: 'docs:secret.md',
      versions: [before, words].map((of) => sha256(`# ${of[0]} report\n\n${sentence(of)}\n`)).sort(),
    },
  ]);
  expect(receipt.tunedModels).toEqual([]);

  // Scores stay, and the run says what it lost.
  expect(await evaluation.scoreRows([first!.id], 'correct')).toEqual(scoresBefore);
  const { erasures, report } = await evaluation.overview(first!.id);
  expect(report.n).toBe(3);
  expect(erasures).toEqual({ answers: 4, samples: 2, deletions: [receipt.id] });
  const { views } = await evaluation.runs.showSample(first!.id, 'asked');
  expect(views.map(({ answer, erasedBy }) => [answer, erasedBy])).toEqual([
    [null, receipt.id],
    [null, receipt.id],
  ]);
  expect(views[0]?.erasedSample).toEqual({ deletion: receipt.id, question: null });
  const tea = await evaluation.runs.showSample(first!.id, 'tea');
  expect(tea.views[0]?.answer?.answer).toContain('seventy');
  await expect(evaluation.runs.rerun(first!.id, {})).rejects.toMatchObject({ code: 'run-not-repeatable' });

  // A process that was asking meanwhile brings an answer that is not kept.
  const runs = createRunStore(await project.database());
  const citing = {
    ...tea.views[0]!.answer!,
    contexts: [{ documentId: 'docs:secret.md', start: 0, end: 9, score: 1 }],
  };
  await runs.keepAnswer('asked', { key: 'late', variant: 'extract', answer: citing });
  await runs.keepAnswer('tea', { key: 'other', variant: 'extract', answer: tea.views[0]!.answer! });
  expect([...(await runs.knownAnswers(['late', 'other']))]).toEqual(['other']);

  // A second look, by the receipt, in a project opened anew.
  await project.close();
  await open();
  const again = await project.deletion();
  expect(await again.check(path)).toEqual({
    id: receipt.id,
    intact: true,
    ours: true,
    cameBack: [],
    traces: [],
  });
  const { hits } = await (await project.knowledge()).retriever.retrieve(words[0]!, localOwner);
  expect(hits.map((hit) => hit.documentId)).not.toContain('docs:secret.md');
  // What somebody writes down again is found by the receipt: its passages are looked for by their hashes.
  await createReviewStore(await project.database()).keepReviews('questions', [
    { sample: 'tea', rater: 'bob', decision: 'skip', edit: null, note: sentence(words), sampleHash: 'h' },
  ]);
  expect((await again.check(path)).traces).toEqual([{ where: 'sample_reviews.note', count: 1 }]);
  writeFileSync(path, JSON.stringify({ ...receipt, reason: 'another' }));
  expect(await again.check(path)).toMatchObject({ intact: false });
  writeFileSync(path, '{');
  await expect(again.check(path)).rejects.toMatchObject({ code: 'receipt-invalid' });
}, 20_000);
