import { FulcrumError } from '../../core/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import type { ScoredUnit } from '../evidence/select-evidence.ts';
import type { ShownPassage } from './prompts.ts';
import type { ShownPart } from './reading.ts';

/** Units of one hit that are shown to the model under one number. */
export interface Passage {
  readonly number: number;
  /** In the order of the document. */
  readonly units: readonly ScoredUnit[];
}

/** Tokens that the markup of a turn may add beside its text. */
const tokensPerTurn = 8;

/** How the window of a model is used. */
export interface ContextBudget {
  /** Prompt and output together. */
  readonly contextTokens: number;
  readonly maxOutputTokens: number;
}

/**
 * Chooses the passages that fit: the best units first, then the neighbours of each in the same hit while there is
 * room. Tokens are the model's own. Throws `model-context-exceeded` when the question alone does not fit.
 */
export async function fitPassages(options: {
  readonly ranked: readonly ScoredUnit[];
  /** Most units taken for their own sake. */
  readonly maxUnits: number;
  readonly model: LanguageModel;
  readonly budget: ContextBudget;
  readonly prompt: (passages: readonly ShownPassage[]) => readonly Message[];
  /** Order of the passages, given the hits in the order of their best units, which is the default. */
  readonly order?: ((hits: readonly number[]) => readonly number[]) | undefined;
  /** Each unit under a number of its own, without its neighbours, best first; `order` is not looked at then. */
  readonly sentences?: boolean | undefined;
}): Promise<{ passages: Passage[]; messages: readonly Message[]; inputTokens: number }> {
  const { model, budget, prompt } = options;
  const room = budget.contextTokens - budget.maxOutputTokens;
  const empty = await countPrompt(model, prompt([]));
  if (empty > room)
    throw new FulcrumError('model-context-exceeded', { model: model.id, limit: room, tokens: empty });
  const wanted = options.ranked.slice(0, options.maxUnits);
  const chosen = new Map<string, ScoredUnit>();
  let used = empty;
  const beside = options.sentences ? [] : neighbours(wanted, options.ranked);
  for (const unit of [...wanted, ...beside]) {
    if (chosen.has(key(unit))) continue;
    const isNewPassage = options.sentences || ![...chosen.values()].some((other) => other.hit === unit.hit);
    const title = isNewPassage ? `[9] ${passageTitle(unit)}: ` : '';
    const tokens = (await model.countTokens(`${title}${unit.text}\n`)) + 1;
    if (used + tokens > room) continue;
    used += tokens;
    chosen.set(key(unit), unit);
  }
  // Counts of parts may add up to less than the whole, so the whole decides.
  const order = [...chosen.values()];
  for (;;) {
    const passages = options.sentences
      ? order.map((unit, index) => ({ number: index + 1, units: [unit] }))
      : passagesOf(order, options.order);
    const messages = prompt(passages.map(showPassage));
    const inputTokens = await countPrompt(model, messages);
    if (inputTokens <= room || order.length === 0) return { passages, messages, inputTokens };
    order.pop();
  }
}

/** A passage as the model sees it: its title path and its text, one line. */
export function showPassage({ number, units }: Passage): ShownPassage {
  let text = '';
  let before: ScoredUnit | undefined;
  for (const unit of units) {
    const gap = before && unit.ordinal !== before.ordinal + 1 ? ' … ' : unit.kind === 'sentence' ? ' ' : '\n';
    text += (before ? gap : '') + unit.text;
    before = unit;
  }
  return { number, title: units[0] ? passageTitle(units[0]) : '', text };
}

function passageTitle(unit: ScoredUnit): string {
  return unit.titlePath.slice(-2).join(' > ');
}

function passagesOf(
  units: readonly ScoredUnit[],
  arrange: (hits: readonly number[]) => readonly number[] = (hits) => hits,
): Passage[] {
  const byHit = Map.groupBy(units, (unit) => unit.hit);
  return arrange([...byHit.keys()]).map((hit, index) => ({
    number: index + 1,
    units: (byHit.get(hit) ?? []).sort((a, b) => a.start - b.start),
  }));
}

/** What is shown of each hit, by its rank: the number of its passage and its spans, neighbouring units as one. */
export function shownParts(passages: readonly Passage[]): Map<number, ShownPart> {
  const parts = new Map<number, ShownPart>();
  for (const { number, units } of passages) {
    const spans: { start: number; end: number }[] = [];
    let before: ScoredUnit | undefined;
    for (const unit of units) {
      const last = spans.at(-1);
      if (last && before && unit.ordinal === before.ordinal + 1) last.end = unit.end;
      else spans.push({ start: unit.start, end: unit.end });
      before = unit;
    }
    const [first] = units;
    if (!first) continue;
    // Where each sentence has a number of its own, the hit has that of its first.
    const known = parts.get(first.hit);
    parts.set(first.hit, {
      passage: known?.passage ?? number,
      spans: [...(known?.spans ?? []), ...spans].sort((a, b) => a.start - b.start),
    });
  }
  return parts;
}

function neighbours(wanted: readonly ScoredUnit[], all: readonly ScoredUnit[]): ScoredUnit[] {
  const places = new Map(all.map((unit) => [`${unit.hit}:${unit.ordinal}`, unit]));
  return wanted
    .flatMap((unit) =>
      [unit.ordinal + 1, unit.ordinal - 1].map((ordinal) => places.get(`${unit.hit}:${ordinal}`)),
    )
    .filter((unit) => unit !== undefined);
}

function key(unit: ScoredUnit): string {
  return `${unit.document.documentId}:${unit.start}`;
}

/** Tokens of a prompt: its texts and the markup of its turns. */
export async function countPrompt(model: LanguageModel, messages: readonly Message[]): Promise<number> {
  const counts = await Promise.all(messages.map((message) => model.countTokens(message.content)));
  return counts.reduce((sum, count) => sum + count + tokensPerTurn, 0);
}
