import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOutputSchema, evalRunOutputSchema } from '../src/app/contracts.ts';
import { sampleSchema } from '../src/core/index.ts';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';
import { fulcrumInProcess } from './cli-in-process.ts';
import { expectPublished } from './published.ts';

// From a folder of documents to a reviewed test set and labelled answers, command by command.

/** Pages on an invented island: the sentence that the questions are about, the question and its fact. */
const pages = [
  [
    'harbour',
    'The harbour of Velmo takes 120 boats while the winter ferry lies at the quay.',
    'How many boats does the harbour of Velmo take in winter?',
    '120',
  ],
  [
    'museum',
    'Tickets for the Quist museum cost 14 crowns unless somebody brings a lantern.',
    'What does a ticket for the Quist museum cost?',
    '14',
  ],
  [
    'bakery',
    'Ardel bakers knead their dark loaves for 35 minutes before the oven is lit.',
    'How long is the dark Ardel loaf kneaded?',
    '35',
  ],
  [
    'school',
    'Pupils at Pontry leave school when they have written 9 essays about the weather.',
    'How many essays must a Pontry pupil write?',
    '9',
  ],
  [
    'library',
    'Readers of the Sambra library may keep a novel for 27 days without asking again.',
    'For how many days may a Sambra reader keep a novel?',
    '27',
  ],
  [
    'lighthouse',
    'From the Orlin lighthouse a signal goes out every 48 seconds during foggy nights.',
    'How often does the Orlin lighthouse send its signal?',
    '48',
  ],
] as const;
const page = (name: string, sentence: string): string =>
  `# The ${name}\n\n${sentence} Nobody on the island remembers who decided that, and nobody has ever asked.\n`;
const folder = scratchFolder(
  Object.fromEntries(pages.map(([name, sentence]) => [`docs/${name}.md`, page(name, sentence)])),
);
const project = folder.path;
const run = async (...args: string[]) => {
  const given = [...args, '--project', project, '--json'];
  return expectPublished(given, await fulcrumInProcess(given));
};
const file = (name: string): string => join(project, name);
const rowsOf = (name: string): Record<string, unknown>[] =>
  readFileSync(file(name), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));

let server: Server;
let calls = 0;

/** A writer by script behind an OpenAI-compatible door. */
async function startWriter(): Promise<number> {
  server = createServer((request, response) => {
    let raw = '';
    request.on('data', (piece: Buffer) => (raw += piece.toString()));
    request.on('end', () => {
      calls++;
      const body = JSON.parse(raw) as { messages: { content: string }[]; response_format?: object };
      const user = body.messages.at(-1)?.content ?? '';
      const [, sentence = '', question = '', fact = ''] = pages.find((each) => user.includes(each[1])) ?? [];
      const said = user.includes('<<<REFERENCE')
        ? JSON.stringify({ facts: [{ forms: [fact, 'a lot'] }] })
        : body.response_format !== undefined
          ? JSON.stringify({ question, answer: `It is ${fact}.`, facts: [fact], quotes: [sentence] })
          : sentence === ''
            ? 'NOT ANSWERABLE'
            : `It is ${fact}.`;
      response.setHeader('content-type', 'application/json');
      response.end(
        JSON.stringify({
          id: '1',
          object: 'chat.completion',
          created: 1,
          model: 'writer',
          choices: [{ index: 0, message: { role: 'assistant', content: said }, finish_reason: 'stop' }],
          usage: { prompt_tokens: 100, completion_tokens: 20, total_tokens: 120 },
        }),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return (server.address() as AddressInfo).port;
}

beforeAll(async () => {
  const port = await startWriter();
  folder.write(
    'fulcrum.config.json',
    JSON.stringify({
      embedding: false,
      sources: { docs: { type: 'files', directory: 'docs' } },
      variants: {
        bold: { reader: 'extract', refusal: false },
        short: { reader: 'extract', sentences: 1 },
      },
      providers: { desk: { baseUrl: `http://127.0.0.1:${port}/v1` } },
      prices: { 'compatible/desk/writer': { input: 100, output: 500 } },
    }),
  );
  expect((await run('sync')).code).toBe(0);
});
afterAll(() => {
  server.close();
  folder.remove();
});

const writer = ['--model', 'compatible/desk/writer', '--kinds', 'single-fact'];
interface Made {
  made: number;
  model: string | null;
  gates: Record<string, Record<string, number>>;
  coverage: { documents: object };
  hidden: object | null;
  costUsd: number;
  limits: string[];
}

describe('dataset generate', () => {
  it('makes gaps without a model, spread over the documents, and says what they cannot show', async () => {
    const made = (await run('dataset', 'generate', '--name', 'gaps', '--n', '6')).json<Made>();
    expect(made).toMatchObject({ made: 6, model: null, hidden: null });
    expect(made.coverage.documents).toEqual({ covered: 6, total: 6, read: 6 });
    expect(made.limits.length).toBeGreaterThan(2);
    const text = await fulcrum(['dataset', 'generate', '--name', 'gaps', '--n', '6', '--project', project]);
    expect(text.stdout).toContain('flatter keyword search');
    expect(text.stdout).toContain('6 of 6 documents');
  });

  it('stops at the budget before anything is asked, and asks everything once', async () => {
    const budget = await run(
      'dataset',
      'generate',
      '--name',
      'made',
      '--n',
      '6',
      ...writer,
      '--budget',
      '0.01',
    );
    expect([budget.code, errorOutputSchema.parse(budget.json()).error.code]).toEqual([1, 'budget-exceeded']);
    expect(calls).toBe(0);
    const first = await run('dataset', 'generate', '--name', 'made', '--n', '6', ...writer, '--hide-gold');
    const made = first.json<Made>();
    expect(first.code, first.stdout).toBe(0);
    expect(made).toMatchObject({ made: 6, hidden: { made: 6, answeredElsewhere: 0, withoutGold: 0 } });
    expect(made.gates['closed-book']).toEqual({ passed: 6, failed: 0, unmeasured: 0 });
    // Eighteen calls of 100 input and 20 output tokens, at $100 and $500 for a million.
    expect(calls).toBe(18);
    expect(made.costUsd).toBeCloseTo(18 * 0.02, 9);
    const again = await run('dataset', 'generate', '--name', 'made', '--n', '6', ...writer, '--hide-gold');
    expect(again.json<Made>().costUsd).toBe(0);
    expect(calls).toBe(18);
    expect(first.stderr).toContain('At most 6 candidates to try (18 calls); at most $');
  });

  it('keeps exact spans, facts and hidden documents that a run honours', async () => {
    const { content } = (await run('dataset', 'show', 'made')).json<{ content: unknown[] }>();
    const samples = content.map((sample) => sampleSchema.parse(sample));
    for (const { evidence, input, facts } of samples.filter(({ answerable }) => answerable)) {
      const [, sentence, , fact] = pages.find(([, , question]) => question === input) ?? [];
      const [piece] = evidence ?? [];
      const text = readFileSync(file(`docs/${piece?.document.slice('docs:'.length)}`), 'utf8');
      expect(text.slice(piece?.start, piece?.end)).toBe(sentence);
      expect(facts).toEqual([[fact]]);
    }
    const { runs } = evalRunOutputSchema.parse(
      (await run('eval', 'run', '--dataset', 'made', '--variants', 'bold,short')).json(),
    );
    const [bold] = runs;
    const { results } = (await run('eval', 'show', bold?.id ?? '')).json<{
      results: { sample: string; scores: Record<string, { value?: number }> }[];
    }>();
    const correct = (hidden: boolean): number[] =>
      results
        .filter(({ sample }) => sample.endsWith('-hidden') === hidden)
        .map(({ scores }) => scores.correct?.value ?? Number.NaN);
    // It quotes the page where it may see it, and has nothing to quote where it may not.
    expect(correct(false)).toEqual(Array(6).fill(1));
    expect(correct(true)).toEqual(Array(6).fill(1));
    const { results: all } = (await run('eval', 'show', bold?.id ?? '')).json<{
      results: { refusal: string | null }[];
    }>();
    expect(all.filter(({ refusal }) => refusal === 'not-in-corpus')).toHaveLength(6);
  });

  it('makes the hidden half of any dataset, and says what is wrong with a request', async () => {
    folder.write(
      'own.jsonl',
      jsonLines([
        {
          id: 'q1',
          input: 'How many boats does the harbour take?',
          facts: [['120']],
          evidence: [{ document: 'harbour.md', quote: 'takes 120 boats' }],
        },
        {
          id: 'q2',
          input: 'What does nobody on the island remember?',
          facts: [['who decided that']],
          evidence: [{ document: 'harbour.md' }],
        },
        { id: 'q3', input: 'Without gold?' },
      ]),
    );
    expect((await run('dataset', 'import', file('own.jsonl'), '--name', 'own')).code).toBe(0);
    const hidden = await run('dataset', 'generate', '--name', 'own2', '--from', 'own', '--hide-gold');
    expect(hidden.json()).toMatchObject({
      dataset: { name: 'own2', samples: 4 },
      hidden: { made: 1, answeredElsewhere: 1, withoutGold: 1 },
    });
    const problems: [string[], string][] = [
      [['--name', 'own', '--n', '3'], 'dataset-exists'],
      [['--name', 'made', '--n', '3'], 'dataset-exists'],
      [['--name', 'x', '--from', 'own'], 'usage'],
      [['--name', 'x', '--kinds', 'how-to'], 'usage'],
      [['--name', 'x', '--model', 'compatible/desk/writer', '--kinds', 'howto'], 'usage'],
      [['--name', 'x', '--source', 'dosc'], 'source-unknown'],
      [['--name', 'x', '--n', '0'], 'usage'],
    ];
    for (const [args, code] of problems) {
      const failed = await run('dataset', 'generate', ...args);
      expect(errorOutputSchema.parse(failed.json()).error.code, args.join(' ')).toBe(code);
    }
  });
});

describe('dataset facts', () => {
  it('asks the model once for each sample, within the budget, and marks what it proposed', async () => {
    const rows = pages.map(([id, reference, input]) => ({ id, input, reference }));
    folder.write('written.jsonl', jsonLines(rows));
    expect((await run('dataset', 'import', file('written.jsonl'), '--name', 'written')).code).toBe(0);
    const facts = ['dataset', 'facts', 'written', '--model', 'compatible/desk/writer'];
    const before = calls;
    const over = await run(...facts, '--budget', '0.01');
    expect([over.code, errorOutputSchema.parse(over.json()).error.code]).toEqual([1, 'budget-exceeded']);
    expect(calls).toBe(before);
    const first = await run(...facts);
    expect(first.json(), first.stderr).toMatchObject({
      proposer: 'compatible/desk/writer',
      samples: 6,
      proposed: 6,
      facts: 6,
      droppedForms: { invented: 6 },
      reusedCalls: 0,
    });
    // Six calls of 100 input and 20 output tokens, at $100 and $500 for a million.
    expect(first.json<{ costUsd: number }>().costUsd).toBeCloseTo(6 * 0.02, 9);
    expect(first.stderr).toContain('6 samples (6 calls); at most $');
    expect((await run(...facts)).json()).toMatchObject({ proposed: 6, costUsd: 0, reusedCalls: 6 });
    expect(calls).toBe(before + 6);
    const { queue } = (await run('dataset', 'review', 'written')).json<{
      queue: { sample: { id: string; facts: string[][] }; factsProposedBy: string }[];
    }>();
    for (const { sample, factsProposedBy } of queue) {
      expect(factsProposedBy).toBe('compatible/desk/writer');
      expect(sample.facts).toEqual([[pages.find(([id]) => id === sample.id)?.[3]]]);
    }
  });
});

describe('dataset review', () => {
  it('goes out as a file and comes back, blind to other raters, and makes a new version', async () => {
    for (const [rater, rejected] of [
      ['first', 0],
      ['second', 1],
    ] as const) {
      const out = file(`${rater}.jsonl`);
      const exported = await run('dataset', 'review', 'gaps', '--export', out, '--rater', rater);
      expect(exported.json(), exported.stderr).toMatchObject({ open: 6, total: 6 });
      const rows = rowsOf(`${rater}.jsonl`).sort((a, b) => (String(a.sample) < String(b.sample) ? -1 : 1));
      expect(JSON.stringify(rows[0])).toMatch(/"quote":"[^"]* \d+ /);
      const decided = rows.map((row, index) =>
        index === rejected ? { ...row, decision: 'reject' } : { ...row, decision: 'accept' },
      );
      decided[2] = { ...(decided[2] as object), decision: 'edit', facts: [['another', 'form']] } as never;
      folder.write(`${rater}.jsonl`, jsonLines(decided));
      const taken = await run('dataset', 'review', 'gaps', '--import', out, '--rater', rater);
      expect(taken.json()).toMatchObject({ decisions: 6 });
    }
    const results = (await run('dataset', 'review', 'gaps', '--results')).json<{
      raters: object[];
      agreement: { pairs: { observed: number; value: number }[] };
    }>();
    expect(results.raters).toEqual([
      { rater: 'first', accept: 4, edit: 1, reject: 1 },
      { rater: 'second', accept: 4, edit: 1, reject: 1 },
    ]);
    // They agree on 4 of 6; by chance on (4² + 1 + 1) / 36 = 1/2, so kappa is (2/3 - 1/2) / (1/2) = 1/3.
    expect(results.agreement.pairs[0]?.observed).toBeCloseTo(2 / 3, 12);
    expect(results.agreement.pairs[0]?.value).toBeCloseTo(1 / 3, 12);
    const applied = await run('dataset', 'review', 'gaps', '--apply', '--as', 'trusted');
    expect(applied.json()).toMatchObject({
      dataset: { name: 'trusted', samples: 4 },
      accepted: 3,
      edited: 1,
      rejected: 0,
      open: 0,
    });
    const alone = await run('dataset', 'review', 'gaps', '--apply', '--as', 'by-first', '--rater', 'first');
    expect(alone.json()).toMatchObject({ dataset: { samples: 5 }, rejected: 1, disputed: [] });
  });

  it('prints the queue as JSON with evidence in its context', async () => {
    const { queue, open } = (await run('dataset', 'review', 'made')).json<{
      open: number;
      queue: { sample: object; evidence: { quote: string; before: string }[] }[];
    }>();
    expect([open, queue.length]).toEqual([12, 12]);
    expect(queue[0]?.evidence[0]?.quote).not.toBe('');
  });

  it('labels answers of runs, disagreements first, without names of variants', async () => {
    const { runs } = (await run('eval', 'list')).json<{ runs: { id: string; variant: string }[] }>();
    const ids = ['bold', 'short'].map((name) => runs.find(({ variant }) => variant === name)?.id).join(',');
    const printed = await run('dataset', 'review', 'made', '--runs', ids, '--random', '3');
    const { strata, queue } = printed.json<{
      strata: Record<'disagreement' | 'random', { total: number; drawn: number }>;
      queue: { sample: { id: string }; inclusion: number; answers: { key: string; text: string }[] }[];
    }>();
    expect(strata.disagreement.total + strata.random.total).toBe(12);
    expect(queue).toHaveLength(strata.disagreement.drawn + strata.random.drawn);
    expect(printed.stdout).not.toMatch(/bold|short/);
    const out = file('labels.jsonl');
    await run('dataset', 'review', 'made', '--runs', ids, '--random', '3', '--export', out);
    const labelled = rowsOf('labels.jsonl').map((row) => ({
      ...row,
      answers: (row.answers as { refused: boolean }[]).map((answer) => ({
        ...answer,
        label: String(row.sample).endsWith('-hidden') === answer.refused ? 'right' : 'wrong',
      })),
    }));
    folder.write('labels.jsonl', jsonLines(labelled));
    const taken = await run('dataset', 'review', 'made', '--runs', ids, '--random', '3', '--import', out);
    expect(taken.json<{ labels: number }>().labels).toBe(2 * labelled.length);
    const results = (
      await run('dataset', 'review', 'made', '--runs', ids, '--random', '3', '--results')
    ).json<{
      estimates: { runs: { variant: string; mean: number }[] };
    }>();
    expect(results).toMatchObject({ estimates: { unsure: 0 } });
    expect(results.estimates.runs.map(({ variant }) => variant)).toEqual(['bold', 'short']);
    await run('dataset', 'review', 'made', '--runs', ids, '--random', '3', '--labels', file('judge.jsonl'));
    expect(rowsOf('judge.jsonl')).toHaveLength(2 * labelled.length);
    expect(rowsOf('judge.jsonl')[0]).toMatchObject({ variant: 'bold', probability: expect.any(Number) });
    const [one = ''] = ids.split(',');
    for (const [args, code] of [
      [['made', '--runs', one], 'usage'],
      [['gaps', '--runs', ids], 'run-mismatch'],
      [['made', '--runs', `${one},run_x`], 'run-unknown'],
      [['made', '--random', '3'], 'usage'],
      [['made', '--apply'], 'usage'],
      [['made', '--apply', '--as', 'x'], 'review-empty'],
      [['made', '--results', '--export', 'x'], 'usage'],
      [['mad'], 'dataset-unknown'],
    ] as [string[], string][]) {
      const failed = await run('dataset', 'review', ...args);
      expect(errorOutputSchema.parse(failed.json()).error.code, args.join(' ')).toBe(code);
    }
  });
});
