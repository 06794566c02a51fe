import type { AnswerText, SampleTexts } from '../../evaluation/index.ts';
import { escapeHtml } from '../../evaluation/index.ts';
import { figure } from './figures.ts';
import type { ReportData } from './report-data.ts';
import { wordDifference } from './word-difference.ts';

/** Which samples are listed, and how many of them. */
export interface CardFilter {
  readonly pair: readonly [variant: string, against: string];
  readonly show: 'gained' | 'lost' | 'differing' | 'unscored' | 'all';
  /** Text that a question, an answer, the id or a tag must hold; case is ignored. */
  readonly search: string;
  readonly most: number;
}

/** Share of an answer that must stand in the other one for the differences to be marked. */
const leastInCommon = 0.4;

/** Samples to be opened one by one: question, what is expected, evidence, and both answers side by side. */
export function renderCards(data: ReportData, filter: CardFilter): { html: string; found: number } {
  const [variant, against] = filter.pair;
  const first = data.variants.find(({ name }) => name === variant);
  const second = data.variants.find(({ name }) => name === against);
  const wanted = filter.search.trim().toLowerCase();
  const listed = data.samples
    .map((sample, index) => {
      const a = first?.cells[index]?.[0] ?? null;
      const b = second?.cells[index]?.[0] ?? null;
      return { sample, index, a, b, difference: a === null || b === null ? null : a - b };
    })
    .filter(({ sample, difference }) => {
      if (filter.show === 'unscored')
        return difference === null && holds(data, sample.id, sample.tags, wanted);
      if (filter.show === 'gained' && !((difference ?? 0) > 0)) return false;
      if (filter.show === 'lost' && !((difference ?? 0) < 0)) return false;
      if (filter.show === 'differing' && (difference ?? 0) === 0) return false;
      return holds(data, sample.id, sample.tags, wanted);
    })
    .sort((a, b) => Math.abs(b.difference ?? 0) - Math.abs(a.difference ?? 0));
  const cards = listed.slice(0, filter.most).map(({ sample, index, a, b }) => {
    const texts = data.texts[sample.id];
    const title = texts?.input ?? sample.id;
    const scores = data.variants.map(({ name, cells }) => `${name} ${scoreText(cells[index])}`).join(' · ');
    const tone = a === null || b === null ? 'unscored' : a > b ? 'gained' : a < b ? 'lost' : 'same';
    return `<details class="card is-${tone}"><summary><span class="title">${escapeHtml(clip(title))}</span><span class="scores">${escapeHtml(scores)}</span></summary>${cardBody(texts, sample, filter.pair)}</details>`;
  });
  return { html: cards.join('\n'), found: listed.length };
}

function holds(data: ReportData, id: string, tags: readonly string[], wanted: string): boolean {
  if (wanted === '') return true;
  const texts = data.texts[id];
  const outputs = Object.values(texts?.answers ?? {}).map(({ output }) => output ?? '');
  return [id, ...tags, texts?.input ?? '', ...outputs].some((text) => text.toLowerCase().includes(wanted));
}

function cardBody(
  texts: SampleTexts | undefined,
  sample: ReportData['samples'][number],
  [variant, against]: readonly [string, string],
): string {
  const facts = [
    `id ${sample.id}`,
    `group ${sample.group}`,
    ...(sample.tags.length > 0 ? [`tags ${sample.tags.join(', ')}`] : []),
  ];
  const head = `<p class="note">${escapeHtml(facts.join(' · '))}</p>`;
  if (!texts) return `${head}<p class="note">The page does not carry the texts of this sample.</p>`;
  const expected = texts.expected.length > 0 ? `<h3>Expected</h3>${list(texts.expected)}` : '';
  const evidence = texts.evidence.length > 0 ? `<h3>Gold evidence</h3>${quotes(texts.evidence)}` : '';
  const a = texts.answers[variant];
  const b = texts.answers[against];
  const rest = Object.entries(texts.answers).filter(([name]) => name !== variant && name !== against);
  const columns = [
    answerColumn(against, b, escapeHtml(b?.output ?? '')),
    answerColumn(variant, a, markedText(b?.output ?? null, a?.output ?? null)),
    ...rest.map(([name, answer]) => answerColumn(name, answer, escapeHtml(answer.output ?? ''))),
  ];
  return `${head}${texts.input === null ? '' : `<p class="question">${escapeHtml(texts.input)}</p>`}${expected}${evidence}<div class="answers">${columns.join('')}</div>`;
}

function answerColumn(name: string, answer: AnswerText | undefined, html: string): string {
  const notes = [
    ...(answer?.refusal ? [`refused: ${answer.refusal}`] : []),
    ...(answer?.error ? [`error: ${answer.error}`] : []),
    ...(answer && answer.output !== null ? [] : ['no text kept']),
  ];
  const said = notes.length > 0 ? `<p class="note">${escapeHtml(notes.join(' · '))}</p>` : '';
  const cited = answer && answer.quotes.length > 0 ? `<h4>Quotes</h4>${quotes(answer.quotes)}` : '';
  return `<div><h3>${escapeHtml(name)}</h3>${said}${html === '' ? '' : `<p class="answer">${html}</p>`}${cited}</div>`;
}

/** The answer with what the other one does not say marked and what only the other says struck, where they have enough in common. */
function markedText(other: string | null, own: string | null): string {
  if (own === null) return '';
  if (other === null) return escapeHtml(own);
  const pieces = wordDifference(other, own);
  const kept = pieces.reduce((sum, { kind, text }) => sum + (kind === 'same' ? text.trim().length : 0), 0);
  // Two texts with little in common are easier to read unmarked.
  if (kept < own.length * leastInCommon) return escapeHtml(own);
  return pieces
    .map(({ kind, text }) => {
      if (kind === 'same') return escapeHtml(text);
      return kind === 'added' ? `<ins>${escapeHtml(text)}</ins>` : `<del>${escapeHtml(text)}</del>`;
    })
    .join('');
}

function quotes(given: readonly { source: string; quote: string }[]): string {
  return given
    .map(
      ({ source, quote }) =>
        `<blockquote>${escapeHtml(quote)}<cite>${escapeHtml(source)}</cite></blockquote>`,
    )
    .join('');
}

function list(texts: readonly string[]): string {
  return `<ul>${texts.map((text) => `<li>${escapeHtml(text)}</li>`).join('')}</ul>`;
}

function scoreText(cell: ReportData['variants'][number]['cells'][number] | undefined): string {
  if (!cell) return 'no row';
  return cell[0] === null ? (cell[1] ?? 'no score') : figure(cell[0]);
}

function clip(text: string): string {
  const flat = text.replace(/\s+/g, ' ').trim();
  return flat.length > 160 ? `${flat.slice(0, 159)}…` : flat;
}
