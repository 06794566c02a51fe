import { type InputParts, inputPartNames, type Usage } from '../../core/index.ts';
import type { Message } from '../../models/index.ts';

/**
 * Adds to the usage of a call how its input tokens divide into the parts of the prompt: the measured total, split by characters.
 * The system turn is the static prefix, the turns between are worked examples, and the last one is the passages, if any, and the
 * question with its label. What stands before the question counts as `before`. The parts sum to the total. Nothing is added where no input was counted.
 */
export function withInputParts(
  usage: Usage,
  messages: readonly Message[],
  question: string,
  before: 'retrieved' | 'history' = 'retrieved',
): Usage {
  if (usage.inputTokens === 0) return usage;
  const [system, rest] =
    messages[0]?.role === 'system' ? [messages[0].content, messages.slice(1)] : ['', messages];
  const last = rest.at(-1)?.content ?? '';
  const asked = last.endsWith(`Question: ${question}`) ? `Question: ${question}`.length : question.length;
  const query = Math.min(last.length, asked);
  const characters: InputParts = {
    staticPrefix: system.length,
    fewShot: rest.slice(0, -1).reduce((sum, { content }) => sum + content.length, 0),
    history: 0,
    retrieved: 0,
    [before]: last.length - query,
    query,
  };
  return { ...usage, inputParts: shareOut(usage.inputTokens, characters) };
}

/** Shares out a whole number in proportion, by rounding the running sums, so that the shares sum to it. */
function shareOut(total: number, weights: InputParts): InputParts {
  const all = inputPartNames.reduce((sum, name) => sum + weights[name], 0);
  const shares = { ...weights };
  let before = 0;
  let given = 0;
  for (const name of inputPartNames) {
    before += weights[name];
    const upTo = all === 0 ? total : Math.round((total * before) / all);
    shares[name] = upTo - given;
    given = upTo;
  }
  return shares;
}
