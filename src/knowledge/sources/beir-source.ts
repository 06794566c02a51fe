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
  const open = (): Source => {
    const plain = join(directory, 'corpus.jsonl');
    const file = !existsSync(plain) && existsSync(`${plain}.gz`) ? `${plain}.gz` : plain;
    return createJsonlSource({ name, file, id: '_id', text: 'text', title: 'title' });
  };
  let corpus: Source | undefined;
  return {
    name,
    capabilities: { versions: 'declared' },
    async *list(listOptions) {
      await requireDirectory(directory);
      corpus = open();
      yield* corpus.list(listOptions);
    },
    async read(item, readOptions) {
      corpus ??= open();
      return corpus.read(item, readOptions);
    },
  };
}
