import { readFile } from 'node:fs/promises';
import { FulcrumError, sha256 } from '../../core/index.ts';
import { externalOutputSchema } from './external-output.ts';

/** Recorded outputs of a pipeline, by sample id. */
export interface Recording {
  readonly hash: string;
  readonly outputs: ReadonlyMap<string, unknown>;
}

/**
 * Reads a JSONL of recorded outputs, each line {id, answer, contexts?, costUsd?, seconds?, refused?, usage?}.
 * Throws `file-not-found`, `file-not-text` for UTF-16, or `recording-invalid` with the line that is no JSON, has no id, has one that was seen before,
 * or has not the shape of an output.
 */
export async function readRecording(path: string): Promise<Recording> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') throw new FulcrumError('file-not-found', { path });
    throw new FulcrumError(
      'file-unreadable',
      { path, problem: error.code ?? error.message },
      { cause: error },
    );
  });
  // What is not UTF-8 was read with replacement characters; UTF-16, as spreadsheets write it, also with NUL.
  if (text.includes('\0')) throw new FulcrumError('file-not-text', { path, problem: 'it looks like UTF-16' });
  const outputs = new Map<string, unknown>();
  for (const [index, line] of text
    .replace(/^\uFEFF/, '')
    .split('\n')
    .entries()) {
    if (line.trim() === '') continue;
    const fail = (problem: string): never => {
      throw new FulcrumError('recording-invalid', { path, line: index + 1, problem });
    };
    let value: unknown;
    try {
      value = JSON.parse(line);
    } catch {
      fail('this is not JSON.');
    }
    const id = (value as { id?: unknown } | null)?.id;
    if (typeof id !== 'string' || id === '') return fail('there is no "id" (a text).');
    if (outputs.has(id)) fail(`the id "${id}" is there twice.`);
    const parsed = externalOutputSchema.safeParse(value);
    if (!parsed.success) {
      const issue = parsed.error.issues[0];
      const others = Object.keys(value as object).filter((key) => key !== 'id');
      const keys = others.length > 0 && issue?.path[0] === 'answer' ? `; its keys: ${others.join(', ')}` : '';
      fail(`"${issue?.path.join('.')}": ${issue?.message}${keys.slice(0, 200)}`);
    }
    outputs.set(id, value);
  }
  return { hash: sha256(text), outputs };
}
