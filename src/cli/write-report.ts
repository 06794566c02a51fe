import { FulcrumError } from '../core/index.ts';
import type { ReportInput } from '../decision/index.ts';
import type { SampleTexts } from '../evaluation/index.ts';
import type { CommandContext } from './command.ts';

/** Forms that a report is written in. */
export const reportFormats = ['html', 'markdown', 'json'] as const;
export type ReportFormat = (typeof reportFormats)[number];

const endings: Readonly<Record<string, ReportFormat>> = {
  md: 'markdown',
  markdown: 'markdown',
  json: 'json',
};

/** Where a report is written, and in which form. */
export interface ReportFile {
  readonly path: string;
  readonly format: ReportFormat;
}

/**
 * The file that was asked for, in the form that was asked for, else in that of the ending of its name, else as a page. Null without
 * a file. Throws `usage`.
 */
export function reportFileOf(flags: {
  readonly report?: string;
  readonly format?: string;
}): ReportFile | null {
  const { report: path, format } = flags;
  if (path === undefined) {
    if (format !== undefined) throw new FulcrumError('usage', { problem: '--format belongs to --report.' });
    return null;
  }
  if (format === undefined)
    return { path, format: endings[path.split('.').at(-1)?.toLowerCase() ?? ''] ?? 'html' };
  const found = reportFormats.find((name) => name === format);
  if (!found)
    throw new FulcrumError('usage', {
      problem: `--format is one of ${reportFormats.join(', ')}, not "${format}".`,
    });
  return { path, format: found };
}

/** Writes a report as a page, as Markdown or as JSON: the same content, but for the samples side by side. */
export async function writeReport(
  context: CommandContext,
  file: ReportFile,
  given: ReportInput,
  textsOf: (samples: readonly string[]) => Promise<ReadonlyMap<string, SampleTexts>>,
): Promise<void> {
  const { renderReport, reportDocument, reportMarkdown, samplesOfReport } = await import(
    '../decision/index.ts'
  );
  const { writeAtomically } = await import('../app/index.ts');
  // The texts of samples are on the page alone.
  const texts = file.format === 'html' ? await textsOf(samplesOfReport(given)) : undefined;
  const input = { ...given, texts };
  const write: Readonly<Record<ReportFormat, () => string | Promise<string>>> = {
    html: () => renderReport(input),
    markdown: () => reportMarkdown(input),
    json: () => `${JSON.stringify(reportDocument(input), null, 2)}\n`,
  };
  await writeAtomically(file.path, await write[file.format]());
  context.terminal.notice(`Report: ${file.path}`);
}
