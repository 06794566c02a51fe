import { mkdtemp, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exportLines, rowExportOf, rowExports } from './export-rows.ts';
import { type ReadRowsOptions, readRows } from './read-rows.ts';
import type { TuningRow } from './tuning-row.ts';

async function read(name: string, content: string, options: ReadRowsOptions = {}): Promise<TuningRow[]> {
  const path = join(await mkdtemp(join(tmpdir(), 'rows-')), name);
  await writeFile(path, content);
  return Array.fromAsync(readRows(path, options));
}

const lines = (...records: unknown[]): string => records.map((record) => JSON.stringify(record)).join('\n');
const plain = [
  { role: 'user', content: 'Is the shop open?' },
  { role: 'assistant', content: 'Until six.' },
];

describe('readRows', () => {
  it('reads chats with tools, weights and parts of text', async () => {
    const [row] = await read(
      'chat.jsonl',
      lines({
        messages: [
          { role: 'developer', content: 'Be brief.' },
          {
            role: 'user',
            content: [
              { type: 'text', text: 'Weather in ' },
              { type: 'text', text: 'Oslo?' },
            ],
          },
          {
            role: 'assistant',
            content: null,
            weight: 0,
            tool_calls: [
              { id: 'c1', type: 'function', function: { name: 'weather', arguments: '{"city":"Oslo"}' } },
            ],
          },
          { role: 'tool', tool_call_id: 'c1', content: 'rain' },
          { role: 'assistant', content: 'It rains.' },
        ],
        tools: [{ type: 'function', function: { name: 'weather', parameters: { type: 'object' } } }],
      }),
    );
    expect(row).toEqual({
      id: '1',
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Weather in Oslo?' },
        {
          role: 'assistant',
          content: '',
          toolCalls: [{ id: 'c1', name: 'weather', arguments: { city: 'Oslo' } }],
          trained: false,
        },
        { role: 'tool', content: 'rain', toolCallId: 'c1' },
        { role: 'assistant', content: 'It rains.' },
      ],
      tools: [{ name: 'weather', parameters: { type: 'object' } }],
      origin: { kind: 'file', file: 'chat.jsonl', line: 1 },
    });
  });

  it.each([
    [
      'Gemini',
      {
        systemInstruction: { parts: [{ text: 'Be kind.' }] },
        contents: [
          { role: 'user', parts: [{ text: 'Hi' }] },
          { role: 'model', parts: [{ text: 'Hello' }] },
        ],
      },
    ],
    [
      'Bedrock',
      {
        system: 'Be kind.',
        messages: [
          { role: 'user', content: 'Hi' },
          { role: 'assistant', content: 'Hello' },
        ],
      },
    ],
  ])('reads %s with its system text as the first turn', async (_name, record) => {
    const [row] = await read('rows.jsonl', lines(record));
    expect(row!.messages).toEqual([
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
      { role: 'assistant', content: 'Hello' },
    ]);
  });

  it.each([
    [
      'OpenAI',
      {
        input: { messages: [plain[0]] },
        preferred_output: [plain[1]],
        non_preferred_output: [{ role: 'assistant', content: 'No idea.' }],
      },
    ],
    ['TRL with a prompt', { prompt: 'Is the shop open?', chosen: 'Until six.', rejected: 'No idea.' }],
    [
      'TRL with whole conversations',
      { chosen: plain, rejected: [plain[0], { role: 'assistant', content: 'No idea.' }] },
    ],
  ])('reads preferences of %s', async (_name, record) => {
    const [row] = await read('rows.jsonl', lines(record));
    expect(row).toMatchObject({ messages: plain, rejected: 'No idea.' });
  });

  it('reads logs with the model that answered, and refuses an answer that was cut off', async () => {
    const log = (finish: string) => ({
      request: { model: 'big', messages: [plain[0]] },
      response: { model: 'big-2026', choices: [{ message: plain[1], finish_reason: finish }] },
    });
    const [row] = await read('log.jsonl', lines(log('stop')));
    expect(row).toMatchObject({ messages: plain, teacher: 'big-2026' });
    await expect(read('log.jsonl', lines(log('length')))).rejects.toMatchObject({
      code: 'record-invalid',
      message: expect.stringContaining('line 1: its answer was cut off'),
    });
  });

  it('joins turns of one speaker and leaves out what nobody answered', async () => {
    const [row] = await read(
      't.jsonl',
      lines({
        turns: [
          { speaker: 'Customer', text: 'My oven' },
          { speaker: 'Customer', text: 'is cold.' },
          { speaker: 'Agent', text: 'Is it on?' },
          { speaker: 'Customer', text: 'Bye.' },
        ],
      }),
    );
    expect(row!.messages).toEqual([
      { role: 'user', content: 'My oven\nis cold.' },
      { role: 'assistant', content: 'Is it on?' },
    ]);
  });

  it('reads tables: classes by their headings, fields as JSON, and any column that is mapped', async () => {
    const [first] = await read('a.csv', 'text,category\n"Where, please?",place\n');
    expect(first).toMatchObject({
      label: 'place',
      messages: [{ content: 'Where, please?' }, { content: 'place' }],
    });
    const [second] = await read('b.tsv', 'said\tpeople\ttime\nfor 4\t4\t\n', {
      map: { input: 'said' },
      fields: ['people', 'time'],
    });
    expect(second!.messages[1]!.content).toBe('{"people":"4"}');
    const [third] = await read('c.jsonl', lines({ q: { text: 'a' }, a: 'b', s: 'dev' }), {
      map: { input: 'q.text', target: 'a', split: 's' },
      instructions: 'Answer.',
    });
    expect(third).toMatchObject({
      split: 'validation',
      messages: [{ role: 'system', content: 'Answer.' }, { content: 'a' }, { content: 'b' }],
    });
  });

  it('takes id, group and split from columns of these names, and leaves a split alone that is none', async () => {
    const rows = await read(
      'd.csv',
      'id,group,split,text,label\n1,inn,Dev,a,x\n2,inn,test,b,y\n3,bar,"left, right",c,x\n',
    );
    expect(rows.map(({ id, group, split }) => ({ id, group, split }))).toEqual([
      { id: '1', group: 'inn', split: 'validation' },
      { id: '2', group: 'inn', split: 'test' },
      { id: '3', group: 'bar', split: undefined },
    ]);
  });

  it.each([
    [
      'an unknown role',
      lines({ messages: [{ role: 'wizard', content: 'x' }] }),
      'turn 1 has the role "wizard"',
    ],
    [
      'arguments that are no JSON',
      lines({ messages: [{ role: 'assistant', tool_calls: [{ function: { name: 'f', arguments: '{' } }] }] }),
      'turn 1: the arguments of the call of "f" are not JSON',
    ],
    ['something else', lines({ foo: 1 }), 'its format was not recognised (keys: foo)'],
    ['no JSON', '{"messages": [', 'not JSON'],
    ['a list', '[1]', 'not an object'],
    [
      'an image',
      lines({ messages: [{ role: 'user', content: [{ type: 'image_url', image_url: {} }] }] }),
      'turn 1 holds parts that are not text',
    ],
  ])('names the line of %s', async (_name, content, message) => {
    await expect(read('rows.jsonl', `\n${content}`)).rejects.toMatchObject({
      code: 'record-invalid',
      message: expect.stringContaining(`line 2: ${message}`),
    });
  });

  it('goes on past records that are no rows where it is told to', async () => {
    const skipped: string[] = [];
    const rows = await read('r.jsonl', lines({ messages: plain }, { messages: [] }, { messages: plain }), {
      onSkipped: (line, problem) => skipped.push(`${line} ${problem}`),
    });
    expect(rows.map(({ id }) => id)).toEqual(['1', '3']);
    expect(skipped).toEqual(['2 "messages" must be a list of turns']);
  });
});

describe('export', () => {
  const origin = { kind: 'human' as const };
  const simple: TuningRow = {
    id: 'a',
    messages: [
      { role: 'system', content: 'S' },
      { role: 'user', content: 'U' },
      { role: 'assistant', content: 'A' },
    ],
    origin,
  };
  const two: TuningRow = {
    id: 'b',
    messages: [
      { role: 'user', content: 'U' },
      { role: 'assistant', content: 'A' },
      { role: 'user', content: 'V' },
      { role: 'assistant', content: 'B' },
    ],
    origin,
  };
  const preference: TuningRow = { ...simple, id: 'c', rejected: 'Z' };
  const write = async (format: string, row: TuningRow): Promise<unknown> => {
    async function* rows() {
      yield row;
    }
    const [line] = await Array.fromAsync(exportLines(rows(), rowExportOf(format)));
    return JSON.parse(line!);
  };

  it('writes what each format documents', async () => {
    expect(await write('openai', two)).toEqual({
      messages: [
        { role: 'user', content: 'U' },
        { role: 'assistant', content: 'A', weight: 0 },
        { role: 'user', content: 'V' },
        { role: 'assistant', content: 'B', weight: 1 },
      ],
    });
    expect(await write('gemini', simple)).toEqual({
      systemInstruction: { role: 'system', parts: [{ text: 'S' }] },
      contents: [
        { role: 'user', parts: [{ text: 'U' }] },
        { role: 'model', parts: [{ text: 'A' }] },
      ],
    });
    expect(await write('bedrock', simple)).toEqual({
      system: 'S',
      messages: [
        { role: 'user', content: 'U' },
        { role: 'assistant', content: 'A' },
      ],
    });
    expect(await write('llama-factory', simple)).toEqual({
      system: 'S',
      conversations: [
        { from: 'human', value: 'U' },
        { from: 'gpt', value: 'A' },
      ],
    });
    expect(await write('trl', preference)).toEqual({
      prompt: [
        { role: 'system', content: 'S' },
        { role: 'user', content: 'U' },
      ],
      chosen: [{ role: 'assistant', content: 'A' }],
      rejected: [{ role: 'assistant', content: 'Z' }],
    });
    expect(await write('openai-preference', preference)).toEqual({
      input: {
        messages: [
          { role: 'system', content: 'S' },
          { role: 'user', content: 'U' },
        ],
      },
      preferred_output: [{ role: 'assistant', content: 'A' }],
      non_preferred_output: [{ role: 'assistant', content: 'Z' }],
    });
  });

  it('refuses what a format cannot hold whole, with the row', async () => {
    const tools: TuningRow = {
      ...two,
      messages: [
        { role: 'user', content: 'U' },
        { role: 'assistant', content: '', toolCalls: [{ id: 'c', name: 'f', arguments: {} }] },
      ],
    };
    await expect(write('gemini', tools)).rejects.toMatchObject({
      code: 'tuning-export-lossy',
      message: expect.stringContaining('"b" cannot be written as gemini: it calls tools'),
    });
    await expect(write('openai', preference)).rejects.toMatchObject({ code: 'tuning-export-lossy' });
    await expect(write('openai-preference', simple)).rejects.toMatchObject({ code: 'tuning-export-lossy' });
    expect(() => rowExportOf('opnai')).toThrow(
      expect.objectContaining({
        code: 'tuning-format-unknown',
        message: expect.stringContaining('"openai"'),
      }),
    );
  });

  it('what is exported as OpenAI chat, Gemini or Bedrock comes back', async () => {
    for (const format of ['openai', 'gemini', 'bedrock']) {
      const [back] = await read('back.jsonl', JSON.stringify(await write(format, simple)));
      expect(back!.messages, format).toEqual(simple.messages);
    }
    expect(rowExports.map(({ name }) => name)).toContain('mlx');
  });
});
