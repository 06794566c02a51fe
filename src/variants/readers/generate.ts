import type { ZodType } from 'zod';
import {
  type AnswerNotice,
  addCost,
  addUsage,
  type Citation,
  type Cost,
  noCost,
  noUsage,
  type Usage,
} from '../../core/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import { judgeStatements, statementsOf, withClaimStates } from '../citations/claim-states.ts';
import { claimsByMarker } from '../citations/claims.ts';
import { createLinkFilter } from '../citations/link-filter.ts';
import { createMarkerFilter, type FilteredAnswer } from '../citations/marker-filter.ts';
import { citationOf } from '../citations/quote-spans.ts';
import { bestSupport } from '../citations/support.ts';
import { verifyCitation } from '../citations/verify-citation.ts';
import { passingTexts, type ScoredUnit } from '../evidence/select-evidence.ts';
import type { SentenceVectors } from '../evidence/sentence-vectors.ts';
import { type OnSpan, spanned } from '../spans.ts';
import { allowedTargets } from './allowed-targets.ts';
import { type Citing, pickEvidence, statementsSchema, textOfStatements } from './cited-statements.ts';
import { type ContextBudget, fitPassages, type Passage, shownParts, showPassage } from './fit-context.ts';
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
  /** The model answers in statements that name their evidence, each sentence of it under a number of its own. */
  readonly citing?: Citing | undefined;
  /** The answer is JSON of this schema; its text then arrives in one piece. */
  readonly outputSchema?: ZodType | undefined;
  /** The prompt by which it picks evidence, for `citing: 'picked'`. */
  readonly pickPrompt?: ((passages: readonly ShownPassage[]) => readonly Message[]) | undefined;
  readonly vectors: SentenceVectors | null;
  /** What is asked, for the parts of the prompt. */
  readonly question: { readonly input: string; readonly onSpan?: OnSpan | undefined };
  readonly onText?: ((piece: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Has a language model answer from numbered passages. Its text is data: markers that name no passage are taken out,
 * each other one becomes a citation of the sentences of that passage that bear its claim best, quoted from the
 * document and verified. What does not verify is taken out and counted; the claim stays.
 */
export async function readByGeneration(options: GenerateOptions): Promise<Reading> {
  const { model, budget, citing, pickPrompt } = options;
  const fitted = await fitPassages({
    ranked: options.ranked,
    maxUnits: options.maxUnits ?? maxEvidenceUnits,
    model,
    budget,
    prompt: options.prompt,
    order: options.order,
    sentences: citing !== undefined,
  });
  const { maxOutputTokens } = budget;
  if (citing !== 'picked' || !pickPrompt || fitted.passages.length === 0)
    return readMessages({ ...options, ...fitted, maxOutputTokens });
  const picking = await pickEvidence({
    model,
    messages: pickPrompt(fitted.passages.map(showPassage)),
    numbers: fitted.passages.map(({ number }) => number),
    signal: options.signal,
  });
  const passages = fitted.passages
    .filter(({ number }) => picking.picked.includes(number))
    .map(({ units }, index) => ({ number: index + 1, units }));
  const reading =
    passages.length === 0
      ? declined('', 0, shownParts(passages))
      : await readMessages({
          ...options,
          passages,
          messages: options.prompt(passages.map(showPassage)),
          maxOutputTokens,
        });
  return {
    ...reading,
    usage: addUsage(picking.usage, reading.usage),
    cost: addCost(picking.cost, reading.cost),
  };
}

/** A reading in which the model gave no answer. */
function declined(answer: string, removedCitations: number, shown: Reading['shown']): Reading {
  const refusal = { reason: 'model-declined' as const };
  return { answer, citations: [], removedCitations, refusal, shown, usage: noUsage, cost: noCost };
}

/** An answer that another program reads: nothing is taken out of it and nothing cited. */
function asIs(answer: string, shown: Reading['shown']): Reading {
  return { answer, citations: [], removedCitations: 0, refusal: null, shown, usage: noUsage, cost: noCost };
}

/** What a model is asked when its passages are chosen already. */
export interface ReadMessagesOptions {
  readonly model: LanguageModel;
  readonly messages: readonly Message[];
  readonly passages: readonly Passage[];
  readonly maxOutputTokens: number;
  /** As in `GenerateOptions`. */
  readonly structured?: boolean | undefined;
  readonly citing?: Citing | undefined;
  readonly outputSchema?: ZodType | undefined;
  readonly vectors: SentenceVectors | null;
  /** What is asked, for the parts of the prompt. */
  readonly question: { readonly input: string; readonly onSpan?: OnSpan | undefined };
  readonly onText?: ((piece: string) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** `readByGeneration` over passages that are in the prompt already. */
export async function readMessages(options: ReadMessagesOptions): Promise<Reading> {
  const { model, messages, passages } = options;
  const shown = shownParts(passages);
  const numbers = passages.map(({ number }) => number);
  const markers = createMarkerFilter({ known: new Set(numbers), onText: options.onText });
  // Without passages there is nothing that a link could carry away.
  const links = createLinkFilter({
    allowed: passages.length === 0 ? null : allowedTargets(messages),
    onText: markers.push,
  });
  const schema =
    options.citing && numbers.length > 0
      ? statementsSchema(numbers)
      : options.structured
        ? structuredAnswerSchema
        : (options.outputSchema ?? null);
  let streamed = '';
  const { onSpan } = options.question;
  const ask = () =>
    model.generate({
      messages,
      maxOutputTokens: options.maxOutputTokens,
      temperature: 0,
      signal: options.signal,
      ...(schema
        ? { schema }
        : {
            onText: (piece: string) => {
              streamed += piece;
              links.push(piece);
            },
          }),
    });
  const generation = await spanned(onSpan, 'model', ask, (done) => ({
    model: model.id,
    inputTokens: done.usage.inputTokens,
    outputTokens: done.usage.outputTokens,
  }));
  const usage = withInputParts(generation.usage, messages, options.question.input);
  const text =
    schema === null || schema === options.outputSchema
      ? generation.text
      : options.citing && numbers.length > 0
        ? textOfStatements(generation.object, generation.text, numbers)
        : textOfStructure(generation.object, generation.text);
  // A model that does not stream, or whose final text goes on after the stream, is filtered here.
  if (text.startsWith(streamed)) links.push(text.slice(streamed.length));
  if (schema !== null && schema === options.outputSchema)
    return { ...asIs(generation.text, shown), usage, cost: generation.cost };
  const targets = links.end();
  const filtered = markers.end();
  const notices: AnswerNotice[] =
    targets.length > 0 ? [{ kind: 'links-removed', targets: [...targets] }] : [];
  if (isRefusalText(filtered.text) || filtered.text.trim() === '')
    return { ...declined(filtered.text.trim(), filtered.removed, shown), usage, cost: generation.cost };
  const cited = await spanned(
    onSpan,
    'verification',
    () => citeClaims(filtered, passages, options),
    ({ citations, removed }) => ({ citations: citations.length, removed }),
  );
  const claims = passages.length === 0 ? [] : judgeStatements(statementsOf(cited), cited.citations);
  return {
    answer: cited.text.trimEnd(),
    citations: withClaimStates(cited.citations, claims),
    ...(claims.length > 0 ? { claims } : {}),
    notices,
    removedCitations: filtered.removed + cited.removed,
    refusal: null,
    shown,
    usage: addUsage(usage, cited.usage),
    cost: addCost(generation.cost, cited.cost),
  };
}

interface Cited extends Pick<FilteredAnswer, 'text' | 'markers'> {
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
    const texts = [claim, ...units.map((unit) => unit.text)];
    const passing = passingTexts(units).add(claim);
    const embedded = await options.vectors?.embed(texts, options.signal, passing);
    usage = addUsage(usage, embedded?.usage ?? {});
    cost = addCost(cost, embedded?.cost ?? noCost);
    const [first, ...rest] = embedded?.vectors ?? [];
    const span = bestSupport(claim, units, first && { claim: first, units: rest });
    const text = span?.units[0]?.document.text ?? '';
    const citation = span && citationOf(span, marker, 'unverified');
    if (citation && verifyCitation(citation, text) === null) citations.push(citation);
    else dropped.add(marker);
  }
  return { ...withoutDropped(filtered, dropped), citations, removed: dropped.size, usage, cost };
}

/** The answer without the markers whose citation did not verify. */
function withoutDropped(
  filtered: FilteredAnswer,
  dropped: ReadonlySet<number>,
): Pick<FilteredAnswer, 'text' | 'markers'> {
  if (dropped.size === 0) return { text: filtered.text, markers: filtered.markers };
  const known = new Set(
    filtered.markers.map(({ marker }) => marker).filter((marker) => !dropped.has(marker)),
  );
  const filter = createMarkerFilter({ known });
  filter.push(filtered.text);
  const { text, markers } = filter.end();
  return { text, markers };
}
