/**
 * handbook-18f at its three dates in order: what `versions diff` shows and what was embedded, whether `extract` cites the gold span at each date, and
 * whether rollback gives the first date's answers back.
 * Usage: node bench/dates.ts
 * Data: FULCRUM_SHARED_DATA (default ../shared/data), questions: bench/questions. Vectors are kept as bench/retrieval.ts keeps them.
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Answer, localOwner } from '../src/core/index.ts';
import { createIndexVersions, createSource } from '../src/knowledge/index.ts';
import { resolveEmbeddingModel } from '../src/models/index.ts';
import { openCorpus } from './open-corpus.ts';
import { questionsAt, readQuestions } from './questions/load-questions.ts';
import { cacheEmbeddings } from './retrieval/cached-embedding-model.ts';

const set = 'handbook-18f';
const dates = ['2023-01-01', '2024-01-01', '2025-02-27'] as const;
const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');
const folder = mkdtempSync(join(tmpdir(), 'fulcrum-dates-'));
const model = cacheEmbeddings(
  await resolveEmbeddingModel('local/bge-small-en-v1.5', { providers: {}, prices: {} }),
  join(process.env.FULCRUM_BENCH_CACHE ?? join(tmpdir(), 'fulcrum-bench'), 'embeddings.db'),
);
const corpus = await openCorpus(folder, model);
const { synchroniser } = corpus;
const versions = createIndexVersions({ database: corpus.database, tenant: localOwner.tenant });
const extract = await corpus.extract({ sentences: 4 });

const changed = new Set(readQuestions(set).flatMap(({ id, changed: isOther }) => (isOther ? [id] : [])));

async function askAll(date: string): Promise<Map<string, { answer: Answer; cited: boolean }>> {
  const answers = new Map<string, { answer: Answer; cited: boolean }>();
  for (const { id, input, document, start, end } of questionsAt(set, date)) {
    const answer = await extract.answer({ input, principal: localOwner });
    const cited = answer.citations.some(
      (citation) =>
        citation.documentId === `${set}:${document}` && citation.start < end && citation.end > start,
    );
    answers.set(id, { answer, cited });
  }
  return answers;
}

const asked = [];
const rows = [];
for (const date of dates) {
  const source = createSource(
    set,
    { type: 'files', directory: join(shared, set, date) },
    { projectDirectory: '.' },
  );
  const report = await synchroniser.sync([source]);
  const { number, added, changed: other, removed, renamed, embedded } = await versions.get('live');
  const diff = number > 1 ? await versions.diff(String(number - 1), String(number)) : null;
  const answers = await askAll(date);
  asked.push(answers);
  const all = [...answers];
  const ofChanged = all.filter(([id]) => changed.has(id));
  rows.push({
    date,
    documents: added + other + report.unchanged + renamed,
    'added/changed/removed/renamed': [added, other, removed, renamed].join('/'),
    chunks: report.chunks,
    embedded,
    'new texts by diff': diff === null ? '-' : diff.texts,
    'gold span cited': `${all.filter(([, { cited }]) => cited).length} of ${all.length}`,
    'of changed questions': `${ofChanged.filter(([, { cited }]) => cited).length} of ${ofChanged.length}`,
  });
}
console.table(rows);
const [first, , last] = asked;
const both = [...changed].filter((id) => first?.has(id) && last?.has(id));
console.log(
  `${both.filter((id) => first!.get(id)!.answer.answer !== last!.get(id)!.answer.answer).length} of ${both.length} questions with another answer at the first and the last date were answered otherwise.`,
);
const { embedded } = await synchroniser.rollback(1);
const again = await askAll(dates[0]);
const same = [...again].filter(([id, { answer }]) => {
  const then = first!.get(id)!.answer;
  return answer.answer === then.answer && JSON.stringify(answer.citations) === JSON.stringify(then.citations);
}).length;
console.log(
  `Rolled back to ${dates[0]}: ${same} of ${again.size} answers and their citations are the same, ${embedded} texts embedded.`,
);
await corpus.close();
rmSync(folder, { recursive: true, force: true });
