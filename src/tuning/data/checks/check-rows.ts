import type { WorkOptions } from '../../../core/index.ts';
import { inputOf, type TuningRow, targetOf } from '../tuning-row.ts';
import { type ClassBalance, createClassBalance } from './class-balance.ts';
import type { Finding, RowPlace } from './finding.ts';
import { createLengths, type LengthReport } from './lengths.ts';
import { createRelationChecks, type FrozenTest } from './relation-checks.ts';
import { createRowChecks } from './row-checks.ts';

export type { FrozenTest };

export interface CheckRowsOptions extends WorkOptions {
  /** Every frozen test of the project. */
  readonly frozenTests?: readonly FrozenTest[] | undefined;
  /** Tokens of a row after its template; not counted where absent. */
  readonly countTokens?: ((row: TuningRow) => Promise<number>) | undefined;
  /** Longest row that the base takes, in tokens. */
  readonly maxTokens?: number | undefined;
  /** Language of a text, or null where it is not sure. */
  readonly languageOf?: ((text: string) => Promise<string | null>) | undefined;
  /** Estimated Jaccard similarity from which two inputs are nearly the same; .8 by default. */
  readonly similarity?: number | undefined;
}

/** What all checks of a set of rows found. */
export interface CheckReport {
  readonly rows: number;
  readonly task: 'classification' | 'extraction' | 'preference' | 'text';
  readonly findings: readonly Finding[];
  /** Accuracy that no model can exceed on these rows, since the same input has several answers; 1 where none has. */
  readonly ceiling: number;
  readonly classes: ClassBalance | null;
  readonly lengths: LengthReport;
  /** Ids that a fix removes, those that it removes when asked to, and those whose text it redacts. */
  readonly remove: readonly string[];
  readonly removeNear: readonly string[];
  readonly redact: readonly string[];
}

/** Rows whose language is told; more would say the same. */
const languagesRead = 2000;
/** Rows between two moments in which other work of the process goes on. */
const rowsBetweenPauses = 500;

/** Checks rows in one pass; memory grows by about four kilobytes a row, and by a few hundred bytes after 200,000. */
export async function checkRows(
  rows: AsyncIterable<TuningRow>,
  options: CheckRowsOptions = {},
): Promise<CheckReport> {
  const single = await createRowChecks(options.maxTokens);
  const relations = createRelationChecks(options.frozenTests ?? [], options.similarity ?? 0.8);
  const balance = createClassBalance();
  const lengths = createLengths();
  const languages = new Map<string, number>();
  const splits = new Map<string, number>();
  const counts = { rows: 0, preference: 0, structured: 0 };
  for await (const row of rows) {
    options.signal?.throwIfAborted();
    if (++counts.rows % rowsBetweenPauses === 0) {
      options.onProgress?.({ phase: 'checking', done: counts.rows, total: null, unit: 'rows' });
      await new Promise((resolve) => setImmediate(resolve));
    }
    splits.set(row.split ?? 'none', (splits.get(row.split ?? 'none') ?? 0) + 1);
    if (row.rejected !== undefined) counts.preference++;
    if (isJson(targetOf(row)?.content ?? '')) counts.structured++;
    if (counts.rows <= languagesRead && options.languageOf) {
      const language = (await options.languageOf(inputOf(row))) ?? 'unsure';
      languages.set(language, (languages.get(language) ?? 0) + 1);
    }
    const tokens = (await options.countTokens?.(row)) ?? null;
    balance.add(row);
    lengths.add(row, tokens);
    const place = placeOf(row);
    single.add(row, place, tokens);
    if (row.split !== 'test') relations.add(row, place);
  }
  const classes = balance.report();
  const task = taskOf(counts, classes);
  const trained = counts.rows - (splits.get('test') ?? 0);
  const [ofRows, between] = [single.report(), relations.report()];
  const ids = (kind: 'remove' | 'removeNear' | 'redact'): string[] => [
    ...new Set([...ofRows[kind], ...between[kind]].flatMap(({ ids: own }) => [...own])),
  ];
  return {
    rows: counts.rows,
    task,
    findings: [
      ...ofRows.findings,
      ...between.findings,
      ...balance.findings(classes),
      languageFinding(languages),
      sizeFinding(task, trained, classes),
      splitFinding(splits, counts.rows),
    ].filter((each) => each !== null),
    ceiling: between.ceiling,
    classes,
    lengths: lengths.report(),
    remove: ids('remove'),
    removeNear: ids('removeNear'),
    redact: ids('redact'),
  };
}

function placeOf({ id, origin }: TuningRow): RowPlace {
  return {
    id,
    ...(origin.file !== undefined && { file: origin.file }),
    ...(origin.line !== undefined && { line: origin.line }),
  };
}

function isJson(text: string): boolean {
  if (!/^\s*[[{]/.test(text)) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}

/** What the rows are for, by what most of them hold. */
function taskOf(
  counts: { rows: number; preference: number; structured: number },
  classes: ClassBalance | null,
): CheckReport['task'] {
  if (classes) return 'classification';
  if (counts.preference > counts.rows / 2) return 'preference';
  return counts.rows > 0 && counts.structured > counts.rows * 0.9 ? 'extraction' : 'text';
}

function languageFinding(languages: ReadonlyMap<string, number>): Finding | null {
  const sure = [...languages].filter(([language]) => language !== 'unsure').sort((a, b) => b[1] - a[1]);
  const total = sure.reduce((sum, [, n]) => sum + n, 0);
  const [first] = sure;
  if (!first || total < 20 || first[1] / total > 0.95) return null;
  const shares = sure.slice(0, 5).map(([language, n]) => `${language} ${((100 * n) / total).toFixed(0)} %`);
  const message = `The inputs are in several languages: ${shares.join(', ')}.`;
  return { check: 'languages', severity: 'info', message, count: total - first[1], rows: [] };
}

function splitFinding(splits: ReadonlyMap<string, number>, count: number): Finding | null {
  if (splits.has('test') || splits.has('validation')) return null;
  const message = 'The rows are not split yet: fulcrum tune data split.';
  return { check: 'split', severity: 'info', message, count, rows: [] };
}

/** Rows that tasks need, by what vendors and studies report; the learning curve says more than any table. */
function sizeFinding(task: CheckReport['task'], rows: number, classes: ClassBalance | null): Finding | null {
  const say = (severity: Finding['severity'], message: string): Finding => ({
    check: 'size',
    severity,
    message,
    count: rows,
    rows: [],
  });
  if (rows < 10)
    return say(
      'error',
      `${rows} rows are fewer than any provider takes (10): show them as few-shot samples instead.`,
    );
  if (task === 'classification' && classes && classes.smallest.rows < 8)
    return say(
      'warning',
      `The smallest of ${classes.classes} classes has ${classes.smallest.rows} rows; a head needs about 8 to 20 of each.`,
    );
  if (task === 'extraction' && rows < 200)
    return say('warning', `${rows} rows are a pilot; a format takes 200 to 500.`);
  if ((task === 'text' || task === 'preference') && rows < 500)
    return say(
      'warning',
      `${rows} rows are few: style and format take 500 to 2,000, reasoning 5,000 and more. "fulcrum tune curve" says whether more would help.`,
    );
  return null;
}
