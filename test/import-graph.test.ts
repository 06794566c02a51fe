import { globSync, readFileSync } from 'node:fs';
import { dirname, join, posix } from 'node:path';
import { parseSync } from 'oxc-parser';
import { describe, expect, it } from 'vitest';
import { vendorLibraries } from './vendor-libraries.ts';

const root = join(import.meta.dirname, '..');

interface ImportArrow {
  readonly from: string;
  /** Path in the repository, or the name of a package. */
  readonly to: string;
  readonly kind: 'value' | 'type' | 'lazy';
}

/** Rooms a room may import, from the architecture's one-way arrows; `cli` and `app` see all below them. */
const below: Record<string, readonly string[]> = {
  core: [],
  database: ['core'],
  jobs: ['core', 'database'],
  models: ['core', 'database'],
  knowledge: ['core', 'database', 'jobs', 'models'],
  tuning: ['core', 'database', 'jobs', 'models'],
  variants: ['core', 'database', 'jobs', 'models', 'knowledge', 'tuning'],
  evaluation: ['core', 'database'],
  decision: ['core', 'database', 'evaluation'],
  experiments: ['core', 'evaluation', 'decision'],
  serving: ['core', 'database', 'variants'],
  monitoring: ['core', 'database', 'tuning', 'variants'],
  app: [
    'core',
    'database',
    'jobs',
    'models',
    'knowledge',
    'tuning',
    'variants',
    'evaluation',
    'decision',
    'experiments',
    'serving',
    'monitoring',
  ],
  server: ['core', 'knowledge', 'variants', 'serving', 'monitoring', 'app'],
  cli: [
    'core',
    'database',
    'jobs',
    'models',
    'knowledge',
    'tuning',
    'variants',
    'evaluation',
    'decision',
    'experiments',
    'serving',
    'monitoring',
    'app',
    'server',
  ],
  testing: [
    'core',
    'database',
    'jobs',
    'models',
    'knowledge',
    'tuning',
    'variants',
    'evaluation',
    'decision',
  ],
};

/**
 * Second doors: what a cold command must know of every room, its part of the config file and its tables, without loading
 * the room. Each may be used by the file that is named, and the first also by what repeats a part of it in a variant.
 */
const secondDoors: Readonly<Record<string, string | readonly string[]>> = {
  'src/knowledge/config.ts': ['src/app/config.ts', 'src/variants/config.ts'],
  'src/variants/config.ts': 'src/app/config.ts',
  'src/evaluation/config.ts': 'src/app/config.ts',
  'src/decision/config.ts': 'src/app/config.ts',
  'src/decision/migrations.ts': 'src/app/open-database.ts',
  'src/jobs/migrations.ts': 'src/app/open-database.ts',
  'src/tuning/config.ts': 'src/app/config.ts',
  'src/serving/config.ts': ['src/app/config.ts', 'src/server/auth/principal-token.ts'],
  'src/serving/migrations.ts': 'src/app/open-database.ts',
  'src/monitoring/config.ts': 'src/app/config.ts',
  'src/monitoring/migrations.ts': 'src/app/open-database.ts',
  'src/tuning/migrations.ts': 'src/app/open-database.ts',
  'src/knowledge/migrations.ts': 'src/app/open-database.ts',
  'src/evaluation/migrations.ts': 'src/app/open-database.ts',
};

const files = globSync('src/**/*.ts', { cwd: root })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => !file.endsWith('.test.ts'));
const arrows = files.flatMap(importsOf);
const inside = arrows.filter((arrow) => arrow.to.startsWith('src/'));

function importsOf(file: string): ImportArrow[] {
  const code = readFileSync(join(root, file), 'utf8');
  const { module, errors } = parseSync(file, code);
  expect(errors, file).toEqual([]);
  const resolve = (specifier: string): string =>
    specifier.startsWith('.')
      ? posix.normalize(posix.join(dirname(file), specifier))
      : specifier.startsWith('node:')
        ? specifier
        : specifier
            .split('/')
            .slice(0, specifier.startsWith('@') ? 2 : 1)
            .join('/');
  const found: ImportArrow[] = [];
  for (const each of module.staticImports) {
    const type = each.entries.length > 0 && each.entries.every((entry) => entry.isType);
    found.push({ from: file, to: resolve(each.moduleRequest.value), kind: type ? 'type' : 'value' });
  }
  for (const each of module.staticExports)
    for (const entry of each.entries)
      if (entry.moduleRequest)
        found.push({
          from: file,
          to: resolve(entry.moduleRequest.value),
          kind: entry.isType ? 'type' : 'value',
        });
  for (const each of module.dynamicImports) {
    const specifier = code.slice(each.moduleRequest.start, each.moduleRequest.end);
    const literal = /^['"](.*)['"]$/.exec(specifier)?.[1];
    if (literal !== undefined) found.push({ from: file, to: resolve(literal), kind: 'lazy' });
  }
  return found;
}

const roomOf = (file: string): string => file.split('/')[1] ?? '';

describe('the house', () => {
  it('has every import resolve to a file', () => {
    const missing = inside.filter((arrow) => !files.includes(arrow.to) && !arrow.to.endsWith('.json'));
    expect(missing.map((arrow) => `${arrow.from} -> ${arrow.to}`)).toEqual([]);
  });

  it('has no arrow upward or sideways between rooms', () => {
    const wrong = inside.filter((arrow) => {
      const [from, to] = [roomOf(arrow.from), roomOf(arrow.to)];
      return from !== to && arrow.from.split('/').length > 2 && !(below[from] ?? []).includes(to);
    });
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.to}`)).toEqual([]);
  });

  it('enters another room only through its index, or through the second door that was made for the file', () => {
    const wrong = inside.filter(
      (arrow) =>
        roomOf(arrow.from) !== roomOf(arrow.to) &&
        arrow.from.split('/').length > 2 &&
        arrow.to !== `src/${roomOf(arrow.to)}/index.ts` &&
        ![secondDoors[arrow.to]].flat().includes(arrow.from),
    );
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.to}`)).toEqual([]);
  });

  it.each(Object.keys(secondDoors))('keeps the second door %s light', (door) => {
    const reached = reachedFrom(door);
    expect(reached.filter((to) => to.endsWith('/index.ts') && !/^src\/(core|database)\//.test(to))).toEqual(
      [],
    );
    expect(reached.filter((to) => roomOf(to) === roomOf(door)).length).toBeLessThanOrEqual(17);
    const packages = reached.filter((to) => !to.startsWith('src/') && !to.startsWith('node:'));
    expect(['fastest-levenshtein', 'kysely', 'zod']).toEqual(expect.arrayContaining(packages));
  });

  it('has no cycle among files', () => {
    const next = Map.groupBy(
      inside.filter((arrow) => arrow.kind !== 'lazy'),
      (arrow) => arrow.from,
    );
    const state = new Map<string, 'open' | 'done'>();
    const cycles: string[] = [];
    const visit = (file: string, path: readonly string[]): void => {
      if (state.get(file) === 'done') return;
      if (state.get(file) === 'open') {
        cycles.push([...path.slice(path.indexOf(file)), file].join(' -> '));
        return;
      }
      state.set(file, 'open');
      for (const arrow of next.get(file) ?? []) visit(arrow.to, [...path, file]);
      state.set(file, 'done');
    };
    for (const file of files) visit(file, []);
    expect(cycles).toEqual([]);
  });

  it('keeps each vendor library in its own files', () => {
    const wrong = arrows.filter((arrow) => {
      const allowed = vendorLibraries[arrow.to];
      return allowed && !allowed.some((place) => arrow.from.startsWith(place));
    });
    expect(wrong.map((arrow) => `${arrow.from} -> ${arrow.to}`)).toEqual([]);
  });

  it('loads heavy libraries at first use only', () => {
    const heavy = [
      '@lancedb/lancedb',
      'apache-arrow',
      'onnxruntime-node',
      'node-llama-cpp',
      'ai',
      '@ai-sdk/openai',
      '@ai-sdk/anthropic',
      '@ai-sdk/google',
      '@ai-sdk/openai-compatible',
      '@observablehq/plot',
      'linkedom',
      'c12',
      'ajv',
      'ohm-js',
    ];
    const eager = arrows.filter(
      (arrow) => arrow.kind === 'value' && heavy.includes(arrow.to) && !lazyOnly(arrow.from),
    );
    expect(eager.map((arrow) => `${arrow.from} -> ${arrow.to}`)).toEqual([]);
  });

  it('names only files that exist in the list of vendor libraries', () => {
    for (const places of Object.values(vendorLibraries))
      for (const place of places)
        expect(
          files.some((file) => file.startsWith(place)),
          place,
        ).toBe(true);
  });
});

/** Files and packages that are loaded with a file, itself among them. */
function reachedFrom(start: string): string[] {
  const reached = new Set<string>();
  const visit = (to: string): void => {
    if (reached.has(to)) return;
    reached.add(to);
    for (const arrow of arrows) if (arrow.from === to && arrow.kind === 'value') visit(arrow.to);
  };
  visit(start);
  return [...reached];
}

/** Whether a file is itself reached by lazy imports or as a worker only, so that its own imports cost nothing before. */
function lazyOnly(file: string): boolean {
  // A worker, and the script of the report page, which only a browser runs.
  if (file.endsWith('-worker.ts') || file === 'src/decision/report/page.ts') return true;
  const into = arrows.filter((arrow) => arrow.to === file && arrow.kind === 'value');
  return into.every((arrow) => lazyOnly(arrow.from)) && arrows.some((arrow) => arrow.to === file);
}
