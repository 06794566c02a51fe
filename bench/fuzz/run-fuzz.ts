import { FulcrumError } from '../../src/core/index.ts';
import { chunkDocument } from '../../src/knowledge/chunking/chunk-document.ts';
import { createDocumentPipeline } from '../../src/knowledge/index.ts';
import { docxType } from '../../src/knowledge/parsing/media-type.ts';
import { parseDocument } from '../../src/knowledge/parsing/parse-document.ts';
import { binaryInput } from './binary-inputs.ts';
import { checkDocument } from './check-document.ts';
import { mutate } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import {
  codeInput,
  csvInput,
  type FuzzInput,
  htmlInput,
  jsonInput,
  markdownInput,
  noiseInput,
} from './text-inputs.ts';

export interface FuzzReport {
  readonly inputs: number;
  /** How many ended in which error of the catalogue. */
  readonly refused: Readonly<Record<string, number>>;
  readonly failures: readonly FuzzFailure[];
  readonly slowestMs: number;
  readonly slowestSeed: number;
}

export interface FuzzFailure {
  readonly seed: number;
  readonly mediaType: string;
  readonly problem: string;
}

export interface FuzzOptions {
  readonly seed: number;
  readonly count: number;
  /** A text input may take this long, in a process that does nothing else. */
  readonly limitMs: number;
  /** Memory and time of a binary input. */
  readonly seconds: number;
  /** Called before each input, so that another thread can tell which one hangs. */
  readonly onInput?: ((seed: number) => void) | undefined;
}

const makers: readonly ((random: Random) => FuzzInput)[] = [
  markdownInput,
  markdownInput,
  htmlInput,
  csvInput,
  jsonInput,
  codeInput,
  noiseInput,
];

/** The text input of a seed: half of them as they were made, half changed afterwards. */
export function textInput(seed: number): FuzzInput {
  const random = createRandom(seed);
  const made = random.pick(makers)(random);
  if (random.chance(0.6)) return made;
  const other = random.pick(makers)(random);
  const content = mutate(Buffer.from(made.content), Buffer.from(other.content), random);
  // Most of what is changed is no longer UTF-8; a parser should see it all the same.
  const isText = random.chance(0.9);
  return {
    mediaType: made.mediaType,
    content: isText ? Buffer.from(content).toString() : content,
    words: null,
  };
}

/** Parses and cuts `count` text inputs, from `seed` on, in this process. */
export async function fuzzText({ seed, count, limitMs, onInput }: FuzzOptions): Promise<FuzzReport> {
  const run = createRun();
  for (let index = 0; index < count; index += 1) {
    const input = textInput(seed + index);
    onInput?.(seed + index);
    const maxTokens = 32 + (index % 5) * 60;
    await run.take(
      seed + index,
      input,
      async () => {
        const document = await parseDocument(rawOf(input));
        return { document, chunks: chunkDocument(document, { maxTokens }) };
      },
      limitMs,
    );
  }
  return run.report();
}

/** Parses `count` inputs of a binary format the way a sync does, in a process of its own. */
export async function fuzzBinary(
  format: 'pdf' | 'docx',
  { seed, count, seconds }: FuzzOptions,
): Promise<FuzzReport> {
  const run = createRun();
  const pipeline = createDocumentPipeline({ limits: { seconds, memoryMb: 512 } });
  const mediaType = format === 'pdf' ? 'application/pdf' : docxType;
  for (let index = 0; index < count; index += 1) {
    const input: FuzzInput = { mediaType, ...binaryInput(format, seed + index) };
    await run.take(
      seed + index,
      input,
      async () => {
        const document = await pipeline.parse(rawOf(input));
        return { document, chunks: await pipeline.chunk(document) };
      },
      (seconds + 10) * 1000,
    );
  }
  return run.report();
}

const rawOf = ({ content, mediaType }: FuzzInput) => ({ key: 'input', uri: 'input', content, mediaType });

/** Errors that say that the parser did not come to its end: a bug here even where it costs only one document. */
const bugs = new Set(['internal', 'parse-crashed', 'parse-timeout', 'parse-memory']);

type Parse = () => Promise<{
  document: Parameters<typeof checkDocument>[1];
  chunks: Parameters<typeof checkDocument>[2];
}>;

function createRun() {
  let inputs = 0;
  let slowestMs = 0;
  let slowestSeed = 0;
  const refused: Record<string, number> = {};
  const failures: FuzzFailure[] = [];
  return {
    async take(seed: number, input: FuzzInput, parse: Parse, limitMs: number): Promise<void> {
      inputs += 1;
      const startedAt = performance.now();
      const fail = (problem: string) => failures.push({ seed, mediaType: input.mediaType, problem });
      try {
        const { document, chunks } = await parse();
        const tookMs = performance.now() - startedAt;
        if (tookMs > slowestMs) [slowestMs, slowestSeed] = [tookMs, seed];
        if (tookMs > limitMs) fail(`it took ${Math.round(tookMs)} ms`);
        checkDocument(input, document, chunks);
      } catch (error) {
        if (!(error instanceof FulcrumError))
          fail((error as Error).stack?.split('\n').slice(0, 3).join(' ') ?? String(error));
        else if (bugs.has(error.code) || input.words) fail(`${error.code}: ${error.message}`);
        else refused[error.code] = (refused[error.code] ?? 0) + 1;
      }
    },
    report: (): FuzzReport => ({ inputs, refused, failures, slowestMs, slowestSeed }),
  };
}
