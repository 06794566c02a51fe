import { FulcrumError, readWholeText, type Sample, sampleSchema } from '../../../core/index.ts';
import { describe, type ReadSample } from '../read-samples.ts';
import type { ColumnMap } from './column-map.ts';
import type { FormatRead, FormatReadOptions } from './format.ts';
import { isRecord } from './json-items.ts';
import { asReferences } from './losses-of.ts';
import { createLossCounter, type LossCounter } from './lost-fields.ts';
import { literal, metadataTags, ownMembers, readAssertions } from './promptfoo.ts';
import { sampleFromFields } from './sample-from-fields.ts';

/** Variables that are taken as the question where none is mapped, in this order. */
const inputVariables = ['input', 'question', 'query', 'prompt', 'text', 'message'];
const testKeys = new Set(['vars', 'assert', 'description', 'metadata']);

/**
 * Reads the tests of a promptfoo config (YAML or JSON), or a file that is a list of tests. Assertions become references,
 * facts and `answerable`; those that cannot be held, and everything else of the config, are counted as lost. Variables
 * that are templates or name files are never computed or read: such a test is left out.
 */
export async function readPromptfoo(path: string, options: FormatReadOptions): Promise<FormatRead> {
  const config = await parseYaml(path);
  const lost = createLossCounter();
  const tests = Array.isArray(config) ? config : isRecord(config) ? config.tests : undefined;
  if (!Array.isArray(tests))
    throw new FulcrumError('record-invalid', {
      path,
      line: 1,
      problem: 'expected a list of tests, alone or under "tests" (files that it names are not read)',
    });
  if (isRecord(config) && !Array.isArray(config))
    for (const key of Object.keys(config)) if (key !== 'tests') lost.count(`config ${key}`);
  const records: ReadSample[] = [];
  let leftOut = 0;
  for (const [index, test] of tests.entries()) {
    const sample = sampleOf(test, index + 1, { path, map: options.map ?? {}, lost });
    if (sample === null) leftOut++;
    else records.push({ sample, line: index + 1 });
  }
  return { records, lost: lost.report(), leftOut };
}

interface Reading {
  readonly path: string;
  readonly map: ColumnMap;
  readonly lost: LossCounter;
}

function sampleOf(test: unknown, number: number, { path, map, lost }: Reading): Sample | null {
  const invalid = (problem: string): FulcrumError =>
    new FulcrumError('record-invalid', { path, line: number, problem: `test ${number}: ${problem}` });
  if (!isRecord(test) || !isRecord(test.vars)) {
    lost.count(typeof test === 'string' ? 'tests in another file' : 'tests without variables');
    return null;
  }
  const variables = literalVariables(test.vars, lost);
  const names = Object.keys(test.vars);
  const inputName =
    map.input ??
    inputVariables.find((name) => names.includes(name)) ??
    (names.length === 1 ? names[0] : undefined);
  if (inputName === undefined)
    throw invalid(`which variable is the question? Add --map input=NAME (${names.join(', ')})`);
  if (variables[inputName] === undefined) return null;
  const mapped = Object.entries({ ...map, input: inputName });
  const fields = Object.fromEntries(mapped.map(([field, name]) => [field, variables[name]]));
  for (const name of names) if (!mapped.some(([, column]) => column === name)) lost.count(`vars.${name}`);
  for (const key of Object.keys(test)) if (!testKeys.has(key)) lost.count(`test ${key}`);

  const read = sampleFromFields(fields, String(number));
  if ('problem' in read) throw invalid(read.problem);
  const asserted = readAssertions(test.assert, lost);
  const own = ownMembers(test.metadata);
  const tags = own ? [] : metadataTags(test.metadata, lost);
  if (!own && typeof test.description === 'string') lost.count('description');
  const gold = {
    ...asReferences(asserted.references),
    ...(asserted.facts.length > 0 ? { facts: asserted.facts } : {}),
    ...(asserted.mustNot.length > 0 ? { mustNot: asserted.mustNot } : {}),
    ...(asserted.answerable === false ? { answerable: false } : {}),
    ...(tags.length > 0 ? { tags: [...(read.sample.tags ?? []), ...tags] } : {}),
  };
  // Our own exports say in metadata what the assertions only say in part.
  const parsed = sampleSchema.safeParse({ ...read.sample, ...(own ?? gold) });
  if (!parsed.success) throw invalid(describe(parsed.error));
  return parsed.data;
}

function literalVariables(vars: Record<string, unknown>, lost: LossCounter): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(vars).map(([name, value]) => {
      const text = typeof value === 'string' ? literal(value) : value;
      if (text === null) lost.count(`vars.${name} that is a template or a file`);
      else if (typeof text === 'object') lost.count(`vars.${name} that is a list`);
      return [name, text === null || typeof text === 'object' ? undefined : text];
    }),
  );
}

async function parseYaml(path: string): Promise<unknown> {
  const { LineCounter, parseDocument } = await import('yaml');
  const text = await readWholeText(path);
  const lineCounter = new LineCounter();
  const document = parseDocument(text, { lineCounter, logLevel: 'silent' });
  const error = document.errors[0];
  if (error)
    throw new FulcrumError('record-invalid', {
      path,
      line: error.linePos?.[0].line ?? 1,
      problem: (error.message.split('\n')[0] ?? 'not YAML').slice(0, 200),
    });
  try {
    // Aliases that unfold into more than this are an attack, not a test set.
    return document.toJS({ maxAliasCount: 100 });
  } catch (error) {
    throw new FulcrumError(
      'record-invalid',
      { path, line: 1, problem: error instanceof Error ? error.message : String(error) },
      { cause: error },
    );
  }
}
