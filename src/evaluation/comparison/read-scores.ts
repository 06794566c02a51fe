import { FulcrumError, readJsonLines } from '../../core/index.ts';
import { type ScoreRow, scoreRowSchema } from '../score-row.ts';

/**
 * Reads score rows from a JSONL file; blank lines are skipped and members that are not known are ignored. Throws
 * `file-not-found`, `file-not-text`, or `scores-invalid` with the number of the line that is wrong, repeats another, or
 * is the first one missing in an empty file.
 */
export async function readScores(path: string): Promise<ScoreRow[]> {
  const rows: ScoreRow[] = [];
  const seen = new Map<string, number>();
  try {
    for await (const { number, value } of readJsonLines(path)) {
      const parsed = scoreRowSchema.safeParse(value);
      if (!parsed.success) throw invalid(path, number, describeIssue(parsed.error.issues[0]));
      const { sample, variant, metric } = parsed.data;
      const key = JSON.stringify([sample, variant, metric]);
      const earlier = seen.get(key);
      if (earlier !== undefined)
        throw invalid(
          path,
          number,
          `the same sample, variant and metric ("${sample}", "${variant}", "${metric}") as line ${earlier}.`,
        );
      seen.set(key, number);
      rows.push(parsed.data);
    }
  } catch (error) {
    if (error instanceof FulcrumError && error.code === 'record-invalid')
      throw invalid(path, Number(error.data.line), String(error.data.problem), error);
    throw error;
  }
  if (rows.length === 0) throw invalid(path, 1, 'the file holds no row.');
  return rows;
}

function describeIssue(issue: { path: PropertyKey[]; message: string } | undefined): string {
  if (!issue) return 'not a score row.';
  const member = issue.path.map(String).join('.');
  return member === '' ? `${issue.message}.` : `"${member}": ${issue.message}.`;
}

function invalid(path: string, line: number, problem: string, cause?: unknown): FulcrumError {
  return new FulcrumError('scores-invalid', { path, line, problem }, { cause });
}
