import { execFileSync } from 'node:child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import packageJson from '../package.json' with { type: 'json' };

// "npm run test:full" has built dist/ before.
const root = join(import.meta.dirname, '..');
const tool = (name: string): string => join(root, 'node_modules', '.bin', name);
let folder: string;
let tarball: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'fulcrum-package-'));
  execFileSync('npm', ['pack', '--ignore-scripts', '--pack-destination', folder], {
    cwd: root,
    stdio: 'ignore',
  });
  tarball = join(folder, readdirSync(folder).find((name) => name.endsWith('.tgz')) ?? '');
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('the package', () => {
  it('has nothing to say against it in publint', () => {
    const said = execFileSync(tool('publint'), [tarball, '--strict'], { cwd: root, encoding: 'utf8' });
    expect(said).toContain('All good!');
  });

  it('has types that resolve for every entry point', () => {
    execFileSync(tool('attw'), [tarball, '--profile', 'esm-only'], { cwd: root, encoding: 'utf8' });
  });

  it('has every entry point in dist, with types', () => {
    for (const [name, target] of Object.entries(packageJson.exports))
      for (const file of typeof target === 'string' ? [target] : Object.values(target))
        expect(existsSync(join(root, file)), `${name}: ${file}`).toBe(true);
  });

  it('runs from dist, without its sources', () => {
    execFileSync('tar', ['-xzf', tarball, '-C', folder]);
    const unpacked = join(folder, 'package');
    expect(existsSync(join(unpacked, 'src'))).toBe(false);
    execFileSync('ln', ['-s', join(root, 'node_modules'), join(unpacked, 'node_modules')]);
    const listed = execFileSync(process.execPath, [join(unpacked, 'bin', 'fulcrum'), 'errors', '--json'], {
      encoding: 'utf8',
      cwd: folder,
    });
    expect(JSON.parse(listed).errors.length).toBeGreaterThan(30);
    // The page's script is bundled at build time; the installed package needs no bundler.
    writeFileSync(
      join(folder, 'scores.jsonl'),
      ['a', 'b']
        .flatMap((variant) =>
          Array.from({ length: 40 }, (_, index) =>
            JSON.stringify({ sample: `s${index}`, variant, metric: 'correct', value: index % 2 }),
          ),
        )
        .join('\n'),
    );
    execFileSync(
      process.execPath,
      [join(unpacked, 'bin', 'fulcrum'), 'compare', '--scores', 'scores.jsonl', '--report', 'report.html'],
      { cwd: folder, stdio: 'ignore' },
    );
    expect(readFileSync(join(folder, 'report.html'), 'utf8')).toContain(
      readFileSync(join(unpacked, 'dist', 'decision', 'report', 'page.bundle.js'), 'utf8').slice(0, 1000),
    );
    const library = join(folder, 'use.mjs');
    writeFileSync(
      library,
      `const { FulcrumError } = await import(${JSON.stringify(join(unpacked, 'dist', 'index.js'))}); console.log(new FulcrumError('cancelled').code);`,
    );
    expect(execFileSync(process.execPath, [library], { encoding: 'utf8' }).trim()).toBe('cancelled');
  });

  it('keeps heavy libraries out of the root entry', () => {
    const traced = execFileSync(
      process.execPath,
      [
        '--input-type=module',
        '-e',
        `
      import { registerHooks } from 'node:module';
      const seen = [];
      registerHooks({ resolve(specifier, context, next) { seen.push(specifier); return next(specifier, context); } });
      await import(${JSON.stringify(join(root, 'dist', 'index.js'))});
      console.log(JSON.stringify(seen.filter((name) => /^(@lancedb\\/|onnxruntime|node-llama-cpp|ai$|@ai-sdk\\/|@observablehq\\/|linkedom|c12$)/.test(name))));`,
      ],
      { encoding: 'utf8' },
    );
    expect(JSON.parse(traced.trim().split('\n').at(-1) ?? '')).toEqual([]);
  });
});
