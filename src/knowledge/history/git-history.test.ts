import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openGitHistory } from './git-history.ts';

let folder: string;
const git = (date: string, ...parameters: string[]): void => {
  execFileSync('git', ['-C', folder, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters], {
    env: { ...process.env, GIT_AUTHOR_DATE: date, GIT_COMMITTER_DATE: date },
  });
};
const commit = (date: string): void => {
  git(date, 'add', '-A');
  git(date, 'commit', '-qm', 'change');
};

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  mkdirSync(join(folder, 'docs'));
  git('2025-01-01T00:00:00Z', 'init', '-q');
  writeFileSync(join(folder, 'other.txt'), 'outside');
  commit('2024-01-01T00:00:00Z');
  writeFileSync(join(folder, 'docs/leave policy.md'), '# Leave\n\nEight days of leave.\n');
  commit('2025-01-01T00:00:00Z');
  writeFileSync(join(folder, 'docs/leave policy.md'), '# Leave\n\nNine days of leave.\n');
  commit('2025-06-01T00:00:00Z');
  renameSync(join(folder, 'docs/leave policy.md'), join(folder, 'docs/time-off.md'));
  commit('2025-07-01T00:00:00Z');
  rmSync(join(folder, 'docs/time-off.md'));
  commit('2025-08-01T00:00:00Z');
  writeFileSync(join(folder, 'docs/time-off.md'), Buffer.from([0xff, 0xfe, 0x61]));
  commit('2025-09-01T00:00:00Z');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** A folder with `[ab].md`, and with `a.md`, which that name would match as a pattern. */
async function historyOfPattern(): Promise<{ directory: string; texts: string[] }> {
  const directory = mkdtempSync(join(tmpdir(), 'pattern-'));
  const run = (...parameters: string[]): void => {
    execFileSync('git', ['-C', directory, '-c', 'user.name=t', '-c', 'user.email=t@t', ...parameters]);
  };
  run('init', '-q');
  for (const [name, text] of [
    ['[ab].md', 'Pattern.\n'],
    ['a.md', 'Other.\n'],
  ] as const) {
    writeFileSync(join(directory, name), text);
    run('add', '-A');
    run('commit', '-qm', name);
  }
  return { directory, texts: ['Pattern.\n'] };
}

describe('the git history of a folder', () => {
  it('begins with the oldest commit that touches it', async () => {
    const history = await openGitHistory({ directory: join(folder, 'docs') });
    expect(history.since).toEqual(new Date('2025-01-01T00:00:00Z'));
  });

  it('gives the states of a document, newest first, through renames', async () => {
    const history = await openGitHistory({ directory: join(folder, 'docs') });
    const states: [string, string | null][] = [];
    for await (const { at, text } of history.states('time-off.md'))
      states.push([at.toISOString().slice(0, 10), text]);
    // No text in bytes that are not UTF-8, and none where the file was gone.
    expect(states.slice(0, 2)).toEqual([
      ['2025-09-01', null],
      ['2025-08-01', null],
    ]);
    expect(states.slice(2)).toEqual([
      ['2025-07-01', '# Leave\n\nNine days of leave.\n'],
      ['2025-06-01', '# Leave\n\nNine days of leave.\n'],
      ['2025-01-01', '# Leave\n\nEight days of leave.\n'],
    ]);
  });

  it('takes a name that looks like a pattern to the letter', async () => {
    const { directory, texts } = await historyOfPattern();
    const history = await openGitHistory({ directory });
    const found: (string | null)[] = [];
    for await (const { text } of history.states('[ab].md')) found.push(text);
    expect(found).toEqual(texts);
    rmSync(directory, { recursive: true });
  });

  it('is empty for a file that git does not know', async () => {
    const history = await openGitHistory({ directory: join(folder, 'docs') });
    for await (const state of history.states('none.md')) expect(state).toBeNull();
  });

  it('is missing outside a working copy', async () => {
    const outside = mkdtempSync(join(tmpdir(), 'no-history-'));
    await expect(openGitHistory({ directory: outside })).rejects.toMatchObject({ code: 'history-missing' });
    rmSync(outside, { recursive: true });
  });
});
