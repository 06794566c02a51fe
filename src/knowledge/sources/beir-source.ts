import { existsSync } from 'node:fs';
import { join } from 'node:path';
import type { Source } from '../document.ts';
import { requireDirectory } from './files-source.ts';
import { createJsonlSource } from './jsonl-source.ts';

/**
 * The corpus of a BEIR folder: `corpus.jsonl`, or `corpus.jsonl.gz` where that is absent, with `_id`, `text` and
 * `title`. Throws `directory-not-found`, or `file-not-found` where the folder holds neither.
 */
export function createBeirSource(options: { readonly name: string; readonly directory: string }): Source {
  const { name, directory } = options;
  return {
    name,
    async *read(readOptions) {
      await requireDirectory(directory);
      const plain = join(directory, 'corpus.jsonl');
      const file = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
      yield* createJsonlSource({ name, file, id: '_id', text: 'text', title: 'title' }).read(readOptions);
    },
  };
}
