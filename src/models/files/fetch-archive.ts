import { readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Milliseconds that a running `mvn` or `pip` may take. */
export const packageToolMs = 120_000;

export interface ArchiveOptions {
  /** Existing empty folder that receives the archive. */
  readonly directory: string;
  readonly signal?: AbortSignal | undefined;
}

/** Fetches a Maven artifact (`group:artifact:version`) with the user's own `mvn` and its settings. */
export async function fetchMavenArtifact(artifact: string, options: ArchiveOptions): Promise<string> {
  await runTool(
    'mvn',
    ['-q', '-B', 'dependency:copy', `-Dartifact=${artifact}`, `-DoutputDirectory=${options.directory}`],
    options,
  );
  return onlyFile(options.directory, '.jar');
}

/** Fetches a wheel with the user's own `pip` and its settings; pip refuses one with another sha256. */
export async function fetchWheel(
  requirement: string,
  sha256: string,
  options: ArchiveOptions,
): Promise<string> {
  const list = join(options.directory, 'requirements.txt');
  await writeFile(list, `${requirement} --hash=sha256:${sha256}\n`);
  const python = process.platform === 'win32' ? 'python' : 'python3';
  const command = ['-m', 'pip', 'download', '--quiet', '--disable-pip-version-check', '--no-input'];
  const limits = ['--timeout', '5', '--retries', '1'];
  const choice = ['--no-deps', '--only-binary=:all:', '--require-hashes'];
  await runTool(python, [...command, ...limits, ...choice, '-r', list, '-d', options.directory], options);
  return onlyFile(options.directory, '.whl');
}

/** Runs a package tool; rejects with one line that says what went wrong. */
async function runTool(tool: string, parameters: readonly string[], options: ArchiveOptions): Promise<void> {
  const { execa } = await import('execa');
  const result = await execa(tool, parameters, {
    reject: false,
    stdin: 'ignore',
    all: true,
    timeout: packageToolMs,
    ...(options.signal ? { cancelSignal: options.signal } : {}),
  });
  options.signal?.throwIfAborted();
  if (result.timedOut) throw new Error(`${tool} took longer than ${packageToolMs / 1000} s`);
  if (result.code === 'ENOENT') throw new Error(`${tool} is not installed`);
  if (result.failed) throw new Error(`${tool}: ${lastError(result.all ?? result.shortMessage ?? 'failed')}`);
}

function lastError(output: string): string {
  const lines = output.split('\n').filter((line) => line.trim() !== '');
  const line = lines.find((text) => /\bERROR\b/i.test(text)) ?? lines.at(-1) ?? 'failed';
  return line.trim().slice(0, 200);
}

async function onlyFile(directory: string, extension: string): Promise<string> {
  const name = (await readdir(directory)).find((file) => file.endsWith(extension));
  if (name === undefined) throw new Error(`no ${extension} file was fetched`);
  return join(directory, name);
}
