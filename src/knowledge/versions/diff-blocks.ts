/** A stretch of blocks that is in only one of two texts. */
export interface BlockChange {
  readonly kind: 'added' | 'removed';
  /** Line on which it starts, from 1: of the new text for `added`, of the old one for `removed`. */
  readonly line: number;
  readonly text: string;
}

/** How long texts are compared before they are given as replaced whole. */
const patienceMs = 5_000;

/**
 * The blocks (stretches between blank lines) in which two texts differ, in order. Texts that are so different that comparing them
 * takes too long are given as one block removed and one added.
 */
export async function diffBlocks(before: string, after: string): Promise<BlockChange[]> {
  const { diffArrays } = await import('diff');
  const changes = diffArrays(blocksOf(before), blocksOf(after), { timeout: patienceMs });
  if (!changes)
    return [
      { kind: 'removed', line: 1, text: before },
      { kind: 'added', line: 1, text: after },
    ];
  const found: BlockChange[] = [];
  let oldLine = 1;
  let newLine = 1;
  for (const { added, removed, value } of changes) {
    const text = value.join('');
    const lines = text.split('\n').length - 1;
    if (added) found.push({ kind: 'added', line: newLine, text });
    else if (removed) found.push({ kind: 'removed', line: oldLine, text });
    if (!added) oldLine += lines;
    if (!removed) newLine += lines;
  }
  return found;
}

/** Blocks with the blank lines after them; together they are the text. */
function blocksOf(text: string): string[] {
  return text === '' ? [] : text.split(/(?<=\n[ \t]*\n)(?=[^\n])/);
}
