/**
 * What a reader can tell of chunks that they may not read, with and without `isolateStatistics`: how keyword scores, the order of hits and
 * times change when such chunks are added. The reader's own chunks stay the same, made up as those of `bench/store.ts`.
 *
 *   node bench/observed.ts [--own 5000] [--hidden 5000] [--queries 200]
 */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import type { Principal } from '../src/core/index.ts';
import { type ArmHit, type ChunkStore, createLanceStore } from '../src/knowledge/index.ts';
import { createRandom, zipfWord } from './store/corpus.ts';
import { quantile } from './store/search.ts';

const { values } = parseArgs({
  options: {
    own: { type: 'string', default: '5000' },
    hidden: { type: 'string', default: '5000' },
    queries: { type: 'string', default: '200' },
  },
});
const reader: Principal = { tenant: 'local', user: 'ann', groups: [] };
/** A word of one own chunk, that the hidden ones may hold too. */
const probe = 'merger';
const probes = [0, 1, 10, 100];

function addChunks(store: ChunkStore, owner: string, count: number, extra: (index: number) => string) {
  const chunks = Array.from({ length: count }, (_, index) => {
    const random = createRandom(index + (owner === 'ann' ? 0 : 9_000_000));
    const words = Array.from({ length: 90 + Math.floor(random() * 61) }, () => zipfWord(random));
    const documentId = `${owner}:d${index}`;
    return {
      ...{ id: `${documentId}@0#0`, documentId, version: '0', source: owner, readers: [`user:${owner}`] },
      ...{ language: null, date: null, tags: [] },
      indexedText: `${words.join(' ')} ${extra(index)}`,
    };
  });
  return store.addChunks('local', chunks);
}

interface Seen {
  readonly lists: readonly (readonly ArmHit[])[];
  readonly probe: number;
  readonly ms: number;
}

/** What the reader sees beside hidden chunks, `held` of which hold the probe. */
async function look(isolateStatistics: boolean, hidden: number, held: number): Promise<Seen> {
  const directory = mkdtempSync(join(tmpdir(), 'fulcrum-observed-'));
  const store = createLanceStore({ directory, isolateStatistics });
  await addChunks(store, 'ann', Number(values.own), (index) => (index === 0 ? probe : ''));
  if (hidden > 0) await addChunks(store, 'bob', hidden, (index) => (index < held ? probe : ''));
  await store.optimize('local');
  const times: number[] = [];
  const lists: ArmHit[][] = [];
  for (let index = 0; index < Number(values.queries); index++) {
    const random = createRandom(77_000_000 + index);
    const words = Array.from({ length: 4 }, () => zipfWord(random)).join(' ');
    const startedAt = performance.now();
    lists.push(await store.searchKeywords(reader, words, 100));
    times.push(performance.now() - startedAt);
  }
  const [hit] = await store.searchKeywords(reader, probe, 1);
  await store.close();
  rmSync(directory, { recursive: true });
  return { lists, probe: hit?.score ?? Number.NaN, ms: quantile(times, 0.5) };
}

/** Shares of queries whose ten first hits are other ones, or the same in another order; and the change of the scores of all hits. */
function compare(before: Seen, after: Seen) {
  const changes: number[] = [];
  let [others, reordered] = [0, 0];
  for (const [index, list] of before.lists.entries()) {
    const scores = new Map(after.lists[index]!.map(({ id, score }) => [id, score]));
    for (const { id, score } of list) if (scores.has(id)) changes.push(Math.abs(scores.get(id)! / score - 1));
    const [one, two] = [list, after.lists[index]!].map((hits) => hits.slice(0, 10).map(({ id }) => id));
    if (one!.join() === two!.join()) continue;
    if (one!.every((id) => two!.includes(id))) reordered++;
    else others++;
  }
  const share = (count: number): string => `${((100 * count) / before.lists.length).toFixed(1)} %`;
  return { others: share(others), reordered: share(reordered), changes };
}

const [own, hidden] = [Number(values.own), Number(values.hidden)];
console.log(
  `${own} chunks of the reader; ${hidden} that they may not read are added; ${values.queries} queries`,
);
for (const isolated of [false, true]) {
  console.log(isolated ? '\nwith isolateStatistics' : '\nwithout isolateStatistics');
  const before = await look(isolated, 0, 0);
  for (const held of probes) {
    const after = await look(isolated, hidden, held);
    if (held === 0) {
      const { others, reordered, changes } = compare(before, after);
      const [middle, most] = [quantile(changes, 0.5), Math.max(...changes)].map((x) => (100 * x).toFixed(1));
      console.log(`scores change by ${middle} % in the middle, by ${most} % at most`);
      console.log(`first ten hits: others for ${others} of queries, another order for ${reordered}`);
      console.log(
        `time of a keyword search, p50: ${before.ms.toFixed(1)} ms before, ${after.ms.toFixed(1)} ms after`,
      );
    }
    console.log(
      `score of the one own chunk with a word that ${held} hidden ones have: ${after.probe.toFixed(3)}`,
    );
  }
}
