// The script of the HTML report from the sources that the command line runs: one text for a <script> element.
import { join } from 'node:path';
import { rolldown } from 'rolldown';

/** Bundles src/decision/report/page.ts. Modules count as free of side effects, as package.json declares them. */
export async function bundlePage() {
  const input = join(import.meta.dirname, '..', 'src', 'decision', 'report', 'page.ts');
  const bundle = await rolldown({
    input,
    platform: 'browser',
    treeshake: { moduleSideEffects: (id) => id === input },
    // Node's modules stand in files of which the page takes other parts only; what is left of them is checked below.
    external: /^(node:|util$|os$)/,
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const [{ code, imports }] = output;
  if (imports.length > 0) throw new Error(`The page script imports ${imports.join(', ')}.`);
  return code;
}
