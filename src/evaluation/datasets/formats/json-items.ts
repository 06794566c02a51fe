import { FulcrumError, readJsonLines, readWholeText } from '../../../core/index.ts';

/** One record of a file: the number of its line, or of its place in a JSON array, from 1. */
export interface Item {
  readonly number: number;
  readonly value: unknown;
}

/** Keys under which exports wrap their list of records. */
const listKeys = ['data', 'items', 'samples', 'rows'];

/**
 * Records of a JSON Lines file, or of a `.json` file that holds an array of them, by itself or under `data`, `items`,
 * `samples` or `rows`. Throws `record-invalid` for what is neither.
 */
export async function* readItems(path: string): AsyncGenerator<Item> {
  if (!path.toLowerCase().endsWith('.json')) {
    yield* readJsonLines(path);
    return;
  }
  const whole = await readJsonFile(path);
  const list = listOf(whole);
  if (!list)
    throw new FulcrumError('record-invalid', {
      path,
      line: 1,
      problem: `expected an array of records, alone or under ${listKeys.join(', ')}`,
    });
  for (const [index, value] of list.entries()) yield { number: index + 1, value };
}

/** The value of a JSON file; throws `record-invalid` with the line of the error. */
export async function readJsonFile(path: string): Promise<unknown> {
  const text = await readWholeText(path);
  try {
    return JSON.parse(text);
  } catch (error) {
    const said = error instanceof Error ? error.message : String(error);
    const line = Number(/line (\d+)/.exec(said)?.[1] ?? text.split('\n').length);
    throw new FulcrumError(
      'record-invalid',
      { path, line, problem: `not JSON (${said.slice(0, 200)})` },
      { cause: error },
    );
  }
}

/** The array that a JSON value is or wraps. */
export function listOf(value: unknown): readonly unknown[] | null {
  if (Array.isArray(value)) return value;
  if (!isRecord(value)) return null;
  const list = listKeys.map((key) => value[key]).find(Array.isArray);
  return list ?? null;
}

/** Whether a value is an object with keys. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
