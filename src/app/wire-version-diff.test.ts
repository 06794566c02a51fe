import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { localOwner } from '../core/index.ts';
import { openProject } from './project.ts';
import { diffProjectDocument } from './wire-version-diff.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-version-diff-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('a document that may not be read is as one that is not there, also in what is suggested', async () => {
  mkdirSync(join(folder, 'docs'));
  const write = (name: string, text: string) => writeFileSync(join(folder, 'docs', name), text);
  writeFileSync(
    join(folder, 'fulcrum.config.json'),
    JSON.stringify({
      embedding: false,
      sources: {
        docs: { type: 'files', directory: 'docs', rules: [{ match: 'secret*', readers: ['group:hr'] }] },
      },
    }),
  );
  const project = await openProject(folder);
  try {
    const { sync } = await project.knowledge();
    for (const state of ['one', 'two']) {
      write('open.md', `open ${state}`);
      write('secret.md', `secret ${state}`);
      await sync();
    }
    const diff = (documentId: string, principal = localOwner) =>
      diffProjectDocument(project, { from: '1', to: '2', documentId, principal });
    expect((await diff('docs:secret.md')).blocks.map(({ text }) => text)).toEqual([
      'secret one',
      'secret two',
    ]);
    const eve = { tenant: 'local', user: 'eve', groups: [] };
    expect((await diff('docs:open.md', eve)).blocks).toHaveLength(2);
    const messages = await Promise.all(
      ['docs:secret.md', 'docs:secret.mx'].map((id) =>
        diff(id, eve).then(
          () => '',
          (error) => `${error.code}: ${error.message} ${error.hint}`.replaceAll(id, 'ID'),
        ),
      ),
    );
    expect(messages[0]).toMatch(/^document-unknown/);
    expect(messages[1]).toBe(messages[0]);
    expect(messages[0]).not.toContain('secret');
  } finally {
    await project.close();
  }
});
