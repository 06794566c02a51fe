import type { ReviewItem } from '../../evaluation/index.ts';
import { printable } from '../printable.ts';
import { formatFacts } from './fact-text.ts';

/** A sample with its evidence in context, for the terminal. The quote stands between `>>` and `<<`; proposed facts are marked. */
export function showItem({ sample, evidence, factsProposedBy }: ReviewItem, heading: string): string {
  const facts = sample.facts ?? [];
  const references = [sample.reference, ...(sample.references ?? [])].filter((text) => text !== undefined);
  const lines = [
    '',
    `-- ${heading} --`,
    `Question   ${indent(sample.input)}`,
    ...(sample.answerable ? [] : ['Expected   a refusal: the documents should not answer it']),
    ...references.map((text) => `Reference  ${indent(text)}`),
    ...(facts.length > 0
      ? [`${factsProposedBy === undefined ? 'Facts   ' : 'Proposed'}   ${indent(formatFacts(facts))}`]
      : []),
    ...(factsProposedBy === undefined
      ? []
      : [
          `           (facts proposed by ${printable(factsProposedBy)}; they become part of the sample when you accept)`,
        ]),
  ];
  for (const { document, before, quote, after, problem } of evidence) {
    const hidden = sample.hiddenDocuments?.includes(document) === true;
    lines.push(
      `${hidden ? 'Hidden  ' : 'Evidence'}   ${printable(document)}${problem === null ? '' : `  (${problem})`}`,
    );
    if (quote !== '') lines.push(`           ${indent(`${before}>>${quote}<<${after}`)}`);
  }
  return lines.join('\n');
}

function indent(text: string): string {
  return printable(text).replaceAll('\n', '\n           ');
}
