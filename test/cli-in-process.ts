import { vi } from 'vitest';
import { createProgram } from '../src/cli/program.ts';
import type { Finished } from './cli.ts';

/** Runs a command in this process, which starts faster than one of its own; not two at a time. */
export async function fulcrumInProcess(args: readonly string[]): Promise<Finished> {
  let stdout = '';
  let stderr = '';
  const out = vi.spyOn(process.stdout, 'write').mockImplementation((piece) => {
    stdout += String(piece);
    return true;
  });
  const err = vi.spyOn(process.stderr, 'write').mockImplementation((piece) => {
    stderr += String(piece);
    return true;
  });
  try {
    const program = await createProgram();
    await program.parseAsync(['node', 'fulcrum', ...args]);
    return { code: Number(process.exitCode ?? 0), stdout, stderr, json: () => JSON.parse(stdout) };
  } finally {
    process.exitCode = undefined;
    out.mockRestore();
    err.mockRestore();
  }
}
