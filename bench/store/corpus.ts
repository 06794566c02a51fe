/** A made-up corpus of any size: each chunk's text, vector and readers follow from its number, so nothing is kept. */
import { noCost } from '../../src/core/index.ts';
import type { RawDocument, Source } from '../../src/knowledge/index.ts';
import type { EmbeddingModel } from '../../src/models/index.ts';

export const dimensions = 384;
export const chunksPerDocument = 10;
const [latent, centres, vocabulary] = [64, 1000, 60_000];
const stopWords =
  'the of and to in a is that for it as was with be by on not he his but at are this have from'.split(' ');

export type Random = () => number;

/** Uniform numbers in [0, 1) that follow from the seed (mulberry32). */
export function createRandom(seed: number): Random {
  let state = (Math.imul(seed ^ 0x9e3779b9, 0x85ebca6b) ^ seed) >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let value = Math.imul(state ^ (state >>> 15), state | 1);
    value ^= value + Math.imul(value ^ (value >>> 7), value | 61);
    return ((value ^ (value >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Standard normal by twelve uniforms; good enough for noise. */
function normal(random: Random): number {
  let sum = -6;
  for (let index = 0; index < 12; index++) sum += random();
  return sum;
}

const projection = (() => {
  const random = createRandom(1);
  // A spectrum that decays, as that of real models does.
  return Float32Array.from(
    { length: latent * dimensions },
    (_, index) => normal(random) / Math.sqrt(1 + Math.floor(index / dimensions)),
  );
})();

/** Unit vector near a centre: latent noise of the decaying spectrum, then the same noise in all directions. */
export function vectorNear(centre: number, seed: number, spread: number): Float32Array {
  const middle = createRandom(7_000_000 + centre);
  const random = createRandom(seed);
  const vector = new Float32Array(dimensions);
  for (let row = 0; row < latent; row++) {
    const weight = normal(middle) + spread * normal(random);
    for (let column = 0; column < dimensions; column++)
      vector[column] = vector[column]! + weight * projection[row * dimensions + column]!;
  }
  for (let column = 0; column < dimensions; column++)
    vector[column] = vector[column]! + 0.25 * normal(random);
  const length = Math.hypot(...vector);
  return vector.map((value) => value / length);
}

const cumulative = (() => {
  let sum = 0;
  const sums = Float64Array.from({ length: vocabulary }, (_, rank) => (sum += 1 / (rank + 2)));
  return sums.map((value) => value / sum);
})();

/** A word of a Zipf distribution whose head is stop words of English. */
export function zipfWord(random: Random): string {
  const point = random();
  let [low, high] = [0, vocabulary - 1];
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! < point) low = middle + 1;
    else high = middle;
  }
  return stopWords[low] ?? wordOf(low);
}

/** A pronounceable word for each rank, without endings that a stemmer would cut. */
function wordOf(rank: number): string {
  const [consonants, vowels] = ['bcdfgklmnprtvz', 'aou'];
  let [rest, word] = [rank, ''];
  for (let index = 0; index < 3; index++) {
    word += consonants[rest % 14]! + vowels[Math.floor(rest / 14) % 3]!;
    rest = Math.floor(rest / 42);
  }
  return `${word}k`;
}

/** Topic of a chunk: half of a document's chunks are on the document's topic. */
export function centreOf(chunk: number): number {
  const document = Math.floor(chunk / chunksPerDocument);
  return Math.floor(createRandom(3_000_000 + (chunk % 2 === 0 ? document : chunk))() * centres);
}

export function vectorOf(chunk: number): Float32Array {
  return vectorNear(centreOf(chunk), 11_000_000 + chunk, 0.7);
}

/** 90 to 150 words; the first names the chunk, which is how the made-up model finds its vector. */
function textOf(chunk: number, edit: number): string {
  const random = createRandom(23_000_000 + chunk + edit * 7919);
  const words = [`chunk${chunk}`];
  for (let left = 90 + Math.floor(random() * 61); left > 0; left--) words.push(zipfWord(random));
  return words.join(' ');
}

/** Groups that read this share of all documents, beside one to four of 200 groups. */
export const shares = { tenth: 0.1, hundredth: 0.01, thousandth: 0.001 } as const;

export function readersOf(document: number): string[] {
  const random = createRandom(31_000_000 + document);
  const readers = Object.entries(shares).flatMap(([name, share]) =>
    random() < share ? [`group:${name}`] : [],
  );
  for (let left = 1 + Math.floor(random() * 4); left > 0; left--)
    readers.push(`group:g${Math.floor(200 ** random())}`);
  return [...new Set(readers)];
}

/** Seconds that making texts and vectors took: the generator's own, not the product's. */
export interface GeneratorTime {
  seconds: number;
}

function timed<T>(time: GeneratorTime, make: () => T): T {
  const startedAt = performance.now();
  const made = make();
  time.seconds += (performance.now() - startedAt) / 1000;
  return made;
}

/** Documents `[first, last)`; `edit` is the number of times that a document was changed. */
export function createCorpusSource(
  name: string,
  [first, last]: readonly [number, number],
  time: GeneratorTime,
  edit: (document: number) => number = () => 0,
): Source {
  return {
    name,
    capabilities: { versions: 'declared' },
    async *list() {
      for (let document = first; document < last; document++)
        yield {
          ok: true,
          item: { key: `d${document}`, uri: `d${document}.txt`, version: `v${edit(document)}` },
        };
    },
    async read({ key, uri }): Promise<RawDocument> {
      const document = Number(key.slice(1));
      const content = timed(time, () =>
        Array.from({ length: chunksPerDocument }, (_, index) =>
          textOf(document * chunksPerDocument + index, edit(document)),
        ).join('\n\n'),
      );
      return { key, uri, content, mediaType: 'text/plain', readers: readersOf(document) };
    },
  };
}

/** A model that knows the vector of each chunk by its name, and those of queries by their number. */
export function createCorpusModel(
  time: GeneratorTime,
  queries: readonly Float32Array[] = [],
): EmbeddingModel {
  const embeddings = (vectors: Float32Array[]) => ({ vectors, tokens: 0, coreSeconds: 0, cost: noCost });
  return {
    id: 'bench/corpus',
    fingerprint: 'corpus-1',
    dimensions,
    maxTokens: 1_000_000,
    local: true,
    embedDocuments: async (texts) =>
      embeddings(
        timed(time, () =>
          texts.map((text) =>
            vectorOf(Number(/chunk(\d+)/.exec(text)?.[1] ?? Math.floor(createRandom(text.length)() * 1e6))),
          ),
        ),
      ),
    embedQueries: async (texts) =>
      embeddings(texts.map((text) => queries[Number(/^q(\d+)/.exec(text)?.[1])]!)),
    close: async () => undefined,
  };
}
