import { join } from 'node:path';
import { sqlDefog } from './sql-defog.ts';

/** `FULCRUM_SQL_MODEL=openai/gpt-5-mini` asks another model; its key is read from the environment. */
const model = process.env.FULCRUM_SQL_MODEL ?? 'local/smollm2-135m-instruct';
const instructions = 'Write one SQLite SELECT statement that answers the question. Give the statement only.';
const brief = { reader: 'generate', model, maxOutputTokens: 150, contextTokens: 3500, instructions };
const databases = [join(sqlDefog, 'sqlite', '{label}.sqlite')];

export default {
  sources: {},
  variants: {
    'zero-shot': brief,
    'few-shot': { ...brief, fewShot: { dataset: 'sql', k: 3, choose: 'keyword' } },
    constrained: {
      ...brief,
      instructions:
        'Write one SQLite SELECT statement that answers the question, as JSON: {"sql": "SELECT …"}',
      outputSchema: {
        type: 'object',
        properties: { sql: { type: 'string' } },
        required: ['sql'],
        additionalProperties: false,
      },
    },
  },
  scorers: {
    // Right when the result is that of an accepted statement.
    executes: { type: 'sql', databases, fenced: true },
    'executes-json': { type: 'sql', databases, member: 'sql' },
  },
  decision: { metric: 'executes', bar: 0.6, margin: 0.05, volume: 10_000 },
};
