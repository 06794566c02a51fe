import { type TuningRow, targetOf } from '../tuning-row.ts';
import { roleProblem } from './check-roles.ts';
import { type Checked, createPlaces, findingOf, type RowPlace } from './finding.ts';
import { findPrivateData, textsOfRow } from './private-data.ts';
import { createSchemaProblems } from './schema-problems.ts';

const refusing =
  /^(?:i(?:'|’)m sorry|i am sorry|sorry,? (?:but )?i|unfortunately,? i (?:can|am)|as an ai\b|i can(?:'|’|no)t (?:help|assist|answer)|i(?:'|’)m unable|i am unable)/i;

/** Checks that look at one row at a time. */
export interface RowChecks {
  /** @param tokens of the row after the template of its base; null where they were not counted. */
  add(row: TuningRow, place: RowPlace, tokens: number | null): void;
  report(): Checked;
}

/** Turns, answer, schema, private data and length of each row. */
export async function createRowChecks(maxTokens: number | undefined): Promise<RowChecks> {
  const schemaProblem = await createSchemaProblems();
  const roles = createPlaces();
  const empty = createPlaces();
  const apologies = createPlaces();
  const schema = createPlaces();
  const secrets = createPlaces();
  const personal = createPlaces();
  const long = createPlaces();
  return {
    add(row, place, tokens) {
      const target = targetOf(row);
      const text = target?.content ?? '';
      const problem = roleProblem(row);
      if (problem) roles.add({ ...place, detail: problem });
      if (text.trim() === '' && !target?.toolCalls) empty.add(place);
      if (refusing.test(text.trim())) apologies.add(place);
      const violation = row.schema ? schemaProblem(row.schema, text) : null;
      if (violation) schema.add({ ...place, detail: violation });
      const kinds = new Set(
        textsOfRow(row)
          .flatMap(findPrivateData)
          .map(({ kind }) => kind),
      );
      if (kinds.delete('secret')) secrets.add(place);
      if (kinds.size > 0) personal.add({ ...place, detail: [...kinds].join(', ') });
      if (tokens !== null && maxTokens !== undefined && tokens > maxTokens)
        long.add({ ...place, detail: `${tokens} tokens` });
    },
    report: () => ({
      findings: [
        findingOf('roles', 'error', roles, (n) => `${n} rows have turns that are not in order.`),
        findingOf('empty-target', 'error', empty, (n) => `${n} rows teach an empty answer.`, 'remove'),
        findingOf('schema', 'error', schema, (n) => `${n} answers do not satisfy the schema of their row.`),
        findingOf(
          'secrets',
          'error',
          secrets,
          (n) => `${n} rows hold what looks like a key or a token.`,
          'redact',
        ),
        findingOf(
          'personal-data',
          'warning',
          personal,
          (n) => `${n} rows hold personal data (addresses, numbers).`,
          'redact',
        ),
        findingOf(
          'refusing-targets',
          'warning',
          apologies,
          (n) => `${n} rows teach to refuse or to apologise.`,
        ),
        findingOf(
          'length',
          'error',
          long,
          (n) => `${n} rows are longer than ${maxTokens} tokens and would be left out.`,
        ),
      ],
      remove: [empty],
      removeNear: [],
      redact: [secrets, personal],
    }),
  };
}
