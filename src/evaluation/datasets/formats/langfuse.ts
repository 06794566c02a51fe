import { FulcrumError, type Sample, sampleSchema } from '../../../core/index.ts';
import { describe, type ReadSample } from '../read-samples.ts';
import type { FormatRead, FormatReadOptions, FormatWritten } from './format.ts';
import { isRecord, readItems } from './json-items.ts';
import { acceptedAnswers, asReferences } from './losses-of.ts';
import { createLossCounter, type LossCounter } from './lost-fields.ts';
import { inputOf, messagesOf } from './openai.ts';
import { metadataTags, ownMembers } from './promptfoo.ts';
import { atPath } from './read-table.ts';
import { sampleFromFields, timeTagPrefix } from './sample-from-fields.ts';

/** Where the question and the answer are looked for in an input or output that is an object. */
const inputKeys = ['input', 'question', 'query', 'prompt', 'text', 'message', 'user_input'];
const outputKeys = [
  'output',
  'answer',
  'expected',
  'reference',
  'expectedOutput',
  'text',
  'content',
  'label',
];
/** Members of an item that describe its place in Langfuse. */
const bookkeeping = new Set([
  'id',
  'input',
  'expectedOutput',
  'metadata',
  'status',
  'createdAt',
  'updatedAt',
  'datasetId',
  'datasetName',
  'projectId',
]);

/**
 * Reads items of a Langfuse dataset (JSON or JSON Lines). An input or expected output that is an object is taken from its
 * usual key, or by `map` (dotted paths from the item); scalar metadata becomes tags `key:value`, the day of creation a
 * `time:` tag. Archived items are left out.
 */
export async function readLangfuse(path: string, options: FormatReadOptions): Promise<FormatRead> {
  const lost = createLossCounter();
  const records: ReadSample[] = [];
  let leftOut = 0;
  for await (const { number, value } of readItems(path)) {
    const invalid = (problem: string): FulcrumError =>
      new FulcrumError('record-invalid', { path, line: number, problem });
    if (!isRecord(value)) throw invalid('not an object');
    if (String(value.status).toUpperCase() === 'ARCHIVED') {
      leftOut++;
      continue;
    }
    const read = sampleOf(value, number, options, lost);
    if ('problem' in read) throw invalid(read.problem);
    records.push({ sample: read.sample, line: number });
  }
  return { records, lost: lost.report(), leftOut };
}

/** Samples as Langfuse items; all members but input, id and expected output are kept in `metadata.fulcrum`. */
export function writeLangfuse(samples: readonly Sample[]): FormatWritten {
  const lines = samples.map((sample) => {
    const { id, input, ...others } = sample;
    const [answer] = acceptedAnswers(sample);
    return JSON.stringify({
      id,
      input,
      expectedOutput: answer ?? null,
      metadata: { fulcrum: others },
      status: 'ACTIVE',
    });
  });
  return { files: [{ path: '', lines }], lost: {}, leftOut: 0 };
}

function sampleOf(
  item: Record<string, unknown>,
  number: number,
  { map = {} }: FormatReadOptions,
  lost: LossCounter,
): { sample: Sample } | { problem: string } {
  const mapped = Object.fromEntries(Object.entries(map).map(([field, path]) => [field, atPath(item, path)]));
  const input = map.input === undefined ? textOf(item.input, inputKeys, 'input', lost) : mapped.input;
  if (input === undefined)
    return { problem: `no question in "input" (${shapeOf(item.input)}). Add --map input=input.KEY` };
  const own = ownMembers(item.metadata);
  const answer = textOf(item.expectedOutput, outputKeys, 'expectedOutput', lost);
  if (answer === undefined && isRecord(item.expectedOutput) && map.reference === undefined)
    lost.count('expectedOutput');
  const read = sampleFromFields(
    {
      id: item.id,
      ...(answer === undefined || own ? {} : asReferences([answer])),
      ...mapped,
      input,
    },
    String(number),
  );
  if ('problem' in read) return read;
  for (const key of Object.keys(item)) if (!bookkeeping.has(key) && item[key] !== null) lost.count(key);
  const tags = own
    ? []
    : [
        ...(read.sample.tags ?? []),
        ...metadataTags(
          item.metadata,
          lost,
          Object.values(map).map((path) => path.split('.')[1] ?? ''),
        ),
        ...(typeof item.createdAt === 'string' ? [`${timeTagPrefix}${item.createdAt}`] : []),
      ];
  const parsed = sampleSchema.safeParse({ ...read.sample, ...(tags.length > 0 ? { tags } : {}), ...own });
  return parsed.success ? { sample: parsed.data } : { problem: describe(parsed.error) };
}

/** Text of a value: itself, the last user message of a chat, or what stands under one of the usual keys. */
function textOf(
  value: unknown,
  keys: readonly string[],
  name: string,
  lost: LossCounter,
): string | undefined {
  if (typeof value === 'string') return value === '' ? undefined : value;
  if (typeof value === 'number' || typeof value === 'boolean') return String(value);
  if (Array.isArray(value)) return inputOf(messagesOf(value, lost), lost) || undefined;
  if (!isRecord(value)) return undefined;
  if (Array.isArray(value.messages)) return textOf(value.messages, keys, name, lost);
  const key = keys.find((each) => typeof value[each] === 'string' && value[each] !== '');
  if (key === undefined) return undefined;
  for (const other of Object.keys(value)) if (other !== key) lost.count(`${name}.${other}`);
  return value[key] as string;
}

function shapeOf(value: unknown): string {
  return isRecord(value)
    ? `its keys: ${Object.keys(value).slice(0, 8).join(', ')}`
    : `it is ${value === null ? 'null' : typeof value}`;
}
