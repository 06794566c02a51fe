import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openProject, type Project } from '../../app/index.ts';
import { createApp } from '../create-app.ts';
import { listen, type RunningServer } from '../listen.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-mcp-'));
const long = `# Long\n\n${'The whistle blows twice. '.repeat(2000)}\n`;
let project: Project;
let server: RunningServer;
const keys: Record<string, string> = {};

beforeAll(async () => {
  mkdirSync(join(folder, 'docs'));
  writeFileSync(join(folder, 'docs/lamp.md'), '# Lamps\n\nThe green lamp means that the ferry leaves.\n');
  writeFileSync(join(folder, 'docs/long.md'), long);
  writeFileSync(
    join(folder, 'docs/secret.md'),
    '---\nreaders: [group:crew]\n---\n\n# Crew\n\nThe crew lamp is under the bunk.\n',
  );
  writeFileSync(
    join(folder, 'fulcrum.config.json'),
    JSON.stringify({
      embedding: false,
      refusal: { minConfidence: 0, minCoverage: 0, minSimilarity: 0 },
      sources: { docs: { type: 'files', directory: 'docs' } },
    }),
  );
  project = await openProject(folder);
  await (await project.knowledge()).sync();
  const serving = await project.serving();
  for (const [name, groups, scopes] of [
    ['guest', [], ['ask', 'read']],
    ['crew', ['crew'], ['ask']],
  ] as const)
    keys[name] = (
      await serving.keys.create(
        { name, scopes: [...scopes], principal: { tenant: 'local', user: name, groups: [...groups] } },
        'test',
      )
    ).text;
  const app = await createApp({ project, serving, requireKey: true, onDefect: () => {} });
  server = await listen(app, { host: '127.0.0.1', port: 0 });
});
afterAll(async () => {
  await server.close(1000);
  await project.close();
  rmSync(folder, { recursive: true, force: true });
});

async function connected<Result>(
  transport: Parameters<Client['connect']>[0],
  work: (client: Client) => Promise<Result>,
) {
  const client = new Client({ name: 'test', version: '1' });
  await client.connect(transport);
  try {
    return await work(client);
  } finally {
    await client.close();
  }
}
const overHttp = (key: string | undefined) =>
  new StreamableHTTPClientTransport(new URL(`${server.url}/mcp`), {
    requestInit: { headers: key === undefined ? {} : { authorization: `Bearer ${keys[key]}` } },
  });
interface Result {
  readonly isError?: boolean;
  readonly content: readonly { readonly text?: string }[];
  readonly structuredContent?: Record<string, never>;
}
const call = async (client: Client, name: string, given: Record<string, unknown>): Promise<Result> =>
  (await client.callTool({ name, arguments: given })) as unknown as Result;

describe('the tools, by the official client over HTTP', () => {
  it('are four, and say what they take', async () => {
    const { tools } = await connected(overHttp('guest'), (client) => client.listTools());
    expect(tools.map(({ name }) => name).sort()).toEqual([
      'ask',
      'read_document',
      'report_feedback',
      'search',
    ]);
    for (const { inputSchema } of tools) expect(inputSchema.type).toBe('object');
  });

  it('give each caller what that one may read', async () => {
    const found = (key: string) =>
      connected(
        overHttp(key),
        async (client) => (await call(client, 'search', { query: 'lamp' })).content[0]?.text ?? '',
      );
    expect(await found('guest')).not.toContain('bunk');
    expect(await found('crew')).toContain('bunk');
    await connected(overHttp('guest'), async (client) => {
      const secret = await call(client, 'read_document', { documentId: 'docs:secret.md' });
      expect([secret.isError, secret.content[0]?.text]).toEqual([
        true,
        expect.stringContaining('document-not-found'),
      ]);
    });
  });

  it('answer with quotes and take what a person said of it, once for each', async () => {
    await connected(overHttp('guest'), async (client) => {
      const answer = await call(client, 'ask', { question: 'What does the green lamp mean?' });
      expect(answer.content[0]?.text).toContain(
        'docs:lamp.md: "The green lamp means that the ferry leaves."',
      );
      const { trace, traced } = answer.structuredContent as unknown as { trace: string; traced: boolean };
      expect(traced).toBe(true);
      await call(client, 'report_feedback', { trace, thumbs: 'up' });
      await call(client, 'report_feedback', { trace, thumbs: 'down', comment: 'It means stop.' });
      const { feedback } = await project.serving();
      expect(await feedback.of(trace)).toMatchObject([
        { author: 'guest', thumbs: 'down', comment: 'It means stop.' },
      ]);
      const nothing = await call(client, 'report_feedback', { trace });
      expect([nothing.isError, nothing.content[0]?.text]).toEqual([
        true,
        expect.stringContaining('request-invalid'),
      ]);
    });
    await connected(overHttp('crew'), async (client) => {
      const [newest] = (await (await project.serving()).traces.list({ tenant: 'local', user: 'guest' }))
        .traces;
      const foreign = await call(client, 'report_feedback', { trace: newest?.id, thumbs: 'up' });
      expect(foreign.content[0]?.text).toContain('trace-unknown');
    });
  });

  it('read long documents in parts, and need the scope', async () => {
    await connected(overHttp('guest'), async (client) => {
      let text = '';
      for (let from: number | null = 0; from !== null; ) {
        const part: Result = await call(client, 'read_document', { documentId: 'docs:long.md', from });
        const data = part.structuredContent as unknown as { text: string; next: number | null };
        text += data.text;
        from = data.next;
      }
      expect(text.trim()).toBe(long.trim());
    });
    await connected(overHttp('crew'), async (client) => {
      const refused = await call(client, 'read_document', { documentId: 'docs:lamp.md' });
      expect(refused.content[0]?.text).toContain('scope-missing');
    });
  });

  it('are for nobody without a key', async () => {
    await expect(connected(overHttp(undefined), (client) => client.listTools())).rejects.toThrow();
    const plain = await fetch(`${server.url}/mcp`, { method: 'POST', body: '{}' });
    expect(plain.status).toBe(401);
  });
});

it('the same over standard input and output, on behalf of a principal', async () => {
  const transport = new StdioClientTransport({
    command: process.execPath,
    args: [join(import.meta.dirname, '../../cli/main.ts'), 'mcp', '--project', folder, '--as', 'user:ann'],
    stderr: 'pipe',
  });
  await connected(transport, async (client) => {
    expect((await client.listTools()).tools).toHaveLength(4);
    const { content } = await call(client, 'search', { query: 'lamp' });
    expect(content[0]?.text).toContain('green lamp');
    expect(content[0]?.text).not.toContain('bunk');
  });
});
