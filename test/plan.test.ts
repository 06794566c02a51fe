import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type HalfLife, halfLifeSchema, type Plan, planSchema } from '../src/decision/index.ts';
import { fulcrum, scratchFolder } from './cli.ts';

const folder = scratchFolder();
afterAll(() => folder.remove());

describe('fulcrum plan', () => {
  it('ranks hypotheses from single answers, a file, and both', async () => {
    folder.write('plan.yaml', 'needs: knowledge\npublic: false\nchanges: weekly\ncorpusTokens: 20000\n');
    const [words, file, both] = await Promise.all([
      fulcrum(['plan', '--set', 'needs=behaviour', 'tone=rules', '--json']),
      fulcrum(['plan', '--answers', 'plan.yaml', '--save', 'kept.json'], { cwd: folder.path }),
      fulcrum(['plan', '--answers', 'plan.yaml', '--set', 'access=by-person', '--json'], {
        cwd: folder.path,
      }),
    ]);
    expect(planSchema.parse(words.json<Plan>()).hypotheses[0]!.approach).toBe('prompt');
    expect(file.stdout).toContain('  1. full-context\n');
    expect(both.json<Plan>().hypotheses[0]!.approach).toBe('rag');
    const again = await fulcrum(['plan', '--answers', 'kept.json'], { cwd: folder.path });
    expect(again.stdout).toBe(file.stdout);
  });

  it('needs answers where nobody can be asked, and says what is wrong with them', async () => {
    folder.write('broken.yaml', 'needs: [');
    folder.write('list.json', '[]');
    const found = await Promise.all([
      fulcrum(['plan']),
      fulcrum(['plan', '--set', 'neds=both']),
      fulcrum(['plan', '--answers', 'broken.yaml'], { cwd: folder.path }),
      fulcrum(['plan', '--answers', 'list.json'], { cwd: folder.path }),
      fulcrum(['plan', '--answers', 'none.yaml'], { cwd: folder.path }),
    ]);
    expect(found.map(({ code, stdout }) => [code, stdout])).toEqual([
      [2, ''],
      [2, ''],
      [2, ''],
      [2, ''],
      [1, ''],
    ]);
    expect(found[1]!.stderr).toContain('unknown key "neds". Did you mean "needs"?');
    expect(found[2]!.stderr).toContain('broken.yaml: ');
    for (const { stderr } of found) expect(stderr).not.toContain('    at ');
  });

  it('lists its questions', async () => {
    const { stdout } = await fulcrum(['plan', '--questions']);
    expect(stdout).toContain('corpusTokens  How many tokens do the documents have');
  });
});

describe('fulcrum plan half-life', () => {
  const project = scratchFolder({
    'fulcrum.config.json': JSON.stringify({
      sources: { docs: { type: 'files', directory: 'docs' } },
      embedding: false,
    }),
    'questions.jsonl': [
      {
        id: 'a',
        input: 'How much leave?',
        evidence: [{ document: 'leave.md', quote: 'Nine days of leave.' }],
      },
      { id: 'b', input: 'Who opens?', evidence: [{ document: 'door.md', quote: 'Ann opens the door.' }] },
      { id: 'c', input: 'Who knows?', answerable: false },
    ]
      .map((line) => JSON.stringify(line))
      .join('\n'),
  });
  afterAll(() => project.remove());
  const commit = (day: string): void => {
    const env = {
      ...process.env,
      GIT_AUTHOR_DATE: `${day}T00:00:00Z`,
      GIT_COMMITTER_DATE: `${day}T00:00:00Z`,
    };
    const name = ['-c', 'user.name=t', '-c', 'user.email=t@t'];
    execFileSync('git', ['add', 'docs'], { cwd: project.path, env });
    execFileSync('git', [...name, 'commit', '-qm', day], { cwd: project.path, env });
  };
  beforeAll(async () => {
    execFileSync('git', ['init', '-q'], { cwd: project.path });
    project.write('docs/leave.md', '# Leave\n\nEight days of leave.\n');
    project.write('docs/door.md', '# Door\n\nAnn opens the door.\n');
    commit('2024-01-01');
    project.write('docs/leave.md', '# Leave\n\nNine days of **leave**.\n\nNine days of leave.\n');
    commit('2025-01-01');
    await fulcrum(['sync'], { cwd: project.path });
    await fulcrum(['dataset', 'import', 'questions.jsonl', '--name', 'ours'], { cwd: project.path });
  }, 120_000);

  it('follows the evidence of questions through the history of their documents', async () => {
    const told = await fulcrum(['plan', 'half-life', 'ours', '--json'], { cwd: project.path });
    const found = halfLifeSchema.parse(told.json<HalfLife>());
    expect(found).toMatchObject({ questions: 2, documents: 2, changed: 1, created: 0 });
    const days = (since: string): number => (Date.now() - new Date(since).getTime()) / 86_400_000;
    const watched = days('2025-01-01') + days('2024-01-01');
    expect(found.ratePerYear!.value).toBeCloseTo(365.25 / watched, 3);
    const plan = await fulcrum(['plan', '--dataset', 'ours', '--set', 'needs=knowledge', '--json'], {
      cwd: project.path,
    });
    expect(plan.json<Plan>()).toMatchObject({ answers: { changes: 'yearly' }, halfLife: { questions: 2 } });
  });

  it('follows them in a git source as well, which may be a bare clone', async () => {
    const bare = join(project.path, 'bare.git');
    execFileSync('git', ['clone', '-q', '--bare', project.path, bare]);
    const clone = scratchFolder({
      'fulcrum.config.json': JSON.stringify({
        sources: { docs: { type: 'git', directory: bare, path: 'docs' } },
        embedding: false,
      }),
      'questions.jsonl': readFileSync(join(project.path, 'questions.jsonl'), 'utf8'),
    });
    await fulcrum(['sync'], { cwd: clone.path });
    await fulcrum(['dataset', 'import', 'questions.jsonl', '--name', 'ours'], { cwd: clone.path });
    const told = await fulcrum(['plan', 'half-life', 'ours', '--json'], { cwd: clone.path });
    clone.remove();
    expect(halfLifeSchema.parse(told.json<HalfLife>())).toMatchObject({
      questions: 2,
      documents: 2,
      changed: 1,
      created: 0,
    });
  });

  it('says so where there is no history', async () => {
    const bare = scratchFolder({
      'fulcrum.config.json': JSON.stringify({
        sources: { docs: { type: 'files', directory: 'docs' } },
        embedding: false,
      }),
      'docs/a.md': 'Ann opens the door.',
      'q.jsonl': JSON.stringify({
        id: 'a',
        input: 'Who?',
        evidence: [{ document: 'a.md', quote: 'Ann opens' }],
      }),
    });
    await fulcrum(['sync'], { cwd: bare.path });
    await fulcrum(['dataset', 'import', 'q.jsonl', '--name', 'q'], { cwd: bare.path });
    const { code, stderr } = await fulcrum(['plan', 'half-life', 'q'], { cwd: bare.path });
    expect([code, stderr.split('\n')[0]]).toEqual([
      1,
      expect.stringMatching(/^Error \(history-missing\): There is no history of /),
    ]);
    bare.remove();
  });
});
