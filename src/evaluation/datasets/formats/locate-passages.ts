import { FulcrumError } from '../../../core/index.ts';
import type { FormatReadOptions } from './format.ts';

/** Where a passage stands: its first place in the first document that holds it. */
export interface PassagePlace {
  readonly document: string;
  /** Offset in UTF-16 code units of the canonical text. */
  readonly start: number;
}

/** Longest list of missing passages in a message. */
const namedMissing = 5;

/**
 * Finds passages of a file in the documents of a source, reading each document once. Line endings are compared as in
 * canonical texts. Throws `evidence-not-found` when a passage stands in none of them.
 * @param passages distinct texts, each with the document to look in first where the file names one.
 */
export async function locatePassages(
  passages: ReadonlyMap<string, string | undefined>,
  options: FormatReadOptions,
): Promise<Map<string, PassagePlace>> {
  const { source, readDocument, listDocuments } = options;
  const found = new Map<string, PassagePlace>();
  if (source === undefined || !readDocument || passages.size === 0) return found;
  const look = async (document: string, wanted: Iterable<string>): Promise<void> => {
    const text = (await readDocument(document))?.text;
    if (text === undefined) return;
    for (const passage of wanted) {
      const start = found.has(passage) ? -1 : text.indexOf(canonicalLines(passage));
      if (start >= 0) found.set(passage, { document, start });
    }
  };
  const named = new Map<string, string[]>();
  for (const [passage, hint] of passages)
    if (hint !== undefined) named.set(hint, [...(named.get(hint) ?? []), passage]);
  for (const [hint, wanted] of named)
    await look(hint.startsWith(`${source}:`) ? hint : `${source}:${hint}`, wanted);
  if (found.size < passages.size)
    for (const document of (await listDocuments?.(source)) ?? []) {
      const open = [...passages.keys()].filter((passage) => !found.has(passage));
      if (open.length === 0) break;
      await look(document, open);
    }
  refuseMissing(passages, found);
  return found;
}

/** Line endings as canonical texts have them. */
export function canonicalLines(text: string): string {
  return text.replace(/\r\n?/g, '\n');
}

function refuseMissing(
  passages: ReadonlyMap<string, string | undefined>,
  found: ReadonlyMap<string, PassagePlace>,
): void {
  const missing = [...passages].filter(([passage]) => !found.has(passage));
  if (missing.length === 0) return;
  const items = missing
    .slice(0, namedMissing)
    .map(([passage, hint]) => `${hint === undefined ? '' : `${hint}: `}"${passage.slice(0, 60)}…"`);
  throw new FulcrumError('evidence-not-found', {
    count: missing.length,
    total: passages.size,
    items: `${items.join('; ')}${missing.length > namedMissing ? '; …' : ''}`,
  });
}
