// How fast sources list and read: node bench/sources.ts [documents]. Texts are made up; nothing is parsed or indexed.
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createSource, sourceConfigSchema } from '../src/knowledge/index.ts';

const count = Number(process.argv[2] ?? 2000);
const folder = mkdtempSync(join(tmpdir(), 'bench-sources-'));
const git = (...parameters: string[]) =>
  execFileSync('git', [
    '-C',
    join(folder, 'docs'),
    '-c',
    'user.name=b',
    '-c',
    'user.email=b@b',
    ...parameters,
  ]);

mkdirSync(join(folder, 'docs'));
git('init', '-q');
const records: string[] = [];
const rows = ['id,text'];
for (let index = 0; index < count; index++) {
  const text = `# Page ${index}\n\n${`Sentence ${index} says something of the matter. `.repeat(80)}\n`;
  writeFileSync(join(folder, `docs/page-${index}.md`), text);
  records.push(JSON.stringify({ id: `p${index}`, text }));
  rows.push(`p${index},"${text}"`);
  // A history of some length: every tenth page has a commit of its own.
  if (index % 10 === 9) {
    git('add', '-A');
    git('commit', '-qm', `page ${index}`);
  }
}
git('add', '-A');
git('commit', '-q', '--allow-empty', '-m', 'last');
writeFileSync(join(folder, 'a.jsonl'), records.join('\n'));
writeFileSync(join(folder, 'a.csv'), rows.join('\n'));

const table: Record<string, unknown>[] = [];
for (const config of [
  { type: 'files', directory: 'docs' },
  { type: 'git', directory: 'docs' },
  { type: 'jsonl', file: 'a.jsonl', id: 'id', text: 'text' },
  { type: 'csv', file: 'a.csv', id: 'id', text: 'text' },
]) {
  const source = createSource('bench', sourceConfigSchema.parse(config), { projectDirectory: folder });
  const measure = async (read: boolean): Promise<number> => {
    const startedAt = performance.now();
    for await (const listing of source.list()) if (listing.ok && read) await source.read(listing.item);
    return count / ((performance.now() - startedAt) / 1000);
  };
  const first = await measure(true);
  const again = await measure(false);
  table.push({
    source: config.type,
    'listed and read a second': Math.round(first),
    'listed a second': Math.round(again),
  });
}
const startedAt = performance.now();
for (let index = 0; index < count; index++) await readFile(join(folder, `docs/page-${index}.md`), 'utf8');
table.push({
  source: 'readFile alone',
  'listed and read a second': Math.round(count / ((performance.now() - startedAt) / 1000)),
});
console.log(`${count} documents of about 3.5 kB`);
console.table(table);
rmSync(folder, { recursive: true });
