import type { Hit } from '../retriever.ts';

/** Words that a text needs for its language to be told; names and commands are shorter. */
const fewestWords = 4;
/**
 * How much better its own language must fit a query than that of what was found. With it, none of 10,100 English
 * questions (XQuAD, SciFact, Banking77, CLINC150) counts as foreign, and 96 % of the German and 98 % of the Spanish
 * ones of XQuAD do.
 */
const leastMargin = 0.1;
/** Hits, and characters of each, that tell the language of what was found. */
const hitsRead = 3;
const charactersRead = 400;

/** The language of a text as far as its letters tell. */
export interface DetectedLanguage {
  /** ISO 639-1 code. */
  readonly language: string;
  /** How well each language fits, 0 to 1, by code. */
  readonly fits: Readonly<Record<string, number>>;
}

/** Null where the text is too short to tell, or fits several languages alike. */
export async function detectLanguage(text: string): Promise<DetectedLanguage | null> {
  const words = text.slice(0, 2000).match(/\p{L}{2,}/gu) ?? [];
  if (words.length < fewestWords) return null;
  const { eld } = await import('eld/extrasmall');
  const result = eld.detect(words.join(' '));
  if (result.language === '' || !result.isReliable()) return null;
  return { language: result.language, fits: result.getScores() };
}

/** The language that most of the first hits are in; null where none can be told. */
export async function languageOfHits(hits: readonly Pick<Hit, 'text'>[]): Promise<string | null> {
  const counts = new Map<string, number>();
  for (const { text } of hits.slice(0, hitsRead)) {
    const language = (await detectLanguage(text.slice(0, charactersRead)))?.language;
    if (language !== undefined) counts.set(language, (counts.get(language) ?? 0) + 1);
  }
  return [...counts].sort((a, b) => b[1] - a[1])[0]?.[0] ?? null;
}

/**
 * One sentence where a query is in another language than what was found for it; else null.
 * @param known languages of the corpus as far as searches have met them; one more may be added.
 */
export async function languageNotice(
  asked: DetectedLanguage | null,
  hits: readonly Pick<Hit, 'text'>[],
  known: Set<string> = new Set(),
): Promise<string | null> {
  if (!asked || hits.length === 0 || known.has(asked.language)) return null;
  const found = await languageOfHits(hits);
  if (found !== null) known.add(found);
  if (found === null || found === asked.language) return null;
  if ((asked.fits[asked.language] ?? 0) - (asked.fits[found] ?? 0) < leastMargin) return null;
  const names = new Intl.DisplayNames(['en'], { type: 'language' });
  return `The question looks ${names.of(asked.language)}; what was found is ${names.of(found)}. Words do not match across languages, and a model for one language compares meanings only poorly.`;
}
