import { printableJson } from './printable.ts';

/**
 * Writes one JSON document to stdout whose last member is a list that may not fit in memory. The caller then returns no
 * document of its own (`json: undefined`).
 */
export async function writeJsonDocument(
  head: Readonly<Record<string, unknown>>,
  list: string,
  pages: AsyncIterable<readonly unknown[]>,
): Promise<void> {
  const start = printableJson(head, 2).replace(/\n\}$/, ',\n');
  await write(`${start}  ${JSON.stringify(list)}: [`);
  let separator = '\n    ';
  for await (const page of pages)
    for (const item of page) {
      await write(`${separator}${printableJson(item)}`);
      separator = ',\n    ';
    }
  await write('\n  ]\n}\n');
}

async function write(piece: string): Promise<void> {
  if (!process.stdout.write(piece)) await new Promise((resolve) => process.stdout.once('drain', resolve));
}
