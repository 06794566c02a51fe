import { z } from 'zod';
import type { Tool, ToolCall, TuningMessage } from '../tuning-row.ts';

/** Parts of a message that some vendors write in place of a text; other kinds of part cannot be kept. */
const partsSchema = z.array(z.looseObject({ type: z.string().optional(), text: z.string() }));

const callSchema = z.looseObject({
  id: z.string().optional(),
  function: z.looseObject({
    name: z.string(),
    arguments: z.union([z.string(), z.record(z.string(), z.json())]),
  }),
});

const messageSchema = z.looseObject({
  role: z.string(),
  content: z.union([z.string(), z.null(), z.array(z.unknown())]).optional(),
  tool_calls: z.array(callSchema).optional(),
  tool_call_id: z.string().optional(),
  weight: z.union([z.literal(0), z.literal(1)]).optional(),
});

const roles: ReadonlyMap<string, TuningMessage['role']> = new Map([
  ['system', 'system'],
  ['developer', 'system'],
  ['user', 'user'],
  ['human', 'user'],
  ['assistant', 'assistant'],
  ['gpt', 'assistant'],
  ['model', 'assistant'],
  ['tool', 'tool'],
  ['function', 'tool'],
]);

/**
 * Turns in OpenAI's chat format, as most vendors and tools take it. Returns the problem as a sentence where a turn cannot be
 * kept whole.
 */
export function readChatMessages(value: unknown): { messages: TuningMessage[] } | { problem: string } {
  if (!Array.isArray(value) || value.length === 0) return { problem: '"messages" must be a list of turns' };
  const messages: TuningMessage[] = [];
  for (const [index, turn] of value.entries()) {
    const where = `turn ${index + 1}`;
    const parsed = messageSchema.safeParse(turn);
    if (!parsed.success) return { problem: `${where}: ${problemOf(parsed.error)}` };
    const role = roles.get(parsed.data.role);
    if (!role)
      return {
        problem: `${where} has the role "${parsed.data.role.slice(0, 40)}"; roles are system, user, assistant and tool`,
      };
    const content = contentOf(parsed.data.content);
    if (content === null) return { problem: `${where} holds parts that are not text` };
    const calls = readCalls(parsed.data.tool_calls, index);
    if ('problem' in calls) return { problem: `${where}: ${calls.problem}` };
    messages.push({
      role,
      content,
      ...(calls.calls.length > 0 && { toolCalls: calls.calls }),
      ...(parsed.data.tool_call_id !== undefined && { toolCallId: parsed.data.tool_call_id }),
      ...(parsed.data.weight !== undefined && role === 'assistant' && { trained: parsed.data.weight === 1 }),
    });
  }
  return { messages };
}

/** Tools as OpenAI writes them: `{type: "function", function: {name, description, parameters}}`. */
export function readTools(value: unknown): { tools: Tool[] } | { problem: string } {
  if (value === undefined || value === null) return { tools: [] };
  const schema = z.array(
    z.looseObject({
      function: z.looseObject({
        name: z.string().min(1),
        description: z.string().optional(),
        parameters: z.record(z.string(), z.json()).optional(),
      }),
    }),
  );
  const parsed = schema.safeParse(value);
  if (!parsed.success) return { problem: `"tools": ${problemOf(parsed.error)}` };
  return {
    tools: parsed.data.map(({ function: { name, description, parameters } }) => ({
      name,
      ...(description !== undefined && { description }),
      parameters: parameters ?? {},
    })),
  };
}

function readCalls(
  calls: readonly z.infer<typeof callSchema>[] | undefined,
  turn: number,
): { calls: ToolCall[] } | { problem: string } {
  const read: ToolCall[] = [];
  for (const [index, { id, function: called }] of (calls ?? []).entries()) {
    let given: unknown = called.arguments;
    if (typeof given === 'string')
      try {
        given = JSON.parse(given === '' ? '{}' : given);
      } catch {
        return { problem: `the arguments of the call of "${called.name}" are not JSON` };
      }
    const parsed = z.record(z.string(), z.json()).safeParse(given);
    if (!parsed.success) return { problem: `the arguments of the call of "${called.name}" are no object` };
    read.push({ id: id ?? `call-${turn + 1}-${index + 1}`, name: called.name, arguments: parsed.data });
  }
  return { calls: read };
}

function contentOf(content: unknown): string | null {
  if (content === undefined || content === null) return '';
  if (typeof content === 'string') return content;
  const parts = partsSchema.safeParse(content);
  return parts.success ? parts.data.map(({ text }) => text).join('') : null;
}

/** The first issue of a failed parse with its path. */
export function problemOf(error: z.ZodError): string {
  const issue = error.issues[0];
  const path = issue?.path.map(String).join('.') ?? '';
  return path === '' ? (issue?.message ?? 'not readable') : `"${path}": ${issue!.message}`;
}
