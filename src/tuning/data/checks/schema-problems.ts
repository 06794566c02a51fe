import { canonicalJson } from '../../../core/index.ts';
import type { TuningRow } from '../tuning-row.ts';

/** What of an answer misses the schema of its row; null where nothing does. */
export type SchemaProblem = (schema: NonNullable<TuningRow['schema']>, target: string) => string | null;

/** Checks answers by JSON schemas (draft 2020-12), each read once. Nothing is fetched for a `$ref`. */
export async function createSchemaProblems(): Promise<SchemaProblem> {
  const [{ Ajv2020 }, formats] = await Promise.all([import('ajv/dist/2020.js'), import('ajv-formats')]);
  const read = new Map<string, ((value: unknown) => string | null) | string>();
  const compile = (schema: object): ((value: unknown) => string | null) | string => {
    const ajv = new Ajv2020({ strict: false, logger: false });
    formats.default.default(ajv);
    try {
      const validate = ajv.compile(schema);
      return (value) => {
        if (validate(value)) return null;
        const [error] = validate.errors ?? [];
        return `${error?.instancePath || 'the whole'} ${error?.message ?? 'does not conform'}`.slice(0, 200);
      };
    } catch (error) {
      return `its schema is no JSON schema that can be used: ${(error as Error).message.slice(0, 120)}`;
    }
  };
  return (schema, target) => {
    const key = canonicalJson(schema);
    const known = read.get(key) ?? compile(schema);
    read.set(key, known);
    if (typeof known === 'string') return known;
    let value: unknown;
    try {
      value = JSON.parse(target);
    } catch {
      return 'it is no JSON';
    }
    return known(value);
  };
}
