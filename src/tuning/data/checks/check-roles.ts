import type { TuningRow } from '../tuning-row.ts';

/** What is wrong with the turns of a row, as a sentence; null where nothing is. */
export function roleProblem({ messages }: Pick<TuningRow, 'messages'>): string | null {
  const open = new Set<string>();
  for (const [index, { role, content, toolCalls, toolCallId }] of messages.entries()) {
    const where = `turn ${index + 1}`;
    const before = messages[index - 1];
    if (role === 'system' && index > 0) return `${where} is a system turn, which belongs first`;
    if (content === '' && !toolCalls) return `${where} is empty`;
    if (role === 'tool') {
      if (toolCallId === undefined || !open.has(toolCallId)) return `${where} answers no tool call`;
      open.delete(toolCallId);
      continue;
    }
    if (open.size > 0) return `${where} comes before all tool calls are answered`;
    for (const { id } of toolCalls ?? []) open.add(id);
    if (before && before.role === role && role !== 'system') return `${where} is again the ${role}'s`;
    if (role === 'assistant' && (index === 0 || before?.role === 'system')) return `${where} answers nobody`;
  }
  if (messages.at(-1)?.role !== 'assistant')
    return 'the last turn is not the assistant’s, so that nothing is learnt';
  return null;
}
