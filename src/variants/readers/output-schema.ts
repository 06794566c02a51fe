import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { type ZodType, z } from 'zod';
import { contentHash, FulcrumError } from '../../core/index.ts';

/** What an answer must look like. */
export interface OutputSchema {
  readonly schema: ZodType;
  readonly hash: string;
}

/**
 * Reads the schema of a config, or of the file that it names (from the project folder). Throws `file-not-found`, `file-unreadable` or
 * `config-invalid` where it is no JSON schema.
 */
export async function readOutputSchema(
  given: string | Readonly<Record<string, unknown>>,
  directory: string,
): Promise<OutputSchema> {
  const value = typeof given === 'string' ? await readSchemaFile(resolve(directory, given)) : given;
  try {
    return {
      schema: z.fromJSONSchema(value as Parameters<typeof z.fromJSONSchema>[0]),
      hash: contentHash(value),
    };
  } catch (cause) {
    const problem = `"outputSchema" is not a JSON schema that can be used: ${(cause as Error).message.split('\n')[0]}.`;
    throw new FulcrumError(
      'config-invalid',
      { file: typeof given === 'string' ? given : 'outputSchema', problem },
      { cause },
    );
  }
}

/** Throws `file-not-found` or `file-unreadable`. */
export async function readSchemaFile(path: string): Promise<Record<string, unknown>> {
  let text: string;
  try {
    text = await readFile(path, 'utf8');
  } catch (cause) {
    throw new FulcrumError('file-not-found', { path }, { cause });
  }
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value))
      throw new TypeError('it is not an object');
    return value as Record<string, unknown>;
  } catch (cause) {
    throw new FulcrumError(
      'file-unreadable',
      { path, problem: `no JSON schema: ${(cause as Error).message}` },
      { cause },
    );
  }
}
