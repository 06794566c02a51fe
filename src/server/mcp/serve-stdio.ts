import { serveStdio } from '@modelcontextprotocol/server/stdio';
import type { Project } from '../../app/index.ts';
import type { Principal } from '../../core/index.ts';
import { createMcpServer } from './mcp-server.ts';

/**
 * MCP over standard input and output, on behalf of one principal; whoever starts the process owns the project, so that no key is
 * asked for. Resolves when the input ends or the signal is aborted.
 */
export async function serveMcp(project: Project, principal: Principal, signal: AbortSignal): Promise<void> {
  const serving = await project.serving();
  const caller = { key: null, scopes: ['ask' as const, 'read' as const], principal, actor: principal.user };
  const onDefect = (id: string, error: unknown): void =>
    void process.stderr.write(`request ${id}: ${(error as Error)?.stack ?? String(error)}\n`);
  const handle = serveStdio(() => createMcpServer({ project, serving, requireKey: false, onDefect }, caller));
  await new Promise<void>((resolve) => {
    if (signal.aborted) resolve();
    signal.addEventListener('abort', () => resolve(), { once: true });
    process.stdin.once('end', resolve);
    process.stdin.once('close', resolve);
  });
  await handle.close();
}
