import { createHmac } from 'node:crypto';

/** Words of a passage that is taken to come from a document. */
const passageWords = 6;
/** Shortest single word that can give a document away. */
const leastLetters = 4;
/** Words of a passage whose hash a receipt holds; long, so that nobody can guess it. */
const probeWords = 12;
/** Most hashes of passages in a receipt. */
const mostProbes = 200;

/** What is in a document and in no other: passages and single words. */
export interface DocumentWords {
  repeats(text: string): boolean;
  mentions(text: string): boolean;
  /** Hashes of passages spread over the document, by a secret key. */
  probes(key: string): string[];
}

/** Words of a text as they are compared: lower case, without marks between them. */
export function wordsOf(text: string): string[] {
  return (
    text
      .normalize('NFKC')
      .toLowerCase()
      .match(/[\p{L}\p{N}\p{M}]+/gu) ?? []
  );
}

/** Hashes of all passages of a text that a receipt could name. */
export function* probesIn(text: string, key: string): Generator<string> {
  for (const passage of passagesOf(wordsOf(text), probeWords)) yield probeOf(passage, key);
}

function probeOf(passage: string, key: string): string {
  return createHmac('sha256', key).update(passage).digest('hex').slice(0, 32);
}

function* passagesOf(words: readonly string[], size: number): Generator<string> {
  for (let at = 0; at + size <= words.length; at++) yield words.slice(at, at + size).join(' ');
}

/**
 * Compares texts with what only these texts say. A document of a few words is one passage by itself.
 * @param own `texts`: canonical texts of all states of the deleted documents; `labels`: titles and metadata, of which
 * only single words count.
 * @param others texts of every document that stays; each is looked at once.
 */
export async function createDocumentWords(
  own: { readonly texts: readonly string[]; readonly labels: readonly string[] },
  others: AsyncIterable<string>,
): Promise<DocumentWords> {
  const passages = new Set<string>();
  const probes = new Set<string>();
  const sizes = new Set<number>();
  for (const read of own.texts.map(wordsOf)) {
    const size = Math.min(read.length, passageWords);
    if (size < 2) continue;
    sizes.add(size);
    for (const passage of passagesOf(read, size)) passages.add(passage);
    for (const passage of passagesOf(read, probeWords)) probes.add(passage);
  }
  const words = new Set(
    [...own.texts, ...own.labels].flatMap(wordsOf).filter((word) => word.length >= leastLetters),
  );
  for await (const text of others) {
    const read = wordsOf(text);
    for (const word of read) words.delete(word);
    for (const size of sizes) for (const passage of passagesOf(read, size)) passages.delete(passage);
    if (probes.size > 0) for (const passage of passagesOf(read, probeWords)) probes.delete(passage);
  }
  const repeated = (read: readonly string[]): boolean => {
    for (const size of sizes)
      for (const passage of passagesOf(read, size)) if (passages.has(passage)) return true;
    return false;
  };
  return {
    repeats: (text) => repeated(wordsOf(text)),
    mentions(text) {
      const read = wordsOf(text);
      return read.some((word) => words.has(word)) || repeated(read);
    },
    probes(key) {
      const step = Math.max(1, Math.ceil(probes.size / mostProbes));
      return [...probes]
        .filter((_passage, index) => index % step === 0)
        .map((passage) => probeOf(passage, key));
    },
  };
}
