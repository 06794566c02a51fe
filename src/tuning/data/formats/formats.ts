import {
  bedrock,
  gemini,
  openaiChat,
  openaiLog,
  openaiPreference,
  promptCompletion,
  trlPreference,
} from './chat-formats.ts';
import type { RowFormat } from './row-format.ts';
import { classification, extraction, inputTarget } from './table-formats.ts';
import { transcript } from './transcript.ts';

/** Formats of rows in the order in which a record is tried; `fulcrum` is our own and tried first by the reader. */
export const rowFormats: readonly RowFormat[] = [
  openaiPreference,
  trlPreference,
  openaiLog,
  bedrock,
  openaiChat,
  gemini,
  transcript,
  promptCompletion,
  classification,
  inputTarget,
  extraction,
];

/** Names that `--format` takes. */
export const rowFormatNames: readonly string[] = ['fulcrum', ...rowFormats.map(({ name }) => name)];
