import { existsSync } from 'node:fs';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FulcrumError, sha256, type WorkOptions } from '../../core/index.ts';
import { modelCacheDirectory } from '../../models/index.ts';

/** Folder of the trainer's programs and of its lock file. */
export const trainerDirectory = fileURLToPath(new URL('../../../trainer/', import.meta.url));

/** The Python environment of the trainer. */
export interface PythonEnvironment {
  readonly python: string;
  /** sha256 of the lock file that it was made from. */
  readonly lock: string;
}

export interface SetupOptions extends WorkOptions {
  /** Passed to uv as `--torch-backend` (`cpu`, `auto`, `cu128`, …); then PyTorch comes from its own index, without pinned hashes. */
  readonly torchBackend?: string | undefined;
}

const oldestPython = [3, 11] as const;

/**
 * The environment, if it was made from today's lock file; null where it is not there. `FULCRUM_PYTHON` names a Python of your own in its
 * place, whose packages are then taken as they are.
 */
export async function findPythonEnvironment(): Promise<PythonEnvironment | null> {
  const lock = await lockHash();
  const own = process.env.FULCRUM_PYTHON;
  if (own) return existsSync(own) ? { python: own, lock: sha256(`own ${own}`) } : null;
  const folder = environmentFolder(lock);
  const python = pythonOf(folder);
  return existsSync(join(folder, 'complete')) && existsSync(python) ? { python, lock } : null;
}

/** As `findPythonEnvironment`; throws `trainer-missing`. */
export async function requirePythonEnvironment(): Promise<PythonEnvironment> {
  const found = await findPythonEnvironment();
  if (found) return found;
  const own = process.env.FULCRUM_PYTHON;
  throw new FulcrumError('trainer-missing', {
    problem: own ? `FULCRUM_PYTHON names ${own}, which does not exist` : 'it was not set up yet',
  });
}

/**
 * Makes the environment in the cache folder, from the lock file with its hashes, by uv or by venv and pip. A second call does nothing.
 * Throws `trainer-setup-failed`.
 */
export async function setupPythonEnvironment(options: SetupOptions = {}): Promise<PythonEnvironment> {
  const found = await findPythonEnvironment();
  if (found) return found;
  const lock = await lockHash();
  const folder = environmentFolder(lock);
  const draft = `${folder}.${process.pid}.tmp`;
  await mkdir(dirname(folder), { recursive: true });
  const requirements = join(trainerDirectory, 'requirements.lock');
  const hasUv = await works('uv', ['--version']);
  if (!hasUv && options.torchBackend)
    throw new FulcrumError('trainer-setup-failed', {
      problem: '--torch-backend needs uv, which is not installed',
    });
  try {
    const python = await findPython(hasUv);
    options.onNotice?.(
      `Making the Python environment of the trainer (about 4.5 GB with PyTorch, once) with ${hasUv ? 'uv' : 'pip'}.`,
    );
    if (hasUv) {
      await run('uv', ['venv', '--quiet', '--python', python, draft], options);
      const pinned = options.torchBackend
        ? ['-r', join(trainerDirectory, 'requirements.in'), '--torch-backend', options.torchBackend]
        : ['--no-deps', '--require-hashes', '-r', requirements];
      await run('uv', ['pip', 'install', '--quiet', '--python', pythonOf(draft), ...pinned], options);
    } else {
      await run(python, ['-m', 'venv', draft], options);
      await run(
        pythonOf(draft),
        ['-m', 'pip', 'install', '--quiet', '--no-deps', '--require-hashes', '-r', requirements],
        options,
      );
    }
    await run(pythonOf(draft), ['-c', 'import torch, transformers, peft, gguf'], options);
    await writeFile(join(draft, 'complete'), new Date().toISOString());
    // Another process may have been faster; its environment is as good.
    if (!existsSync(join(folder, 'complete'))) {
      await rm(folder, { recursive: true, force: true });
      await rename(draft, folder);
    }
  } finally {
    await rm(draft, { recursive: true, force: true });
  }
  return { python: pythonOf(folder), lock };
}

async function findPython(hasUv: boolean): Promise<string> {
  const wanted = oldestPython.join('.');
  for (const name of ['python3', 'python'])
    if (await works(name, ['-c', `import sys; sys.exit(sys.version_info < (${oldestPython.join(', ')}))`]))
      return name;
  // uv fetches a Python where there is none.
  if (hasUv) return `>=${wanted}`;
  throw new FulcrumError('trainer-setup-failed', {
    problem: `there is no Python ${wanted} or newer, and no uv to fetch one`,
  });
}

function environmentFolder(lock: string): string {
  return join(dirname(modelCacheDirectory()), 'environments', `trainer-${lock.slice(0, 16)}`);
}

function pythonOf(folder: string): string {
  return process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
}

async function lockHash(): Promise<string> {
  return sha256(await readFile(join(trainerDirectory, 'requirements.lock')));
}

async function works(program: string, parameters: readonly string[]): Promise<boolean> {
  const { execa } = await import('execa');
  const { exitCode } = await execa(program, [...parameters], { reject: false, stdin: 'ignore' });
  return exitCode === 0;
}

async function run(program: string, parameters: readonly string[], { signal }: WorkOptions): Promise<void> {
  const { execa } = await import('execa');
  const outcome = await execa(program, [...parameters], {
    reject: false,
    all: true,
    stdin: 'ignore',
    ...(signal ? { cancelSignal: signal } : {}),
  });
  if (outcome.isCanceled) throw new FulcrumError('cancelled');
  if (outcome.exitCode === 0) return;
  const said = (outcome.all ?? '').trim().split('\n').slice(-2).join(' ').slice(0, 400);
  throw new FulcrumError('trainer-setup-failed', {
    problem: said || `${program} ended with ${outcome.exitCode ?? outcome.code}`,
  });
}
