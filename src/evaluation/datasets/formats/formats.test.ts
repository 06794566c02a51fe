import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { FulcrumError, sha256 } from '../../../core/index.ts';
import { parseColumnMap } from './column-map.ts';
import { detectFormat, parseFormat } from './detect-format.ts';
import type { DatasetFormat, FormatReadOptions } from './format.ts';
import { readDatasetFile } from './read-dataset-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function write(name: string, content: string | Uint8Array | object): string {
  const path = join(folder, name);
  const plain = typeof content === 'string' || content instanceof Uint8Array;
  writeFileSync(path, plain ? content : JSON.stringify(content));
  return path;
}
const jsonl = (...rows: object[]): string => rows.map((row) => `${JSON.stringify(row)}\n`).join('');
async function read(path: string, options: FormatReadOptions & { format?: DatasetFormat } = {}) {
  const { records, ...rest } = await readDatasetFile(path, options);
  return { samples: records.map(({ sample }) => sample), rows: records.map(({ line }) => line), ...rest };
}
const failure = (promise: Promise<unknown>): Promise<string> =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof FulcrumError ? `${error.code}: ${error.message}` : String(error)),
  );

const context = 'The tea house opened in 1867. It closed in 1901, and opened again in 1920.';
const corpus: Record<string, string> = { 'docs:house.md': `# House\n\n${context}\n` };
const withCorpus = {
  source: 'docs',
  readDocument: async (id: string) =>
    corpus[id] === undefined ? null : { text: corpus[id], version: 'v', uri: id },
  listDocuments: async () => Object.keys(corpus),
};

describe('tables', () => {
  it('are read by heading, or by a map; other columns are counted', async () => {
    const path = write(
      't.csv',
      '\uFEFFquestion,answer,intent,when,note\r\n"a, ""b""",x,card,2024-05-01,\r\n"two\nlines",,card,2024-05-02,hm\r\n',
    );
    const plain = await read(path);
    expect(plain.format).toBe('csv');
    expect(plain.samples[0]).toEqual({ id: '1', input: 'a, "b"', answerable: true, reference: 'x' });
    expect(plain.samples[1]).toEqual({ id: '2', input: 'two\nlines', answerable: true });
    expect(plain.lost).toEqual({ 'column intent': 2, 'column note': 1, 'column when': 2 });
    const mapped = await read(path, { map: parseColumnMap('label=intent, time=when,group=answer') });
    expect(mapped.samples[0]).toEqual({
      id: '1',
      input: 'a, "b"',
      answerable: true,
      label: 'card',
      group: 'x',
      tags: ['time:2024-05-01'],
    });
    expect(mapped.lost).toEqual({ 'column note': 1 });
  });

  it('take evidence, lists and yes or no from cells', async () => {
    const path = write(
      'e.tsv',
      'id\tinput\tdocument\tquote\tfacts\ttags\tanswerable\n7\tq\ta.md\tthe quote\tnine\tred, blue\tno\n8\tq\t\t\t[["9","nine"],"ten"]\t["a,b"]\t1\n',
    );
    const { samples } = await read(path);
    expect(samples).toEqual([
      {
        id: '7',
        input: 'q',
        facts: [['nine']],
        answerable: false,
        evidence: [{ document: 'a.md', quote: 'the quote' }],
        tags: ['red', 'blue'],
      },
      { id: '8', input: 'q', facts: [['9', 'nine'], ['ten']], answerable: true, tags: ['a,b'] },
    ]);
  });

  it('say what is wrong and where', async () => {
    const cases: [string, string, FormatReadOptions?][] = [
      ['text,category\na,b\n', 'no column is read as the input. Its columns: text, category'],
      ['input,x\na,b\n', 'there is no column "text"', { map: { input: 'text' } }],
      ['input,x\na,b\n"never closed', 'w.csv, line 3'],
      ['input,x\na\n', 'w.csv, line 2'],
      ['input,input\na,b\n', 'the heading "input" stands there twice'],
      ['id,input\n1,a\n1,b\n', 'the id "1" was used in 1 already'],
      ['input,answerable\na,maybe\n', '"answerable" is yes or no, not "maybe"'],
      ['input,quote\na,b\n', 'needs the document'],
      ['input\n', 'dataset-empty'],
      ['', 'dataset-empty'],
    ];
    for (const [content, message, options] of cases)
      expect(await failure(read(write('w.csv', content), options))).toContain(message);
    expect(await failure(read(write('w.csv', Buffer.from('input\ncaf\xe9\n', 'latin1'))))).toContain(
      'file-not-text',
    );
    expect(await failure(read(write('w.csv', Buffer.from('input\nx\n', 'utf16le'))))).toContain(
      'file-not-text',
    );
    expect(await failure(read(join(folder, 'none.csv')))).toContain('file-not-found');
  });

  it('hold hostile headings and cells as data', async () => {
    const path = write('h.csv', '__proto__,constructor,input\n{"x":1},=cmd(),toString\n');
    const { samples, lost } = await read(path);
    expect(samples).toEqual([{ id: '1', input: 'toString', answerable: true }]);
    expect(Object.keys(lost).sort()).toEqual(['column __proto__', 'column constructor']);
    expect(({} as Record<string, unknown>).x).toBeUndefined();
  });

  it('other delimiters, and JSON Lines by map with dotted paths', async () => {
    const semicolons = write('s.csv', 'input;label\na,b;c\n');
    expect((await read(semicolons, { delimiter: ';' })).samples[0]).toMatchObject({
      input: 'a,b',
      label: 'c',
    });
    const path = write('m.jsonl', jsonl({ q: { text: 'why' }, label: 'x', z: 1 }, { q: { text: 'how' } }));
    const { samples, lost } = await read(path, { map: { input: 'q.text' } });
    expect(samples).toEqual([
      { id: '1', input: 'why', answerable: true, label: 'x' },
      { id: '2', input: 'how', answerable: true },
    ]);
    expect(lost).toEqual({ 'key z': 1 });
  });

  it('as rows: blank questions are left out, ids may repeat, gold is not read', async () => {
    const path = write(
      'r.jsonl',
      jsonl({ id: 1, input: 'a', facts: 7 }, { id: 1, input: ' ' }, { input: 'b' }),
    );
    const { samples, rows, leftOut } = await read(path, { asRows: true });
    expect(samples.map(({ id, input }) => [id, input])).toEqual([
      ['1', 'a'],
      ['3', 'b'],
    ]);
    expect([rows, leftOut]).toEqual([[1, 3], 1]);
    expect((await read(write('r.txt', 'one\n\ntwo\n'), { asRows: true })).rows).toEqual([1, 3]);
  });
});

describe('SQuAD', () => {
  const squad = (qas: object[]) => ({
    version: 'v2.0',
    data: [{ title: 'House', paragraphs: [{ context, qas }] }],
  });
  const questions = [
    {
      id: 'a',
      question: 'When did it open?',
      answers: [
        { text: '1867', answer_start: 24 },
        { text: 'in 1867', answer_start: 21 },
        { text: '1920', answer_start: 69 },
      ],
    },
    {
      id: 'b',
      question: 'Who built it?',
      is_impossible: true,
      answers: [],
      plausible_answers: [{ text: 'x' }],
    },
  ];

  it('turns spans into evidence where a source is named, overlapping ones into one', async () => {
    const path = write('squad.json', squad(questions));
    const { samples, lost, format } = await read(path, withCorpus);
    expect(format).toBe('squad');
    const offset = corpus['docs:house.md']!.indexOf(context);
    const span = (start: number, end: number) => ({
      document: 'docs:house.md',
      start: offset + start,
      end: offset + end,
      hash: sha256(context.slice(start, end)),
    });
    expect(samples).toEqual([
      {
        id: 'a',
        input: 'When did it open?',
        references: ['1867', 'in 1867', '1920'],
        answerable: true,
        evidence: [span(21, 28), span(69, 73)],
        group: 'House',
      },
      { id: 'b', input: 'Who built it?', answerable: false, group: 'House' },
    ]);
    expect(context.slice(21, 28)).toBe('in 1867');
    expect(lost).toEqual({ plausible_answers: 1 });
  });

  it('without a source loses the contexts; a context that is not in the source is an error', async () => {
    const path = write('squad.json', squad(questions));
    expect((await read(path)).lost).toEqual({ context: 2, plausible_answers: 1 });
    const other = write('other.json', JSON.stringify(squad(questions)).replace('tea house', 'coffee house'));
    expect(await failure(read(other, withCorpus))).toContain('evidence-not-found');
  });

  it('refuses an answer that is not where it says, a cut file and another shape', async () => {
    const wrong = squad([{ id: 'a', question: 'q', answers: [{ text: '1867', answer_start: 3 }] }]);
    expect(await failure(read(write('w.json', wrong)))).toContain('does not stand at 3');
    const cut = write('cut.json', JSON.stringify(squad(questions)).slice(0, 200));
    expect(await failure(read(cut, { format: 'squad' }))).toMatch(/record-invalid.*not JSON/);
    expect(await failure(read(write('x.json', { data: [{}] }), { format: 'squad' }))).toContain(
      '"data.0.paragraphs"',
    );
  });
});

describe('OpenAI', () => {
  it('chat: last answer and its question; the rest is counted', async () => {
    const path = write(
      'chat.jsonl',
      jsonl(
        {
          messages: [
            { role: 'system', content: 's' },
            { role: 'user', content: 'one' },
            { role: 'assistant', content: 'first' },
            {
              role: 'user',
              content: [
                { type: 'text', text: 'two' },
                { type: 'image_url', image_url: {} },
              ],
            },
            { role: 'assistant', content: 'second' },
          ],
          tools: [],
        },
        { messages: [{ role: 'user', content: 'alone' }] },
      ),
    );
    const { samples, lost, format } = await read(path);
    expect(format).toBe('openai-chat');
    expect(samples).toEqual([
      { id: '1', input: 'two', reference: 'second', answerable: true },
      { id: '2', input: 'alone', answerable: true },
    ]);
    expect(lost).toEqual({
      'earlier turns': 2,
      'parts that are not text': 1,
      'system messages': 1,
      tools: 1,
    });
    const none = write('n.jsonl', jsonl({ messages: [{ role: 'assistant', content: 'x' }] }));
    expect(await failure(read(none))).toContain('line 1: "input"');
  });

  it('evals: messages or text, one ideal or several, also inside item', async () => {
    const path = write(
      'evals.jsonl',
      jsonl(
        { input: [{ role: 'user', content: 'q' }], ideal: ['a', 'b', 'a'] },
        { input: 'text', ideal: 'c' },
        { item: { input: 'inside', ideal: 'd', extra: 1 } },
      ),
    );
    const { samples, lost, format } = await read(path);
    expect(format).toBe('openai-evals');
    expect(samples).toEqual([
      { id: '1', input: 'q', references: ['a', 'b'], answerable: true },
      { id: '2', input: 'text', reference: 'c', answerable: true },
      { id: '3', input: 'inside', reference: 'd', answerable: true },
    ]);
    expect(lost).toEqual({ 'item.extra': 1 });
  });
});

describe('promptfoo', () => {
  it('turns assertions into gold, counts the others, computes and opens nothing', async () => {
    const path = write(
      'p.yaml',
      `prompts: [file://prompt.txt]
tests:
  - description: first
    vars: {question: How hot?, tone: kind}
    assert:
      - {type: icontains, value: seventy}
      - {type: contains-all, value: [70, degrees]}
      - {type: icontains-any, value: [C, celsius]}
      - {type: javascript, value: "process.exit(1)"}
      - {type: contains, value: "{{secret}}"}
      - {type: equals, value: file://answer.txt}
      - {type: not-contains, value: eighty}
      - {type: not-icontains-any, value: [boiling, raw]}
      - {type: not-contains-all, value: [a, b]}
    metadata: {topic: tea, list: [1]}
  - vars: {question: Who?}
    assert: [{type: is-refusal}]
  - vars: {question: What?}
    assert: [{type: equals, value: This, threshold: 0.5}]
  - vars: {question: "{{computed}}"}
  - vars: {question: "file:///etc/passwd"}
  - file://more.yaml
`,
    );
    const { samples, lost, leftOut, format } = await read(path);
    expect(format).toBe('promptfoo');
    expect(samples).toEqual([
      {
        id: '1',
        input: 'How hot?',
        answerable: true,
        facts: [['seventy'], ['70'], ['degrees'], ['C', 'celsius']],
        mustNot: [['eighty'], ['boiling', 'raw']],
        tags: ['topic:tea'],
      },
      { id: '2', input: 'Who?', answerable: false },
      { id: '3', input: 'What?', answerable: true, reference: 'This' },
    ]);
    expect(leftOut).toBe(3);
    expect(lost).toEqual({
      'assert contains': 1,
      'assert equals': 1,
      'assert javascript': 1,
      'assert not-contains-all': 1,
      'assert threshold or weight': 1,
      'config prompts': 1,
      description: 1,
      'metadata.list': 1,
      'tests in another file': 1,
      'vars.question that is a template or a file': 2,
      'vars.tone': 1,
    });
  });

  it('asks which variable, and refuses bombs and broken YAML', async () => {
    const two = write('two.yaml', 'tests:\n  - vars: {a: x, b: y}\n');
    expect(await failure(read(two))).toContain('Add --map input=NAME (a, b)');
    expect((await read(two, { map: { input: 'b', label: 'a' } })).samples[0]).toMatchObject({
      input: 'y',
      label: 'x',
    });
    const levels = Array.from({ length: 9 }, (_, level) => {
      const below = level === 0 ? 'x' : `*l${level - 1}`;
      return `l${level}: &l${level} [${Array(9).fill(below).join(', ')}]\n`;
    });
    expect(await failure(read(write('bomb.yaml', `${levels.join('')}tests: *l8\n`)))).toContain('alias');
    expect(await failure(read(write('bad.yaml', 'tests:\n  - vars: {a: "x\n')))).toMatch(
      /record-invalid.*line \d/,
    );
    expect(await failure(read(write('none.yaml', 'prompts: [x]\n')))).toContain('expected a list of tests');
  });
});

describe('Ragas and Langfuse', () => {
  it('Ragas: new and old names; reference contexts become evidence where a source is named', async () => {
    const path = write(
      'ragas.jsonl',
      jsonl(
        {
          user_input: 'When?',
          reference: '1867',
          reference_contexts: ['opened in 1867.'],
          retrieved_contexts: ['x'],
          response: 'y',
          synthesizer_name: 'single',
        },
        { question: 'Old?', ground_truth: 'yes', contexts: ['x'], answer: 'z' },
        {
          user_input: [
            { content: 'hi', type: 'human' },
            { content: 'ho', type: 'ai' },
            { content: 'last', type: 'human' },
          ],
        },
      ),
    );
    const { samples, lost, format } = await read(path, withCorpus);
    expect(format).toBe('ragas');
    const start = corpus['docs:house.md']!.indexOf('opened in 1867.');
    const text = 'opened in 1867.';
    expect(samples).toEqual([
      {
        id: '1',
        input: 'When?',
        reference: '1867',
        answerable: true,
        tags: ['synthesizer:single'],
        evidence: [{ document: 'docs:house.md', start, end: start + text.length, hash: sha256(text) }],
        group: 'docs:house.md',
      },
      { id: '2', input: 'Old?', reference: 'yes', answerable: true },
      { id: '3', input: 'last', answerable: true },
    ]);
    expect(lost).toEqual({ answer: 1, contexts: 1, 'earlier turns': 2, response: 1, retrieved_contexts: 1 });
    expect((await read(path)).lost.reference_contexts).toBe(1);
  });

  it('Langfuse: texts, objects and chats; metadata as tags; archived items left out', async () => {
    const items = [
      {
        id: 'i1',
        input: { question: 'a?', lang: 'en' },
        expectedOutput: { answer: 'b' },
        metadata: { topic: 'tea', nested: {} },
        createdAt: '2024-05-01T00:00:00Z',
        status: 'ACTIVE',
        datasetName: 'd',
        sourceTraceId: 't',
      },
      { id: 'i2', input: [{ role: 'user', content: 'c?' }], expectedOutput: 'd', status: 'ACTIVE' },
      { id: 'i3', input: 'old', expectedOutput: null, status: 'ARCHIVED' },
    ];
    const { samples, lost, leftOut, format } = await read(write('langfuse.json', { data: items }));
    expect(format).toBe('langfuse');
    expect(samples).toEqual([
      {
        id: 'i1',
        input: 'a?',
        reference: 'b',
        answerable: true,
        tags: ['topic:tea', 'time:2024-05-01T00:00:00Z'],
      },
      { id: 'i2', input: 'c?', reference: 'd', answerable: true },
    ]);
    expect([leftOut, lost]).toEqual([1, { 'input.lang': 1, 'metadata.nested': 1, sourceTraceId: 1 }]);
    const odd = write('odd.jsonl', jsonl({ id: 'x', input: { ask: { me: 'why' } }, expectedOutput: 'y' }));
    expect(await failure(read(odd))).toContain('its keys: ask). Add --map input=input.KEY');
    expect((await read(odd, { map: { input: 'input.ask.me' } })).samples[0]).toMatchObject({ input: 'why' });
  });
});

describe('formats', () => {
  it('are detected where that is safe', async () => {
    expect(await detectFormat(folder)).toBe('beir');
    expect(await detectFormat(write('a.jsonl', jsonl({ id: '1', input: 'q' })))).toBe('jsonl');
    expect(await detectFormat(write('a.jsonl', '{"broken'))).toBe('jsonl');
    expect(await failure(detectFormat(write('a.parquet', 'x')))).toContain('format-unclear');
    expect(await failure(detectFormat(write('a.json', { rows: [{ a: 1 }] })))).toContain('format-unclear');
    expect(parseFormat('squad')).toBe('squad');
    expect(() => parseFormat('sqaud')).toThrow('Did you mean "squad"?');
    expect(() => parseColumnMap('inptu=x')).toThrow('Did you mean "input"?');
    expect(() => parseColumnMap('input')).toThrow('FIELD=COLUMN');
  });
});
