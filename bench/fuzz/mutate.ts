import type { Random } from './random.ts';

/** Bytes that mean something to one parser or another. */
const tokens = [
  '\0',
  '\r\n',
  '\n\n',
  '---\n',
  '```',
  '~~~',
  '<',
  '>',
  '</',
  '<!--',
  ']]>',
  '{',
  '}',
  '[',
  ']',
  '"',
  "'",
  '\\',
  '\\u',
  '|',
  ',',
  ';',
  '&',
  '&#0;',
  '&amp;',
  '%PDF-1.7',
  'endstream',
  'endobj',
  'xref',
  'trailer',
  'startxref',
  '/Length 99999999',
  '/Kids [1 0 R]',
  '0 R',
  'PK\u0003\u0004',
  '<w:p>',
  '<w:tbl>',
  '<!ENTITY a "b">',
  '\uFEFF',
  '\u200d',
  '\u0301',
  '😀',
  '1e999',
  '-1',
  '4294967296',
].map((token) => Buffer.from(token));

/** A changed copy: bits flipped, parts cut, doubled, moved or exchanged for those of another input. */
export function mutate(bytes: Uint8Array, other: Uint8Array, random: Random): Uint8Array {
  let result = Buffer.from(bytes);
  const rounds = 1 + random.below(6);
  for (let round = 0; round < rounds; round += 1) {
    const at = random.below(result.length + 1);
    const length = random.below(Math.min(result.length - at, random.chance(0.2) ? 4096 : 32) + 1);
    switch (random.below(7)) {
      case 0:
        if (result.length > 0) result[random.below(result.length)] = random.below(256);
        break;
      case 1:
        result = Buffer.concat([result.subarray(0, at), result.subarray(at + length)]);
        break;
      case 2:
        result = Buffer.concat([result.subarray(0, at + length), result.subarray(at)]);
        break;
      case 3:
        result = Buffer.concat([result.subarray(0, at), random.pick(tokens), result.subarray(at)]);
        break;
      case 4:
        result = result.subarray(0, at);
        break;
      case 5: {
        const from = random.below(other.length);
        const part = other.subarray(from, from + random.below(256));
        result = Buffer.concat([result.subarray(0, at), part, result.subarray(at + length)]);
        break;
      }
      default:
        for (let flip = random.below(8); flip >= 0 && result.length > 0; flip -= 1) {
          const place = random.below(result.length);
          result[place] = result[place]! ^ (1 << random.below(8));
        }
    }
  }
  return new Uint8Array(result);
}
