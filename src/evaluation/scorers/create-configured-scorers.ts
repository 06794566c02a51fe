import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { FulcrumError, sha256, toFulcrumError } from '../../core/index.ts';
import { createReadOnlyQueries, type ReadOnlyQueries } from '../../database/index.ts';
import type { EmbedTexts } from '../evaluated.ts';
import { isJudgedScorer, type JudgedScorerConfig } from '../judges/judge-config.ts';
import { defineScorer } from './define-scorer.ts';
import type { Scorer } from './scorer.ts';
import type { ScorerConfig, ScorerEntry } from './scorer-config.ts';
import { commandScorer } from './structured/command-scorer.ts';
import { compileSchema } from './structured/compile-schema.ts';
import { entityScorer } from './structured/entity-scorer.ts';
import { compileGrammar, grammarScorer } from './structured/grammar-scorer.ts';
import {
  jsonExactScorer,
  jsonFieldsScorer,
  jsonSchemaScorer,
  jsonValidScorer,
} from './structured/json-scorers.ts';
import { checkDatabases, sqlScorer } from './structured/sql-scorer.ts';
import { lengthScorer, phraseScorer, similarScorer } from './style/style-scorers.ts';

/** What configured scorers need of the project. */
export interface ScorerSurroundings {
  /** Where relative paths start. */
  readonly directory: string;
  /** Scorers that are there already; a name may stand for one metric only. */
  readonly present: readonly Scorer[];
  readonly embed?: EmbedTexts | undefined;
}

/**
 * The scorers that a config describes. An entry NAME makes the metric NAME and, by its type, some beside it
 * (`NAME.invalid`, `NAME.precision`). Throws `scorer-invalid` for a name that is taken or an entry that cannot work as far
 * as that can be told without reading files; `prepare` of each scorer tells the rest.
 */
export function createConfiguredScorers(
  entries: Readonly<Record<string, ScorerEntry>>,
  surroundings: ScorerSurroundings,
): Scorer[] {
  // Starts its process at the first query.
  const queries = createReadOnlyQueries();
  const made = Object.entries(entries).flatMap(([name, entry]) => {
    if (typeof entry === 'function') return [defineScorer(name, entry)];
    // Those in which something judges are made with the judges (`createJudgedScorers`).
    if (isJudgedScorer(entry)) return [];
    return 'score' in entry ? [{ ...entry, name }] : scorersOf(name, entry, { ...surroundings, queries });
  });
  const taken = new Set(surroundings.present.map(({ name }) => name));
  for (const { name } of made) {
    if (taken.has(name))
      throw new FulcrumError('scorer-invalid', {
        scorer: name,
        problem: 'there is already a metric of this name.',
      });
    taken.add(name);
  }
  return made;
}

function scorersOf(
  name: string,
  config: Exclude<ScorerConfig, JudgedScorerConfig>,
  { directory, embed, queries }: ScorerSurroundings & { readonly queries: ReadOnlyQueries },
): Scorer[] {
  switch (config.type) {
    case 'json-valid':
      return defined(jsonValidScorer(name, config), config);
    case 'json-schema': {
      const schema = fileContent(name, directory, config.schemaFile);
      const check = once(async () => compileSchema(name, config.schema ?? parsed(name, await schema.read())));
      return defined(jsonSchemaScorer(name, config, check), config, schema);
    }
    case 'json-exact':
      return defined(jsonExactScorer(name, config), config);
    case 'json-fields':
      return defined(jsonFieldsScorer(name, config), config);
    case 'sql':
      checkDatabases(name, config.databases);
      return defined(sqlScorer(name, { ...config, directory, queries }), config);
    case 'grammar': {
      const grammar = fileContent(name, directory, config.grammarFile);
      const compile = once(async () => compileGrammar(name, config.grammar ?? (await grammar.read())));
      return defined(grammarScorer(name, config, compile), config, grammar);
    }
    case 'command':
      return defined(
        commandScorer(name, { ...config, directory: resolve(directory, config.cwd ?? '.') }),
        config,
      );
    case 'entities':
      return defined(entityScorer(name, config), config);
    case 'phrases':
      return defined(phraseScorer(name, config), config);
    case 'length':
      return defined(lengthScorer(name, config), config);
    case 'similar':
      return defined(similarScorer(name, { ...config, embed }), config);
  }
}

/** Scorers with the config that they follow, and the hash of a file that they were told to read once it was read. */
function defined(scorers: Scorer[], config: ScorerConfig, file?: FileContent): Scorer[] {
  return scorers.map((scorer) => ({
    ...scorer,
    get definition() {
      const hash = file?.hash();
      return { ...config, ...(hash === undefined ? {} : { fileHash: hash }) };
    },
  }));
}

interface FileContent {
  read(): Promise<string>;
  hash(): string | undefined;
}

function fileContent(scorer: string, directory: string, path: string | undefined): FileContent {
  let hash: string | undefined;
  return {
    async read() {
      try {
        const text = await readFile(resolve(directory, path ?? ''), 'utf8');
        hash = sha256(text);
        return text;
      } catch (error) {
        const problem =
          toFulcrumError(error).code === 'file-not-found'
            ? `${path} does not exist.`
            : `${path} cannot be read.`;
        throw new FulcrumError('scorer-invalid', { scorer, problem }, { cause: error });
      }
    },
    hash: () => hash,
  };
}

function parsed(scorer: string, text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new FulcrumError('scorer-invalid', {
      scorer,
      problem: `its file is no JSON: ${(error as Error).message}`,
    });
  }
}

/** Makes a thing at most once. */
function once<T>(make: () => Promise<T>): () => Promise<T> {
  let made: Promise<T> | undefined;
  return () => {
    made ??= make();
    return made;
  };
}
