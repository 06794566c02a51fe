import {
  addCost,
  addUsage,
  type Citation,
  type Cost,
  noCost,
  noUsage,
  type Usage,
} from '../../core/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import { claimsByMarker } from '../citations/claims.ts';
import { createMarkerFilter, type FilteredAnswer } from '../citations/marker-filter.ts';
import { citationOf } from '../citations/quote-spans.ts';
import { bestSupport, isQuoted } from '../citations/support.ts';
import { verifyCitation } from '../citations/verify-citation.ts';
import type { ScoredUnit } from '../evidence/select-evidence.ts';
import type { SentenceVectors } from '../evidence/sentence-vectors.ts';
import { type ContextBudget, fitPassages, type Passage, shownParts } from './fit-context.ts';
import { withInputParts } from './prompt-parts.ts';
import { isRefusalText, type ShownPassage } from './prompts.ts';
import type { Reading } from './reading.ts';
import { structuredAnswerSchema, textOfStructure } from './structured-answer.ts';

/** Units of evidence that are shown for their own sake; neighbours come on top. */
export const maxEvidenceUnits = 8;

export interface GenerateOptions {
  readonly model: LanguageModel;
  readonly budget: ContextBudget;
  /** Best first; empty for a closed book. */
  readonly ranked: readonly ScoredUnit[];
  readonly prompt: (passages: readonly ShownPassage[]) => readonly Message[];
  /** Most units shown for their own sake, `maxEvidenceUnits` by default. */
  readonly maxUnits?: number | undefined;
  /** Order of the passages, see `fitPassages`. */
  readonly order?: ((hits: readonly number[]) => readonly number[]) | undefined;
  /** The model answers by `structuredAnswerSchema`; its text then arrives in one piece. */
  readonly structured?: boolean | undefined;
  readonly vectors: SentenceVectors | null;
  /** What is asked, for the parts of the prompt. */
  readonly question: { readonly input: string };
  readonly onText?: ((piece: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has a language model answer from numbered passages. Its text is data: markers that name no passage are taken out,
 * each other one becomes a citation of the sentences of that passage that bear its claim best, quoted from the
 * document and verified. What does not verify is taken out and counted; the claim stays.
 */
export async function readByGeneration(options: GenerateOptions): Promise<Reading> {
  const { model, budget } = options;
  const { passages, messages } = await fitPassages({
    ranked: options.ranked,
    maxUnits: options.maxUnits ?? maxEvidenceUnits,
    model,
    budget,
    prompt: options.prompt,
    order: options.order,
  });
  return readMessages({ ...options, messages, passages, maxOutputTokens: budget.maxOutputTokens });
}

/** What a model is asked when its passages are chosen already. */
export interface ReadMessagesOptions {
  readonly model: LanguageModel;
  readonly messages: readonly Message[];
  readonly passages: readonly Passage[];
  readonly maxOutputTokens: number;
  /** As in `GenerateOptions`. */
  readonly structured?: boolean | undefined;
  readonly vectors: SentenceVectors | null;
  /** What is asked, for the parts of the prompt. */
  readonly question: { readonly input: string };
  readonly onText?: ((piece: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `readByGeneration` over passages that are in the prompt already. */
export async function readMessages(options: ReadMessagesOptions): Promise<Reading> {
  const { model, messages, passages } = options;
  const shown = shownParts(passages);
  const filter = createMarkerFilter({
    known: new Set(passages.map(({ number }) => number)),
    onText: options.onText,
  });
  let streamed = '';
  const generation = await model.generate({
    messages,
    maxOutputTokens: options.maxOutputTokens,
    temperature: 0,
    signal: options.signal,
    ...(options.structured
      ? { schema: structuredAnswerSchema }
      : {
          onText: (piece: string) => {
            streamed += piece;
            filter.push(piece);
          },
        }),
  });
  const usage = withInputParts(generation.usage, messages, options.question.input);
  const text = options.structured ? textOfStructure(generation.object, generation.text) : generation.text;
  // A model that does not stream, or whose final text goes on after the stream, is filtered here.
  if (text.startsWith(streamed)) filter.push(text.slice(streamed.length));
  const filtered = filter.end();
  if (isRefusalText(filtered.text) || filtered.text.trim() === '')
    return {
      answer: filtered.text.trim(),
      citations: [],
      removedCitations: filtered.removed,
      refusal: { reason: 'model-declined' },
      shown,
      usage,
      cost: generation.cost,
    };
  const cited = await citeClaims(filtered, passages, options);
  return {
    answer: cited.text.trimEnd(),
    citations: cited.citations,
    removedCitations: filtered.removed + cited.removed,
    refusal: null,
    shown,
    usage: addUsage(usage, cited.usage),
    cost: addCost(generation.cost, cited.cost),
  };
}

interface Cited {
  readonly text: string;
  readonly citations: readonly Citation[];
  readonly removed: number;
  readonly usage: Usage;
  readonly cost: Cost;
}

async function citeClaims(
  filtered: FilteredAnswer,
  passages: readonly Passage[],
  options: ReadMessagesOptions,
): Promise<Cited> {
  const claims = claimsByMarker(filtered);
  const citations: Citation[] = [];
  const dropped = new Set<number>();
  let usage = noUsage;
  let cost = noCost;
  for (const marker of [...claims.keys()].sort((a, b) => a - b)) {
    const claim = claims.get(marker) ?? '';
    const units = passages.find(({ number }) => number === marker)?.units ?? [];
    const embedded = await options.vectors?.embed([claim, ...units.map((unit) => unit.text)], options.signal);
    usage = addUsage(usage, embedded?.usage ?? {});
    cost = addCost(cost, embedded?.cost ?? noCost);
    const [first, ...rest] = embedded?.vectors ?? [];
    const span = bestSupport(claim, units, first && { claim: first, units: rest });
    const text = span?.units[0]?.document.text ?? '';
    const citation = span && citationOf(span, marker, 'unverified');
    if (citation && verifyCitation(citation, text) === null)
      citations.push({ ...citation, state: isQuoted(claim, citation.quote) ? 'quoted' : 'unverified' });
    else dropped.add(marker);
  }
  return { text: withoutDropped(filtered, dropped), citations, removed: dropped.size, usage, cost };
}

/** The answer without the markers whose citation did not verify. */
function withoutDropped(filtered: FilteredAnswer, dropped: ReadonlySet<number>): string {
  if (dropped.size === 0) return filtered.text;
  const known = new Set(
    filtered.markers.map(({ marker }) => marker).filter((marker) => !dropped.has(marker)),
  );
  const filter = createMarkerFilter({ known });
  filter.push(filtered.text);
  return filter.end().text;
}
