import type { Command } from 'commander';
import { FulcrumError, localOwner } from '../../core/index.ts';
import type { FeedbackFigures, StoredFeedback, Trace } from '../../monitoring/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface ListOptions {
  variant?: string;
  status?: string;
  since?: string;
  limit: string;
  tenant: string;
}

/** `fulcrum traces list|show` and `fulcrum feedback list`: what was asked of the server, and what people said of it. */
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
  registerFeedback(program);
}

function registerFeedback(program: Command): void {
  const feedback = program.command('feedback').description('what people said of answers');
  registerFeedbackSamples(feedback);
  feedback
    .command('list')
    .option('--days <n>', 'of how many days', '30')
    .option('--tenant <name>', 'whose', localOwner.tenant)
    .description('judgements, newest first, and how few requests they are of')
    .addHelpText('after', '\nExample:\n  fulcrum feedback list --days 7')
    .action(
      runCommand<{ days: string; tenant: string }>(async (context, { days, tenant }) => {
        const since = daysAgo(days);
        const { list, figures } = await withCommandProject(context, async (project) => {
          const { feedback } = await project.serving();
          return {
            list: await feedback.list({ tenant }),
            figures: await feedback.figures({ tenant }, since),
          };
        });
        return {
          json: { figures, feedback: list },
          text: [figuresLine(figures), ...list.map(feedbackLine)].join('\n'),
        };
      }),
    );
}

function registerFeedbackSamples(feedback: Command): void {
  feedback
    .command('samples')
    .requiredOption('--out <path>', 'JSON Lines file to write')
    .option('--days <n>', 'of how many days', '30')
    .option('--tenant <name>', 'whose', localOwner.tenant)
    .description('judged requests as samples, for reviewers: corrections and liked answers')
    .addHelpText(
      'after',
      '\nPeople who judge choose to, so these samples are no picture of all requests: keep them beside a benchmark, not in it.\n\nExamples:\n  fulcrum feedback samples --out feedback.jsonl\n  fulcrum dataset import feedback.jsonl --name feedback\n  fulcrum dataset review feedback',
    )
    .action(
      runCommand<{ out: string; days: string; tenant: string }>(async (context, { out, days, tenant }) => {
        const { resolve } = await import('node:path');
        const { writePieces } = await import('../../app/index.ts');
        const { sampleFromFeedback } = await import('../../monitoring/index.ts');
        const path = resolve(out);
        const since = daysAgo(days);
        const leftOut: Record<string, number> = {};
        let samples = 0;
        await withCommandProject(context, async (project) => {
          const { feedback: store } = await project.serving();
          const lines = async function* (): AsyncGenerator<string> {
            for await (const { trace, said } of store.judged({ tenant }, since)) {
              const made = sampleFromFeedback(trace, said);
              if ('leftOut' in made) leftOut[made.leftOut] = (leftOut[made.leftOut] ?? 0) + 1;
              else {
                samples++;
                yield `${JSON.stringify(made.sample)}\n`;
              }
            }
          };
          await writePieces(path, lines());
        });
        const text = [
          `Wrote ${samples} samples to ${path}.`,
          ...Object.entries(leftOut).map(([reason, n]) => `  ${n} left out: ${reason}`),
          ...(samples > 0
            ? [`Next: fulcrum dataset import ${out} --name feedback, then fulcrum dataset review feedback`]
            : []),
        ];
        return { json: { path, samples, leftOut }, text: text.join('\n') };
      }),
    );
}

function daysAgo(given: string): string {
  const days = numberOption('--days', given, { whole: false, least: 0 }) ?? 30;
  return new Date(Date.now() - days * 86_400_000).toISOString();
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

function feedbackLine({
  trace,
  author,
  at,
  citation,
  thumbs,
  rating,
  reason,
  comment,
  correction,
}: StoredFeedback): string {
  const said = [
    thumbs && `thumbs ${thumbs}`,
    rating && `${rating} of 5`,
    reason,
    comment && `"${comment}"`,
    correction && `should be: ${correction}`,
  ].filter(Boolean);
  return `${at.slice(0, 19)}  ${trace}${citation ? ` [${citation}]` : ''}  ${author}: ${said.join(', ')}`;
}

function figuresLine({ requests, judged, up, down, corrected }: FeedbackFigures): string {
  const share = requests === 0 ? '' : ` (${((100 * judged) / requests).toFixed(1)} %)`;
  return `${judged} of ${requests} requests were judged${share}: ${up} up, ${down} down, ${corrected} corrected. Who judges chooses to, so these are no rates of all answers.`;
}
