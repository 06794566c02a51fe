import { FulcrumError, suggest } from '../../core/index.ts';
import { type TuningMessage, type TuningRow, targetOf } from './tuning-row.ts';

/** A format in which others take rows: one JSON object a line. */
export interface RowExport {
  readonly name: string;
  readonly description: string;
  /** The object of a row, or why the format cannot hold it whole. */
  write(row: TuningRow): { readonly line: Readonly<Record<string, unknown>> } | { readonly problem: string };
}

const chat = (row: TuningRow): Record<string, unknown> => ({
  messages: row.messages.map((message) => openaiTurn(message)),
  ...(row.tools && { tools: row.tools.map((tool) => ({ type: 'function', function: tool })) }),
});

/** Formats that `fulcrum tune data export --format` writes. */
export const rowExports: readonly RowExport[] = [
  {
    name: 'fulcrum',
    description: 'everything that is known of a row',
    write: (row) => ({ line: { ...row } }),
  },
  {
    name: 'openai',
    description: 'OpenAI, Azure and compatible: {"messages", "tools"?}',
    write: (row) => withoutPreference(row, () => ({ line: withWeights(row) })),
  },
  {
    name: 'openai-preference',
    description:
      'OpenAI and Azure DPO, Fireworks, Together: {"input", "preferred_output", "non_preferred_output"}',
    write: (row) =>
      withPreference(row, (rejected, target) => ({
        line: {
          input: {
            messages: row.messages.slice(0, -1).map((message) => openaiTurn(message)),
            ...(row.tools && { tools: chat(row).tools }),
          },
          preferred_output: [openaiTurn(target)],
          non_preferred_output: [{ role: 'assistant', content: rejected }],
        },
      })),
  },
  {
    name: 'fireworks',
    description: 'Fireworks SFT: OpenAI chat with weights',
    write: (row) => withoutPreference(row, () => ({ line: withWeights(row) })),
  },
  {
    name: 'together',
    description: 'Together SFT, conversation format',
    write: (row) => withoutPreference(row, () => ({ line: withWeights(row) })),
  },
  { name: 'gemini', description: 'Gemini SFT: {"systemInstruction"?, "contents"}', write: writeGemini },
  {
    name: 'bedrock',
    description: 'Claude and Nova on Amazon Bedrock: {"system"?, "messages"}, strictly alternating',
    write: writeBedrock,
  },
  {
    name: 'trl',
    description: 'TRL: {"messages"} or, with a rejected answer, {"prompt", "chosen", "rejected"}',
    write: (row) =>
      row.rejected === undefined
        ? plain(row, (messages) => ({ messages, ...(row.tools && { tools: chat(row).tools }) }))
        : withPreference(row, (rejected, target) => ({
            line: {
              prompt: row.messages.slice(0, -1).map(({ role, content }) => ({ role, content })),
              chosen: [{ role: 'assistant', content: target.content }],
              rejected: [{ role: 'assistant', content: rejected }],
            },
          })),
  },
  {
    name: 'axolotl',
    description: 'Axolotl, type chat_template: {"messages"}',
    write: (row) => withoutPreference(row, () => plain(row, (messages) => ({ messages }))),
  },
  {
    name: 'mlx',
    description: 'mlx-lm: {"messages"}',
    write: (row) => withoutPreference(row, () => plain(row, (messages) => ({ messages }))),
  },
  {
    name: 'llama-factory',
    description: 'LLaMA-Factory, sharegpt: {"conversations", "system"?}',
    write: (row) =>
      withoutPreference(row, () =>
        plain(row, (messages) => {
          const [first] = messages;
          const system = first?.role === 'system' ? first.content : undefined;
          const turns = system === undefined ? messages : messages.slice(1);
          return {
            conversations: turns.map(({ role, content }) => ({
              from: role === 'assistant' ? 'gpt' : 'human',
              value: content,
            })),
            ...(system !== undefined && { system }),
          };
        }),
      ),
  },
];

/** Names that `--format` takes. */
export function rowExportOf(name: string): RowExport {
  const found = rowExports.find((format) => format.name === name);
  if (found) return found;
  const names = rowExports.map((format) => format.name);
  throw new FulcrumError('tuning-format-unknown', {
    format: name,
    suggestion: suggest(name, names),
    formats: names.join(', '),
  });
}

/**
 * Lines of a JSON Lines file. Throws `tuning-export-lossy` with the first row that the format cannot hold whole.
 */
export async function* exportLines(
  rows: AsyncIterable<TuningRow>,
  format: RowExport,
): AsyncGenerator<string> {
  for await (const row of rows) {
    const written = format.write(row);
    if ('problem' in written)
      throw new FulcrumError('tuning-export-lossy', {
        row: row.id,
        format: format.name,
        problem: written.problem,
      });
    yield `${JSON.stringify(written.line)}\n`;
  }
}

type Written = ReturnType<RowExport['write']>;

function openaiTurn({ role, content, toolCalls, toolCallId }: TuningMessage): Record<string, unknown> {
  return {
    role,
    content: content === '' && toolCalls ? null : content,
    ...(toolCalls && {
      tool_calls: toolCalls.map((call) => ({
        id: call.id,
        type: 'function',
        function: { name: call.name, arguments: JSON.stringify(call.arguments) },
      })),
    }),
    ...(toolCallId !== undefined && { tool_call_id: toolCallId }),
  };
}

/** By default only the last turn is trained on, while vendors train on every assistant's turn: the others get the weight 0. */
function withWeights(row: TuningRow): Record<string, unknown> {
  const assistants = row.messages.filter(({ role }) => role === 'assistant').length;
  const last = row.messages.length - 1;
  const line = chat(row) as { messages: Record<string, unknown>[] };
  if (assistants < 2 && row.messages[last]?.trained !== false) return line;
  return {
    ...line,
    messages: line.messages.map((turn, index) => {
      const { role, trained } = row.messages[index]!;
      return role === 'assistant' ? { ...turn, weight: (trained ?? index === last) ? 1 : 0 } : turn;
    }),
  };
}

function withoutPreference(row: TuningRow, write: () => Written): Written {
  return row.rejected === undefined
    ? write()
    : { problem: 'it has a rejected answer, which supervised tuning does not use' };
}

function withPreference(
  row: TuningRow,
  write: (rejected: string, target: TuningMessage) => Written,
): Written {
  const target = targetOf(row);
  if (row.rejected === undefined) return { problem: 'it has no rejected answer' };
  return target ? write(row.rejected, target) : { problem: 'its last turn is not the assistant’s' };
}

/** Turns of text alone, without calls of tools and with training on the last turn only. */
function plain(
  row: TuningRow,
  write: (messages: { role: TuningMessage['role']; content: string }[]) => Record<string, unknown>,
): Written {
  if (row.messages.some(({ toolCalls, role }) => toolCalls || role === 'tool'))
    return { problem: 'it calls tools' };
  const last = row.messages.length - 1;
  const unlike = row.messages.some(
    ({ role, trained }, index) =>
      role === 'assistant' && trained !== undefined && trained !== (index === last),
  );
  if (unlike) return { problem: 'the format cannot say which turns are trained on' };
  return { line: write(row.messages.map(({ role, content }) => ({ role, content }))) };
}

function writeGemini(row: TuningRow): Written {
  return withoutPreference(row, () =>
    plain(row, (messages) => {
      const [first] = messages;
      const system = first?.role === 'system' ? first.content : undefined;
      const turns = system === undefined ? messages : messages.slice(1);
      return {
        ...(system !== undefined && { systemInstruction: { role: 'system', parts: [{ text: system }] } }),
        contents: turns.map(({ role, content }) => ({
          role: role === 'assistant' ? 'model' : 'user',
          parts: [{ text: content }],
        })),
      };
    }),
  );
}

function writeBedrock(row: TuningRow): Written {
  const [first] = row.messages;
  const system = first?.role === 'system' ? first.content : undefined;
  const turns = system === undefined ? row.messages : row.messages.slice(1);
  const alternates =
    turns.every(({ role }, index) => role === (index % 2 === 0 ? 'user' : 'assistant')) &&
    turns.length % 2 === 0;
  if (!alternates)
    return {
      problem: 'turns must alternate between user and assistant, the user first and the assistant last',
    };
  return withoutPreference(row, () =>
    plain(row, () => ({
      ...(system !== undefined && { system }),
      messages: turns.map(({ role, content }) => ({ role, content })),
    })),
  );
}
