import { existsSync } from 'node:fs';
import { readFile, rename, rm, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { z } from 'zod';
import { FulcrumError, suggest } from '../core/index.ts';
import { costsConfigSchema } from '../decision/config.ts';
import { judgeConfigSchema, scorerEntrySchema } from '../evaluation/config.ts';
import {
  contextProviderSchema,
  parsingConfigSchema,
  retrievalConfigSchema,
  sourceConfigSchema,
} from '../knowledge/config.ts';
import {
  pricesConfigSchema,
  providersConfigSchema,
  rateLimitsConfigSchema,
  rerankersConfigSchema,
} from '../models/index.ts';
import { tracesConfigSchema } from '../monitoring/config.ts';
import { serveConfigSchema } from '../serving/config.ts';
import { tuningConfigSchema } from '../tuning/config.ts';
import { refusalConfigSchema, variantConfigSchema } from '../variants/config.ts';

const name = z.string().regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]*$/, 'a name has letters, digits, ".", "_" and "-"');

/** Everything that `fulcrum.config.json|ts|js` may hold. Keys to services come from environment variables only. */
export const configSchema = z.strictObject({
  $schema: z.string().optional(),
  /** Where documents come from, by name. */
  sources: z.record(name, sourceConfigSchema).default({}),
  /** Facts that are fetched for one question and never indexed, by the name of their provider. */
  context: z.record(name, contextProviderSchema).default({}),
  /** Model that embeds documents and queries, or false for keyword search only. */
  embedding: z.union([z.string(), z.literal(false)]).default('local/bge-small-en-v1.5'),
  chunking: z
    .strictObject({
      /** Upper size of a chunk in estimated tokens. */
      maxTokens: z.number().int().min(32).max(2000).default(200),
    })
    .prefault({}),
  /** What parsing one document may cost; beyond it the document is reported and the others go on. */
  parsing: parsingConfigSchema.prefault({}),
  /** How the project searches, unless a variant says otherwise. */
  retrieval: retrievalConfigSchema.prefault({}),
  /** Endpoints that order passages, for "retrieval.rerank". */
  rerankers: rerankersConfigSchema.default({}),
  /** Which older versions of the index are kept: the newest `keep`, and those that were live within `days` days. */
  versions: z
    .strictObject({
      keep: z.number().int().min(1).default(10),
      days: z.number().nonnegative().default(30),
    })
    .prefault({}),
  access: z
    .strictObject({
      /** Sources whose keyword scores must not depend on documents that the searcher may not read; true: all of them. */
      isolateStatistics: z.union([z.boolean(), z.array(name)]).default(false),
    })
    .prefault({}),
  /** Ways to answer, by name. */
  variants: z.record(name, variantConfigSchema).default({}),
  /** Variant that `ask` uses. */
  defaultVariant: z.string().default('extract'),
  /** Scorers beside the built-in ones, by the name of their metric. */
  scorers: z.record(name, scorerEntrySchema).default({}),
  /** When a question is not answered; false answers always. */
  refusal: refusalConfigSchema.optional(),
  /** OpenAI-compatible servers, used as `compatible/NAME/MODEL`. */
  providers: providersConfigSchema.default({}),
  /** What providers allow in a minute, by provider, server or host; shared by all variants. */
  rateLimits: rateLimitsConfigSchema.default({}),
  /** Prices in USD per million tokens that overrule the price list, by model. */
  prices: pricesConfigSchema.default({}),
  /** USD for one hour of one CPU core; prices local models. */
  coreHourUsd: z.number().nonnegative().optional(),
  /** Who fine-tunes, beside `heads`, `local` and `openai`. */
  tuning: tuningConfigSchema.prefault({}),
  /** Models that judge answers, by name. */
  judges: z.record(name, judgeConfigSchema).default({}),
  /** How the project is reached from outside. */
  serve: serveConfigSchema.prefault({}),
  /** What is kept of requests from outside. */
  traces: tracesConfigSchema.prefault({}),
  decision: z
    .strictObject({
      /** Lowest mean of the primary metric that is good enough. */
      bar: z.number().optional(),
      /** Largest loss against another variant that does not matter. */
      margin: z.number().positive().default(0.05),
      /** Requests a month. */
      volume: z.number().positive().default(10_000),
      /** Primary metric, named before the run. */
      metric: z.string().default('correct'),
      /** What no measurement tells: losses by errors, labels, hosting, upkeep, and arms that were not measured. */
      costs: costsConfigSchema.prefault({}),
    })
    .prefault({}),
});

/** A validated config with its defaults filled in. */
export type Config = z.infer<typeof configSchema>;

const fileNames = ['fulcrum.config.json', 'fulcrum.config.ts', 'fulcrum.config.js', 'fulcrum.config.mjs'];

/** Path of the config file of a project folder, or null where there is none. */
export function findConfig(directory: string): string | null {
  return fileNames.map((file) => join(directory, file)).find((file) => existsSync(file)) ?? null;
}

/**
 * Reads and validates the config of a project folder. Throws `project-not-found`, `config-unreadable` (syntax)
 * or `config-invalid`, which names the wrong key and the right one where it is near.
 */
export async function loadConfig(directory: string): Promise<Config> {
  const file = findConfig(directory);
  if (!file) throw new FulcrumError('project-not-found', { directory });
  return validateConfig(await readConfig(directory, file), basename(file));
}

async function readConfig(directory: string, file: string): Promise<unknown> {
  try {
    // A JSON file is read anew each time; the loader for programs keeps what it has once imported.
    if (file.endsWith('.json')) return JSON.parse(await readFile(file, 'utf8'));
    const { loadConfig: load } = await import('c12');
    const { config } = await load({
      cwd: directory,
      configFile: basename(file),
      rcFile: false,
      globalRc: false,
      packageJson: false,
      dotenv: false,
    });
    return config;
  } catch (error) {
    const problem = (error instanceof Error ? error.message : String(error)).split('\n')[0] ?? '';
    throw new FulcrumError('config-unreadable', { file: basename(file), problem }, { cause: error });
  }
}

/** Validates a config object; `file` is named in errors. */
export function validateConfig(value: unknown, file: string): Config {
  const parsed = configSchema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new FulcrumError('config-invalid', { file, problem: describeIssue(parsed.error, value) });
}

/** The deepest issue of a failed parse as one sentence: the path, the wrong key and the key that was meant. */
function describeIssue(error: z.ZodError, value: unknown): string {
  const issue = deepest(error.issues);
  const path = issue.path.map(String).join('.');
  const where = path === '' ? '' : `"${path}" `;
  if (issue.code === 'unrecognized_keys') {
    const wrong = issue.keys[0] ?? '';
    const at = issue.path.length === 0 ? '' : ` in "${path}"`;
    return `unknown key "${wrong}"${at}. ${suggest(wrong, knownKeys(configSchema, issue.path, value))}`;
  }
  return `${where}${issue.message.charAt(0).toLowerCase()}${issue.message.slice(1)}`;
}

type Issue = z.core.$ZodIssue;

/** Union errors hide the useful issue in the branch that got furthest. */
function deepest(issues: readonly Issue[]): Issue {
  const all = issues.flatMap(function unfold(issue): Issue[] {
    if (issue.code !== 'invalid_union' || issue.errors.length === 0) return [issue];
    const branches = issue.errors.flatMap((branch) => branch.flatMap(unfold));
    return branches.length === 0
      ? [issue]
      : branches.map((inner) => ({ ...inner, path: [...issue.path, ...inner.path] }));
  });
  const rank = (issue: Issue): number => issue.path.length * 2 + (issue.code === 'unrecognized_keys' ? 3 : 0);
  return all.sort((a, b) => rank(b) - rank(a))[0]!;
}

/** Keys that a strict object schema accepts at a path, looking through records, defaults and unions. */
function knownKeys(schema: z.core.$ZodType, path: readonly PropertyKey[], value: unknown): string[] {
  const definition = (schema as z.core.$ZodTypes)._zod.def;
  if ('innerType' in definition) return knownKeys(definition.innerType, path, value);
  if (definition.type === 'union')
    return optionsFor(definition, value).flatMap((option) => knownKeys(option, path, value));
  const [head, ...rest] = path;
  const inside = head === undefined ? undefined : (value as Record<PropertyKey, unknown> | undefined)?.[head];
  if (definition.type === 'object') {
    if (head === undefined) return Object.keys(definition.shape);
    const member = definition.shape[String(head)];
    return member ? knownKeys(member, rest, inside) : [];
  }
  if (definition.type === 'record' && head !== undefined)
    return knownKeys(definition.valueType, rest, inside);
  return [];
}

/** Options of a union; of one with a discriminator only that which the value names. */
function optionsFor(
  definition: z.core.$ZodUnionDef | z.core.$ZodDiscriminatedUnionDef,
  value: unknown,
): readonly z.core.$ZodType[] {
  if (!('discriminator' in definition)) return definition.options;
  const key = definition.discriminator;
  const named = (value as Record<string, unknown> | null)?.[key];
  return definition.options.filter((option) => option._zod.propValues?.[key]?.has(named as string));
}

/**
 * Changes the JSON config of a project, keeping key order and leaving the file as it was when the result is
 * not valid. For a `.ts` or `.js` config it throws `config-not-editable` with the lines to add.
 * @param change receives the raw object and changes it in place.
 * @param lines what a person would add by hand, shown for a program config.
 */
export async function editConfig(
  directory: string,
  change: (raw: Record<string, Record<string, unknown>>) => void,
  lines: string,
): Promise<void> {
  const file = findConfig(directory);
  if (!file) throw new FulcrumError('project-not-found', { directory });
  if (!file.endsWith('.json')) throw new FulcrumError('config-not-editable', { file: basename(file), lines });
  let raw: Record<string, Record<string, unknown>>;
  try {
    raw = JSON.parse(await readFile(file, 'utf8'));
  } catch (error) {
    throw new FulcrumError(
      'config-unreadable',
      { file: basename(file), problem: (error as Error).message },
      { cause: error },
    );
  }
  change(raw);
  validateConfig(raw, basename(file));
  await writeAtomically(file, `${JSON.stringify(raw, null, 2)}\n`);
}

/** Writes beside the file and renames, so that a crash leaves the old or the new content. */
export async function writeAtomically(file: string, content: string): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  await writeFile(temporary, content);
  await rename(temporary, file);
}

/** `writeAtomically` for a text that comes in pieces and need not be in memory at once. */
export async function writePieces(
  file: string,
  pieces: AsyncIterable<string> | Iterable<string>,
): Promise<void> {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    await writeFile(temporary, pieces);
    await rename(temporary, file);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** What `fulcrum init` writes: the four ways to answer that need no account. */
export function initialConfig(): Record<string, unknown> {
  const model = 'local/smollm2-135m-instruct';
  return {
    sources: {},
    variants: {
      extract: { reader: 'extract' },
      prompt: { reader: 'generate', model },
      rag: { reader: 'generate', model, retriever: true },
      oracle: { reader: 'generate', model, evidence: 'oracle' },
    },
    decision: { margin: 0.05, volume: 10_000 },
  };
}
