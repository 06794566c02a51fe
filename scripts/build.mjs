// npm run build: dist/ from src/, with types, and the script of the HTML report.
import './require-node-24.mjs';
import { spawnSync } from 'node:child_process';
import { globSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { rolldown } from 'rolldown';
import { bundlePage } from './bundle-page.mjs';

rmSync('dist', { recursive: true, force: true });
const { status } = spawnSync('tsc', ['-p', 'tsconfig.build.json'], { stdio: 'inherit' });
process.exitCode = status ?? 1;
if (status === 0) {
  for (const file of globSync('dist/**/*.js')) await inlineSmallParts(resolve(file));
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
