import { z } from 'zod';
import { documentEndings } from '../parsing/media-type.ts';

/** Pattern of a files source where none is given; generated files are left out under it. */
export const defaultGlob = `**/*.{${documentEndings.join(',')}}`;

const path = z.string().min(1);
/** A field of a JSON object; dots lead into nested objects (`page.body`). */
const field = z.string().min(1);

/** A folder of text files; the format of a file follows from its ending. */
export const filesSourceSchema = z.strictObject({
  type: z.literal('files'),
  /** Folder, relative to the project folder. */
  directory: path,
  /** Which files, matched against the path inside the folder; hidden folders and `node_modules` are left out. */
  glob: z.string().min(1).optional(),
});

/** A JSON Lines file (`.gz` allowed), one document a line. */
export const jsonlSourceSchema = z.strictObject({
  type: z.literal('jsonl'),
  /** File, relative to the project folder. */
  file: path,
  id: field,
  text: field,
  title: field.optional(),
  /** How `text` is parsed; plain text by default. */
  format: z.enum(['text', 'markdown', 'html']).optional(),
});

/** A folder in BEIR form, of which the corpus is read. */
export const beirSourceSchema = z.strictObject({
  type: z.literal('beir'),
  /** Folder with `corpus.jsonl` or `corpus.jsonl.gz`, relative to the project folder. */
  directory: path,
});

/** One entry of `sources` in the config. */
export const sourceConfigSchema = z.discriminatedUnion('type', [
  filesSourceSchema,
  jsonlSourceSchema,
  beirSourceSchema,
]);
export type SourceConfig = z.infer<typeof sourceConfigSchema>;
