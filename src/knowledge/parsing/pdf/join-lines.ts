import type { Line, Paragraph } from './page-paragraphs.ts';

/** Words of a document as they stand inside its lines, to tell a hyphen from a word that was cut. */
export function vocabularyOf(lines: Iterable<Line>): ReadonlySet<string> {
  const words = new Set<string>();
  for (const { cells } of lines)
    for (const cell of cells)
      for (const word of cell.match(/\p{L}+(?:-\p{L}+)*(?!-$)/gu) ?? []) words.add(word.toLowerCase());
  return words;
}

/**
 * Text of a paragraph. A line that fills its paragraph goes on in the next one; a shorter one keeps its end. A word cut
 * by a hyphen at the end of a line is joined where that is certain: after a soft hyphen, and where the document has
 * the whole word elsewhere and not with a hyphen.
 */
export function joinLines(paragraph: Paragraph, vocabulary: ReadonlySet<string>): string {
  const { lines, kind } = paragraph;
  const right = Math.max(...lines.map((line) => line.right));
  const left = Math.min(...lines.map((line) => line.left));
  let text = '';
  lines.forEach((line, index) => {
    const words = line.cells.join('  ');
    const previous = lines[index - 1];
    if (!previous) text = words;
    else if (kind === 'table') text += `\n${words}`;
    else if (/\p{L}[-\u00ad\u2010]$/u.test(text) && /^\p{L}/u.test(words))
      text = joinHyphen(text, words, vocabulary);
    else text += (previous.right >= left + 0.75 * (right - left) ? ' ' : '\n') + words;
  });
  return text;
}

function joinHyphen(text: string, next: string, vocabulary: ReadonlySet<string>): string {
  const first = /\p{L}+(?=[-\u00ad\u2010]$)/u.exec(text)![0];
  const second = /^\p{L}+/u.exec(next)![0];
  const whole = `${first}${second}`.toLowerCase();
  const isCut =
    text.endsWith('\u00ad') || (vocabulary.has(whole) && !vocabulary.has(`${first}-${second}`.toLowerCase()));
  return (isCut ? text.slice(0, -1) : text) + next;
}
