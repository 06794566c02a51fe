// npm run build: dist/ from src/, with types, and the script of the HTML report.
import './require-node-24.mjs';
import { spawnSync } from 'node:child_process';
import { copyFileSync, globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, relative, resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { bundlePage } from './bundle-page.mjs';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
if (status === 0) {
  const files = globSync('dist/**/*.js').map((file) => resolve(file));
  for (const file of files) await inlineSmallParts(file);
  await bundleKysely(files);
  writeFileSync('dist/decision/report/page.bundle.js', await bundlePage());
}

/** Takes in @stdlib, which comes as hundreds of small files that take a quarter of a second to find and load. */
async function inlineSmallParts(file) {
  if (!/^import .*'@stdlib\//m.test(readFileSync(file, 'utf8'))) return;
  const bundle = await rolldown({
    input: file,
    platform: 'node',
    external: (id, importer) => id.startsWith('node:') || (importer === file && id.startsWith('.')),
  });
  const { output } = await bundle.generate({ format: 'esm' });
  writeFileSync(file, output[0].code);
  await bundle.close();
}

/**
 * Kysely as one file in place of its 260, which take a sixth of a second to find and load: every command that opens the
 * database loads it. Its types still come from the package.
 */
async function bundleKysely(files) {
  const folder = resolve('dist/vendor');
  const entries = { kysely: 'kysely', 'kysely-migration': 'kysely/migration' };
  const bundle = await rolldown({ input: entries, platform: 'node' });
  await bundle.write({ dir: folder, format: 'esm' });
  await bundle.close();
  copyFileSync('node_modules/kysely/LICENSE', resolve(folder, 'kysely-LICENSE'));
  for (const file of files) {
    const code = readFileSync(file, 'utf8');
    const changed = Object.entries(entries).reduce((text, [name, specifier]) => {
      const path = relative(dirname(file), resolve(folder, `${name}.js`)).replaceAll('\\', '/');
      return text.replaceAll(` from '${specifier}';`, ` from '${path}';`);
    }, code);
    if (changed !== code) writeFileSync(file, changed);
  }
}
