import type { Command } from 'commander';
import { FulcrumError, localOwner } from '../../core/index.ts';
import type { StoredFeedback, Trace } from '../../monitoring/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';
import { feedbackLine } from './feedback.ts';

interface ListOptions {
  variant?: string;
  status?: string;
  since?: string;
  limit: string;
  tenant: string;
}

/** `fulcrum traces list|show`: what was asked of the server. */
export function registerTraces(program: Command): void {
  const traces = program.command('traces').description('recorded requests to the server');
  traces
    .command('list')
    .option('--variant <name>', 'only those that this variant answered')
    .option('--status <status>', 'answered, refused or failed')
    .option('--since <date>', 'only from this day or instant on')
    .option('--limit <n>', 'how many', '20')
    .option('--tenant <name>', 'whose', localOwner.tenant)
    .description('recorded requests, newest first')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum traces list --status refused\n  fulcrum traces list --since 2026-11-01 --json',
    )
    .action(
      runCommand<ListOptions>(async (context, options) => {
        const filter = {
          variant: options.variant,
          status: statusOf(options.status),
          since: options.since === undefined ? undefined : instantOf(options.since),
        };
        const limit = numberOption('--limit', options.limit, { whole: true, least: 1 });
        const page = await withCommandProject(context, async (project) =>
          (await project.serving()).traces.list({ tenant: options.tenant }, filter, { limit }),
        );
        return { json: page, text: page.traces.map(traceLine).join('\n') || 'No request was recorded.' };
      }),
    );
  traces
    .command('show')
    .argument('<id>', 'id of the trace')
    .option('--tenant <name>', 'whose', localOwner.tenant)
    .description('one recorded request: what was asked and answered, what took the time, what people said')
    .addHelpText('after', '\nExample:\n  fulcrum traces show 4bf92f3577b34da6a3ce929d0e0e4736')
    .action(
      runCommand<{ tenant: string }>(async (context, { tenant }, id = '') => {
        const { trace, feedback } = await withCommandProject(context, async (project) => {
          const serving = await project.serving();
          const found = await serving.traces.get(id, { tenant });
          return { trace: found, feedback: await serving.feedback.of(found.id) };
        });
        return { json: { trace, feedback }, text: traceText(trace, feedback) };
      }),
    );
}

function statusOf(given: string | undefined): Trace['status'] | undefined {
  if (given === undefined) return undefined;
  const found = (['answered', 'refused', 'failed'] as const).find((each) => each === given);
  if (!found)
    throw new FulcrumError('usage', {
      problem: `--status takes answered, refused or failed, not "${given}".`,
    });
  return found;
}

function instantOf(given: string): string {
  const time = Date.parse(given);
  if (Number.isNaN(time))
    throw new FulcrumError('usage', { problem: `--since takes a date, not "${given}".` });
  return new Date(time).toISOString();
}

function traceLine({ id, at, variant, status, reason, seconds, cost, content }: Trace): string {
  const asked = content === null ? '(texts are not kept)' : content.input.replace(/\s+/g, ' ').slice(0, 60);
  const usd = cost.usd === null ? '$?' : `$${cost.usd.toFixed(5)}`;
  return `${at.slice(0, 19)}  ${id}  ${variant}  ${status}${reason ? ` (${reason})` : ''}  ${seconds.toFixed(2)} s  ${usd}  ${asked}`;
}

function traceText(trace: Trace, feedback: readonly StoredFeedback[]): string {
  const { content, spans } = trace;
  const lines = [traceLine(trace)];
  if (trace.erased !== null) lines.push(`  its texts were taken away by the deletion ${trace.erased}`);
  if (content) lines.push(`  asked     ${content.input}`, `  answered  ${content.answer}`);
  for (const { marker, uri, quote } of content?.citations ?? []) lines.push(`  [${marker}] ${uri}: ${quote}`);
  for (const { name, startMs, endMs, attributes } of spans)
    lines.push(`  ${name.padEnd(12)} ${(endMs - startMs).toFixed(1)} ms  ${JSON.stringify(attributes)}`);
  lines.push(...feedback.map((each) => `  ${feedbackLine(each)}`));
  return lines.join('\n');
}
