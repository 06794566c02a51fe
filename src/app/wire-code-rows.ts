import { isUtf8 } from 'node:buffer';
import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError, sha256, type WorkOptions } from '../core/index.ts';
import type { TuningRow } from '../tuning/index.ts';

export interface RowsFromCode extends WorkOptions {
  /** Folder of a repository. */
  readonly folder: string;
}

/** Lines of a body that is worth learning from, and the longest line; longer ones were written by programs. */
const bodyLines = { least: 2, most: 60 } as const;
const longestLine = 160;
/** Lines that the beginning of a declaration takes at most. */
const longestHead = 12;

/**
 * How a repository writes code, as rows: the comment and the beginning of a declaration, and what follows. Only files that its
 * `.gitignore` lets through and whose language is parsed; all rows of a file are one group, so that no file is both learnt from and tested.
 * A file that is not UTF-8 is left out with a notice. Throws `file-not-found`, `file-unreadable` for what is no folder, and `trainer-data` where
 * nothing is found.
 */
export async function* rowsFromCode({ folder, ...work }: RowsFromCode): AsyncGenerator<TuningRow> {
  const { hasGrammar, listFiles, mediaTypeOf, parseCode } = await import('../knowledge/index.ts');
  const found = await stat(folder).catch((cause) => {
    throw new FulcrumError('file-not-found', { path: folder }, { cause });
  });
  if (!found.isDirectory())
    throw new FulcrumError('file-unreadable', { path: folder, problem: 'it is no folder of a repository' });
  const files = await listFiles(
    folder,
    { globs: ['**/*'], exclude: [], gitignore: true, links: 'none' },
    work.signal,
  );
  const seen = new Set<string>();
  for (const [index, file] of files.entries()) {
    work.signal?.throwIfAborted();
    work.onProgress?.({ phase: 'reading code', done: index, total: files.length, unit: 'files' });
    const mediaType = 'error' in file ? undefined : mediaTypeOf(file.path, new Uint8Array());
    if ('error' in file || mediaType === undefined || !hasGrammar(mediaType)) continue;
    const bytes = await readFile(join(folder, file.path));
    if (!isUtf8(bytes)) {
      work.onNotice?.(`${file.path} is not UTF-8 and was left out.`);
      continue;
    }
    const text = bytes.toString('utf8').replaceAll('\r\n', '\n');
    const { blocks } = await parseCode(text, mediaType, file.path);
    const inside: string[] = [];
    for (const block of blocks) {
      const { level = 1, title = '' } = block;
      inside.splice(level - 1);
      inside[level - 1] = title;
      const parts = title === '' ? null : cut(text.slice(block.start, block.end));
      if (!parts || seen.has(sha256(parts.body))) continue;
      seen.add(sha256(parts.body));
      const place = inside.slice(0, -1).filter(Boolean).join(' > ');
      yield {
        id: `${file.path}:${lineOf(text, block.start)}`,
        group: file.path,
        messages: [
          {
            role: 'user',
            content: `Go on as this repository writes code.\nFile: ${file.path}${place === '' ? '' : `\nInside: ${place}`}\n\n${parts.head}`,
          },
          { role: 'assistant', content: parts.body },
        ],
        origin: { kind: 'code', file: file.path, line: lineOf(text, block.start) },
      };
    }
  }
  if (seen.size === 0)
    throw new FulcrumError('trainer-data', {
      problem: `${folder} has no functions or classes of a language that is parsed`,
    });
}

/** Beginning and rest of a declaration; null where the rest is too short or long, or no person wrote it. */
function cut(declaration: string): { head: string; body: string } | null {
  const lines = declaration.split('\n');
  if (lines.some((line) => line.length > longestLine)) return null;
  const first = lines.findIndex((line) => /^\s*[^\s/*#@"']/.test(line));
  if (first < 0) return null;
  const opened = lines.slice(first, first + longestHead).findIndex((line) => /(?:[{:]|=>)\s*$/.test(line));
  const at = first + Math.max(0, opened) + 1;
  const body = lines.slice(at).join('\n').trimEnd();
  const count = body.split('\n').length;
  if (body === '' || count < bodyLines.least || count > bodyLines.most) return null;
  return { head: lines.slice(0, at).join('\n'), body };
}

function lineOf(text: string, offset: number): number {
  let line = 1;
  for (let at = text.indexOf('\n'); at >= 0 && at < offset; at = text.indexOf('\n', at + 1)) line++;
  return line;
}
