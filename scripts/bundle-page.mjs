// The script of the HTML report from the sources that the command line runs: one text for a <script> element.
import { isAbsolute, join } from 'node:path';
import { rolldown } from 'rolldown';

/** Packages that the page takes along. What our files import beside them is for the parts that the page does not use. */
const taken = /^(@stdlib\/|@observablehq\/plot$|pure-rand\/|fastest-levenshtein$)/;

/** Bundles src/decision/report/page.ts. Modules count as free of side effects, as package.json declares them. */
export async function bundlePage() {
  const input = join(import.meta.dirname, '..', 'src', 'decision', 'report', 'page.ts');
  const bundle = await rolldown({
    input,
    platform: 'browser',
    treeshake: { moduleSideEffects: (id) => id === input },
    // A file of which the page takes one part may import for another one what no browser has; what is left is checked below.
    external: (id, importer) => {
      if (id.startsWith('.') || isAbsolute(id)) return false;
      return id.startsWith('node:') || (!taken.test(id) && !importer?.includes('node_modules'));
    },
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'iife', minify: true });
  await bundle.close();
  const [{ code, imports }] = output;
  if (imports.length > 0) throw new Error(`The page script imports ${imports.join(', ')}.`);
  return code;
}
