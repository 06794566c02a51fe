import type { ErrorCode } from '../../../core/index.ts';
import type { Chunk, ParsedDocument, RawDocument } from '../../document.ts';

/** A document with its chunks. */
export interface CutDocument {
  readonly document: ParsedDocument;
  readonly chunks: readonly Chunk[];
}

/** Sent to the process. */
export interface ParseTask {
  readonly raw: Pick<RawDocument, 'key' | 'uri' | 'content' | 'mediaType' | 'title'>;
  readonly maxTokens: number | undefined;
}

/** Its answer; `residentMb` is the memory that the process has afterwards. */
export type ParseReply =
  | { readonly status: 'parsed'; readonly result: CutDocument; readonly residentMb: number }
  | {
      readonly status: 'failed';
      readonly code: ErrorCode;
      readonly data: Record<string, string | number | boolean | null | undefined>;
      readonly residentMb: number;
    };
