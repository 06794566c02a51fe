/** A piece of the second of two texts, or one that only the first has. */
export interface Piece {
  readonly kind: 'same' | 'added' | 'removed';
  readonly text: string;
}

/** Words beyond which texts are not aligned: the work grows with their product. */
const mostWords = 600;

/**
 * What turns the first text into the second, word by word (longest common subsequence). Texts of more than 600 words
 * are given as removed and added in whole.
 */
export function wordDifference(first: string, second: string): Piece[] {
  const a = first.split(/(\s+)/).filter((word) => word !== '');
  const b = second.split(/(\s+)/).filter((word) => word !== '');
  if (a.length > mostWords || b.length > mostWords)
    return first === second
      ? [{ kind: 'same', text: second }]
      : [
          { kind: 'removed', text: first },
          { kind: 'added', text: second },
        ];
  const lengths = commonLengths(a, b);
  const pieces: Piece[] = [];
  let i = 0;
  let j = 0;
  while (i < a.length || j < b.length) {
    if (i < a.length && j < b.length && a[i] === b[j]) {
      pieces.push({ kind: 'same', text: b[j]! });
      i += 1;
      j += 1;
    } else if (j >= b.length || (i < a.length && lengths[i + 1]![j]! >= lengths[i]![j + 1]!)) {
      pieces.push({ kind: 'removed', text: a[i]! });
      i += 1;
    } else {
      pieces.push({ kind: 'added', text: b[j]! });
      j += 1;
    }
  }
  return joined(pieces);
}

/** Length of the longest common subsequence of every pair of ends. */
function commonLengths(a: readonly string[], b: readonly string[]): Uint16Array[] {
  const lengths = Array.from({ length: a.length + 1 }, () => new Uint16Array(b.length + 1));
  for (let i = a.length - 1; i >= 0; i -= 1)
    for (let j = b.length - 1; j >= 0; j -= 1)
      lengths[i]![j] =
        a[i] === b[j] ? lengths[i + 1]![j + 1]! + 1 : Math.max(lengths[i + 1]![j]!, lengths[i]![j + 1]!);
  return lengths;
}

function joined(pieces: readonly Piece[]): Piece[] {
  const result: Piece[] = [];
  for (const piece of pieces) {
    const last = result.at(-1);
    if (last?.kind === piece.kind) result[result.length - 1] = { ...last, text: last.text + piece.text };
    else result.push(piece);
  }
  return result;
}
