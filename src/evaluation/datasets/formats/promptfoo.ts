import { type Sample, sampleSchema } from '../../../core/index.ts';
import { isRecord } from './json-items.ts';
import type { LossCounter } from './lost-fields.ts';

/** Members of a sample that an assertion stands for. */
export interface Asserted {
  references: string[];
  facts: string[][];
  mustNot: string[][];
  answerable?: false;
}

/**
 * What the assertions of a promptfoo test say of the right answer. `equals` gives a reference, the `contains` family facts,
 * its negation what must not be said (letter case plays no part in ours), `is-refusal` an unanswerable sample. Every other assertion, and any value that is
 * a template or names a file, is counted as lost by its type; nothing is ever evaluated.
 */
export function readAssertions(assertions: unknown, lost: LossCounter): Asserted {
  const asserted: Asserted = { references: [], facts: [], mustNot: [] };
  if (assertions === undefined || assertions === null) return asserted;
  if (!Array.isArray(assertions)) {
    lost.count('assert that is no list');
    return asserted;
  }
  for (const assertion of assertions) {
    const type = isRecord(assertion) ? String(assertion.type) : 'without a type';
    if (!isRecord(assertion) || !applyAssertion(type, assertion.value, asserted))
      lost.count(`assert ${type}`);
    else if (assertion.threshold !== undefined || assertion.weight !== undefined)
      lost.count('assert threshold or weight');
  }
  return asserted;
}

/** Takes one assertion in; false where it cannot be held. */
function applyAssertion(type: string, value: unknown, asserted: Asserted): boolean {
  if (type === 'is-refusal') {
    asserted.answerable = false;
    return true;
  }
  const values = literals(value);
  if (values === null) return false;
  const [first] = values;
  switch (type) {
    case 'equals':
      if (values.length !== 1 || first === undefined) return false;
      asserted.references.push(first);
      return true;
    case 'contains':
    case 'icontains':
      if (values.length !== 1 || first === undefined) return false;
      asserted.facts.push([first]);
      return true;
    case 'contains-all':
    case 'icontains-all':
      asserted.facts.push(...values.map((each) => [each]));
      return true;
    case 'contains-any':
    case 'icontains-any':
      asserted.facts.push(values);
      return true;
    case 'not-contains':
    case 'not-icontains':
    case 'not-contains-any':
    case 'not-icontains-any':
      if (!type.endsWith('-any') && values.length !== 1) return false;
      asserted.mustNot.push(values);
      return true;
    default:
      return false;
  }
}

/** Literal texts of a value: one or several; null for a template, a file or anything else that would be computed. */
function literals(value: unknown): string[] | null {
  const list = Array.isArray(value) ? value : [value];
  if (list.length === 0) return null;
  const texts = list.map((each) => {
    if (typeof each === 'number' || typeof each === 'boolean') return String(each);
    return typeof each === 'string' && each !== '' ? literal(each) : null;
  });
  return texts.every((text) => text !== null) ? texts : null;
}

const raw = /^\{% raw %\}([\s\S]*)\{% endraw %\}$/;

/** Text that promptfoo would take as it stands; null for what it would compute or read from a file. */
export function literal(text: string): string | null {
  const inner = raw.exec(text)?.[1];
  if (inner !== undefined && !inner.includes('endraw')) return inner;
  return isComputed(text) ? null : text;
}

/** Text in the form that promptfoo takes literally; null where there is none. */
export function asLiteral(text: string): string | null {
  if (!isComputed(text) && !raw.test(text)) return text;
  return text.includes('endraw') || isReference(text) ? null : `{% raw %}${text}{% endraw %}`;
}

function isComputed(text: string): boolean {
  return /\{\{|\{%|\{#/.test(text) || isReference(text);
}

/** Promptfoo reads files and packages that a value names. */
function isReference(text: string): boolean {
  return /^\s*(file|package|python|exec|https?):/i.test(text);
}

/** Members of a sample that our own exports keep in `metadata`; null where there are none or they are not ours. */
export function ownMembers(metadata: unknown): Partial<Sample> | null {
  if (!isRecord(metadata) || !isRecord(metadata.fulcrum)) return null;
  const parsed = sampleSchema
    .partial()
    .extend({ answerable: sampleSchema.shape.answerable.unwrap().optional() })
    .safeParse(metadata.fulcrum);
  return parsed.success ? (parsed.data as Partial<Sample>) : null;
}

/** Scalar members of foreign metadata as tags `key:value`; the others are counted as lost. */
export function metadataTags(metadata: unknown, lost: LossCounter, except: readonly string[] = []): string[] {
  if (!isRecord(metadata)) return [];
  return Object.entries(metadata).flatMap(([key, value]) => {
    if (except.includes(key) || value === null || value === '') return [];
    if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean')
      return [`${key}:${value}`];
    lost.count(`metadata.${key}`);
    return [];
  });
}
