import { z } from 'zod';

const factsSchema = z.array(z.array(z.string().min(1)).min(1));

/**
 * Facts on one line: `nine | 9; closed on Sundays` (facts by `;`, accepted forms by `|`), or as JSON where a form holds one of
 * these marks.
 */
export function formatFacts(facts: readonly (readonly string[])[]): string {
  if (facts.flat().some((form) => /[;|]/.test(form) || form.startsWith('['))) return JSON.stringify(facts);
  return facts.map((forms) => forms.join(' | ')).join('; ');
}

/** Reads what `formatFacts` writes; null for JSON that is no list of facts. */
export function parseFacts(line: string): string[][] | null {
  const text = line.trim();
  if (text.startsWith('[')) {
    try {
      return factsSchema.parse(JSON.parse(text));
    } catch {
      return null;
    }
  }
  return text
    .split(';')
    .map((fact) =>
      fact
        .split('|')
        .map((form) => form.trim())
        .filter(Boolean),
    )
    .filter((forms) => forms.length > 0);
}
