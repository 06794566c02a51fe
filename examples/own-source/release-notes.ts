import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

// A source of your own: one document for each section of a change log.
// In the config: "notes": { "type": "module", "file": "./release-notes.ts", "options": { "file": "CHANGES.md" } }

interface Given {
  options: { file: string };
  projectDirectory: string;
}

export function createSource({ options, projectDirectory }: Given) {
  const path = join(projectDirectory, options.file);
  const sections = async (signal?: AbortSignal) => {
    const text = await readFile(path, { encoding: 'utf8', ...(signal && { signal }) });
    return text.split(/^(?=## )/m).filter((section) => section.startsWith('## '));
  };
  const releaseOf = (section: string) => /^## (\S+)/.exec(section)?.[1] ?? '';
  return {
    async *list({ signal }: { signal?: AbortSignal } = {}) {
      for (const section of await sections(signal)) {
        const key = releaseOf(section);
        // The version is what tells a sync that nothing changed; null would have it read the document.
        yield { ok: true, item: { key, uri: `${options.file}#${key}`, version: section } };
      }
    },
    async read({ key }: { key: string }, { signal }: { signal?: AbortSignal } = {}) {
      const content = (await sections(signal)).find((section) => releaseOf(section) === key);
      if (content === undefined) throw new Error(`there is no release ${key}`);
      const date = /\((\d{4}-\d{2}-\d{2})\)/.exec(content)?.[1];
      return { content, mediaType: 'text/markdown', date, metadata: { release: key } };
    },
  };
}
