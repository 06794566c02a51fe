import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { contentHash, type Sample, sampleSchema, sha256 } from '../../src/core/index.ts';

const here = import.meta.dirname;
const documents = join(dirname(createRequire(import.meta.url).resolve('ai/package.json')), 'docs');
const samples: Sample[] = readFileSync(join(here, 'questions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => sampleSchema.parse(JSON.parse(line)));
const answerable = samples.filter((sample) => sample.answerable);
const count = (test: (sample: Sample) => boolean): number => samples.filter(test).length;

function canonicalText(document: string): string {
  const file = join(documents, document.replace(/^ai-docs:/, ''));
  return readFileSync(file, 'utf8')
    .replace(/^\uFEFF/, '')
    .replace(/\r\n?/g, '\n');
}

describe('the 150 questions of the code assistant', () => {
  it('point at the exact text of the installed documentation', () => {
    for (const sample of answerable)
      for (const piece of sample.evidence ?? []) {
        const slice = canonicalText(piece.document).slice(piece.start, piece.end);
        expect(sha256(slice), `${sample.id} ${piece.document}`).toBe(piece.hash);
      }
  });

  it('hold the makeup that the verdict relies on', () => {
    expect(samples).toHaveLength(150);
    expect(count((sample) => sample.split === 'train')).toBe(30);
    expect(count((sample) => sample.split === 'dev')).toBe(40);
    expect(count((sample) => sample.split === 'test')).toBe(80);
    expect(count((sample) => !sample.answerable)).toBeGreaterThanOrEqual(20);
    expect(count((sample) => sample.tags?.includes('multi-page') === true)).toBeGreaterThanOrEqual(20);
    expect(count((sample) => sample.tags?.includes('task-first') === true)).toBe(75);
    const multiPage = samples.filter((sample) => sample.tags?.includes('multi-page'));
    for (const sample of multiPage)
      expect(new Set(sample.evidence?.map((piece) => piece.document)).size, sample.id).toBeGreaterThanOrEqual(
        2,
      );
  });

  it('keep every page and every group in one split', () => {
    const splitOf = new Map<string, string>();
    for (const sample of samples)
      for (const key of [
        `group ${sample.group}`,
        ...(sample.evidence ?? []).map((piece) => piece.document),
      ]) {
        expect(splitOf.get(key) ?? sample.split, `${sample.id} ${key}`).toBe(sample.split);
        splitOf.set(key, sample.split!);
      }
  });

  it('are frozen: a changed test question needs a new hash and new recorded runs', () => {
    const frozen = JSON.parse(readFileSync(join(here, 'frozen.json'), 'utf8')) as Record<string, string>;
    for (const split of ['train', 'dev', 'test'] as const)
      expect(contentHash(samples.filter((sample) => sample.split === split)), split).toBe(frozen[split]);
  });

  it('never carry a fact in the question itself', () => {
    for (const sample of answerable)
      for (const forms of sample.facts ?? [])
        for (const form of forms)
          expect(sample.input.toLowerCase(), sample.id).not.toContain(` ${form.toLowerCase()} `);
  });
});

describe('the training rows of the code assistant', () => {
  const rows: Sample[] = readFileSync(join(here, 'training.jsonl'), 'utf8')
    .trim()
    .split('\n')
    .map((line) => sampleSchema.parse(JSON.parse(line)));
  const held = samples.filter((sample) => sample.split !== 'train');

  it('come from pages that no test or dev question cites', () => {
    const cited = new Set(held.flatMap(({ evidence }) => (evidence ?? []).map(({ document }) => document)));
    for (const { id, evidence } of rows)
      for (const { document } of evidence ?? []) expect(cited.has(document), `${id} ${document}`).toBe(false);
  });

  it('repeat no test or dev question', async () => {
    const { createSimilarTexts, signatureOf } = await import('../../src/tuning/data/checks/text-keys.ts');
    const texts = createSimilarTexts();
    for (const { id, input } of held) texts.add(id, signatureOf(input));
    for (const { id, input } of rows) expect(texts.nearest(signatureOf(input), 0.8), id).toBeNull();
  });
});
