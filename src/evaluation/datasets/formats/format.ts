import type { Sample } from '../../../core/index.ts';
import type { ReadDocument } from '../../evaluated.ts';
import type { ReadSample } from '../read-samples.ts';
import type { ColumnMap } from './column-map.ts';
import type { LostFields } from './lost-fields.ts';

/** Formats that datasets are read from and written to. */
export const datasetFormats = [
  'jsonl',
  'csv',
  'tsv',
  'beir',
  'squad',
  'openai-chat',
  'openai-evals',
  'promptfoo',
  'ragas',
  'langfuse',
] as const;

export type DatasetFormat = (typeof datasetFormats)[number];

/** How a file is read. Members that a format has no use for are ignored. */
export interface FormatReadOptions {
  /** Column (CSV, TSV), key or dotted path (JSON Lines, Langfuse), or variable (promptfoo) of each field. */
  readonly map?: ColumnMap | undefined;
  /** CSV: what stands between the cells; a comma by default. */
  readonly delimiter?: string | undefined;
  /** Rows only matter as text: one without a question is left out, ids are numbers of rows, gold is not read. */
  readonly asRows?: boolean | undefined;
  /** BEIR: whose queries and judgements. */
  readonly split?: string | undefined;
  /** SQuAD, Ragas: source whose documents the contexts are looked for in; without it they are lost. */
  readonly source?: string | undefined;
  readonly readDocument?: ReadDocument | undefined;
  /** Ids of the documents of a source, for formats that quote a context without naming its document. */
  readonly listDocuments?: ((source: string) => Promise<readonly string[]>) | undefined;
}

/** What a file gave. */
export interface FormatRead {
  /** `line` is the line, or the number of the row or item, from 1. */
  readonly records: readonly ReadSample[];
  /** What the file holds and a sample does not. */
  readonly lost: LostFields;
  /** Records that were not taken at all. */
  readonly leftOut: number;
}

/** What a format made of samples. */
export interface FormatWritten {
  /** Files by their path below the output; one with an empty path is the output itself. */
  readonly files: readonly { readonly path: string; readonly lines: Iterable<string> }[];
  /** What the samples hold and the format does not. */
  readonly lost: LostFields;
  /** Samples that the format cannot hold at all. */
  readonly leftOut: number;
}

/** How samples are written. */
export interface FormatWriteOptions {
  readonly samples: readonly Sample[];
  /** Text of evidence, for formats that hold text in place of offsets. */
  readonly readDocument: ReadDocument;
}
