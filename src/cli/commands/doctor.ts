import type { Command } from 'commander';
import type { Diagnosis } from '../../models/index.ts';
import { runCommand } from '../command.ts';

/** `fulcrum doctor`: what this machine has, what is missing and what to do about it. */
export function registerDoctor(program: Command): void {
  program
    .command('doctor')
    .description(
      'show versions, cores, memory, disk, models, which keys are set, and what to do about each gap',
    )
    .addHelpText('after', '\nExamples:\n  fulcrum doctor\n  fulcrum doctor --json')
    .action(
      runCommand(async (context) => {
        const { diagnose } = await import('../../models/index.ts');
        const { findConfig, loadConfig } = await import('../../app/index.ts');
        const inProject = findConfig(context.projectDirectory) !== null;
        const providers = inProject ? (await loadConfig(context.projectDirectory)).providers : {};
        const keys = Object.values(providers).flatMap(({ keyVariable }) => keyVariable ?? []);
        const { packageVersion } = await import('../../core/index.ts');
        const diagnosis = await diagnose(keys);
        const project = inProject ? context.projectDirectory : null;
        const { findPythonEnvironment } = await import('../../tuning/index.ts');
        const trainer = (await findPythonEnvironment()) !== null;
        return {
          json: { fulcrum: packageVersion(), project, trainer, ...diagnosis },
          text: `${describe(packageVersion(), project, diagnosis)}\nPython environment for local tuning: ${trainer ? 'yes' : 'no (only for LoRA: fulcrum tune setup)'}`,
        };
      }),
    );
}

function describe(version: string, project: string | null, found: Diagnosis): string {
  const mark = (good: boolean): string => (good ? 'yes' : 'no ');
  const disk = found.diskFreeBytes === null ? 'unknown' : gigabytes(found.diskFreeBytes);
  const lines = [
    `Fulcrum ${version}, Node ${found.node.version} (runs on ${found.node.needed}, which "npm install" brings; Node 20 or newer starts it)`,
    `Project: ${project ?? 'none here ("fulcrum init" makes one)'}`,
    `Machine: ${found.cores} cores, ${gigabytes(found.memoryBytes)} memory, ${disk} free in ${found.cacheDirectory}`,
    'Models in the cache:',
    ...found.models.map((model) => `  ${mark(model.present)}  ${model.id}`),
    'Keys set (values are never shown):',
    ...found.keys.map((key) => `  ${mark(key.set)}  ${key.variable}`),
    'Libraries:',
    ...found.packages.map((entry) => `  ${mark(entry.present)}  ${entry.name} (${entry.neededFor})`),
    found.advice.length === 0 ? 'Nothing is missing.' : 'What to do:',
    ...found.advice.map((advice) => `  - ${advice}`),
  ];
  return lines.join('\n');
}

function gigabytes(bytes: number): string {
  return `${(bytes / 1e9).toFixed(1)} GB`;
}
