import type { Block } from '../document.ts';

/** Paragraphs of `[start, end)`: what blank lines separate, without the white space around it. */
export function paragraphBlocks(text: string, start = 0, end = text.length): Block[] {
  const blocks: Block[] = [];
  let from = -1;
  let last = start;
  for (let line = start; line < end; ) {
    const feed = text.indexOf('\n', line);
    const stop = feed < 0 || feed > end ? end : feed;
    if (text.slice(line, stop).trim() === '') {
      if (from >= 0) blocks.push({ kind: 'paragraph', start: from, end: last });
      from = -1;
    } else {
      if (from < 0) from = line;
      last = line + text.slice(line, stop).trimEnd().length;
    }
    line = stop + 1;
  }
  if (from >= 0) blocks.push({ kind: 'paragraph', start: from, end: last });
  return blocks;
}
