// Search on judged sets: Fulcrum beside its keyword arm alone, its vector arm alone, LangChain.js and Mastra with the same embedding
// model on the same texts. Paired differences with intervals clustered by document, one command for all of them.
//
//   node bench/retrieval.ts [--quick] [--only scifact,xquad-en] [--no-peers] [--json FILE]
//
// Peers are installed on demand: (cd bench/peers/retrieval && npm install --legacy-peer-deps). Data: FULCRUM_SHARED_DATA (default
// ../shared/data) and bench/questions. Vectors are kept in FULCRUM_BENCH_CACHE (default: fulcrum-bench in the temporary folder) by what was embedded,
// so that a second run embeds nothing and a run that was killed goes on. `--quick` asks at most 100 questions of each set, over the documents that
// answer them and a tenth of the others, and does not tune.
import { writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { type RankedPassage, renderTuningReport } from '../src/experiments/index.ts';
import { resolveEmbeddingModel } from '../src/models/index.ts';
import { cacheEmbeddings } from './retrieval/cached-embedding-model.ts';
import { type Cell, compareCell, judge, mean, metricsOf } from './retrieval/cells.ts';
import type { Contestant } from './retrieval/contestant.ts';
import {
  type JudgedCorpus,
  type JudgedQuestion,
  type JudgedQuestions,
  judgedCorpora,
} from './retrieval/judged-sets.ts';
import { type OurIndex, ours, syncCorpus, tuneOn } from './retrieval/ours.ts';
import { langchain, mastra, peersInstalled } from './retrieval/peers.ts';

const { values: flags } = parseArgs({
  options: {
    quick: { type: 'boolean', default: false },
    only: { type: 'string' },
    peers: { type: 'boolean', default: true },
    json: { type: 'string' },
  },
  allowNegative: true,
});

const notice = (text: string): void => console.error(text);
const model = cacheEmbeddings(
  await resolveEmbeddingModel('local/bge-small-en-v1.5', { providers: {}, prices: {}, onNotice: notice }),
  join(process.env.FULCRUM_BENCH_CACHE ?? join(tmpdir(), 'fulcrum-bench'), 'embeddings.db'),
);

/** Values by metric of each question, for one contestant. */
async function measure(
  kind: JudgedCorpus['kind'],
  { name, search }: Contestant,
  questions: readonly JudgedQuestion[],
): Promise<{ name: string; values: number[][]; seconds: number }> {
  const startedAt = performance.now();
  const lists: (readonly RankedPassage[])[] = [];
  for (const { input } of questions) lists.push(await search(input));
  const values = lists.map((passages, index) => judge(kind, passages, questions[index]!));
  return { name, values, seconds: (performance.now() - startedAt) / 1000 };
}

async function comparePart(
  corpus: JudgedCorpus,
  part: JudgedQuestions,
  index: OurIndex,
  contestants: readonly Contestant[],
): Promise<Cell[]> {
  const { questions } = part;
  const set = `${corpus.name} ${part.name}`;
  const metrics = metricsOf(corpus.kind);
  const all = [
    ours('Fulcrum', index, 'hybrid'),
    ours('BM25 alone', index, 'keyword'),
    ours('dense alone', index, 'vector'),
    ...contestants,
  ];
  if (part.tuning && !flags.quick) {
    const report = await tuneOn(index, part.tuning);
    console.log(`\n${renderTuningReport(report)}`);
    all.unshift(ours('Fulcrum tuned', index, 'hybrid', { vectorWeight: report.chosen.weight }));
  }
  const measured: Awaited<ReturnType<typeof measure>>[] = [];
  for (const contestant of all) measured.push(await measure(corpus.kind, contestant, questions));
  console.log(`\n${set}: ${questions.length} questions`);
  console.table(
    measured.map(({ name, values, seconds }) => ({
      name,
      ...Object.fromEntries(
        metrics.map((metric, at) => [metric, mean(values.map((each) => each[at]!)).toFixed(3)]),
      ),
      'ms a search': ((1000 * seconds) / questions.length).toFixed(1),
    })),
  );
  const cells = metrics.flatMap((metric, at) => {
    const column = (name: string): number[] =>
      measured.find((each) => each.name === name)!.values.map((each) => each[at]!);
    const tuned = measured.some(({ name }) => name === 'Fulcrum tuned');
    return (tuned ? ['Fulcrum', 'Fulcrum tuned'] : ['Fulcrum']).flatMap((mine) =>
      measured
        .filter(({ name }) => name !== mine && (mine === 'Fulcrum tuned' || !name.startsWith('Fulcrum')))
        .map(({ name }) =>
          compareCell(
            {
              set,
              metric,
              against: mine === 'Fulcrum' ? name : `${name} (tuned)`,
              within: name.startsWith('Fulcrum') ? undefined : part.within,
            },
            questions,
            column(mine),
            column(name),
          ),
        ),
    );
  });
  console.table(
    cells.map(({ metric, against, difference, low, high, verdict, within }) => ({
      ...{
        metric,
        against,
        difference: signed(difference),
        interval: `[${signed(low)}, ${signed(high)}]`,
        verdict,
      },
      within: within === null ? '' : `${within.holds ? 'above' : 'NOT above'} -${within.limit}`,
    })),
  );
  return cells;
}

/** So many of a list, spread over it evenly. */
function spread<Item>(items: readonly Item[], count: number): Item[] {
  if (items.length <= count) return [...items];
  return Array.from({ length: count }, (_, at) => items[Math.floor((at * items.length) / count)]!);
}

function signed(value: number): string {
  return `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}

/** A tenth of the work: fewer questions, and of the documents those that answer them and some of the others. */
function quickened(corpus: JudgedCorpus): JudgedCorpus {
  const parts = corpus.parts.map((part) => ({ ...part, questions: spread(part.questions, 100) }));
  return { ...corpus, name: `${corpus.name} (quick)`, parts };
}

async function compareCorpus(corpus: JudgedCorpus): Promise<Cell[]> {
  const index = await syncCorpus(corpus, model, flags.quick ? 0.1 : 1);
  console.log(`\n${corpus.name}: ${index.documents.length} documents, ${index.chunks} chunks`);
  try {
    const contestants = withPeers
      ? [
          ...(await langchain(index.documents, model, notice)),
          ...(await mastra(index.documents, model, notice)),
        ]
      : [];
    const cells: Cell[] = [];
    for (const part of corpus.parts) cells.push(...(await comparePart(corpus, part, index, contestants)));
    return cells;
  } finally {
    await index.close();
  }
}

const withPeers = flags.peers && peersInstalled();
if (flags.peers && !withPeers)
  notice(
    'Without peers: they are not installed (cd bench/peers/retrieval && npm install --legacy-peer-deps).',
  );
const only = flags.only?.split(',');
const startedAt = performance.now();
const cells: Cell[] = [];
for (const corpus of await judgedCorpora())
  if (only === undefined || only.some((name) => corpus.name.startsWith(name)))
    cells.push(...(await compareCorpus(flags.quick ? quickened(corpus) : corpus)));
const below = cells.filter(({ verdict }) => verdict === 'below');
const loose = cells.filter(({ within, metric }) => within && !within.holds && metric === 'nDCG@10');
const atOnce = cells.map(({ among }) => among(cells.length));
console.log(
  `\n${cells.length} cells, each by its own interval at .95: above in ${cells.filter(({ verdict }) => verdict === 'above').length}, below in ${below.length}; all at once (Bonferroni): above in ${atOnce.filter(({ low }) => low > 0).length}, below in ${atOnce.filter(({ high }) => high < 0).length}; the mean is lower, shown or not, in ${cells.filter(({ difference }) => difference < 0).length}${below.map(({ set, metric, against }) => `\n  below: ${set}, ${metric}, ${against}`).join('')}`,
);
for (const { set, against, low } of loose)
  console.log(`  nDCG@10 not shown within .01: ${set}, ${against} (lower end ${signed(low)})`);
console.log(
  `${model.made} texts embedded in this run, ${((performance.now() - startedAt) / 1000).toFixed(0)} s`,
);
if (flags.json) writeFileSync(flags.json, `${JSON.stringify(cells, null, 2)}\n`);
await model.close();
process.exitCode = below.length > 0 ? 1 : 0;
