import type { Command } from 'commander';
import { runCommand } from '../command.ts';

/** `fulcrum tune setup`. */
export function registerTuneSetup(tune: Command): void {
  tune
    .command('setup')
    .option(
      '--torch-backend <name>',
      'cpu, auto, cu128, …: PyTorch from its own index by uv, without pinned hashes',
    )
    .option('--check', 'only say whether it is there')
    .description('make the Python environment of local LoRA training, once, from a pinned lock file')
    .addHelpText(
      'after',
      '\nIt lies in the cache folder, beside the models, and changes nothing of your own Python. FULCRUM_PYTHON names a Python of your\nown in its place.\n\nExamples:\n  fulcrum tune setup\n  fulcrum tune setup --torch-backend cpu',
    )
    .action(
      runCommand<{ torchBackend?: string; check?: boolean }>(async (context, options) => {
        const { findPythonEnvironment, setupPythonEnvironment } = await import('../../tuning/index.ts');
        const before = await findPythonEnvironment();
        if (options.check)
          return {
            json: { ready: before !== null, ...before },
            text: before ? `Ready: ${before.python}` : 'Not set up: fulcrum tune setup',
            exit: before ? 0 : 1,
          };
        const made =
          before ??
          (await setupPythonEnvironment({
            torchBackend: options.torchBackend,
            onNotice: context.terminal.notice,
            signal: context.signal,
          }));
        return {
          json: { ready: true, ...made },
          text: `Ready: ${made.python}${before ? ' (it was there already)' : ''}`,
        };
      }),
    );
}
