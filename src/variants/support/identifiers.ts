import { splitSentences } from '../../knowledge/index.ts';

// Options, paths, dotted or snake-case names, camel case, letters mixed with digits, and what stands in backticks.
const codeLike =
  /`([^`\n]{1,120})`|(?<![\p{L}\p{N}_-])(--[a-zA-Z][\w-]*|-[a-zA-Z](?![\w-])|[\w.-]{0,120}\/[\w./-]+|[A-Za-z_]\w*(?:[._][A-Za-z_]\w*)+|[a-z]+[A-Z]\w*|[A-Z][a-z0-9]+(?:[A-Z]\w*)+|[A-Za-z]+-?\d[\w.]*|\d+[A-Za-z]{1,3}\d\w*)(?:\(\))?/gu;

/** Identifiers of a text as they stand in it, without call brackets. */
export function identifiersOf(text: string): string[] {
  return [...text.matchAll(codeLike)]
    .map(([, quoted, bare]) => (quoted ?? bare ?? '').trim().replace(/\(\)$/, ''))
    .map((identifier) => identifier.replace(/[.,;:]+$/, ''))
    .filter((identifier) => /\p{L}/u.test(identifier) && identifier.length > 1)
    .filter((identifier) => !/^(?:e\.g|i\.e|and\/or|either\/or|he\/she|n\/a)$/i.test(identifier));
}

/** Words with a capital inside a sentence: names, for the greater part. Their first word of a sentence is left out. */
export function namesOf(text: string): string[] {
  return splitSentences(text).flatMap(({ start, end }) =>
    [
      ...text
        .slice(start, end)
        .matchAll(/(?<=[\p{L}\p{N},;:)] ?["'(\u201c]? ?)(?<![\p{L}\p{N}])\p{Lu}[\p{L}\p{M}]+/gu),
    ]
      .map(([name]) => name)
      .filter((name) => name !== 'I'),
  );
}
