import { createWriteStream } from 'node:fs';
import { mkdir, rename } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import type { DatasetFormat, FormatWriteOptions, FormatWritten } from './format.ts';
import { writeLangfuse } from './langfuse.ts';
import type { LostFields } from './lost-fields.ts';
import { writeOpenAiChat, writeOpenAiEvals } from './openai.ts';
import { writeRagas } from './ragas.ts';
import { writeBeir } from './write-beir.ts';
import { writePromptfoo } from './write-promptfoo.ts';
import { writeSquad } from './write-squad.ts';
import { writeTable } from './write-table.ts';

export interface ExportResult {
  readonly format: DatasetFormat;
  /** The file, or the folder of a BEIR export. */
  readonly path: string;
  /** Samples that were written. */
  readonly samples: number;
  /** What the samples hold and the format does not. */
  readonly lost: LostFields;
  /** Samples that the format cannot hold at all. */
  readonly leftOut: number;
}

/**
 * Writes samples in a format. Each file appears whole or not at all; a file of that name is replaced.
 * @param options.out file, or for BEIR a folder that is made where needed.
 */
export async function exportDataset(
  options: FormatWriteOptions & { readonly format: DatasetFormat; readonly out: string },
): Promise<ExportResult> {
  const { format, out, samples } = options;
  const written = await writeFormat(format, options);
  for (const file of written.files) await writeLines(join(out, file.path), file.lines);
  return {
    format,
    path: out,
    samples: samples.length - written.leftOut,
    lost: written.lost,
    leftOut: written.leftOut,
  };
}

/** The files that a format makes of samples. */
export async function writeFormat(
  format: DatasetFormat,
  options: FormatWriteOptions,
): Promise<FormatWritten> {
  const { samples } = options;
  switch (format) {
    case 'jsonl':
      return {
        files: [{ path: '', lines: samples.map((sample) => JSON.stringify(sample)) }],
        lost: {},
        leftOut: 0,
      };
    case 'csv':
      return writeTable(samples, ',');
    case 'tsv':
      return writeTable(samples, '\t');
    case 'beir':
      return writeBeir(samples);
    case 'squad':
      return writeSquad(options);
    case 'openai-chat':
      return writeOpenAiChat(samples);
    case 'openai-evals':
      return writeOpenAiEvals(samples);
    case 'promptfoo':
      return writePromptfoo(samples);
    case 'ragas':
      return writeRagas(options);
    case 'langfuse':
      return writeLangfuse(samples);
  }
}

async function writeLines(path: string, lines: Iterable<string>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const unfinished = `${path}.${process.pid}.tmp`;
  await pipeline(Readable.from(withBreaks(lines)), createWriteStream(unfinished));
  await rename(unfinished, path);
}

function* withBreaks(lines: Iterable<string>): Generator<string> {
  for (const line of lines) yield `${line}\n`;
}
