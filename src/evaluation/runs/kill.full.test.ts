import { spawn } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { withProject } from '../../app/index.ts';

const samples = 500;
const concurrency = 8;
const kills = 20;
const cli = join(import.meta.dirname, '../../../bin/fulcrum');

/** A paid pipeline by script, which counts how often it was asked each question and how many are being answered. */
async function paidServer() {
  const asked = new Map<string, number>();
  const answering = new Set<string>();
  let onCall = (): void => undefined;
  const server = createServer((request, response) => {
    let body = '';
    request.on('data', (piece: Buffer) => {
      body += piece.toString();
    });
    request.on('end', () => {
      const { id, input } = JSON.parse(body) as { id: string; input: string };
      asked.set(id, (asked.get(id) ?? 0) + 1);
      answering.add(id);
      onCall();
      setTimeout(
        () => {
          response.on('finish', () => answering.delete(id));
          response.end(JSON.stringify({ answer: `The answer to ${input}`, costUsd: 0.001 }));
        },
        5 + (Number(id.slice(1)) % 7),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/ask`,
    asked,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
    /** Calls back after so many further calls. */
    after(calls: number, then: () => void): void {
      let left = calls;
      onCall = () => {
        if (--left === 0) then();
      };
    },
  };
}

function project(url: string): string {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-killed-'));
  const rows = Array.from({ length: samples }, (_, index) => ({
    id: `s${index}`,
    input: `question ${index}`,
    facts: [[`question ${index}`]],
  }));
  writeFileSync(join(folder, 'samples.jsonl'), rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
  const ours = { external: { http: { url }, concurrency } };
  writeFileSync(
    join(folder, 'fulcrum.config.json'),
    JSON.stringify({ embedding: false, variants: { ours } }),
  );
  return folder;
}

function command(
  folder: string,
  args: readonly string[],
  onStart: (kill: () => void) => void = () => undefined,
): Promise<boolean> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [cli, ...args, '--project', folder], {
      stdio: ['ignore', 'ignore', 'pipe'],
    });
    let said = '';
    child.stderr.on('data', (piece: Buffer) => {
      said += piece.toString();
    });
    onStart(() => child.kill('SIGKILL'));
    child.on('error', fail);
    child.on('close', (code, signal) => {
      if (signal === 'SIGKILL') done(false);
      else if (code === 0) done(true);
      else fail(new Error(`${args.join(' ')}: exit ${code}\n${said}`));
    });
  });
}

async function exported(folder: string): Promise<string[]> {
  return withProject(folder, {}, async (opened) => {
    const evaluation = await opened.evaluation();
    const runs = await evaluation.listRuns();
    return Promise.all(runs.map((run) => evaluation.exportRun(run.id)));
  });
}

it('a paid run killed at 20 random moments ends in the same export, and only what was in flight is paid twice', async () => {
  const server = await paidServer();
  const run = ['eval', 'run', '--dataset', 'd', '--variants', 'ours'];
  const whole = project(server.url);
  await command(whole, ['dataset', 'import', join(whole, 'samples.jsonl'), '--name', 'd']);
  await command(whole, run);
  const calls = (): number => [...server.asked.values()].reduce((sum, count) => sum + count, 0);
  expect(calls()).toBe(samples);

  server.asked.clear();
  const killed = project(server.url);
  await command(killed, ['dataset', 'import', join(killed, 'samples.jsonl'), '--name', 'd']);
  let times = 0;
  for (; times < kills; times++) {
    // On average 24 further calls, so that 20 kills fall all over the run and some of them early in it.
    const finished = await command(killed, run, (kill) =>
      server.after(1 + Math.floor(Math.random() * 48), kill),
    );
    if (finished) break;
  }
  server.after(Number.POSITIVE_INFINITY, () => undefined);
  expect(times).toBeGreaterThanOrEqual(15);
  await command(killed, run);
  const [reference] = await exported(whole);
  const texts = await exported(killed);
  expect(texts).toHaveLength(1);
  expect(texts[0]).toBe(reference);
  const twice = calls() - samples;
  console.log(
    `${times} kills, ${twice} calls made twice of ${times * concurrency} that may have been in flight`,
  );
  expect(twice).toBeLessThanOrEqual(times * concurrency);
}, 600_000);

it('the same run started twice at once pays for each answer once', async () => {
  const server = await paidServer();
  const folder = project(server.url);
  await command(folder, ['dataset', 'import', join(folder, 'samples.jsonl'), '--name', 'd']);
  const run = ['eval', 'run', '--dataset', 'd', '--variants', 'ours'];
  const outcomes = await Promise.allSettled([command(folder, run), command(folder, run)]);
  const refused = outcomes.flatMap((outcome) =>
    outcome.status === 'rejected' ? [String(outcome.reason)] : [],
  );
  // Where one was through before the other looked, both end well.
  for (const reason of refused) expect(reason).toContain('run-busy');
  expect(refused.length).toBeLessThanOrEqual(1);
  const calls = [...server.asked.values()].reduce((sum, count) => sum + count, 0);
  console.log(`two processes at once: ${calls} paid calls for ${samples} samples, ${refused.length} refused`);
  expect(calls).toBe(samples);
  server.close();
}, 120_000);
