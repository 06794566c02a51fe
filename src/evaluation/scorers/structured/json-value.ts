import type { Output } from './output-text.ts';

export type JsonValue = null | boolean | number | string | JsonValue[] | { [key: string]: JsonValue };

/** Deeper nesting is invalid: nothing that was asked for has it, and recursion has an end. */
const maxDepth = 200;

/** Parses JSON (RFC 8259: no comments, no trailing comma, no text around). Of repeated keys the last one counts. */
export function readJson(text: string): Output<JsonValue> {
  if (tooDeep(text)) return { status: 'invalid', reason: 'too-deep' };
  try {
    return { status: 'read', value: JSON.parse(text) as JsonValue };
  } catch (error) {
    return { status: 'invalid', reason: 'not-json', problem: (error as Error).message.slice(0, 200) };
  }
}

function tooDeep(text: string): boolean {
  let depth = 0;
  let inString = false;
  for (let index = 0; index < text.length; index++) {
    const character = text[index];
    if (inString) {
      if (character === '\\') index++;
      else if (character === '"') inString = false;
    } else if (character === '"') inString = true;
    else if (character === '[' || character === '{') {
      if (++depth > maxDepth) return true;
    } else if (character === ']' || character === '}') depth--;
  }
  return false;
}

export function isObject(value: JsonValue | undefined): value is { [key: string]: JsonValue } {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Decisions on which the equality of two values rests. */
export interface ValueRules {
  /** Whether the order of an array counts. */
  readonly arrays: 'ordered' | 'unordered';
  /** Whether `null` differs from a key that is not there. */
  readonly nulls: 'value' | 'missing';
}

/**
 * One text for all writings of a value: keys sorted by code units, numbers as doubles (1 = 1.0 = 1e0, -0 = 0), strings
 * by code units, arrays sorted where their order does not count, null members left out where they count as missing.
 */
export function canonicalText(value: JsonValue, rules: ValueRules): string {
  if (Array.isArray(value)) {
    const items = value.map((item) => canonicalText(item, rules));
    return `[${(rules.arrays === 'ordered' ? items : items.sort()).join(',')}]`;
  }
  if (isObject(value)) {
    const members = Object.keys(value)
      .filter((key) => rules.nulls === 'value' || value[key] !== null)
      .sort()
      .map((key) => `${JSON.stringify(key)}:${canonicalText(value[key]!, rules)}`);
    return `{${members.join(',')}}`;
  }
  // JSON has 1e999, which no double holds.
  return typeof value === 'number' ? String(value + 0) : JSON.stringify(value);
}
