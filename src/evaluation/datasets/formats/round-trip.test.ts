import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, describe, expect, it } from 'vitest';
import { type Sample, sha256 } from '../../../core/index.ts';
import { exportDataset } from './export-dataset.ts';
import type { DatasetFormat } from './format.ts';
import { acceptedAnswers, asReferences } from './losses-of.ts';
import { readDatasetFile } from './read-dataset-file.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-formats-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const corpus: Record<string, string> = {
  'docs:a.md': 'Alpha comes first.\nBeta comes second, after alpha.\n',
  'docs:b.md': 'A smile \u{1F600} and a "quote", with commas, in here.',
};
const readDocument = async (id: string) =>
  corpus[id] === undefined ? null : { text: corpus[id], version: 'v', uri: id };
const listDocuments = async () => Object.keys(corpus);

// Text as people and attackers write it: quotes, delimiters, line breaks, templates, formulas, emoji.
const text = fc.oneof(
  fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
  fc.constantFrom(
    'a, "b"; c',
    'line\nbreak\r\nand\ttab',
    '=SUM(A1)',
    '{{ env.SECRET }}',
    '{% raw %}x{% endraw %}',
    '- not: [yaml',
    '[1',
    '["x"]',
    ' outer space ',
    '#hash',
    'null',
    '1e3',
    '\u2028',
    '__proto__',
  ),
);
const evidence = fc.constantFrom(
  { document: 'docs:a.md', start: 0, end: 5, hash: sha256('Alpha') },
  { document: 'docs:b.md', start: 2, end: 10, hash: sha256('smile \u{1F600}') },
  { document: 'docs:b.md', grade: 2 },
);
const members = {
  input: text,
  reference: text,
  references: fc.array(text, { minLength: 1, maxLength: 3 }),
  facts: fc.array(fc.array(text, { minLength: 1, maxLength: 3 }), { minLength: 1, maxLength: 3 }),
  mustNot: fc.array(fc.array(text, { minLength: 1, maxLength: 2 }), { minLength: 1, maxLength: 2 }),
  maxWords: fc.integer({ min: 1, max: 500 }),
  hiddenDocuments: fc.array(text, { minLength: 1, maxLength: 2 }),
  answerable: fc.boolean(),
  label: text,
  evidence: fc.array(evidence, { minLength: 1, maxLength: 2 }),
  group: text,
  tags: fc.array(text, { minLength: 1, maxLength: 3 }),
  split: fc.constantFrom('train' as const, 'dev' as const, 'test' as const),
};
const samplesOf = (arbitrary: fc.Arbitrary<Omit<Sample, 'id'>>, id: fc.Arbitrary<string> = text) =>
  fc
    .uniqueArray(id, { minLength: 1, maxLength: 5 })
    .chain((ids) =>
      fc.tuple(...ids.map((each) => arbitrary.map((sample) => ({ ...sample, id: each }) as Sample))),
    );
const anySamples = samplesOf(fc.record(members, { requiredKeys: ['input', 'answerable'] }));

let files = 0;
async function roundTrip(
  samples: readonly Sample[],
  format: DatasetFormat,
  options: { source?: string; split?: string } = {},
) {
  files += 1;
  const out = join(folder, format === 'beir' ? `b${files}` : `f${files}`);
  const written = await exportDataset({ samples, format, out, readDocument });
  const left = written.samples;
  if (left === 0) return { written, read: [] };
  const { records } = await readDatasetFile(out, { format, readDocument, listDocuments, ...options });
  return { written, read: records.map(({ sample }) => sample) };
}
const check = (arbitrary: fc.Arbitrary<Sample[]>, property: (samples: Sample[]) => Promise<void>) =>
  fc.assert(fc.asyncProperty(arbitrary, property), { numRuns: 60 });

describe('what is exported comes back', () => {
  for (const format of ['jsonl', 'csv', 'tsv', 'langfuse'] as const)
    it(`${format}: whole`, () =>
      check(anySamples, async (samples) => {
        const { written, read } = await roundTrip(samples, format);
        expect(read).toEqual(samples);
        expect(written).toMatchObject({ lost: {}, leftOut: 0, samples: samples.length });
      }));

  it('promptfoo: whole, but for text that cannot be kept from being computed', () =>
    check(anySamples, async (samples) => {
      const { written, read } = await roundTrip(samples, 'promptfoo');
      expect(written.lost).toEqual({});
      expect(read.length).toBe(samples.length - written.leftOut);
      const back = new Set(read.map(({ id }) => id));
      expect(read).toEqual(samples.filter(({ id }) => back.has(id)));
      for (const sample of samples)
        if (!back.has(sample.id)) expect(JSON.stringify(sample)).toContain('{% endraw %}');
    }));

  it('openai-chat: question and first answer, or the label', () =>
    check(anySamples, async (samples) => {
      const { written, read } = await roundTrip(samples, 'openai-chat');
      expect(read.map(({ input, reference }) => [input, reference])).toEqual(
        samples.map((sample) => [sample.input, acceptedAnswers(sample)[0] ?? sample.label]),
      );
      expect(written.lost.id).toBe(samples.length);
      const other = samples.filter(
        (sample) => sample.label !== undefined && acceptedAnswers(sample).length > 0,
      );
      expect(written.lost.label ?? 0).toBe(other.length);
    }));

  it('openai-evals: question and accepted answers', () =>
    check(anySamples, async (samples) => {
      const kept = samples.filter(
        (sample) => acceptedAnswers(sample).length > 0 || sample.label !== undefined,
      );
      const { written, read } = await roundTrip(samples, 'openai-evals');
      expect(written.leftOut).toBe(samples.length - kept.length);
      expect(read).toEqual(
        kept.map((sample, index) => ({
          id: String(index + 1),
          input: sample.input,
          answerable: true,
          ...asReferences(acceptedAnswers(sample).length > 0 ? acceptedAnswers(sample) : [sample.label!]),
        })),
      );
    }));

  it('ragas: question, first answer and passages of evidence', () =>
    check(anySamples, async (samples) => {
      const { read } = await roundTrip(samples, 'ragas', { source: 'docs' });
      expect(read.map(({ input, reference }) => [input, reference])).toEqual(
        samples.map((sample) => [sample.input, acceptedAnswers(sample)[0]]),
      );
      expect(read.map(({ evidence: pieces }) => pieces)).toEqual(
        samples.map((sample) => {
          const kept = sample.evidence?.filter(({ start }) => start !== undefined) ?? [];
          return kept.length > 0 ? kept : undefined;
        }),
      );
    }));

  const plainId = fc.stringMatching(/^[a-z0-9]{1,8}$/);
  const document = fc.stringMatching(/^docs:[a-z]{1,6}$/);
  it('beir: question, judged documents with grades, accepted answers', () =>
    check(
      samplesOf(
        fc
          .record({
            input: text,
            references: fc.array(text, { minLength: 1, maxLength: 2 }).map((list) => [...new Set(list)]),
            documents: fc.uniqueArray(document, { minLength: 1, maxLength: 3 }),
            grade: fc.constantFrom(undefined, 2, 3),
          })
          .map(({ documents, grade, ...rest }) => ({
            ...rest,
            answerable: true,
            evidence: documents.map((each) => (grade ? { document: each, grade } : { document: each })),
            group: documents[0]!,
            split: 'dev' as const,
          })),
        plainId,
      ),
      async (samples) => {
        const { written, read } = await roundTrip(samples, 'beir', { split: 'dev' });
        expect(read).toEqual(samples);
        expect(written).toMatchObject({ lost: {}, leftOut: 0 });
      },
    ));

  it('squad: question, spans as answers and as evidence, unanswerables', () =>
    check(
      samplesOf(
        fc
          .record({
            input: text,
            answerable: fc.boolean(),
            id: fc.constantFrom('docs:a.md', 'docs:b.md'),
            at: fc.nat(10),
            length: fc.integer({ min: 1, max: 7 }),
          })
          .map(({ input, answerable, id, at, length }) => {
            if (!answerable) return { input, answerable };
            // Kept clear of the emoji, whose halves are no text.
            const start = id === 'docs:b.md' ? at + 11 : at;
            const slice = corpus[id]!.slice(start, start + length);
            const span = { document: id, start, end: start + length, hash: sha256(slice) };
            return { input, answerable, reference: slice, evidence: [span], group: id };
          }),
        plainId,
      ),
      async (samples) => {
        const { written, read } = await roundTrip(samples, 'squad', { source: 'docs' });
        const byId = (a: Sample, b: Sample) => (a.id < b.id ? -1 : 1);
        // A span that stands earlier in its evidence too cannot happen: the evidence is the span itself.
        expect([...read].sort(byId)).toEqual([...samples].sort(byId));
        expect(written.leftOut).toBe(0);
      },
    ));
});
