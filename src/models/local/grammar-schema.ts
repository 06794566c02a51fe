/** Members of JSON Schema that the grammar understands as they are. */
const kept = ['type', 'const', 'enum', 'required', 'minLength', 'maxLength', 'minItems', 'maxItems', '$ref'];
/** Formats of strings that the grammar knows; others are left free. */
const formats = ['date-time', 'time', 'date'];

type Json = Readonly<Record<string, unknown>>;

/**
 * JSON Schema narrowed to what a llama.cpp grammar can hold to: `anyOf` becomes `oneOf`, unknown formats,
 * patterns and number ranges are dropped (the caller validates the text against the full schema).
 */
export function toGrammarSchema(schema: Json): Json {
  const result: Record<string, unknown> = {};
  for (const name of kept) if (name in schema) result[name] = schema[name];
  const branches = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(branches)) result.oneOf = branches.map((branch: Json) => toGrammarSchema(branch));
  if (isObject(schema.properties)) result.properties = mapMembers(schema.properties);
  if (isObject(schema.$defs)) result.$defs = mapMembers(schema.$defs);
  if (isObject(schema.items)) result.items = toGrammarSchema(schema.items);
  if (Array.isArray(schema.prefixItems))
    result.prefixItems = schema.prefixItems.map((item: Json) => toGrammarSchema(item));
  if (isObject(schema.additionalProperties))
    result.additionalProperties = toGrammarSchema(schema.additionalProperties);
  else if (schema.additionalProperties === true) result.additionalProperties = true;
  if (typeof schema.format === 'string' && formats.includes(schema.format)) result.format = schema.format;
  return result;
}

function mapMembers(members: Json): Json {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, toGrammarSchema(member as Json)]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
