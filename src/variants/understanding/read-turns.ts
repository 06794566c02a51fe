import { readFile, stat } from 'node:fs/promises';
import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';
import type { Turn } from '../variant.ts';

/** Longest conversation that is read, in bytes. */
const mostBytes = 4_000_000;

const turnSchema = z.object({ role: z.enum(['user', 'assistant']), content: z.string() });

/**
 * Earlier turns from a file: a JSON array, or one JSON object a line. Members beside `role` and `content` are left out.
 * Throws `file-not-found` or `conversation-invalid`.
 */
export async function readTurns(file: string): Promise<Turn[]> {
  const invalid = (problem: string): FulcrumError =>
    new FulcrumError('conversation-invalid', { file, problem });
  const found = await stat(file).catch((cause: unknown) => {
    throw new FulcrumError('file-not-found', { path: file }, { cause });
  });
  if (!found.isFile()) throw invalid('it is no file');
  if (found.size > mostBytes) throw invalid(`it has more than ${mostBytes} bytes`);
  const text = (await readFile(file, 'utf8')).replace(/^\uFEFF/, '').trim();
  if (text === '') return [];
  return readEntries(text, invalid).map((entry, index) => {
    const turn = turnSchema.safeParse(entry);
    if (turn.success) return turn.data;
    const issue = turn.error.issues[0];
    const at = issue?.path.join('.');
    throw invalid(`turn ${index + 1}: ${at ? `"${at}" ` : ''}${issue?.message.toLowerCase()}`);
  });
}

function readEntries(text: string, invalid: (problem: string) => FulcrumError): unknown[] {
  const parse = (part: string, where: string): unknown => {
    try {
      return JSON.parse(part);
    } catch {
      throw invalid(`${where} is no JSON`);
    }
  };
  if (text.startsWith('[')) return parse(text, 'its text') as unknown[];
  return text
    .split('\n')
    .flatMap((line, index) => (line.trim() === '' ? [] : [parse(line, `line ${index + 1}`)]));
}
