import type { Answer, AnswerNotice, Citation, Quotation } from '../core/index.ts';
import { placeText } from './place-text.ts';

/** Characters of a quote that are shown below an answer. */
const shownQuote = 300;

/** Digits of a version that a command line is shown; "documents show --at" takes 8 or more. */
const shownVersion = 12;

/** What is worth knowing of the state `supported`, as `supportedPrecision` of the variants has it. */
type StatePrecision = Readonly<
  Record<
    'begin' | 'haluEval',
    { readonly n: number; readonly share: number; readonly low: number; readonly high: number }
  >
>;

/** The citations of an answer with place and state of their claims, and what should be known beside them. */
export function citationLines(
  { citations, claims, notices, removedCitations }: Answer,
  precision: StatePrecision,
): string[] {
  const lines = [...citations.map(citationText), ...openingLine(citations)];
  const uncited = (claims ?? []).filter(({ markers }) => markers.length === 0).length;
  if (citations.length > 0 && uncited > 0)
    lines.push(`\n${uncited} statement(s) cite nothing and are unverified.`);
  if (removedCitations > 0)
    lines.push(
      `\n${removedCitations} citation(s) named no passage and were removed; those claims are unverified.`,
    );
  if (citations.some(({ state }) => state === 'supported')) lines.push(`\n${precisionText(precision)}`);
  lines.push(...(notices ?? []).map((notice) => `\n${noticeText(notice)}`));
  return lines;
}

function citationText({ marker, uri, start, end, quote, state, place, support }: Citation): string {
  const where = [place ? placeText(place) : '', place?.heading ?? '']
    .filter((part) => part !== '')
    .join(', ');
  const failures = (support?.failures ?? []).map(({ kind, found }) => `${kind} "${found}"`);
  const claim =
    state === 'unverified'
      ? `claim unverified${failures.length > 0 ? `: the quote says otherwise or nothing of ${failures.join(', ')}` : ''}`
      : state === 'supported'
        ? `claim supported, score ${support?.score.toFixed(2) ?? '-'}`
        : 'claim quoted';
  return `\n[${marker}] ${uri}${where === '' ? '' : `, ${where}`} [${start}-${end}]  (${claim})\n    "${shortened(quote)}"`;
}

/** How the first citation is opened at its version; what was given for the question alone cannot be. */
function openingLine(citations: readonly Citation[]): string[] {
  const first = citations.find(({ documentId }) => !documentId.startsWith('@'));
  if (!first) return [];
  const { marker, documentId, version, start, end } = first;
  const id = /^[\w:./-]+$/.test(documentId) ? documentId : `'${documentId.replaceAll("'", "'\\''")}'`;
  return [
    `\nOpen [${marker}], also later: fulcrum documents show ${id} --at ${version.slice(0, shownVersion)} --span ${start}-${end}`,
  ];
}

function precisionText({ begin, haluEval }: StatePrecision): string {
  const text = ({ n, share, low, high }: StatePrecision['begin']): string =>
    `${share.toFixed(2)} [${low.toFixed(2)}, ${high.toFixed(2)}] of ${n}`;
  return `supported: right for ${text(begin)} such claims that people judged (BEGIN, held out), and for ${text(haluEval)} where wrong answers were made up to mislead (HaluEval).`;
}

function noticeText(notice: AnswerNotice): string {
  if (notice.kind === 'links-removed')
    return `Links that no evidence names were taken out of the answer: ${notice.targets.join(', ')}`;
  if (notice.kind === 'conflict') {
    const [cited, other] = notice.quotes;
    return `Conflict: another document says otherwise.\n${quotationText(cited)}\n${quotationText(other)}`;
  }
  return `Outdated: a later edition of ${notice.cited.uri} says it otherwise.\n${quotationText(notice.newer)}`;
}

function quotationText({ uri, start, end, place, quote, date }: Quotation): string {
  const where = [place ? placeText(place) : '', date ?? ''].filter((part) => part !== '').join(', ');
  return `    ${uri}${where === '' ? '' : `, ${where}`} [${start}-${end}]: "${shortened(quote)}"`;
}

function shortened(quote: string): string {
  const words = quote.replace(/\s+/g, ' ');
  return words.length > shownQuote ? `${words.slice(0, shownQuote).trimEnd()}…` : words;
}
