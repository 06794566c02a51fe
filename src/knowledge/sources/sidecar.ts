import { FulcrumError } from '../../core/index.ts';
import { decodeText } from '../parsing/decode-text.ts';
import { readAttributes, type SourceAttributes } from './document-attributes.ts';

/** Endings of files that say something of the file whose name goes before. */
const sidecarName = /\.meta\.(?:json|ya?ml)$/;

/** Longer ones are no lists of attributes. */
export const sidecarByteLimit = 256 * 1024;

/** Whether a file is one that says something of another: `report.pdf.meta.yaml`. */
export function isSidecar(path: string): boolean {
  return sidecarName.test(path);
}

/** The file that a sidecar says something of. */
export function sidecarOwner(path: string): string {
  return path.replace(sidecarName, '');
}

/**
 * What the sidecar of a file says: `title`, `readers`, `language`, `date` and `metadata`. Since it may hold an access
 * list, whatever is wrong with it throws `access-list-invalid` or `attribute-invalid`, and keeps the document out.
 */
export async function readSidecar(
  paths: readonly string[],
  read: (path: string) => Promise<Uint8Array>,
): Promise<SourceAttributes> {
  const [path, second] = paths;
  if (path === undefined) return {};
  const invalid = (problem: string, cause?: unknown): FulcrumError =>
    new FulcrumError('access-list-invalid', { path, field: 'the whole', problem }, { cause });
  if (second !== undefined) throw invalid(`there is ${second} as well`);
  try {
    const bytes = await read(path);
    if (bytes.length > sidecarByteLimit) throw invalid(`it has more than ${sidecarByteLimit} bytes`);
    const text = decodeText(bytes, path);
    if (path.endsWith('.json')) return readAttributes(JSON.parse(text), path);
    const { parse } = await import('yaml');
    return readAttributes(parse(text, { logLevel: 'error', maxAliasCount: 0 }), path);
  } catch (error) {
    if (error instanceof FulcrumError && error.code.endsWith('-invalid')) throw error;
    throw invalid((error as Error).message.split('\n')[0] ?? '', error);
  }
}
