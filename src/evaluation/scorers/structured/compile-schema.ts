import type { ErrorObject } from 'ajv';
import { FulcrumError } from '../../../core/index.ts';
import type { CheckValue } from './json-scorers.ts';

/**
 * Compiles a JSON schema: draft 2020-12, or draft 7 where its `$schema` says so, with the standard formats. Unknown
 * keywords and formats are refused, since a misspelt one would check nothing. Nothing is fetched for a `$ref`.
 * Throws `scorer-invalid`.
 */
export async function compileSchema(scorer: string, schema: unknown): Promise<CheckValue> {
  if ((typeof schema !== 'object' || schema === null || Array.isArray(schema)) && typeof schema !== 'boolean')
    throw new FulcrumError('scorer-invalid', { scorer, problem: 'the schema is no object.' });
  const isDraft7 =
    typeof schema === 'object' && /draft-07/.test(String((schema as { $schema?: unknown }).$schema ?? ''));
  const [{ Ajv }, { Ajv2020 }, formats] = await Promise.all([
    import('ajv'),
    import('ajv/dist/2020.js'),
    import('ajv-formats'),
  ]);
  const options = {
    strictSchema: true,
    strictTypes: false,
    strictTuples: false,
    strictRequired: false,
    logger: false,
  } as const;
  const ajv = isDraft7 ? new Ajv(options) : new Ajv2020(options);
  formats.default.default(ajv);
  try {
    const validate = ajv.compile(schema);
    return (value) => (validate(value) ? null : problemText(validate.errors?.[0]));
  } catch (error) {
    throw new FulcrumError('scorer-invalid', { scorer, problem: (error as Error).message }, { cause: error });
  }
}

function problemText(error: ErrorObject | undefined): string {
  if (error === undefined) return 'it does not conform';
  const { additionalProperty } = error.params as { additionalProperty?: string };
  const named = additionalProperty === undefined ? '' : ` ("${additionalProperty}")`;
  return `${error.instancePath === '' ? 'the value' : error.instancePath} ${error.message ?? ''}${named}`.slice(
    0,
    200,
  );
}
