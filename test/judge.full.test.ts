import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { fulcrum, jsonLines, scratchFolder } from './cli.ts';
import { expectPublished } from './published.ts';

// A project whose judge is a server that speaks the protocol of OpenAI and answers by rule.
const folder = scratchFolder({
  'docs/pump.md': '# Pump\n\nThe pump moves 40 litres per hour. It was made in Bath.\n',
});
const run = async (...args: string[]) => {
  const given = [...args, '--project', folder.path, '--json'];
  return expectPublished(given, await fulcrum(given));
};
let server: Server;
let calls = 0;
const ids: Record<string, string> = {};

/** What the pipeline answers: right in the first, and with a claim that nobody stated in the second. */
const answers = {
  brief: 'The pump moves 40 litres per hour.',
  chatty: 'The pump moves 40 litres per hour. It weighs 7 kg.',
};
const questions = Array.from({ length: 6 }, (_, index) => ({
  id: `q${index}`,
  input: `How much does pump ${index} move?`,
  reference: answers.brief,
  facts: [['40 litres']],
}));

/** The judge: prose on q1, a limit of rate on q2, a dropped verdict on q3, else verdicts by containment. */
function judge(material: Record<string, unknown>): { status: number; text: string } {
  const question = String(material.question ?? '');
  const items = material.items as { number: number; text: string }[] | undefined;
  if (items === undefined && 'first' in material) {
    const [first, second] = [String(material.first), String(material.second)];
    const better = first.length === second.length ? 'tie' : first.length < second.length ? 'first' : 'second';
    // Where the question asks for pump 4 the judge takes whatever stands first.
    return {
      status: 200,
      text: JSON.stringify({ reason: 'shorter', better: question.includes('pump 4') ? 'first' : better }),
    };
  }
  const verdicts = (items ?? []).map(({ number, text }) => ({
    item: number,
    reason: 'by rule',
    label: text.startsWith('is short') ? (String(material.answer).length < 40 ? 'met' : 'not-met') : 'met',
  }));
  if (question.includes('pump 1'))
    return { status: 200, text: `I think so: ${JSON.stringify({ verdicts })}` };
  if (question.includes('pump 2')) return { status: 429, text: '{}' };
  if (question.includes('pump 3'))
    return { status: 200, text: JSON.stringify({ verdicts: verdicts.slice(1) }) };
  return { status: 200, text: JSON.stringify({ verdicts }) };
}

beforeAll(async () => {
  server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece) => {
      body += piece;
    });
    request.on('end', () => {
      const { messages } = JSON.parse(body) as { messages: { content: string }[] };
      const { status, text } = judge(JSON.parse(messages.at(-1)?.content ?? '{}'));
      // How often a limited call is tried again is not the judge's business.
      if (status === 200) calls++;
      response.writeHead(status, { 'content-type': 'application/json', 'retry-after': '0' });
      response.end(
        status === 200
          ? JSON.stringify({
              id: '1',
              object: 'chat.completion',
              created: 1,
              model: 'rule',
              choices: [{ index: 0, finish_reason: 'stop', message: { role: 'assistant', content: text } }],
              usage: { prompt_tokens: 50, completion_tokens: 5, total_tokens: 55 },
            })
          : '{"error":{"message":"too many"}}',
      );
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.address() as AddressInfo;
  const pipeline = (answer: string) => ({
    external: {
      command: [
        process.execPath,
        '-e',
        `process.stdin.resume().on('end', () => console.log(JSON.stringify({ answer: ${JSON.stringify(answer)}, contexts: [{ text: 'The pump moves 40 litres per hour. It was made in Bath.' }] })))`,
      ],
    },
  });
  const config = {
    sources: { docs: { type: 'files', directory: 'docs' } },
    embedding: false,
    providers: { here: { baseUrl: `http://127.0.0.1:${port}/v1` } },
    prices: { 'compatible/here/rule': { input: 1, output: 2, date: '2026-01-01' } },
    variants: { brief: pipeline(answers.brief), chatty: pipeline(answers.chatty) },
    judges: { strict: { model: 'compatible/here/rule' } },
    scorers: {
      grounding: { type: 'rag', metrics: ['faithfulness', 'hallucination'] },
      style: { type: 'rubric', judge: 'strict', criteria: ['is polite', 'is short'] },
    },
  };
  folder.write('fulcrum.config.json', JSON.stringify(config));
  folder.write('questions.jsonl', jsonLines(questions));
  expect((await run('sync')).code).toBe(0);
  const imported = await run('dataset', 'import', join(folder.path, 'questions.jsonl'), '--name', 'q');
  expect(imported.code).toBe(0);
  const done = await run('eval', 'run', '--dataset', 'q', '--variants', 'brief,chatty');
  expect(done.code, done.stdout).toBe(0);
  for (const each of done.json<{ runs: { id: string; variant: string }[] }>().runs)
    ids[each.variant] = each.id;
  expect(done.stderr).toMatch(
    /Judge strict .* calls, .* tokens, \$0\.00\d+; faulty replies: .*judge-not-json/,
  );
}, 120_000);
afterAll(async () => {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
  folder.remove();
});

interface Shown {
  metrics: {
    metric: string;
    scored: number;
    of: number;
    reasons: Record<string, number>;
    spent: { calls: number };
  }[];
}

describe('fulcrum judge', () => {
  it('show counts faults by reason beside what was scored, with what it took', async () => {
    const shown = (await run('judge', 'show', ids.chatty ?? '')).json<Shown>();
    const of = (metric: string) => shown.metrics.find((each) => each.metric === metric);
    expect(of('style@strict')).toMatchObject({
      scored: 3,
      of: 6,
      reasons: { 'judge-not-json': 1, 'judge-rate-limited': 1, 'judge-shape': 1 },
      spent: { calls: 3 },
    });
    expect(of('ragas-0.4.3.faithfulness@lexical')).toMatchObject({ scored: 6, reasons: {} });
    const one = (await run('judge', 'show', ids.chatty ?? '', '--sample', 'q0')).json<{
      scores: Record<string, unknown>;
    }>();
    expect(one.scores['style@strict']).toMatchObject({
      value: 0,
      detail: { passed: false, criteria: [{ label: 'met' }, { label: 'not-met', reason: 'by rule' }] },
    });
    expect(one.scores['ragas-0.4.3.faithfulness@lexical']).toMatchObject({ value: 0.5 });
  });

  it('a second run pays for nothing that was judged', async () => {
    const before = calls;
    await run('eval', 'run', '--dataset', 'q', '--variants', 'brief');
    // q1 twice, q3 twice: what failed is asked again, the rest is kept.
    expect(calls - before).toBe(4);
  });

  it('overrule puts a person over the judge in the next run, and takes it back', async () => {
    const claim = ['--sample', 'q0', '--claim', 'It weighs 7 kg.'];
    const kept = await run(
      'judge',
      'overrule',
      ids.chatty ?? '',
      ...claim,
      '--verdict',
      'supported',
      '--by',
      'ann',
    );
    expect(kept.json()).toMatchObject({ changed: true });
    const again = await run('eval', 'run', '--dataset', 'q', '--variants', 'chatty');
    const [{ id }] = again.json<{ runs: [{ id: string }] }>().runs;
    const shown = (await run('judge', 'show', id, '--sample', 'q0')).json<{
      scores: Record<string, unknown>;
    }>();
    expect(shown.scores['ragas-0.4.3.faithfulness@lexical']).toMatchObject({
      value: 1,
      detail: { claims: [{ source: 'deterministic' }, { source: 'human', verdict: 'supported' }] },
    });
    const withdrawn = await run('judge', 'overrule', ids.chatty ?? '', ...claim, '--withdraw');
    expect(withdrawn.json()).toMatchObject({ changed: true });
    const neither = await run('judge', 'overrule', ids.chatty ?? '', ...claim);
    expect([neither.code, neither.json<{ error: { code: string } }>().error.code]).toEqual([2, 'usage']);
  });

  it('mutate says what a scorer overlooks', async () => {
    const metrics = 'correct,ragas-0.4.3.faithfulness@lexical';
    const args = [
      'judge',
      'mutate',
      '--run',
      ids.brief ?? '',
      '--metrics',
      metrics,
      '--mutations',
      'numbers',
    ];
    const { results } = (await run(...args)).json<{ results: object[] }>();
    expect(results).toMatchObject([
      { metric: 'correct', mutation: 'numbers', n: 6, missed: 0, share: 0 },
      { metric: 'ragas-0.4.3.faithfulness@lexical', n: 6, missed: 0 },
    ]);
    const read = await fulcrum([
      'judge',
      'mutate',
      '--dataset',
      'q',
      '--metrics',
      'correct',
      '--project',
      folder.path,
    ]);
    expect(read.stdout).toMatch(/numbers {4}misses 0 % \[0 %, 39 %\] \(0 of 6\)/);
    const wrong = await run(
      'judge',
      'mutate',
      '--dataset',
      'q',
      '--metrics',
      'correct',
      '--mutations',
      'number',
    );
    expect(wrong.json<{ error: { message: string } }>().error.message).toMatch(/Did you mean "numbers"/);
  });

  it('judging stops at a budget between two samples, and goes on with what was judged', async () => {
    const pair = ['judge', 'pairwise', ids.brief ?? '', ids.chatty ?? '', '--judge', 'strict'];
    const args = [...pair, '--criterion', 'brevity'];
    const before = calls;
    // A call costs 60 millionths of a dollar: one pair of two calls passes the budget.
    const stopped = await run(...args, '--budget', '0.0001');
    expect(stopped.code).toBe(1);
    expect(stopped.json()).toMatchObject({ error: { code: 'budget-reached' } });
    expect(calls - before).toBe(2);
    expect((await run(...args)).json()).toMatchObject({ n: 6 });
    const total = calls - before;
    await run(...args);
    expect(calls - before).toBe(total);
    for (const [command, flags] of [
      ['noise', [ids.chatty ?? '', '--metric', 'style@strict', '--repeats', '2']],
      ['mutate', ['--run', ids.chatty ?? '', '--metrics', 'style@strict', '--mutations', 'numbers']],
    ] as const)
      expect((await run('judge', command, ...flags, '--budget', '0.00005')).json(), command).toMatchObject({
        error: { code: 'budget-reached' },
      });
  });

  it('pairwise counts only what both orders say', async () => {
    const args = [
      'judge',
      'pairwise',
      ids.brief ?? '',
      ids.chatty ?? '',
      '--judge',
      'strict',
      '--criterion',
      'short',
    ];
    const report = (await run(...args)).json();
    expect(report).toMatchObject({
      n: 6,
      wins: { a: 5, b: 0, tie: 0 },
      orderDependent: 1,
      errors: {},
      preference: { mean: 1 },
    });
    const unknown = await run(
      'judge',
      'pairwise',
      ids.brief ?? '',
      ids.chatty ?? '',
      '--judge',
      'strickt',
      '--criterion',
      'x',
    );
    expect(unknown.json<{ error: { message: string } }>().error.message).toMatch(/Did you mean "strict"/);
  });

  it('calibrate sets the judge beside labels, from runs or from a file of scores', async () => {
    const labels = questions.flatMap(({ id }) => [
      { sample: id, variant: 'brief', label: true },
      { sample: id, variant: 'chatty', label: false },
    ]);
    folder.write('labels.jsonl', jsonLines(labels));
    const file = join(folder.path, 'labels.jsonl');
    const metric = ['--metric', 'ragas-0.4.3.faithfulness@lexical', '--threshold', '0.9'];
    const found = await run(
      'judge',
      'calibrate',
      ids.brief ?? '',
      ids.chatty ?? '',
      '--labels',
      file,
      ...metric,
    );
    expect(found.json()).toMatchObject({
      agreement: [
        { variant: null, labels: 12, sensitivity: { mean: 1 }, specificity: { mean: 1 }, kappa: 1 },
        {},
        {},
      ],
      differences: [{ a: 'brief', b: 'chatty', difference: 1, labels: 6 }],
    });
    const scores = labels.map(({ sample, variant, label }) => ({
      sample,
      variant,
      metric: 'mine',
      value: label ? 1 : 0,
    }));
    folder.write('scores.jsonl', jsonLines(scores));
    const outside = await fulcrum([
      ...['judge', 'calibrate', '--scores', join(folder.path, 'scores.jsonl'), '--labels', file],
      ...['--metric', 'mine', '--project', '/'],
    ]);
    expect(outside.stdout).toMatch(/brief - chatty, as people would see it: \+1\.000/);
    folder.write('bad.jsonl', '{"sample": "q0", "label": "yes"}\n');
    const bad = await run(
      'judge',
      'calibrate',
      ids.brief ?? '',
      '--labels',
      join(folder.path, 'bad.jsonl'),
      ...metric,
    );
    expect(bad.json<{ error: { code: string } }>().error.code).toBe('labels-invalid');
  });

  it('noise judges the same answers again, each time anew', async () => {
    const before = calls;
    const args = [
      'judge',
      'noise',
      ids.brief ?? '',
      '--metric',
      'style@strict',
      '--repeats',
      '2',
      '--sample',
      '1',
    ];
    const { noise } = (await run(...args)).json<{ noise: object }>();
    expect(noise).toMatchObject({ samples: 1, repeats: 2, flips: 0, within: 0 });
    // The first repetition is the one of the run; the second is another question to the judge.
    expect(calls - before).toBe(1);
  });
});
