import { type ChildProcess, spawn } from 'node:child_process';
import { join } from 'node:path';

const root = join(import.meta.dirname, '..');

/** A server in a process of its own. */
export interface ServeProcess {
  readonly url: string;
  readonly child: ChildProcess;
  /** Exit status, and what it wrote to standard error. */
  readonly ended: Promise<{ readonly code: number | null; readonly stderr: string }>;
}

/** `fulcrum serve` on a free port, once it takes requests. */
export async function startServe(folder: string, args: readonly string[] = []): Promise<ServeProcess> {
  const child = spawn(
    process.execPath,
    [join(root, 'src', 'cli', 'main.ts'), 'serve', '--port', '0', '--json', '--project', folder, ...args],
    { cwd: folder, stdio: ['ignore', 'pipe', 'pipe'] },
  );
  let stderr = '';
  child.stderr.setEncoding('utf8').on('data', (piece: string) => {
    stderr += piece;
  });
  const ended = new Promise<{ code: number | null; stderr: string }>((resolve) =>
    child.on('close', (code) => resolve({ code, stderr })),
  );
  let stdout = '';
  const url = await new Promise<string>((resolve, reject) => {
    child.stdout.setEncoding('utf8').on('data', (piece: string) => {
      stdout += piece;
      const line = stdout.split('\n').find((each) => each.startsWith('{"url"'));
      if (line) resolve(JSON.parse(line).url);
    });
    void ended.then(() => reject(new Error(`the server ended: ${stdout}${stderr}`)));
  });
  return { url, child, ended };
}

/** Posts JSON; null where no answer came. */
export async function post<Body>(
  url: string,
  body: unknown,
  headers: Record<string, string> = {},
): Promise<Body | null> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return response.ok ? ((await response.json()) as Body) : null;
  } catch {
    return null;
  }
}
