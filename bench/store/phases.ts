/** What the bench does in processes of their own: taking a corpus in, changing it, searching it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openDatabase } from '../../src/database/index.ts';
import {
  createDocumentPipeline,
  createLanceStore,
  createSynchroniser,
  knowledgeMigrations,
} from '../../src/knowledge/index.ts';
import { createParagraphPipeline } from '../../src/testing/paragraph-corpus.ts';
import { chunksPerDocument, createCorpusModel, createCorpusSource } from './corpus.ts';

/** Greatest resident memory of this process so far, in MB. */
export function peakMb(): number {
  const line = /VmHWM:\s+(\d+) kB/.exec(readFileSync('/proc/self/status', 'utf8'));
  return Number(line?.[1]) / 1000;
}

/** Opens the knowledge room over a folder, with the made-up model. */
export async function openRoom(
  folder: string,
  options: { parse?: boolean; queries?: readonly Float32Array[] } = {},
) {
  const generator = { seconds: 0 };
  const database = await openDatabase(join(folder, 'fulcrum.db'), [knowledgeMigrations]);
  const store = createLanceStore({ directory: join(folder, 'index') });
  const embeddingModel = async () => createCorpusModel(generator, options.queries);
  const synchroniser = createSynchroniser({
    tenant: 'local',
    database,
    store,
    // Cut at blank lines, so that the number of chunks is known; with `parse` as real documents are.
    pipeline: options.parse ? createDocumentPipeline({ maxTokens: 200 }) : createParagraphPipeline(),
    lockFile: join(folder, 'sync.lock'),
    embeddingModel,
  });
  const close = async (): Promise<void> => {
    await store.close();
    await database.close();
  };
  return { generator, database, store, embeddingModel, synchroniser, close };
}

export interface Ingest {
  readonly chunks: number;
  /** Seconds until all text is searchable, those of the generator taken off. */
  readonly textSeconds: number;
  /** Seconds for vectors and their index, those of the generator taken off; null where it was not asked for. */
  readonly vectorSeconds: number | null;
  readonly generatorSeconds: number;
  readonly peakMb: number;
}

/** Takes a corpus of this many chunks in, as `fulcrum sync` does. */
export async function ingest(
  folder: string,
  chunks: number,
  options: { parse: boolean; vectors: boolean },
): Promise<Ingest> {
  const room = await openRoom(folder, options);
  const source = createCorpusSource('corpus', [0, chunks / chunksPerDocument], room.generator);
  let startedAt = performance.now();
  const report = await room.synchroniser.sync([source], { background: true });
  const taken = room.generator.seconds;
  const textSeconds = (performance.now() - startedAt) / 1000 - taken;
  startedAt = performance.now();
  if (options.vectors) await room.synchroniser.embedPending();
  const vectorSeconds = options.vectors
    ? (performance.now() - startedAt) / 1000 - (room.generator.seconds - taken)
    : null;
  await room.close();
  return {
    chunks: report.chunks,
    textSeconds,
    vectorSeconds,
    generatorSeconds: room.generator.seconds,
    peakMb: peakMb(),
  };
}

/** Documents of the small source that is changed one document at a time. */
export const changing = 20;

/** Changes single documents through whole syncs of their source, `count` times. Milliseconds of each sync. */
export async function update(folder: string, chunks: number, count: number): Promise<number[]> {
  const room = await openRoom(folder);
  const first = chunks / chunksPerDocument;
  const edits = new Map<number, number>();
  const source = createCorpusSource(
    'hot',
    [first, first + changing],
    room.generator,
    (document) => edits.get(document) ?? 0,
  );
  await room.synchroniser.sync([source]);
  const times: number[] = [];
  for (let index = 0; index < count; index++) {
    const document = first + (index % changing);
    edits.set(document, index + 1);
    const startedAt = performance.now();
    const report = await room.synchroniser.sync([source]);
    times.push(performance.now() - startedAt);
    if (report.changed !== 1) throw new Error(`an update changed ${report.changed} documents`);
  }
  await room.close();
  return times;
}
