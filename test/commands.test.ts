import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  askOutputSchema,
  compareOutputSchema,
  decideOutputSchema,
  errorOutputSchema,
  evalRetrievalOutputSchema,
  evalRunOutputSchema,
  searchOutputSchema,
  syncOutputSchema,
} from '../src/app/contracts.ts';
import { fulcrum, jsonLines, scratchFolder, teaShop, teaShopQuestions } from './cli.ts';

// One project, the commands in the order in which a newcomer types them. Keywords only: no model is needed.
const folder = scratchFolder(teaShop);
const project = folder.path;
const run = (...args: string[]) => fulcrum([...args, '--project', project, '--json']);

beforeAll(async () => {
  expect((await fulcrum(['init', project, '--yes'])).code).toBe(0);
  const config = JSON.parse(readFileSync(join(project, 'fulcrum.config.json'), 'utf8'));
  folder.write('fulcrum.config.json', JSON.stringify({ ...config, embedding: false }, null, 2));
  expect(
    (await fulcrum(['source', 'add', 'docs', '--files', join(project, 'docs'), '--project', project])).code,
  ).toBe(0);
});
afterAll(() => folder.remove());

describe("a newcomer's commands", () => {
  it('init writes the four variants and refuses to overwrite', async () => {
    const config = JSON.parse(readFileSync(join(project, 'fulcrum.config.json'), 'utf8'));
    expect(Object.keys(config.variants)).toEqual(['extract', 'prompt', 'rag', 'oracle']);
    expect(config.sources.docs).toEqual({ type: 'files', directory: 'docs' });
    const again = await fulcrum(['init', project, '--yes', '--json']);
    expect([again.code, errorOutputSchema.parse(again.json()).error.code]).toEqual([2, 'project-exists']);
  });

  it('sync reports documents and a second one finds nothing to do', async () => {
    const first = syncOutputSchema.parse((await run('sync')).json());
    expect(first).toMatchObject({ added: 4, changed: 0, unchanged: 0, removed: 0, failed: [], embedded: 0 });
    expect(first.chunks).toBeGreaterThanOrEqual(4);
    const second = syncOutputSchema.parse((await run('sync')).json());
    expect(second).toMatchObject({
      added: 0,
      changed: 0,
      unchanged: 4,
      removed: 0,
      chunks: first.chunks,
      embedded: 0,
    });
  });

  it('documents show --at opens what an answer quoted, at its version', async () => {
    const shown = await fulcrum(['documents', 'show', 'docs:brewing.md', '--json', '--project', project]);
    const { text, version } = shown.json() as { text: string; version: string };
    const at = (...args: string[]) =>
      fulcrum(['documents', 'show', 'docs:brewing.md', '--project', project, ...args]);
    const span = ['--span', '2-10'];
    expect((await at('--at', version, ...span, '--text')).stdout).toBe(text.slice(2, 10));
    expect((await at(...span, '--json')).json()).toMatchObject({
      start: 2,
      end: 10,
      quote: text.slice(2, 10),
      version,
    });
    expect((await at('--at', 'other')).stderr).toContain('document-version-unknown');
    expect((await at('--span', '10-2')).stderr).toContain('--span takes START-END');
    expect((await at('--span', '0-999999')).stderr).toContain('characters at this version');
  });

  it('documents show --text prints the canonical text and nothing else', async () => {
    const shown = await fulcrum(['documents', 'show', 'docs:brewing.md', '--text', '--project', project]);
    expect(shown.stdout).toBe(teaShop['docs/brewing.md']);
  });

  it('search finds by keyword and quotes exact slices', async () => {
    const found = searchOutputSchema.parse((await run('search', 'returned tins', '--limit', '2')).json());
    expect(found.hits[0]?.documentId).toBe('docs:returns.md');
    for (const hit of found.hits) {
      const text = (await fulcrum(['documents', 'show', hit.documentId, '--text', '--project', project]))
        .stdout;
      expect(text.slice(hit.start, hit.end)).toBe(hit.text);
    }
  });

  it('ask answers with a citation that quotes the document', async () => {
    const finished = await run('ask', 'At how many degrees is green tea brewed?');
    const answer = askOutputSchema.parse(finished.json());
    expect(finished.code).toBe(0);
    expect(answer.refusal).toBeNull();
    expect(answer.answer).toContain('seventy degrees');
    const [citation] = answer.citations;
    expect(citation?.documentId).toBe('docs:brewing.md');
    expect(teaShop['docs/brewing.md']?.slice(citation?.start, citation?.end)).toBe(citation?.quote);
  });

  it('ask refuses with a reason and exits 0 when the corpus holds nothing', async () => {
    const finished = await run('ask', 'Who won the chess championship of Iceland?');
    expect(finished.code).toBe(0);
    expect(askOutputSchema.parse(finished.json()).refusal?.reason).toBe('not-in-corpus');
  });

  it('dataset, eval, compare and decide go from questions to a verdict', async () => {
    folder.write('questions.jsonl', jsonLines(teaShopQuestions));
    const imported = await run('dataset', 'import', join(project, 'questions.jsonl'), '--name', 'shop');
    expect(imported.code, imported.stdout).toBe(0);
    const retrieval = evalRetrievalOutputSchema.parse(
      (await run('eval', 'retrieval', '--dataset', 'shop', '--k', '10')).json(),
    );
    expect(retrieval.arms.keyword['hit@1']).toBe(1);
    folder.write(
      'recorded.jsonl',
      jsonLines(
        teaShopQuestions.map((row) => ({ id: (row as { id: string }).id, answer: 'nine', costUsd: 0.001 })),
      ),
    );
    expect(
      (await run('variants', 'add', 'old-bot', '--recorded', join(project, 'recorded.jsonl'))).code,
    ).toBe(0);
    const finished = await run('eval', 'run', '--dataset', 'shop', '--variants', 'extract,old-bot');
    const { runs } = evalRunOutputSchema.parse(finished.json());
    expect(runs.map((each) => [each.variant, each.n])).toEqual([
      ['extract', 5],
      ['old-bot', 5],
    ]);
    expect(runs[1]?.metrics.correct?.mean).toBeCloseTo(1 / 5, 9);
    expect(runs[1]?.costUsd).toBeCloseTo(0.005, 9);
    const ids = runs.map((each) => each.id);
    const compared = await run('compare', ...ids);
    expect(compared.code, compared.stdout).toBe(0);
    const decided = (await run('decide', ...ids, '--bar', '0.5')).json<{
      recommended: string | null;
      reason: string;
      volume: number;
      margin: number;
    }>();
    expect(decided).toMatchObject({
      recommended: null,
      reason: 'not-enough-evidence',
      volume: 10_000,
      margin: 0.05,
    });
  });

  it('an existing pipeline behind HTTP goes through eval, compare and decide beside ours', async () => {
    const server = createServer((request, response) => {
      let body = '';
      request.on('data', (piece: Buffer) => {
        body += piece.toString();
      });
      request.on('end', () => {
        const { question } = JSON.parse(body) as { question: string };
        const answer = question.includes('degrees') ? 'Brew it at 70 degrees.' : 'I do not know.';
        response.setHeader('content-type', 'application/json');
        response.end(JSON.stringify({ result: { answer }, price: 0.004 }));
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const config = JSON.parse(readFileSync(join(project, 'fulcrum.config.json'), 'utf8'));
    config.variants.http = {
      external: {
        http: {
          url: `http://127.0.0.1:${port}/answer`,
          body: { question: '{{input}}' },
          answerPath: 'result.answer',
          costPath: 'price',
        },
      },
    };
    folder.write('fulcrum.config.json', JSON.stringify(config, null, 2));
    const finished = await run('eval', 'run', '--dataset', 'shop', '--variants', 'extract,http');
    expect(finished.code, finished.stdout).toBe(0);
    const { runs } = evalRunOutputSchema.parse(finished.json());
    server.close();
    expect(runs[1]?.metrics.correct).toMatchObject({ mean: 0.2, scored: 5, errors: 0 });
    expect(runs[1]?.costUsd).toBeCloseTo(0.02, 9);
    const compared = compareOutputSchema.parse((await run('compare', ...runs.map((each) => each.id))).json());
    expect(compared.comparisons[0]).toMatchObject({
      variant: 'extract',
      against: 'http',
      verdict: 'inconclusive',
    });
    const decided = decideOutputSchema.parse((await run('decide', '--bar', '0.5')).json());
    expect(decided.variants.map((each) => each.variant).sort()).toContain('http');
  });

  it('variants are listed, shown with what their answers depend on, and added once', async () => {
    const added = await run(
      'variants',
      'add',
      'terse',
      '--model',
      'local/smollm2-135m-instruct',
      '--retriever',
    );
    expect(added.code, added.stdout).toBe(0);
    const { variants } = (await run('variants', 'list')).json<{
      variants: { name: string; kind: string; deployable: boolean }[];
    }>();
    expect(variants.map(({ name, kind, deployable }) => [name, kind, deployable])).toEqual(
      expect.arrayContaining([
        ['extract', 'extract', true],
        ['oracle', 'oracle', false],
        ['terse', 'rag', true],
        ['old-bot', 'external', true],
      ]),
    );
    const shown = (await run('variants', 'show', 'old-bot')).json<{ kind: string; definition: object }>();
    expect(shown.kind).toBe('external');
    expect(JSON.stringify(shown.definition)).toContain('recorded');
    const again = await run('variants', 'add', 'terse', '--recorded', join(project, 'recorded.jsonl'));
    expect([again.code, errorOutputSchema.parse(again.json()).error.code]).toEqual([2, 'variant-exists']);
    const unknown = await run('variants', 'show', 'ters');
    expect(errorOutputSchema.parse(unknown.json()).error.message).toContain('Did you mean "terse"?');
  });

  it('prints help for every command and a clear word for a wrong one', async () => {
    const help = await fulcrum(['--help']);
    expect(help.code).toBe(0);
    for (const command of ['sync', 'search', 'ask', 'eval', 'compare', 'decide', 'doctor'])
      expect(help.stdout).toContain(command);
    const wrong = await fulcrum(['snyc']);
    expect(wrong.code).toBe(2);
    expect(wrong.stderr).toContain('sync');
    const wrongJson = await fulcrum(['sync', '--nonsense', '--json']);
    expect(errorOutputSchema.parse(wrongJson.json()).error.code).toBe('usage');
  });
});
