/**
 * How often an answer would say that something is outdated or in conflict: every sentence of every page of an older edition is taken as
 * cited and held against the later edition (haystack-docs 2.25 and 3.0, handbook-18f 2023-01-01 and 2025-02-27), and every pair of
 * sentences with numbers of different pages of one edition is held against each other, where a conflict is most likely a false alarm.
 * Usage: node bench/notices.ts [--show 10] [--seed 1]
 * Data: FULCRUM_SHARED_DATA (default ../shared/data).
 */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';
import { informativeTerms } from '../src/variants/evidence/terms.ts';
import { quotableUnits } from '../src/variants/index.ts';
import { disagree } from '../src/variants/notices/conflicts.ts';
import { createEditions } from '../src/variants/notices/editions.ts';
import { outdatedNotice } from '../src/variants/notices/outdated.ts';

const { values: options } = parseArgs({
  options: { show: { type: 'string', default: '0' }, seed: { type: 'string', default: '1' } },
});
const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');
const random = xoroshiro128plus(Number(options.seed));

function readPages(set: string, editions: readonly string[]) {
  return editions.flatMap((edition) =>
    globSync('**/*.{md,mdx}', { cwd: join(shared, set, edition) })
      .sort()
      .map((path) => {
        const text = readFileSync(join(shared, set, edition, path), 'utf8').replace(/\r\n?/g, '\n');
        const key = `${edition}/${path}`;
        const title = /^title:\s*["']?(.*?)["']?$/m.exec(text)?.[1] ?? null;
        return {
          documentId: `docs:${key}`,
          version: '',
          source: 'docs',
          key,
          uri: key,
          title,
          text,
          readers: [],
          edition,
        };
      }),
  );
}

for (const [set, older, newer] of [
  ['haystack-docs', '2.25', '3.0'],
  ['handbook-18f', '2023-01-01', '2025-02-27'],
] as const) {
  const pages = readPages(set, [older, newer]);
  const byId = new Map(pages.map((page) => [page.documentId, page]));
  const editions = createEditions({ list: async () => pages, indexVersion: async () => '1' });
  const principal = { tenant: 't', user: null, groups: [] } as never;
  const counts = { pages: 0, withLater: 0, sentences: 0, unchanged: 0, outdated: 0, silent: 0 };
  const found: string[] = [];
  for (const page of pages.filter(({ edition }) => edition === older)) {
    counts.pages++;
    const [id] = await editions.laterThan(page.documentId, principal);
    const later = id === undefined ? undefined : byId.get(id);
    if (!later) continue;
    counts.withLater++;
    for (const unit of quotableUnits(page.text)) {
      counts.sentences++;
      const { start, end } = unit;
      const quote = page.text.slice(start, end);
      const notice = outdatedNotice({ ...page, start, end, quote, marker: 1, state: 'quoted' }, page, later);
      if (notice?.kind === 'outdated') {
        counts.outdated++;
        found.push(`${page.key}\n  - ${quote}\n  + ${notice.newer.quote}`);
      } else if (later.text.includes(quote)) counts.unchanged++;
      else counts.silent++;
    }
  }
  console.log(set, older, 'to', newer, JSON.stringify(counts));
  for (let shown = 0; shown < Number(options.show) && found.length > 0; shown++)
    console.log(found.splice((random.next() >>> 0) % found.length, 1)[0]);
  console.log(
    set,
    newer,
    'conflicts',
    JSON.stringify(conflictsAmong(pages.filter(({ edition }) => edition === newer))),
  );
}

/** Every pair of sentences with numbers of different pages that share four words. */
function conflictsAmong(pages: ReturnType<typeof readPages>) {
  const sentences = pages.flatMap((page) =>
    quotableUnits(page.text)
      .filter(({ kind }) => kind !== 'code')
      .map(({ start, end }) => page.text.slice(start, end))
      .filter((text) => /\d|\b(?:two|three|four|five|six|seven|eight|nine|ten|half)\b/.test(text))
      .map((text) => ({
        text,
        page,
        titlePath: page.title === null ? [] : [page.title],
        terms: new Set(informativeTerms(text)),
      })),
  );
  let pairs = 0;
  const found: string[] = [];
  sentences.forEach((one, at) => {
    for (const other of sentences.slice(at + 1)) {
      if (one.page === other.page || [...one.terms].filter((term) => other.terms.has(term)).length < 4)
        continue;
      pairs++;
      if (disagree(one, other)) found.push(`${one.page.key}: ${one.text} | ${other.page.key}: ${other.text}`);
    }
  });
  for (const pair of found.slice(0, Number(options.show))) console.log(`  ${pair}`);
  return { sentences: sentences.length, pairs, conflicts: found.length };
}
