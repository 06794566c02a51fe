import { z } from 'zod';
import { FulcrumError, principalSchema } from '../../core/index.ts';
import { documentEndings } from '../parsing/media-type.ts';
import { readDate, readLanguage, readReaders } from './document-attributes.ts';

/** Pattern of a source of files where none is given; generated files are left out under it. */
export const defaultGlob = `**/*.{${documentEndings.join(',')}}`;

const path = z.string().min(1);
/** A field of a JSON object; dots lead into nested objects (`page.body`). Also the header of a column. */
const field = z.string().min(1);
const globs = z.union([z.string().min(1), z.array(z.string().min(1)).min(1)]);

/** A value that is checked by one of the readers of attributes. */
function checked<T>(schema: z.ZodType, read: (value: unknown) => T) {
  return schema.transform((value, context): T => {
    try {
      return read(value);
    } catch (error) {
      const problem = error instanceof FulcrumError ? String(error.data.problem) : String(error);
      context.issues.push({ code: 'custom', message: problem, input: value });
      return z.NEVER;
    }
  });
}

const place = { path: 'the config', field: 'readers' };
const readers = checked(z.array(z.string()), (value) => readReaders(value, place));
const language = checked(z.string(), (value) => readLanguage(value, place));
const date = checked(z.string(), (value) => readDate(value, place));
const metadata = z.record(z.string().min(1), z.union([z.string(), z.array(z.string())]));

/** What is said of all documents whose key matches. */
const ruleSchema = z.strictObject({
  /** Matched against the key: the path inside the source, or the id. */
  match: globs,
  readers: readers.optional(),
  language: language.optional(),
  date: date.optional(),
  metadata: metadata.optional(),
});

/** Members of every kind of source. */
const commons = {
  /** Tenant whose documents these are; `local` by default. */
  tenant: principalSchema.shape.tenant.optional(),
  /** Who may read documents of which nothing else says it; everyone by default. */
  readers: readers.optional(),
  /** A later rule comes before an earlier one. */
  rules: z.array(ruleSchema).optional(),
  /** What an access list in the text of a document does; `narrow` by default. */
  textReaders: z.enum(['narrow', 'ignore', 'replace']).optional(),
};
export type SourceCommons = z.infer<z.ZodObject<typeof commons>>;

/** A folder of files; the format of a file follows from its ending. */
export const filesSourceSchema = z.strictObject({
  type: z.literal('files'),
  /** Folder, relative to the project folder. */
  directory: path,
  /** Which files, matched against the path inside the folder; hidden folders and `node_modules` are left out. */
  glob: globs.optional(),
  /** Which of these are left out again. */
  exclude: globs.optional(),
  /** Leaves out what `.gitignore` files name; false by default. */
  gitignore: z.boolean().optional(),
  /** Which symbolic links are followed; `inside` by default. */
  links: z.enum(['inside', 'anywhere', 'none']).optional(),
  ...commons,
});

/** A local clone of a git repository, read at one commit; its work tree is not looked at. */
export const gitSourceSchema = z.strictObject({
  type: z.literal('git'),
  /** Folder of the clone, bare or not, relative to the project folder. */
  directory: path,
  /** Branch, tag or commit; `HEAD` by default. */
  ref: z.string().min(1).optional(),
  /** Folder inside the repository; all of it by default. */
  path: z.string().min(1).optional(),
  glob: globs.optional(),
  exclude: globs.optional(),
  ...commons,
});

/** Fields or columns that say something of a document beside its text. */
const recordFields = {
  title: field.optional(),
  fields: z
    .strictObject({
      /** Access list: an array, or a text with commas or semicolons; a record without one is an error. */
      readers: field.optional(),
      language: field.optional(),
      date: field.optional(),
      /** Fields that become metadata, by their own names or by those given. */
      metadata: z.union([z.array(field), z.record(z.string().min(1), field)]).optional(),
    })
    .optional(),
};
export type RecordFields = NonNullable<z.infer<z.ZodObject<typeof recordFields>>['fields']>;

/** How a text is parsed; plain text by default. */
const format = z.enum(['text', 'markdown', 'html']).optional();

/** A JSON Lines file (`.gz` allowed), one document a line. */
export const jsonlSourceSchema = z.strictObject({
  type: z.literal('jsonl'),
  /** File, relative to the project folder. */
  file: path,
  id: field,
  text: field,
  format,
  ...recordFields,
  ...commons,
});

/** A table with a row of headers, one document a row. */
export const csvSourceSchema = z.strictObject({
  type: z.literal('csv'),
  /** File, relative to the project folder. */
  file: path,
  /** Column whose value is the key of the document. */
  id: field,
  /** One column: its value is the text. Several, or none for all that serve nothing else: lines of `header: value`. */
  text: z.union([field, z.array(field).min(1)]).optional(),
  /** How a single text column is parsed. */
  format,
  /** Between columns; told from the row of headers by default. */
  delimiter: z.string().length(1).optional(),
  ...recordFields,
  ...commons,
});

/** A folder in BEIR form, of which the corpus is read. */
export const beirSourceSchema = z.strictObject({
  type: z.literal('beir'),
  /** Folder with `corpus.jsonl` or `corpus.jsonl.gz`, relative to the project folder. */
  directory: path,
  ...commons,
});

/** A source written by the user: a module that exports `createSource`. */
export const moduleSourceSchema = z.strictObject({
  type: z.literal('module'),
  /** JavaScript or TypeScript module, relative to the project folder; it runs in this process. */
  file: path,
  /** Handed to `createSource`. */
  options: z.record(z.string(), z.unknown()).optional(),
  ...commons,
});

/** One entry of `sources` in the config. */
export const sourceConfigSchema = z.discriminatedUnion('type', [
  filesSourceSchema,
  gitSourceSchema,
  jsonlSourceSchema,
  csvSourceSchema,
  beirSourceSchema,
  moduleSourceSchema,
]);
export type SourceConfig = z.infer<typeof sourceConfigSchema>;
