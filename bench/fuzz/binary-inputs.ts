import { unzipSync, zipSync } from 'fflate';
import { type DocxBlock, docxFile } from '../../src/knowledge/parsing/docx-file.fixture.ts';
import { type PdfText, pdfFile } from '../../src/knowledge/parsing/pdf-file.fixture.ts';
import { mutate } from './mutate.ts';
import { createRandom, type Random } from './random.ts';
import { word } from './text-inputs.ts';

/** Words of letters that the fonts of the made files have. */
function plainWord(random: Random): string {
  return `w${random.below(36 ** 5).toString(36)}z`;
}

interface Made {
  readonly content: Uint8Array;
  readonly words: readonly string[] | null;
}

/** The input of a seed: a third of the files as they were made, the others changed. */
export function binaryInput(format: 'pdf' | 'docx', seed: number): Made {
  const random = createRandom(seed);
  const make = format === 'pdf' ? pdf : docx;
  const made = make(random);
  if (random.chance(0.34)) return made;
  const other = make(random).content;
  if (format === 'docx' && random.chance(0.5))
    return { content: mutatedPart(made.content, random), words: null };
  return { content: mutate(made.content, other, random), words: null };
}

function pdf(random: Random): Made {
  const words: string[] = [];
  const pages = Array.from({ length: 1 + random.below(4) }, (): PdfText[] | 'scan' => {
    if (random.chance(0.1)) return 'scan';
    const columns = 1 + random.below(3);
    const texts: PdfText[] = [];
    for (let column = 0; column < columns; column += 1)
      for (let line = random.below(25); line >= 0; line -= 1) {
        const size = random.chance(0.1) ? 18 : 10;
        // What lies outside the page is not text of it.
        const most = Math.floor((size === 18 ? 4 : 9) / columns);
        const said = Array.from({ length: 1 + random.below(most) }, () => plainWord(random));
        words.push(...said);
        texts.push({
          text: said.join(' '),
          x: 50 + column * Math.floor(500 / columns),
          y: 780 - line * 20,
          size,
        });
      }
    return random.chance(0.5) ? texts : texts.reverse();
  });
  return {
    content: pdfFile(pages, {
      compress: random.chance(0.5),
      title: word(random).replace(/[^\x20-\x7e]/g, 'x'),
    }),
    words,
  };
}

function docx(random: Random): Made {
  const words: string[] = [];
  const say = (most: number): string => {
    const said = Array.from({ length: 1 + random.below(most) }, () => word(random));
    words.push(...said);
    return said.join(' ');
  };
  const blocks = random.list(20, (): DocxBlock => {
    switch (random.below(5)) {
      case 0:
        return { heading: say(5), level: 1 + random.below(6) };
      case 1:
        return { item: say(8), level: random.below(3), numbered: random.chance(0.5) };
      case 2:
        return { table: random.list(4, () => random.list(4, () => say(3))) };
      default:
        return { text: say(40) };
    }
  });
  return { content: docxFile(blocks, { title: 'x' }), words };
}

/** Changes what one part says, so that the archive stays whole. */
function mutatedPart(bytes: Uint8Array, random: Random): Uint8Array {
  const parts = unzipSync(bytes);
  const name = random.pick(Object.keys(parts));
  const other = parts[random.pick(Object.keys(parts))]!;
  return zipSync({ ...parts, [name]: mutate(parts[name]!, other, random) });
}
