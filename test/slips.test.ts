import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';

// A small project with two versions, and what somebody is told who slips while using it.
const config = (match: string): string =>
  JSON.stringify({
    embedding: false,
    sources: {
      docs: { type: 'files', directory: 'docs', rules: [{ match: [match], readers: ['group:people'] }] },
    },
  });
const folder = scratchFolder({
  'docs/hall.md': '# Hall\n\nThe hall opens at seven.\n',
  'docs/roof.md': '# Roof\n\nThe roof is closed in winter.\n',
  'docs/pay/scale.md': '# Scale\n\nThe pay scale has nine steps.\n',
  'fulcrum.config.json': config('pay/**'),
});
const write = (file: string, text: string): void => writeFileSync(join(folder.path, file), text);
const run = (...args: string[]) => fulcrumInProcess([...args, '--project', folder.path]);

beforeAll(async () => {
  expect((await run('sync')).code).toBe(0);
  write('docs/hall.md', '# Hall\n\nThe hall opens at eight.\n');
  expect((await run('sync')).code).toBe(0);
});
afterAll(() => folder.remove());

describe('a slip', () => {
  it('in the name of a group is told, since its documents are silently not there', async () => {
    const listed = await run('access', 'list', '--as', 'user:ann,group:peopel');
    expect(listed.stdout).toContain('docs  2 of 3 documents');
    expect(listed.stdout).toContain('No access list names the group "peopel". Did you mean "people"?');
    const explained = await run(
      'access',
      'explain',
      'docs:pay/scale.md',
      '--as',
      'user:ann,group:peopel',
      '--json',
    );
    expect(explained.json()).toMatchObject({ readable: false, unnamedGroups: ['peopel'] });
    const right = await run('access', 'list', '--as', 'user:ann,group:people');
    expect(right.stdout).toContain('docs  3 of 3 documents');
    expect(right.stdout).not.toContain('No access list');
  });

  it('in the pattern of a rule is told, since the rule then keeps nobody out', async () => {
    write('fulcrum.config.json', config('pey/**'));
    const checked = await run('source', 'check', 'docs');
    expect(checked.stdout).toContain('! The rule "pey/**" matches no document');
    expect((await run('sync', 'docs')).stderr).toContain('docs: the rule "pey/**" matches no document');
    write('fulcrum.config.json', config('pay/**'));
    const right = await run('source', 'check', 'docs', '--json');
    expect(right.json()).toMatchObject({ unmatchedRules: [] });
    expect((await run('sync', 'docs')).stderr).not.toContain('matches no document');
  });

  it('of an empty question or query is one, not an answer', async () => {
    for (const command of ['ask', 'search']) {
      const empty = await run(command, ' ', '--json');
      expect(empty.code).toBe(2);
      expect(empty.json()).toMatchObject({ error: { code: 'usage' } });
    }
  });

  it('of searching by vectors that there are none of is told', async () => {
    const { stdout } = await run('search', 'hall', '--arm', 'vector');
    expect(stdout).toContain('No chunk is embedded, so nothing can be found by vectors.');
    expect(stdout).not.toContain('Found by keywords');
  });
});

describe('an old citation', () => {
  it('is opened by the command that the answer prints', async () => {
    const asked = await run('ask', 'When does the hall open?');
    const [, line = ''] = /^Open \[1\], also later: fulcrum (.*)$/m.exec(asked.stdout) ?? [];
    expect(line).toMatch(/^documents show docs:hall\.md --at [0-9a-f]{12} --span 8-32$/);
    write('docs/hall.md', '# Hall\n\nThe hall opens at nine.\n');
    await run('sync');
    const opened = await run(...line.split(' '));
    expect(opened.stdout).toContain('The hall opens at eight.');
    const unknown = await run('documents', 'show', 'docs:hall.md', '--at', '0123456789ab', '--json');
    expect(unknown.json()).toMatchObject({ error: { code: 'document-version-unknown' } });
  });
});

describe('versions', () => {
  it('tell a document that did not change from one that there is not', async () => {
    const same = await run('versions', 'diff', '1', '2', '--document', 'docs:roof.md');
    expect(same.stdout).toContain('docs:roof.md: the text is the same.');
    expect(same.code).toBe(0);
    const none = await run('versions', 'diff', '1', '2', '--document', 'docs:cellar.md', '--json');
    expect(none.json()).toMatchObject({ error: { code: 'document-unknown' } });
  });

  it('say after a rollback what the next sync will do', async () => {
    const back = await run('versions', 'rollback', '1');
    expect(back.stdout).toContain('The next sync brings in what the sources hold then');
  });
});
