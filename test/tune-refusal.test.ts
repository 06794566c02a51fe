import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type RefusalReport, refusalReportSchema } from '../src/experiments/index.ts';
import { fulcrum, scratchFolder } from './cli.ts';

// 120 shelves, each with a page that says what lies on it: the question names the shelf, so the right page is easy to find, and its
// neighbours share all words but one.

const folder = scratchFolder();
const things = ['lamps', 'ropes', 'kettles', 'saddles', 'mirrors', 'whistles', 'anchors', 'candles'];
const names = Array.from({ length: 120 }, (_, index) => {
  const letters = 'bdfglmnprstv';
  const vowels = 'aeiou';
  return `${letters[index % 12]}${vowels[Math.floor(index / 12) % 5]}${letters[(index * 5) % 12]}${vowels[(index * 3) % 5]}x${index}`;
});

beforeAll(async () => {
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      sources: { shelves: { type: 'files', directory: 'shelves' } },
      variants: { extract: { reader: 'extract' }, recorded: { external: { recorded: 'recorded.jsonl' } } },
    }),
  );
  for (const [index, name] of names.entries())
    folder.write(
      `shelves/${name}.md`,
      `# Shelf ${name}\n\nOn the shelf ${name} there lie ${things[index % 8]} and nothing else.\n`,
    );
  const samples = names.map((name, index) => ({
    id: `q${index}`,
    input: `What lies on the shelf ${name}?`,
    facts: [[`${name} there lie ${things[index % 8]}`]],
    evidence: [{ document: `shelves:${name}.md`, quote: `there lie ${things[index % 8]}` }],
  }));
  folder.write('shelves.jsonl', samples.map((sample) => JSON.stringify(sample)).join('\n'));
  folder.write(
    'few.jsonl',
    samples
      .slice(0, 12)
      .map((sample) => JSON.stringify(sample))
      .join('\n'),
  );
  folder.write('bare.jsonl', samples.map(({ id, input }) => JSON.stringify({ id, input })).join('\n'));
  folder.write('recorded.jsonl', samples.map(({ id }) => JSON.stringify({ id, answer: 'lamps' })).join('\n'));
  await fulcrum(['sync'], { cwd: folder.path });
  for (const name of ['shelves', 'few', 'bare'])
    await fulcrum(['dataset', 'import', `${name}.jsonl`, '--name', name], { cwd: folder.path });
}, 120_000);
afterAll(() => folder.remove());

const tune = (...args: string[]) => fulcrum(['tune', 'refusal', ...args], { cwd: folder.path });

describe('fulcrum tune refusal', () => {
  it('certifies a threshold on questions with hidden gold, and writes the variant', async () => {
    const run = await tune(
      ...['--variant', 'extract', '--dataset', 'shelves', '--risk', '0.15', '--unanswerable', '0.4'],
      ...['--write', 'careful', '--json'],
    );
    const report = refusalReportSchema.parse(run.json<RefusalReport>());
    const { certificate, hidden } = report;
    expect(hidden!.made).toBe(certificate.answers.unanswerable);
    expect(hidden!.made + certificate.answers.answerable).toBe(120);
    const { certified } = certificate;
    expect(certified).not.toBeNull();
    expect(certified!.upper).toBeLessThanOrEqual(0.15);
    // The page of another shelf lacks the one word that tells, so what is given is right.
    expect(certified!.wrong / certified!.answered).toBeLessThan(0.15);
    const config = JSON.parse(readFileSync(join(folder.path, 'fulcrum.config.json'), 'utf8'));
    expect(config.variants.careful.refusal).toMatchObject({ minConfidence: certified!.threshold });
    expect(run.code).toBe(0);
    const again = await tune(
      '--variant',
      'extract',
      '--dataset',
      'shelves',
      '--risk',
      '0.15',
      '--unanswerable',
      '0.4',
    );
    expect(again.stdout).toContain('Certified: at confidence');
  }, 120_000);

  it('looks at the test split once, and logs the look at the dataset whose split it is', async () => {
    const cli = (...args: string[]) => fulcrum(args, { cwd: folder.path });
    await cli('dataset', 'split', 'shelves', '--as', 'split', '--shares', '10/70/20');
    const run = await tune(
      ...['--variant', 'extract', '--dataset', 'split', '--risk', '0.3', '--unanswerable', '0.4', '--json'],
    );
    expect(run.json<RefusalReport>().test).not.toBeNull();
    const looks = (await cli('dataset', 'looks', 'split')).stdout;
    expect(looks).toContain('1 looks at its test samples');
    expect(looks).toContain('tune refusal');
  }, 120_000);

  it('says how many answers it would take where nothing is proven', async () => {
    const run = await tune('--variant', 'extract', '--dataset', 'few', '--unanswerable', '0.4');
    expect(run.code).toBe(1);
    // ln .05 / ln .9 = 28.4 answers without a wrong one, in the three quarters that are tested.
    expect(run.stdout).toMatch(/Nothing is certified: .*39 at least/s);
  }, 60_000);

  it('tells what it cannot work with', async () => {
    const bare = await tune('--variant', 'extract', '--dataset', 'bare');
    expect(bare.stderr).toContain('have no facts or no evidence');
    expect(bare.code).toBe(1);
    const deaf = await tune('--variant', 'recorded', '--dataset', 'shelves', '--unanswerable', '0');
    expect(deaf.stderr).toContain('gives no confidence');
    expect(deaf.code).toBe(2);
    for (const flags of [
      ['--risk', '1'],
      ['--risk', 'x'],
      ['--confidence', '0.2'],
      ['--unanswerable', '1'],
    ])
      expect(
        (await tune('--variant', 'extract', '--dataset', 'shelves', ...flags)).code,
        flags.join(' '),
      ).toBe(2);
    expect((await tune('--variant', 'extrakt', '--dataset', 'shelves')).stderr).toContain('extract');
    expect((await tune('--variant', 'extract', '--dataset', 'shelves', '--write', 'extract')).code).toBe(2);
  }, 120_000);
});
