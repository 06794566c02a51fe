import type { WorkOptions } from '../../../core/index.ts';
import { inputOf, type TuningRow, targetOf } from '../tuning-row.ts';
import { roleProblem } from './check-roles.ts';
import { type ClassBalance, createClassBalance } from './class-balance.ts';
import { createPlaces, type Finding, type RowPlace } from './finding.ts';
import { createLengths, type LengthReport } from './lengths.ts';
import { findPrivateData, textsOfRow } from './private-data.ts';
import { createSchemaProblems } from './schema-problems.ts';
import { createSimilarTexts, type SimilarTexts, signatureOf, textKey, withoutNumbers } from './text-keys.ts';

/** A frozen test whose samples must not be trained on. Supplied by `app`. */
export interface FrozenTest {
  readonly dataset: string;
  readonly samples: readonly { readonly id: string; readonly input: string }[];
}

export interface CheckRowsOptions extends WorkOptions {
  /** Every frozen test of the project. */
  readonly frozenTests?: readonly FrozenTest[] | undefined;
  /** Tokens of a row after its template; not counted where absent. */
  readonly countTokens?: ((row: TuningRow) => Promise<number>) | undefined;
  /** Longest row that the base takes, in tokens. */
  readonly maxTokens?: number | undefined;
  /** Language of a text, or null where it is not sure. */
  readonly languageOf?: ((text: string) => Promise<string | null>) | undefined;
  /** Estimated Jaccard similarity from which two inputs are the same for a test; .8 by default. */
  readonly similarity?: number | undefined;
}

/** What all checks of a set of rows found. */
export interface CheckReport {
  readonly rows: number;
  readonly task: 'classification' | 'extraction' | 'preference' | 'text';
  readonly findings: readonly Finding[];
  /** Accuracy that no model can exceed on these rows, since the same input has several labels; 1 where none has. */
  readonly ceiling: number;
  readonly classes: ClassBalance | null;
  readonly lengths: LengthReport;
  /** Ids that a fix removes, and those whose text it redacts. */
  readonly remove: readonly string[];
  readonly redact: readonly string[];
}

/** Rows whose language is told; more would say the same. */
const languagesRead = 2000;
const refusing =
  /^(?:i(?:'|’)m sorry|i am sorry|sorry,? (?:but )?i|as an ai\b|i can(?:'|’|no)t (?:help|assist|answer)|i(?:'|’)m unable|i am unable)/i;
const changing =
  /\b(?:\d{4}-\d\d-\d\d|(?:19|20)\d\d|v?\d+\.\d+(?:\.\d+)?|[$€£]\s?\d|\d+(?:[.,]\d+)?\s?(?:%|€|\$|usd|eur|days?|hours?|weeks?|months?|years?))/i;

/** Checks rows in one pass; memory grows by about five kilobytes a row. */
export async function checkRows(
  rows: AsyncIterable<TuningRow>,
  options: CheckRowsOptions = {},
): Promise<CheckReport> {
  const threshold = options.similarity ?? 0.8;
  const tests = indexTests(options.frozenTests ?? []);
  const kinds = {
    roles: createPlaces(),
    empty: createPlaces(),
    refusing: createPlaces(),
    schema: createPlaces(),
    duplicate: createPlaces(),
    near: createPlaces(),
    leaked: createPlaces(),
    nearlyLeaked: createPlaces(),
    private: createPlaces(),
    secret: createPlaces(),
    long: createPlaces(),
    changing: createPlaces(),
  };
  const seen = new Map<string, { place: RowPlace; targets: Map<string, number> }>();
  const withoutFigures = new Map<string, Set<string>>();
  const texts = createSimilarTexts();
  const balance = createClassBalance();
  const lengths = createLengths();
  const languages = new Map<string, number>();
  const schemaProblem = await createSchemaProblems();
  let count = 0;
  let testRows = 0;
  const splits = new Set<string>();
  let preference = 0;
  let structured = 0;
  let withFigures = 0;
  for await (const row of rows) {
    options.signal?.throwIfAborted();
    count++;
    if (count % 500 === 0) {
      options.onProgress?.({ phase: 'checking', done: count, total: null, unit: 'rows' });
      // Other work of the process goes on between.
      await new Promise((resolve) => setImmediate(resolve));
    }
    splits.add(row.split ?? 'none');
    const place = placeOf(row);
    const input = inputOf(row);
    const target = targetOf(row)?.content ?? '';
    if (row.rejected !== undefined) preference++;
    if (isJson(target)) structured++;
    const roles = roleProblem(row);
    if (roles) kinds.roles.add({ ...place, detail: roles });
    if (target.trim() === '' && !targetOf(row)?.toolCalls) kinds.empty.add(place);
    if (refusing.test(target.trim())) kinds.refusing.add(place);
    const violation = row.schema ? schemaProblem(row.schema, target) : null;
    if (violation) kinds.schema.add({ ...place, detail: violation });
    const spans = textsOfRow(row).flatMap(findPrivateData);
    if (spans.some(({ kind }) => kind === 'secret')) kinds.secret.add(place);
    if (spans.some(({ kind }) => kind !== 'secret'))
      kinds.private.add({ ...place, detail: [...new Set(spans.map(({ kind }) => kind))].join(', ') });
    if (count <= languagesRead && options.languageOf) {
      const language = (await options.languageOf(input)) ?? 'unsure';
      languages.set(language, (languages.get(language) ?? 0) + 1);
    }
    balance.add(row);
    const tokens = (await options.countTokens?.(row)) ?? null;
    lengths.add(row, tokens);
    if (tokens !== null && options.maxTokens !== undefined && tokens > options.maxTokens)
      kinds.long.add({ ...place, detail: `${tokens} tokens` });
    if (row.split === 'test') {
      testRows++;
      continue;
    }
    const key = textKey(conversationOf(row));
    const known = seen.get(key);
    const targetKey = `${row.label ?? textKey(target)}\u0000${row.rejected ?? ''}`;
    if (known) {
      if (known.targets.has(targetKey)) kinds.duplicate.add({ ...place, detail: `as ${known.place.id}` });
      known.targets.set(targetKey, (known.targets.get(targetKey) ?? 0) + 1);
    } else seen.set(key, { place, targets: new Map([[targetKey, 1]]) });
    const signature = signatureOf(input);
    const leak = leakOf(row, tests, threshold);
    if (leak) (leak.exact ? kinds.leaked : kinds.nearlyLeaked).add({ ...place, detail: leak.detail });
    if (!known) {
      const near = texts.nearest(signature, threshold);
      if (near) kinds.near.add({ ...place, detail: `is nearly ${near.id} (${near.similarity.toFixed(2)})` });
      texts.add(row.id, signature);
    }
    // Figures that were copied from the input are no knowledge.
    if (row.label === undefined && hasOwnFigures(target, conversationOf(row))) {
      if (changing.test(target)) withFigures++;
      const plain = `${withoutNumbers(input)}\u0000${withoutNumbers(target)}`;
      const figures = withoutFigures.get(plain) ?? new Set<string>();
      figures.add(textKey(target));
      if (figures.size > 1) kinds.changing.add(place);
      withoutFigures.set(plain, figures);
    }
  }
  const contradictions = contradictionsOf(seen);
  const classes = balance.report();
  const task = classes
    ? 'classification'
    : preference > count / 2
      ? 'preference'
      : structured > count * 0.9 && count > 0
        ? 'extraction'
        : 'text';
  const trained = count - testRows;
  const found: (Finding | null)[] = [
    finding('roles', 'error', kinds.roles, (n) => `${n} rows have turns that are not in order.`),
    finding('empty-target', 'error', kinds.empty, (n) => `${n} rows teach an empty answer.`, 'remove'),
    finding('schema', 'error', kinds.schema, (n) => `${n} answers do not satisfy the schema of their row.`),
    finding(
      'leakage',
      'error',
      kinds.leaked,
      (n) => `${n} rows are samples of a frozen test: whoever trains on them tests on them.`,
      'remove',
    ),
    finding(
      'near-leakage',
      'warning',
      kinds.nearlyLeaked,
      (n) => `${n} rows are nearly samples of a frozen test.`,
      'remove',
    ),
    finding(
      'duplicates',
      'warning',
      kinds.duplicate,
      (n) => `${n} rows repeat another row word for word.`,
      'remove',
    ),
    finding('near-duplicates', 'info', kinds.near, (n) => `${n} rows ask nearly the same as another row.`),
    contradictions.finding,
    finding(
      'secrets',
      'error',
      kinds.secret,
      (n) => `${n} rows hold what looks like a key or a token.`,
      'redact',
    ),
    finding(
      'personal-data',
      'warning',
      kinds.private,
      (n) => `${n} rows hold personal data (addresses, numbers).`,
      'redact',
    ),
    finding(
      'refusing-targets',
      'warning',
      kinds.refusing,
      (n) => `${n} rows teach to refuse or to apologise.`,
    ),
    finding(
      'length',
      'error',
      kinds.long,
      (n) => `${n} rows are longer than ${options.maxTokens} tokens and would be left out.`,
    ),
    finding(
      'changing-facts',
      'warning',
      kinds.changing,
      (n) =>
        `${n} rows give other figures for the same question: facts that change belong into retrieval, not into weights.`,
    ),
    withFigures > trained * 0.3 && trained >= 20
      ? {
          check: 'facts',
          severity: 'warning',
          message: `${withFigures} of ${trained} answers hold dates, prices, versions or durations: if these change, you want retrieval.`,
          count: withFigures,
          rows: [],
        }
      : null,
    ...balance.findings(classes),
    languageFinding(languages),
    sizeFinding(task, trained, classes),
    splits.has('test') || splits.has('validation')
      ? null
      : {
          check: 'split',
          severity: 'info',
          message: 'The rows are not split yet: fulcrum tune data split.',
          count,
          rows: [],
        },
  ];
  return {
    rows: count,
    task,
    findings: found.filter((each) => each !== null),
    ceiling: contradictions.ceiling,
    classes,
    lengths: lengths.report(),
    remove: [
      ...new Set(
        [kinds.empty, kinds.leaked, kinds.nearlyLeaked, kinds.duplicate].flatMap(({ ids }) => [...ids]),
      ),
    ],
    redact: [...new Set([...kinds.secret.ids, ...kinds.private.ids])],
  };
}

function finding(
  check: string,
  severity: Finding['severity'],
  { ids, places }: ReturnType<typeof createPlaces>,
  message: (count: number) => string,
  fix?: Finding['fix'],
): Finding | null {
  if (ids.size === 0) return null;
  return { check, severity, message: message(ids.size), count: ids.size, rows: places, ...(fix && { fix }) };
}

function placeOf({ id, origin }: TuningRow): RowPlace {
  return {
    id,
    ...(origin.file !== undefined && { file: origin.file }),
    ...(origin.line !== undefined && { line: origin.line }),
  };
}

/** Whether an answer says a number that the question did not. */
function hasOwnFigures(target: string, asked: string): boolean {
  return (target.match(/\d+/g) ?? []).some((figure) => !asked.includes(figure));
}

/** All that is asked, without the answer. */
function conversationOf({ messages }: TuningRow): string {
  return messages
    .slice(0, -1)
    .map(({ role, content }) => `${role}: ${content}`)
    .join('\n');
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

function indexTests(tests: readonly FrozenTest[]): { exact: Map<string, string>; similar: SimilarTexts } {
  const exact = new Map<string, string>();
  const similar = createSimilarTexts();
  for (const { dataset, samples } of tests)
    for (const { id, input } of samples) {
      exact.set(textKey(input), `${dataset}/${id}`);
      similar.add(`${dataset}/${id}`, signatureOf(input));
    }
  return { exact, similar };
}

/** A test sample among the questions of a row: every turn of the user, and what a prompt with passages asks at its end. */
function leakOf(
  row: TuningRow,
  tests: ReturnType<typeof indexTests>,
  threshold: number,
): { exact: boolean; detail: string } | null {
  const asked = row.messages
    .filter(({ role }) => role === 'user')
    .flatMap(({ content }) => [content, ...content.split(/\n\s*(?:Question|Q|Query|Frage):\s*/).slice(1)]);
  for (const text of asked) {
    const same = tests.exact.get(textKey(text));
    if (same) return { exact: true, detail: `is ${same}` };
  }
  for (const text of asked) {
    const near = tests.similar.nearest(signatureOf(text), threshold);
    if (near) return { exact: false, detail: `is nearly ${near.id} (${near.similarity.toFixed(2)})` };
  }
  return null;
}

/** Inputs with several different targets, and the accuracy that they leave. */
function contradictionsOf(
  seen: ReadonlyMap<string, { place: RowPlace; targets: ReadonlyMap<string, number> }>,
): {
  finding: Finding | null;
  ceiling: number;
} {
  let total = 0;
  let best = 0;
  const places = createPlaces();
  for (const { place, targets } of seen.values()) {
    const counts = [...targets.values()];
    const sum = counts.reduce((a, b) => a + b, 0);
    total += sum;
    best += Math.max(...counts);
    if (targets.size > 1)
      places.add({ ...place, detail: `${targets.size} different answers in ${sum} rows` });
  }
  const ceiling = total === 0 ? 1 : best / total;
  const found = finding(
    'contradictions',
    'warning',
    places,
    (n) =>
      `${n} inputs have several different answers: no model can be right on more than ${ceiling.toFixed(3)} of these rows.`,
  );
  return { finding: found, ceiling };
}

function languageFinding(languages: ReadonlyMap<string, number>): Finding | null {
  const sure = [...languages].filter(([language]) => language !== 'unsure').sort((a, b) => b[1] - a[1]);
  const total = sure.reduce((sum, [, n]) => sum + n, 0);
  const [first] = sure;
  if (!first || total < 20 || first[1] / total > 0.95) return null;
  const shares = sure.slice(0, 5).map(([language, n]) => `${language} ${((100 * n) / total).toFixed(0)} %`);
  return {
    check: 'languages',
    severity: 'info',
    message: `The inputs are in several languages: ${shares.join(', ')}.`,
    count: total - first[1],
    rows: [],
  };
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
