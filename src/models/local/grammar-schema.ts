/** Members of JSON Schema that the grammar understands as they are. */
const kept = ['type', 'const', 'enum', 'required', 'minLength', 'maxLength', 'minItems', 'maxItems', '$ref'];
/** Formats of strings that the grammar knows; others are left free. */
const formats = ['date-time', 'time', 'date'];

type Json = Readonly<Record<string, unknown>>;

/**
 * JSON Schema narrowed to what a llama.cpp grammar can hold to: `anyOf` becomes `oneOf`, unknown formats,
 * patterns and number ranges are dropped (the caller validates the text against the full schema). A grammar writes every member, so that one
 * which may be left out may be null there; `withoutAbsentMembers` takes it out again.
 */
export function toGrammarSchema(schema: Json): Json {
  const result: Record<string, unknown> = {};
  for (const name of kept) if (name in schema) result[name] = schema[name];
  const branches = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(branches)) result.oneOf = branches.map((branch: Json) => toGrammarSchema(branch));
  if (isObject(schema.properties)) {
    const optional = optionalMembers(schema);
    const members = mapMembers(schema.properties);
    result.properties = Object.fromEntries(
      Object.entries(members).map(([name, member]) => [
        name,
        optional.includes(name) ? { oneOf: [member, { type: 'null' }] } : member,
      ]),
    );
  }
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

/** Members that an object of the schema may lack, and that may not be null by the schema itself. */
function optionalMembers(schema: Json): string[] {
  if (!isObject(schema.properties)) return [];
  const required = Array.isArray(schema.required) ? schema.required : [];
  return Object.entries(schema.properties)
    .filter(([name, member]) => !required.includes(name) && !allowsNull(member))
    .map(([name]) => name);
}

function allowsNull(schema: unknown): boolean {
  if (!isObject(schema)) return false;
  const branches = schema.oneOf ?? schema.anyOf;
  if (Array.isArray(branches)) return branches.some(allowsNull);
  return schema.type === 'null' || (Array.isArray(schema.type) && schema.type.includes('null'));
}

/** JSON as the schema wants it: without the members that a grammar had to write as null. Text that is no JSON stays as it is. */
export function withoutAbsentMembers(text: string, schema: Json): string {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    return text;
  }
  return JSON.stringify(withoutAbsent(value, schema));
}

function withoutAbsent(value: unknown, schema: unknown): unknown {
  if (!isObject(schema)) return value;
  if (Array.isArray(value)) return value.map((item) => withoutAbsent(item, schema.items));
  if (!isObject(value) || !isObject(schema.properties)) return value;
  const optional = optionalMembers(schema);
  const { properties } = schema;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name, member]) => !(member === null && optional.includes(name)))
      .map(([name, member]) => [name, withoutAbsent(member, properties[name])]),
  );
}

function mapMembers(members: Json): Json {
  return Object.fromEntries(
    Object.entries(members).map(([name, member]) => [name, toGrammarSchema(member as Json)]),
  );
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
