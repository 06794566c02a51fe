/**
 * The index at scale, through the real synchroniser, with a made-up corpus whose vectors cost nothing: text into search,
 * vectors, memory, filtered search, recall, and what a thousand single-document updates leave behind. References run beside
 * it: an exact scan of plain arrays, and both arms by the bare library. Each phase is a process of its own.
 *
 *   node bench/store.ts [--chunks 100000] [--queries 200] [--updates 1000] [--only ingest,memory,parse,search,updates]
 *
 * The corpus stays in the temporary folder, so that a later run may do only some phases.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { chunksPerDocument } from './store/corpus.ts';
import { changing, type Ingest, ingest, update } from './store/phases.ts';
import { measureSearch, quantile, type SearchFigures } from './store/search.ts';

const { values } = parseArgs({
  options: {
    chunks: { type: 'string', default: '100000' },
    queries: { type: 'string', default: '200' },
    updates: { type: 'string', default: '1000' },
    only: { type: 'string', default: 'ingest,memory,parse,search,updates' },
    phase: { type: 'string' },
  },
});
const chunks = Number(values.chunks);
const smaller = chunks / 5;
const folder = join(tmpdir(), 'fulcrum-bench-store');
const corpusOf = (size: number): string => join(folder, `corpus-${size}`);

/** What a phase does in its own process; it prints one JSON line. */
const phases: Record<string, () => Promise<unknown>> = {
  ingest: () => ingest(corpusOf(chunks), chunks, { parse: false, vectors: true }),
  memory: () => ingest(corpusOf(smaller), smaller, { parse: false, vectors: true }),
  parse: () => ingest(join(folder, 'parsed'), smaller, { parse: true, vectors: false }),
  search: () => measureSearch(corpusOf(chunks), chunks, Number(values.queries)),
  update: () => update(join(folder, 'updated'), chunks, Number(values.updates)),
  updated: () =>
    measureSearch(join(folder, 'updated'), chunks, Number(values.queries), {
      added: changing * chunksPerDocument,
    }),
};

if (values.phase) console.log(JSON.stringify(await phases[values.phase]!()));
else report();

/** Runs a phase in a process of its own. */
function run<T>(phase: string): T {
  const settings = ['--chunks', values.chunks, '--queries', values.queries, '--updates', values.updates];
  const child = spawnSync(process.execPath, [import.meta.filename, '--phase', phase, ...settings], {
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    maxBuffer: 1 << 28,
  });
  if (child.status !== 0) throw new Error(`the phase ${phase} ended with status ${child.status}`);
  return JSON.parse(child.stdout.trim().split('\n').at(-1)!) as T;
}

function report(): void {
  const only = new Set(values.only.split(','));
  mkdirSync(folder, { recursive: true });
  if (only.has('ingest')) {
    rmSync(corpusOf(chunks), { recursive: true, force: true });
    const large = run<Ingest>('ingest');
    printIngest('cut at blank lines', large);
    if (only.has('memory')) {
      rmSync(corpusOf(smaller), { recursive: true, force: true });
      const small = run<Ingest>('memory');
      printIngest('cut at blank lines', small);
      print('peak memory, large to small corpus', (large.peakMb / small.peakMb).toFixed(2));
    }
  }
  if (only.has('parse')) {
    rmSync(join(folder, 'parsed'), { recursive: true, force: true });
    printIngest('parsed and cut as documents are', run<Ingest>('parse'));
  }
  if (!existsSync(corpusOf(chunks)))
    throw new Error('there is no corpus of this size yet: add the phase "ingest"');
  const fresh = only.has('search') || only.has('updates') ? run<SearchFigures[]>('search') : [];
  if (fresh.length > 0) printSearch('fresh index', fresh);
  if (only.has('updates')) {
    rmSync(join(folder, 'updated'), { recursive: true, force: true });
    cpSync(corpusOf(chunks), join(folder, 'updated'), { recursive: true });
    const times = run<number[]>('update');
    print(
      `${times.length} single-document updates, p50 / p95 / mean of a whole sync`,
      `${ms(quantile(times, 0.5))} / ${ms(quantile(times, 0.95))} / ${ms(times.reduce((sum, time) => sum + time, 0) / times.length)} ms`,
    );
    const after = run<SearchFigures[]>('updated');
    printSearch('after the updates', after);
    for (const { filter, hybrid } of after)
      print(
        `hybrid search behind ${filter}, after to before`,
        (hybrid / fresh.find((row) => row.filter === filter)!.hybrid).toFixed(2),
      );
  }
}

function print(what: string, figure: string): void {
  console.log(`${what.padEnd(76)} ${figure}`);
}

function ms(value: number): string {
  return value.toFixed(1);
}

function printIngest(how: string, { chunks: count, textSeconds, vectorSeconds, peakMb }: Ingest): void {
  print(`${count} chunks into text search, ${how}`, `${Math.round(count / textSeconds)} chunks/s`);
  if (vectorSeconds !== null)
    print(`  their vectors into the index`, `${Math.round(count / vectorSeconds)} chunks/s`);
  print('  peak resident memory of the process', `${Math.round(peakMb)} MB`);
}

function printSearch(title: string, figures: readonly SearchFigures[]): void {
  console.log(`\n${title}: p50 in ms, the query's vector given`);
  console.log(
    'filter    readable  keyword   vector   hybrid   (p95)  recall@10  full lists  exact scan  bare library, both arms',
  );
  for (const row of figures)
    console.log(
      [
        row.filter.padEnd(8),
        String(row.readable).padStart(9),
        ms(row.keyword).padStart(8),
        ms(row.vector).padStart(8),
        ms(row.hybrid).padStart(8),
        `(${ms(row.hybrid95)})`.padStart(7),
        row.recall.toFixed(3).padStart(10),
        `${(row.full * 100).toFixed(0)} %`.padStart(11),
        ms(row.scan).padStart(11),
        ms(row.bare).padStart(12),
      ].join(' '),
    );
  console.log('');
}
