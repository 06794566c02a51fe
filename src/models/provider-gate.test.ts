import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { FulcrumError } from '../core/index.ts';
import { createProviderGates, type ProviderGates } from './provider-gates.ts';
import { resolveLanguageModel } from './resolve.ts';
import { retryCalls } from './retry-calls.ts';
import type { RetryLimits } from './retry-limits.ts';

// A provider by script: each request is handed to `reply` with its number, from 0.

let server: Server;
let reply: (number: number, response: ServerResponse, request: IncomingMessage) => void;
let arrivals: number[];

const answer = (response: ServerResponse): void => {
  response.writeHead(200, { 'content-type': 'application/json' }).end(
    JSON.stringify({
      id: 'c',
      object: 'chat.completion',
      created: 1,
      model: 'm',
      choices: [{ index: 0, message: { role: 'assistant', content: 'yes' }, finish_reason: 'stop' }],
      usage: { prompt_tokens: 5, completion_tokens: 1, total_tokens: 6 },
    }),
  );
};
const refuse = (response: ServerResponse, status: number, headers: Record<string, string> = {}): void => {
  response
    .writeHead(status, { 'content-type': 'application/json', ...headers })
    .end(JSON.stringify({ error: { message: `status ${status}` } }));
};

beforeEach(async () => {
  arrivals = [];
  reply = (_number, response) => answer(response);
  server = createServer((request, response) => {
    request.resume();
    request.on('end', () => {
      arrivals.push(performance.now());
      reply(arrivals.length - 1, response, request);
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const limits: RetryLimits = {
  attempts: 4,
  rateLimitedAttempts: 12,
  pauseMs: 5,
  longestPauseMs: 2000,
  timeoutMs: 10_000,
};
const quick = { failures: 5, pauseMs: 40, longestPauseMs: 100, tries: 3 };

async function models(
  count: number,
  gates: ProviderGates = createProviderGates({ breaker: quick }),
  more: Partial<RetryLimits> = {},
) {
  const baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  const made = [];
  for (let index = 0; index < count; index++)
    made.push(
      await resolveLanguageModel(`compatible/tiny/model-${index}`, {
        providers: { tiny: { baseUrl } },
        limits: { ...limits, ...more },
        gates,
      }),
    );
  return made;
}
const ask = (model: Awaited<ReturnType<typeof models>>[number], maxOutputTokens = 10) =>
  model.generate({ messages: [{ role: 'user', content: 'Is it so?' }], maxOutputTokens });

describe('the door to a provider', () => {
  // On a busy machine requests that were sent before the refusal may arrive in its pause; then once more.
  it('holds everybody while the provider asks for a pause, and loses nothing in a storm of 429', {
    retry: 3,
  }, async () => {
    const [one, other] = await models(2);
    await ask(one!);
    // The next eight requests are refused, asking for 600 ms.
    let refusedAt = 0;
    reply = (number, response) => {
      if (number > 8) return answer(response);
      refusedAt ||= performance.now();
      refuse(response, 429, { 'retry-after-ms': '600' });
    };
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, index) => ask(index % 2 === 0 ? one! : other!)),
    );
    expect(answers.map(({ text }) => text)).toEqual(Array.from({ length: 10 }, () => 'yes'));
    expect(arrivals).toHaveLength(1 + 8 + 10);
    expect(arrivals.filter((at) => at > refusedAt + 300 && at < refusedAt + 590)).toEqual([]);
  });

  it('keeps to the requests and tokens of a minute, over all models of the provider', async () => {
    // 600 a minute: 60 in the bucket, the rest at 9 a second. 63 requests take (63 - 60) / 9 s at least.
    const [one, other] = await models(
      2,
      createProviderGates({ limits: { tiny: { requestsPerMinute: 600 } } }),
    );
    await ask(one!);
    await new Promise((resolve) => setTimeout(resolve, 150));
    const startedAt = performance.now();
    await Promise.all(Array.from({ length: 63 }, (_, index) => ask(index % 2 === 0 ? one! : other!)));
    expect(arrivals.at(-1)! - startedAt).toBeGreaterThanOrEqual(320);

    // 4,000 tokens a minute: 1,000 in the bucket, 50 a second. Each call asks for 3 + 500 and gives back what it
    // did not use (6 used), but only after its answer: the third waits for the first to come back.
    arrivals = [];
    const gates = createProviderGates({ limits: { tiny: { tokensPerMinute: 4000 } } });
    const [third] = await models(1, gates);
    await Promise.all([ask(third!, 490), ask(third!, 490), ask(third!, 490)]);
    expect(arrivals).toHaveLength(3);
    expect(arrivals[2]! - arrivals[1]!).toBeGreaterThan(0);
  });

  it('opens after failures in a row, lets one call try, and closes when it works', async () => {
    const [one] = await models(1);
    let down = true;
    reply = (_number, response) => (down ? refuse(response, 503) : answer(response));
    const first = await Promise.allSettled(Array.from({ length: 5 }, () => ask(one!)));
    // The fifth failure opens the circuit (up to four second calls are under way by then); three single tries follow.
    const codes = first.map((each) => (each as PromiseRejectedResult).reason.code);
    expect(codes).toEqual(Array.from({ length: 5 }, () => 'provider-down'));
    expect(arrivals.length).toBeGreaterThanOrEqual(5 + 3);
    expect(arrivals.length).toBeLessThanOrEqual(5 + 4 + 3);
    const tries = arrivals.slice(-3);
    expect(tries[1]! - tries[0]!).toBeGreaterThanOrEqual(75);
    expect(tries[2]! - tries[1]!).toBeGreaterThanOrEqual(95);
    await expect(ask(one!)).rejects.toMatchObject({ code: 'provider-down' });
    down = false;
    await new Promise((resolve) => setTimeout(resolve, 110));
    expect((await ask(one!)).text).toBe('yes');
  });

  it('sees a provider that flaps through', async () => {
    const [one] = await models(1);
    // Down for requests 3 to 8: the circuit opens once and the second try finds it back.
    reply = (number, response) => (number >= 4 && number < 10 ? refuse(response, 503) : answer(response));
    const answers: string[] = [];
    for (let round = 0; round < 3; round++)
      for (const each of await Promise.all(Array.from({ length: 4 }, () => ask(one!))))
        answers.push(each.text);
    expect(answers).toHaveLength(12);
    expect(arrivals).toHaveLength(12 + 6);
  });

  it('stops waiting on request', async () => {
    const gates = createProviderGates({ limits: { p: { requestsPerMinute: 1 } } });
    const gate = await gates.of('p');
    await gate.run(async () => 1, {});
    const startedAt = performance.now();
    const waiting = gate.run(async () => 2, { signal: AbortSignal.timeout(50) });
    await expect(waiting).rejects.toMatchObject({ code: 'cancelled' });
    expect(performance.now() - startedAt).toBeLessThan(5000);
    gate.pause(60_000);
    await expect(gate.run(async () => 3, { signal: AbortSignal.timeout(20) })).rejects.toMatchObject({
      code: 'cancelled',
    });
  });

  it('counts a call that hangs as a failure', async () => {
    const [one] = await models(1, createProviderGates({ breaker: quick }), { timeoutMs: 500 });
    reply = () => undefined;
    await expect(ask(one!)).rejects.toMatchObject({ code: 'model-unreachable' });
    expect(arrivals).toHaveLength(1);
  });
});

describe('pauses', () => {
  it('vary at random between half and all of their length', async () => {
    const pauses: number[] = [];
    for (let round = 0; round < 12; round++) {
      let last = 0;
      await retryCalls(
        async () => {
          const now = performance.now();
          if (last === 0) {
            last = now;
            throw new Error('first');
          }
          pauses.push(now - last);
        },
        {
          limits: { ...limits, pauseMs: 40 },
          describe: () => ({ error: new FulcrumError('model-unreachable'), kind: 'again', pauseMs: null }),
        },
      );
    }
    expect(Math.min(...pauses)).toBeGreaterThanOrEqual(19);
    expect(new Set(pauses.map((pause) => Math.round(pause))).size).toBeGreaterThan(2);
  });
});
