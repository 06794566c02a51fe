import { addUsage } from '../../core/index.ts';
import {
  answerTokens,
  closedBookRequest,
  draftRequest,
  draftTokens,
  openBookRequest,
} from './draft-prompts.ts';
import type { Candidate, CorpusPassage, QuestionModel } from './generation.ts';
import type { Slot } from './plan-slots.ts';

/** What generation may cost at most, over the candidates that are not there yet. */
export interface GenerationEstimate {
  /** Candidates that may be tried, and those that are there already. */
  readonly candidates: number;
  readonly cached: number;
  readonly calls: number;
  /** Upper bound of the price of the calls whose price is known. */
  readonly usd: number;
  /** Calls without a known price; they come on top of `usd`. */
  readonly unknown: number;
}

/** Tokens of the markup of a prompt, and of a passage that is found while a candidate is made. */
const markupTokens = 24;
const foundPassageTokens = 500;

/**
 * Adds up the upper bounds of every call that may be made: a draft and two gates for each candidate. Nothing is asked of
 * the model. Nothing is left to pay where the candidates that are there already give `count` questions.
 */
export async function estimateGeneration(
  model: QuestionModel,
  slots: readonly Slot[],
  known: ReadonlyMap<number, Candidate>,
  count: number,
): Promise<GenerationEstimate> {
  const cached = slots.filter(({ ordinal }) => known.has(ordinal)).length;
  const passed = slots.filter(({ ordinal }) => known.get(ordinal)?.rejected === null).length;
  const open = passed >= count ? [] : slots.filter(({ ordinal }) => !known.has(ordinal));
  const total = { candidates: open.length, cached, calls: 0, usd: 0, unknown: 0 };
  if (model.local) return { ...total, calls: open.length * 3 };
  for (const slot of open)
    for (const { input, output } of await callsOf(model, slot)) {
      const { usd } = model.price(addUsage({ inputTokens: input, outputTokens: output, calls: 1 }));
      total.calls++;
      if (usd === null) total.unknown++;
      else total.usd += usd;
    }
  return total;
}

async function callsOf(model: QuestionModel, slot: Slot): Promise<{ input: number; output: number }[]> {
  const blank: CorpusPassage = { ...slot.passage, text: '' };
  const count = async ({ system, user }: { system: string; user: string }): Promise<number> =>
    (await model.countTokens(`${system}\n${user}`)) + markupTokens;
  const draft = await count(draftRequest(slot.kind, [slot.passage]));
  const passage = await model.countTokens(slot.passage.text);
  const found = slot.kind === 'single-fact' || slot.kind === 'how-to' || slot.kind === 'follow-up' ? 0 : 1;
  // A question is at most as long as a whole draft, and evidence as its passages.
  const openBook = (await count(openBookRequest('', [blank]))) + passage + draftTokens;
  const searched = slot.kind === 'unanswerable' ? 4 : found;
  return [
    { input: draft + found * foundPassageTokens, output: draftTokens },
    { input: openBook + searched * foundPassageTokens, output: answerTokens },
    ...(slot.kind === 'unanswerable'
      ? []
      : [{ input: (await count(closedBookRequest(''))) + draftTokens, output: answerTokens }]),
  ];
}
