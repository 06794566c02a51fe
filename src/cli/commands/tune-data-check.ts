import type { Command } from 'commander';
import type { CheckReport, Finding } from '../../tuning/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { splitOption } from '../split-option.ts';
import { withCommandProject } from '../with-command-project.ts';

interface CheckFlags {
  base?: string;
  maxTokens?: string;
  redact?: boolean;
  near?: boolean;
}

/** `fulcrum tune data check|fix|preview|canaries`. */
export function registerTuneDataCheck(data: Command): void {
  data
    .command('check')
    .argument('<name>', 'NAME, or NAME@VERSION')
    .option('--base <model>', 'count tokens as this base sees them')
    .option(
      '--max-tokens <n>',
      'with --base: longest row (default: 1024 for local bases, no limit for others)',
    )
    .description(
      'look for what spoils training: duplicates, contradictions, leaks into frozen tests, private data and more',
    )
    .addHelpText(
      'after',
      '\nExit status 1 where there is an error. docs/tuning-data.md says what each check looks for.\n\nExamples:\n  fulcrum tune data check intents\n  fulcrum tune data check support --base openai/gpt-4.1-mini --max-tokens 4000 --json',
    )
    .action(
      runCommand<CheckFlags>(async (context, options, name = '') => {
        const { checkTuningData } = await import('../../app/index.ts');
        const { data: checked, report } = await withCommandProject(context, (project) =>
          checkTuningData(project, {
            data: name,
            base: options.base,
            maxTokens:
              numberOption('--max-tokens', options.maxTokens, { whole: true, least: 8 }) ??
              (options.base?.startsWith('local/') ? 1024 : undefined),
            onProgress: context.terminal.onProgress,
            onNotice: context.terminal.notice,
            signal: context.signal,
          }),
        );
        const failed = report.findings.some(({ severity }) => severity === 'error');
        return {
          json: { data: `${checked.name}@${checked.version}`, ...report },
          text: reportText(`${checked.name}@${checked.version}`, report),
          exit: failed ? 1 : 0,
        };
      }),
    );

  data
    .command('fix')
    .argument('<name>', 'NAME, or NAME@VERSION')
    .option('--near', 'also leave out rows that are nearly samples of a frozen test')
    .option('--redact', 'also replace private data and keys by their kind: [email]')
    .description('leave out repeated, empty and leaked rows, as a new version; the old one stays')
    .addHelpText('after', '\nExample:\n  fulcrum tune data fix support --redact')
    .action(
      runCommand<CheckFlags>(async (context, options, name = '') => {
        const { fixTuningData } = await import('../../app/index.ts');
        const result = await withCommandProject(context, (project) =>
          fixTuningData(project, {
            data: name,
            redact: options.redact === true,
            near: options.near === true,
            onProgress: context.terminal.onProgress,
            signal: context.signal,
          }),
        );
        const { data: made, fixes, unchanged } = result;
        const count = (done: string): number => fixes.filter((fix) => fix.done === done).length;
        const text = unchanged
          ? `Nothing to mend in ${made.name}@${made.version}.`
          : [
              `${made.name}@${made.version}: ${made.rows} rows; ${count('removed')} removed, ${count('redacted')} redacted.`,
              ...fixes.slice(0, 10).map(({ row, done }) => `  ${row} ${done}`),
              ...(fixes.length > 10 ? [`  and ${fixes.length - 10} more; --json lists them`] : []),
            ].join('\n');
        return { json: result, text };
      }),
    );

  data
    .command('preview')
    .argument('<name>', 'NAME, or NAME@VERSION')
    .option('--base <model>', 'base whose template and tokens are shown', 'local/smollm2-135m-instruct')
    .option('--rows <n>', 'so many rows', '3')
    .option('--split <split>', 'rows of train, validation or test')
    .description('show exactly which tokens are trained on, after the chat template; --json has their ids')
    .addHelpText(
      'after',
      '\nWhat is trained on stands between » and «.\n\nExample:\n  fulcrum tune data preview slots --rows 2 --json',
    )
    .action(
      runCommand<{ base: string; rows: string; split?: string }>(async (context, options, name = '') => {
        const { previewTuningData } = await import('../../app/index.ts');
        const rows = await withCommandProject(context, (project) =>
          previewTuningData(project, {
            data: name,
            base: options.base,
            rows: numberOption('--rows', options.rows, { whole: true, least: 1 }) ?? 3,
            split: splitOption(options.split),
            onNotice: context.terminal.notice,
            signal: context.signal,
          }),
        );
        const text = rows.map(
          ({ row, tokens, trainedTokens, pieces }) =>
            `row ${row}: ${tokens} tokens, ${trainedTokens} trained on\n${pieces
              .map(({ text: piece, trained }) => (trained ? `»${piece}«` : piece))
              .join('')
              .replaceAll('«»', '')}`,
        );
        return { json: { base: options.base, rows }, text: text.join('\n\n') };
      }),
    );

  data
    .command('canaries')
    .argument('<name>', 'name of the set of rows')
    .option('--count <n>', 'rows to plant', '5')
    .option('--seed <seed>', 'decides their secrets', 'fulcrum')
    .description('plant rows with made-up secrets, so that "tune gates" can measure what the weights repeat')
    .addHelpText('after', '\nExample:\n  fulcrum tune data canaries support --count 5')
    .action(
      runCommand<{ count: string; seed: string }>(async (context, options, name = '') => {
        const { canaryRows } = await import('../../tuning/index.ts');
        const count = numberOption('--count', options.count, { whole: true, least: 1 }) ?? 5;
        const result = await withCommandProject(context, async (project) => {
          const { data: store } = await project.tuning();
          const before = await store.get(name);
          async function* rows() {
            for await (const row of store.rows(`${before.name}@${before.version}`))
              if (row.origin.kind !== 'canary') yield row;
            yield* canaryRows(count, options.seed).map((row) =>
              before.splitHash === null ? { ...row, split: undefined } : row,
            );
          }
          return store.write(before.name, rows(), {
            origin: `${before.name}@${before.version} with ${count} canaries`,
            signal: context.signal,
          });
        });
        return { json: result, text: `${result.data.name}@${result.data.version} has ${count} canary rows.` };
      }),
    );
}

function reportText(name: string, report: CheckReport): string {
  const { characters, targetCharacters, tokens } = report.lengths;
  const lines = [
    `${name}: ${report.rows} rows, ${report.task}${report.classes ? `, ${report.classes.classes} classes (always saying the largest: ${report.classes.majority.toFixed(3)})` : ''}`,
    `  characters p50 ${characters.p50}, p95 ${characters.p95}, most ${characters.most}; of answers p50 ${targetCharacters.p50}, p95 ${targetCharacters.p95}, most ${targetCharacters.most}`,
    ...(tokens
      ? [
          `  tokens p50 ${tokens.p50}, p95 ${tokens.p95}, most ${tokens.most}, all ${report.lengths.totalTokens}`,
        ]
      : []),
    ...report.findings.flatMap(findingLines),
  ];
  if (report.findings.length === 0) lines.push('  Nothing was found.');
  else if (report.remove.length + report.removeNear.length + report.redact.length > 0)
    lines.push(
      `Mend what is safe: fulcrum tune data fix ${name.split('@')[0]}${report.removeNear.length > 0 ? ' --near' : ''}${report.redact.length > 0 ? ' --redact' : ''}`,
    );
  return lines.join('\n');
}

function findingLines({ severity, check, message, rows }: Finding): string[] {
  return [
    `  ${severity.padEnd(7)}  ${check}: ${message}`,
    ...rows
      .slice(0, 3)
      .map(
        ({ id, file, line, detail }) =>
          `             ${file ? `${file}, line ${line}` : `row ${id}`}${detail ? `: ${detail}` : ''}`,
      ),
    ...(rows.length > 3 ? [`             and others; --json names ${rows.length}`] : []),
  ];
}
