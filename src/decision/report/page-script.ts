import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';

/**
 * The script of the report page, as one text without imports. A built package holds it ready-made; a checkout, where the code runs
 * from source, bundles it when it is asked for.
 */
export async function loadPageScript(): Promise<string> {
  const ready = new URL('./page.bundle.js', import.meta.url);
  if (existsSync(ready)) return readFile(ready, 'utf8');
  const bundler = new URL('../../../scripts/bundle-page.mjs', import.meta.url);
  const { bundlePage } = (await import(bundler.href)) as { bundlePage(): Promise<string> };
  return bundlePage();
}
