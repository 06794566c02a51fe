import { createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { pipeline } from 'node:stream/promises';
import { exportLines, rowExportOf } from '../../data/export-rows.ts';
import type { TuningRow } from '../../data/tuning-row.ts';
import type { TuningMethod } from '../../tuning-provider.ts';

/** Writes rows as the service takes them; returns how many, and the size of the file. Throws `tuning-export-lossy`. */
export async function writeOpenAiRows(
  path: string,
  rows: AsyncIterable<TuningRow>,
  method: TuningMethod,
): Promise<{ rows: number; bytes: number }> {
  let count = 0;
  async function* counted(): AsyncGenerator<TuningRow> {
    for await (const row of rows) {
      count++;
      yield row;
    }
  }
  await pipeline(
    exportLines(counted(), rowExportOf(method === 'dpo' ? 'openai-preference' : 'openai')),
    createWriteStream(path),
  );
  return { rows: count, bytes: (await stat(path)).size };
}

/** Tokens that the markup of a turn adds, and those that open the reply, as OpenAI documents them for its chat models. */
const perMessage = 3;
const perReply = 3;

/** Tokens of a row, and of its trained turns, by the tokenizer of OpenAI's current models (o200k). */
export async function createRowCounter(): Promise<(row: TuningRow) => { tokens: number; trained: number }> {
  const { countTokens } = await import('gpt-tokenizer/encoding/o200k_base');
  const count = (text: string): number => countTokens(text, { allowedSpecial: 'all' } as never);
  return (row) => {
    let tokens = perReply + (row.tools ? count(JSON.stringify(row.tools)) : 0);
    let trained = 0;
    for (const [index, { role, content, toolCalls, trained: marked }] of row.messages.entries()) {
      const own = count(content) + (toolCalls ? count(JSON.stringify(toolCalls)) : 0);
      tokens += own + perMessage;
      if (role === 'assistant' && (marked ?? index === row.messages.length - 1)) trained += own;
    }
    return { tokens: tokens + (row.rejected === undefined ? 0 : count(row.rejected)), trained };
  };
}
