import type { TuningMessage } from '../tuning-row.ts';
import { isObject, type RowFormat, textOf } from './row-format.ts';

const speakers: ReadonlyMap<string, 'user' | 'assistant'> = new Map([
  ['u', 'user'],
  ['user', 'user'],
  ['customer', 'user'],
  ['client', 'user'],
  ['caller', 'user'],
  ['visitor', 'user'],
  ['s', 'assistant'],
  ['system', 'assistant'],
  ['agent', 'assistant'],
  ['assistant', 'assistant'],
  ['support', 'assistant'],
  ['bot', 'assistant'],
]);

/**
 * A conversation by its speakers: `{"turns": [{"speaker", "text"}]}`. Turns of one speaker that follow each other are one; what comes
 * after the agent's last turn is left out, since nobody answered it.
 */
export const transcript: RowFormat = {
  name: 'transcript',
  description: '{"turns": [{"speaker": "customer" | "agent", "text"}]}, a conversation by its speakers',
  matches: (record) => Array.isArray(record.turns),
  read(record) {
    const turns = Array.isArray(record.turns) ? record.turns : [];
    const messages: TuningMessage[] = [];
    for (const [index, turn] of turns.entries()) {
      const speaker = isObject(turn)
        ? (textOf(turn.speaker) ?? textOf(turn.role) ?? textOf(turn.from))
        : undefined;
      const text = isObject(turn) ? (textOf(turn.text) ?? textOf(turn.content)) : undefined;
      const role = speakers.get((speaker ?? '').toLowerCase());
      if (!role)
        return {
          problem: `turn ${index + 1}: the speaker "${(speaker ?? '').slice(0, 40)}" is neither customer nor agent`,
        };
      if (text === undefined) continue;
      const last = messages.at(-1);
      if (last?.role === role)
        messages[messages.length - 1] = { ...last, content: `${last.content}\n${text}` };
      else messages.push({ role, content: text });
    }
    const end = messages.findLastIndex(({ role }) => role === 'assistant');
    if (end < 1) return { problem: 'no turn of the agent answers one of the customer' };
    const id = textOf(record.id);
    const group = textOf(record.group) ?? textOf(record.conversation_id);
    return {
      row: {
        messages: messages.slice(0, end + 1),
        ...(id !== undefined && { id }),
        ...(group !== undefined && { group }),
      },
    };
  },
};
