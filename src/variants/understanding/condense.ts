import { type Cost, noCost, noUsage, type Usage } from '../../core/index.ts';
import type { LanguageModel, Message } from '../../models/index.ts';
import { informativeTerms } from '../evidence/terms.ts';
import { withInputParts } from '../readers/prompt-parts.ts';
import type { Turn } from '../variant.ts';

/** A question that can be understood without what was said before it, and what making it took. */
export interface StandaloneQuestion {
  readonly text: string;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** Turns before the question that are looked at, and characters of each. */
const turnsRead = 8;
const turnLength = 1500;
/** Longest question that is taken from a model; a longer text is no question. */
const longestQuestion = 600;
const maxOutputTokens = 120;

/** What the model is told; part of the definition of a variant. */
export const condenseInstructions =
  'Rewrite the last question of the conversation so that it can be understood without the conversation: put in the names and things that it points back to. Keep its meaning and its language. Write the question only, on one line. If it needs no change, repeat it.';

/**
 * Has a model write the last question of a conversation so that it stands by itself. What it writes is data: one line,
 * without quotes, which would search for a phrase. Where it writes nothing of use, the rules do it.
 */
export async function condenseByModel(
  input: string,
  turns: readonly Turn[],
  model: LanguageModel,
  signal?: AbortSignal | undefined,
): Promise<StandaloneQuestion> {
  const messages = condensePrompt(input, turns);
  const { text, usage, cost } = await model.generate({ messages, maxOutputTokens, temperature: 0, signal });
  const line = text
    .split('\n')
    .map((part) => part.replace(/["\u201c\u201d\u201e\u00ab\u00bb]/g, '').trim())
    .find((part) => part !== '');
  const usable = line !== undefined && line.length <= longestQuestion && /[\p{L}\p{N}]/u.test(line);
  return {
    text: usable ? line : condenseByRules(input, turns).text,
    usage: withInputParts(usage, messages, input, 'history'),
    cost,
  };
}

/** The turns that a model is asked with; the conversation is quoted data, the question comes last. */
export function condensePrompt(input: string, turns: readonly Turn[]): Message[] {
  const said = turns
    .slice(-turnsRead)
    .map(({ role, content }) => `${role === 'user' ? 'User' : 'Assistant'}: ${oneLine(content)}`);
  return [
    { role: 'system', content: condenseInstructions },
    { role: 'user', content: `Conversation:\n${said.join('\n')}\n\nQuestion: ${input}` },
  ];
}

/** Words that point back, in the languages whose questions were tried; at the beginning also "and", "what about". */
const pointing =
  /\b(?:it|its|itself|they|them|their|theirs|this|that|these|those|there|he|him|his|she|her|hers|one|ones|same|such|former|latter|above|else|another|other|others|er|ihn|ihm|es|dies|diese|dieser|dieses|das|dort|davon|dafür|dazu|eso|esto|ese|esa|este|esta|ello|ellos|allí|ça|cela|celui|celle|ils|elles)\b/iu;
const following =
  /^\s*(?:and|but|or|so|then|also|what about|how about|what if|why not|why|und|oder|aber|warum|was ist mit|y|pero|et|mais)\b/iu;
/** A question with fewer informative words than this seldom stands by itself. */
const fewestTerms = 2;

/**
 * Puts the last question that stands by itself before one that points back to it; any other question stays as it is.
 * No model is asked, so that names are repeated and not put in their place.
 */
export function condenseByRules(input: string, turns: readonly Turn[]): StandaloneQuestion {
  const text = leansOnOthers(input) ? [lastStanding(turns), input.trim()].join(' ').trim() : input;
  return { text, usage: noUsage, cost: noCost };
}

function leansOnOthers(question: string): boolean {
  return (
    pointing.test(question) ||
    following.test(question) ||
    new Set(informativeTerms(question)).size < fewestTerms
  );
}

/** The latest question of the user that does not point back itself, or the first one; empty where there is none. */
function lastStanding(turns: readonly Turn[]): string {
  const asked = turns
    .slice(-turnsRead)
    .filter(({ role, content }) => role === 'user' && content.trim() !== '')
    .map(({ content }) => oneLine(content));
  return asked.findLast((question) => !leansOnOthers(question)) ?? asked[0] ?? '';
}

function oneLine(text: string): string {
  return text.slice(0, turnLength).replace(/\s+/g, ' ').trim();
}
