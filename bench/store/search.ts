/** Searching a corpus that was taken in: speed and recall behind filters, beside the plainest references. */
import { join } from 'node:path';
import { ownersGroup, type Principal, readerTokens } from '../../src/core/index.ts';
import { createRetriever } from '../../src/knowledge/index.ts';
import {
  centreOf,
  chunksPerDocument,
  createRandom,
  dimensions,
  readersOf,
  vectorNear,
  vectorOf,
  zipfWord,
} from './corpus.ts';
import { openRoom } from './phases.ts';

const found = 10;

/** One principal's figures; times are medians in milliseconds. */
export interface SearchFigures {
  readonly filter: string;
  readonly readable: number;
  readonly keyword: number;
  readonly vector: number;
  readonly hybrid: number;
  readonly hybrid95: number;
  /** Share of the ten nearest that the vector arm finds, and of lists that are full. */
  readonly recall: number;
  readonly full: number;
  /** References of the same run: a scan of plain arrays, and both arms by the bare library, nothing fused or checked. */
  readonly scan: number;
  readonly bare: number;
}

export function quantile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;
}

const principals: readonly [string, string][] = [
  ['none', ownersGroup],
  ['10 %', 'tenth'],
  ['1 %', 'hundredth'],
  ['0.1 %', 'thousandth'],
];

export interface Query {
  readonly text: string;
  readonly vector: Float32Array;
}

/** Questions near the topics of the corpus: three words as they come, three rarer ones. */
export function makeQueries(count: number, chunks: number): Query[] {
  return Array.from({ length: count }, (_, index) => {
    const random = createRandom(41_000_000 + index);
    const centre = centreOf(Math.floor(random() * chunks));
    const words = [zipfWord(random), zipfWord(random), zipfWord(random)];
    while (words.length < 6) {
      const word = zipfWord(random);
      if (word.length > 6) words.push(word);
    }
    return { text: `q${index} ${words.join(' ')}`, vector: vectorNear(centre, 43_000_000 + index, 0.7) };
  });
}

/** The chunks of the nearest vectors among some, by a plain scan. */
function scan(all: Float32Array, rows: readonly number[], query: Float32Array): number[] {
  const scores = new Float64Array(rows.length);
  for (let index = 0; index < rows.length; index++) {
    const start = rows[index]! * dimensions;
    let [a, b, c, d] = [0, 0, 0, 0];
    for (let i = 0; i < dimensions; i += 4) {
      a += all[start + i]! * query[i]!;
      b += all[start + i + 1]! * query[i + 1]!;
      c += all[start + i + 2]! * query[i + 2]!;
      d += all[start + i + 3]! * query[i + 3]!;
    }
    scores[index] = a + b + c + d;
  }
  return best(rows, scores);
}

function best(rows: readonly number[], scores: Float64Array): number[] {
  const top: { row: number; score: number }[] = [];
  for (let index = 0; index < rows.length; index++) {
    const score = scores[index]!;
    if (top.length === found && score <= top[found - 1]!.score) continue;
    const at = top.findIndex((entry) => entry.score < score);
    top.splice(at < 0 ? top.length : at, 0, { row: rows[index]!, score });
    if (top.length > found) top.pop();
  }
  return top.map(({ row }) => row);
}

async function timed<T>(times: number[], work: () => Promise<T> | T): Promise<T> {
  const startedAt = performance.now();
  const result = await work();
  times.push(performance.now() - startedAt);
  return result;
}

/** The library by itself on the same tables: the best 100 of both arms behind the same filter, as ids and scores. */
async function openBare(folder: string) {
  const lancedb = await import('@lancedb/lancedb');
  const lance = await lancedb.connect(join(folder, 'index'));
  const [keywords, vectors] = await Promise.all(
    ['keywords_local', 'vectors_local'].map((name) => lance.openTable(name)),
  );
  return {
    async search({ text, vector }: Query, predicate: string): Promise<void> {
      await Promise.all([
        keywords!
          .query()
          .fullTextSearch(new lancedb.MatchQuery(text, 'indexed_text'))
          .where(predicate)
          .select(['id', '_score'])
          .limit(100)
          .toArray(),
        vectors!
          .query()
          .nearestTo(vector)
          .distanceType('cosine')
          .where(predicate)
          .refineFactor(10)
          .select(['id', '_distance'])
          .limit(100)
          .toArray(),
      ]);
    },
    close: () => lance.close(),
  };
}

/** Figures for each principal, or those named; the corpus must be in the folder, with `added` chunks after it. */
export async function measureSearch(
  folder: string,
  chunks: number,
  count: number,
  {
    only = principals.map(([filter]) => filter),
    added = 0,
  }: { only?: readonly string[]; added?: number } = {},
): Promise<SearchFigures[]> {
  const queries = makeQueries(count, chunks);
  const present = chunks + added;
  const room = await openRoom(folder, { queries: queries.map(({ vector }) => vector) });
  const retriever = createRetriever(room);
  const bare = await openBare(folder);
  const all = new Float32Array(present * dimensions);
  for (let chunk = 0; chunk < present; chunk++) all.set(vectorOf(chunk), chunk * dimensions);
  const figures: SearchFigures[] = [];
  for (const [filter, group] of principals.filter(([name]) => only.includes(name))) {
    const who: Principal = { tenant: 'local', user: 'bench', groups: [group] };
    const rows: number[] = [];
    for (let chunk = 0; chunk < present; chunk++) {
      const document = Math.floor(chunk / chunksPerDocument);
      if (group === ownersGroup || readersOf(document).includes(`group:${group}`)) rows.push(chunk);
    }
    const predicate = `array_has_any(readers, [${readerTokens(who)
      .map((token) => `'${token}'`)
      .join(', ')}])`;
    const times = {
      keyword: [] as number[],
      vector: [] as number[],
      hybrid: [] as number[],
      scan: [] as number[],
      bare: [] as number[],
    };
    let [hits, wanted, full] = [0, 0, 0];
    for (const [index, query] of queries.entries()) {
      const warm = index < 5;
      const into = (list: number[]): number[] => (warm ? [] : list);
      await timed(into(times.keyword), () => room.store.searchKeywords(who, query.text, 100));
      const near = await timed(into(times.vector), () => room.store.searchVectors(who, query.vector, found));
      const list = await timed(into(times.hybrid), () =>
        retriever.retrieve(query.text, who, { limit: found }),
      );
      await timed(into(times.bare), () => bare.search(query, predicate));
      const exact = await timed(into(times.scan), () => scan(all, rows, query.vector));
      const ids = new Set(near.map(({ id }) => idOf(id)));
      hits += exact.filter((chunk) => ids.has(chunk)).length;
      wanted += exact.length;
      if (list.hits.length === Math.min(found, rows.length)) full++;
    }
    const median = (list: number[]): number => quantile(list, 0.5);
    figures.push({
      filter,
      readable: rows.length,
      keyword: median(times.keyword),
      vector: median(times.vector),
      hybrid: median(times.hybrid),
      hybrid95: quantile(times.hybrid, 0.95),
      recall: hits / wanted,
      full: full / queries.length,
      scan: median(times.scan),
      bare: median(times.bare),
    });
  }
  bare.close();
  await room.close();
  return figures;
}

/** Number of a chunk from its id in the index, `corpus:d12@…#3`. */
function idOf(id: string): number {
  const [, document, ordinal] = /:d(\d+)@[0-9a-f]+#(\d+)$/.exec(id) ?? [];
  return Number(document) * chunksPerDocument + Number(ordinal);
}
