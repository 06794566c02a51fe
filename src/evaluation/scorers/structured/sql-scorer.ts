import { resolve } from 'node:path';
import { FulcrumError, type Sample, type Score, scored, undefinedScore } from '../../../core/index.ts';
import type { QueryOutcome, ReadOnlyQueries } from '../../../database/index.ts';
import type { ScoredSample } from '../../evaluated.ts';
import { oncePerSample } from '../once-per-sample.ts';
import type { Scorer } from '../scorer.ts';
import { sameResult } from './compare-results.ts';
import { needOf } from './json-scorers.ts';
import { isObject, readJson } from './json-value.ts';
import { type GoldPlace, goldTexts, type Output } from './output-text.ts';
import { type Reading, readingOf } from './reading.ts';
import { sqlShape } from './sql-text.ts';

export interface SqlOptions {
  /** SQLite files; `{label}` and `{group}` in a path stand for those of the sample. */
  readonly databases: readonly string[];
  /** Where relative paths start. */
  readonly directory: string;
  readonly fenced: boolean;
  readonly gold: GoldPlace;
  /** The answer is JSON, and its SQL stands in this member. */
  readonly member?: string | undefined;
  readonly timeoutSeconds: number;
  readonly maxRows: number;
  /** Whether the order of rows counts: where the gold has a top-level `order by`, always, or never. */
  readonly order: 'gold' | 'always' | 'never';
  readonly queries: ReadOnlyQueries;
}

/** How one statement went on every database, and why it is not usable where it is not. */
type Execution =
  | {
      readonly status: 'rows';
      readonly results: Extract<QueryOutcome, { status: 'rows' }>[];
      readonly ordered: boolean;
    }
  | { readonly status: 'failed'; readonly reason: string; readonly problem: string };

/**
 * 1 when the SQL of the answer gives the same result as a gold statement on every database. A statement that fails is a
 * wrong answer, 0 with its reason; a gold statement that fails is an error, for then the sample is wrong.
 */
export function sqlScorer(name: string, options: SqlOptions): Scorer[] {
  const reading = oncePerSample((judged) =>
    readingOf(judged, options.fenced, (text) => readAnswer(text, options.member)),
  );
  const execution = oncePerSample(async (judged: ScoredSample) => {
    const found = reading(judged);
    return found.status === 'read' ? execute(found.value, judged.sample, options) : null;
  });
  return [
    {
      name,
      description: `the SQL of the answer gives the result of the ${options.gold} on ${options.databases.length === 1 ? 'the database' : `all ${options.databases.length} databases`}`,
      direction: 'higher',
      needs: [needOf(options.gold)],
      score: async (judged) => judgeSql(judged, reading(judged), await execution(judged), options),
    },
    {
      name: `${name}.invalid`,
      description: 'the SQL of the answer cannot be run',
      direction: 'lower',
      needs: [],
      async score(judged) {
        const found = reading(judged);
        if (found.status === 'refused') return undefinedScore('abstained');
        if (found.status === 'invalid') return scored(1, { invalid: found.reason });
        const ran = await execution(judged);
        return ran?.status === 'failed'
          ? scored(1, { invalid: ran.reason, problem: ran.problem })
          : scored(0);
      },
    },
  ];
}

/** The statement of an answer: all of it, or a member of its JSON. */
function readAnswer(text: string, member: string | undefined): Output<string> {
  if (member === undefined) return readSql(text);
  const json = readJson(text);
  if (json.status === 'invalid') return json;
  const statement = isObject(json.value) ? json.value[member] : undefined;
  return typeof statement === 'string'
    ? readSql(statement)
    : { status: 'invalid', reason: 'no-statement', problem: `the JSON has no text "${member}"` };
}

/** One statement; SQLite would run the first of several and overlook the rest. */
function readSql(text: string): Output<string> {
  const { statements } = sqlShape(text);
  if (statements === 0) return { status: 'invalid', reason: 'empty' };
  return statements === 1
    ? { status: 'read', value: text }
    : { status: 'invalid', reason: 'several-statements' };
}

async function judgeSql(
  { sample }: ScoredSample,
  found: Reading<string>,
  predicted: Execution | null,
  options: SqlOptions,
): Promise<Score> {
  if (!sample.answerable) return scored(found.status === 'refused' ? 1 : 0);
  const texts = goldTexts(sample, options.gold);
  if (texts.length === 0) return undefinedScore('no-gold');
  const golds = await executeGold(texts, sample, options);
  if (found.status === 'refused') return scored(0, { wrongAbstention: true });
  if (found.status === 'invalid') return scored(0, { invalid: found.reason });
  if (predicted === null || predicted.status === 'failed')
    return scored(0, { invalid: predicted?.reason, problem: predicted?.problem });
  const same = golds.some((gold) =>
    gold.results.every(({ rows, columns }, index) => {
      const other = predicted.results[index]!;
      const ordered = options.order === 'always' || (options.order === 'gold' && gold.ordered);
      return sameResult(rows, other.rows, { ordered, columns: [columns.length, other.columns.length] });
    }),
  );
  // A gold that finds nothing anywhere proves little: most wrong queries find nothing either.
  const emptyGold = golds.every((gold) => gold.results.every(({ rows }) => rows.length === 0));
  return scored(same ? 1 : 0, emptyGold ? { emptyGold } : undefined);
}

async function executeGold(texts: readonly string[], sample: Sample, options: SqlOptions) {
  const golds: Extract<Execution, { status: 'rows' }>[] = [];
  for (const text of texts) {
    const gold = readSql(text);
    const ran = gold.status === 'read' ? await execute(gold.value, sample, options) : gold;
    if (ran.status === 'rows') golds.push(ran);
    else
      throw new Error(
        `the gold SQL fails (${ran.reason}${ran.problem === undefined ? '' : `: ${ran.problem}`})`,
      );
  }
  return golds;
}

async function execute(sql: string, sample: Sample, options: SqlOptions): Promise<Execution> {
  const results: Extract<QueryOutcome, { status: 'rows' }>[] = [];
  for (const database of options.databases) {
    const outcome = await options.queries.run({
      file: databaseOf(database, sample, options.directory),
      sql,
      timeoutMs: options.timeoutSeconds * 1000,
      maxRows: options.maxRows,
    });
    // Neither a missing database nor a broken process is the fault of the answer.
    if (outcome.status === 'failed' && (outcome.reason === 'database' || outcome.reason === 'crashed'))
      throw new Error(`${database}: ${outcome.problem}`);
    if (outcome.status === 'failed') return outcome;
    results.push(outcome);
  }
  return { status: 'rows', results, ordered: sqlShape(sql).ordered };
}

/** Path of a database for a sample; a name from the sample may not lead to another folder. */
function databaseOf(pattern: string, sample: Sample, directory: string): string {
  const path = pattern.replace(/\{(label|group)\}/g, (_whole, key: 'label' | 'group') => {
    const value = sample[key];
    if (value === undefined) throw new Error(`the sample has no ${key} to name its database`);
    if (!/^[\p{L}\p{N}_-][\p{L}\p{N}_. -]*$/u.test(value))
      throw new Error(`the ${key} "${value}" names no database`);
    return value;
  });
  return resolve(directory, path);
}

/** Refuses database patterns with an unknown placeholder; throws `scorer-invalid`. */
export function checkDatabases(scorer: string, databases: readonly string[]): void {
  for (const database of databases)
    for (const [placeholder] of database.matchAll(/\{[^}]*\}/g))
      if (placeholder !== '{label}' && placeholder !== '{group}')
        throw new FulcrumError('scorer-invalid', {
          scorer,
          problem: `"${placeholder}" in "${database}" is neither {label} nor {group}.`,
        });
}
