import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Sample, sha256 } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { evaluationMigrations } from '../migrations.ts';
import { applyReviews } from './apply-reviews.ts';
import { showEvidence } from './evidence-in-context.ts';
import { type Review, type ReviewDecision, type SampleEdit, sampleHash } from './review.ts';
import { exportReview, importReview } from './review-file.ts';
import { reviewQueue } from './review-queue.ts';
import { createReviewStore } from './review-store.ts';

const samples: Sample[] = ['1', '2', '3', '4', '5'].map((id) => ({
  id,
  input: `Question ${id}?`,
  answerable: true,
  reference: `Answer ${id}.`,
  facts: [[`fact ${id}`]],
}));
const review = (
  id: string,
  rater: string,
  decision: ReviewDecision,
  edit: SampleEdit | null = null,
): Review => ({
  sample: id,
  rater,
  decision,
  edit,
  note: null,
  sampleHash: sampleHash(samples.find((sample) => sample.id === id) as Sample),
});
const readDocument = async (id: string) =>
  id === 'docs:a.md'
    ? { text: `${'before '.repeat(80)}THE QUOTE${' after'.repeat(80)}`, version: 'v', uri: 'a.md' }
    : null;

describe('the queue of a rater', () => {
  it('knows nothing of the decisions of others, and puts what was skipped last', () => {
    const reviews = [
      review('1', 'ann', 'accept'),
      review('2', 'ann', 'skip'),
      review('3', 'bob', 'reject'),
      { ...review('4', 'ann', 'accept'), sampleHash: 'of an older state' },
    ];
    const queue = reviewQueue(samples, reviews, 'ann');
    expect(queue.open.map(({ id }) => id).sort()).toEqual(['2', '3', '4', '5']);
    expect(queue.open.at(-1)?.id).toBe('2');
    expect([queue.decided, queue.total]).toEqual([1, 5]);
    expect(reviewQueue(samples, reviews, 'cleo').open).toEqual(reviewQueue(samples, [], 'cleo').open);
  });

  it('shows evidence in its context, and what is wrong with it', async () => {
    const start = 7 * 80;
    const quote = { document: 'docs:a.md', start, end: start + 9, hash: sha256('THE QUOTE') };
    const sample: Sample = {
      ...(samples[0] as Sample),
      evidence: [quote, { ...quote, hash: sha256('other') }, { document: 'docs:b.md' }],
      hiddenDocuments: ['docs:a.md'],
    };
    const [good, changed, missing, hidden] = await showEvidence(sample, readDocument);
    expect(good).toMatchObject({ uri: 'a.md', quote: 'THE QUOTE', problem: null });
    expect(good?.before).toMatch(/^before .*before $/);
    expect(good?.after).toMatch(/^ after .* after$/);
    expect([changed?.problem, missing?.problem, hidden?.problem]).toEqual([
      'changed',
      'document-missing',
      null,
    ]);
  });
});

describe('decisions', () => {
  it('are durable, and the last word of a rater counts', async () => {
    const file = join(mkdtempSync(join(tmpdir(), 'fulcrum-review-')), 'review.db');
    const first = await openDatabase(file, [evaluationMigrations]);
    await createReviewStore(first).keepReviews('d', [
      review('1', 'ann', 'reject'),
      review('2', 'ann', 'skip'),
    ]);
    await createReviewStore(first).keepReviews('d', [
      review('1', 'ann', 'edit', { input: '{"like": "JSON"}' }),
    ]);
    await first.close();
    const second = await openDatabase(file, [evaluationMigrations]);
    expect(await createReviewStore(second).reviews('d')).toEqual([
      review('1', 'ann', 'edit', { input: '{"like": "JSON"}' }),
      review('2', 'ann', 'skip'),
    ]);
    expect(await createReviewStore(second).reviews('other')).toEqual([]);
    await second.close();
  });

  it('make a new version: accepted and edited stay, disputes and open ones do not', () => {
    const reviews = [
      review('1', 'ann', 'accept'),
      review('1', 'bob', 'accept'),
      review('2', 'ann', 'edit', { input: 'Better?', reference: '', facts: [['a', 'b']] }),
      review('3', 'ann', 'reject'),
      review('4', 'ann', 'accept'),
      review('4', 'bob', 'reject'),
    ];
    const applied = applyReviews(samples, reviews);
    expect(applied).toEqual({
      samples: [
        { ...samples[0], tags: ['reviewed'] },
        { id: '2', input: 'Better?', answerable: true, facts: [['a', 'b']], tags: ['reviewed', 'edited'] },
      ],
      accepted: 1,
      edited: 1,
      rejected: 1,
      disputed: ['4'],
      open: 1,
    });
    expect(applyReviews(samples, reviews, { rater: 'bob' })).toMatchObject({
      accepted: 1,
      rejected: 1,
      open: 3,
    });
    expect(applyReviews(samples, reviews, { keepOpen: true }).samples.map(({ id }) => id)).toEqual([
      '1',
      '2',
      '5',
    ]);
  });
});

describe('a review file', () => {
  const folder = mkdtempSync(join(tmpdir(), 'fulcrum-review-'));
  const write = (rows: readonly object[]): string => {
    const path = join(folder, 'review.jsonl');
    writeFileSync(path, rows.map((row) => `${JSON.stringify(row)}\n`).join(''));
    return path;
  };
  const exported = async (): Promise<Record<string, unknown>[]> =>
    (
      await exportReview(
        samples,
        [review('5', 'ann', 'accept'), review('1', 'bob', 'reject')],
        'ann',
        readDocument,
      )
    )
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));

  it('goes out with what is open and comes back with decisions', async () => {
    const rows = await exported();
    expect(rows.map((row) => row.sample).sort()).toEqual(['1', '2', '3', '4']);
    expect(JSON.stringify(rows)).not.toContain('bob');
    const decided = rows.map((row) => {
      if (row.sample === '1') return { ...row, decision: 'accept' };
      if (row.sample === '2') return { ...row, decision: 'edit', facts: [['two', '2']], note: 'a form' };
      return row.sample === '3' ? { ...row, decision: 'reject' } : row;
    });
    const reviews = await importReview(write(decided), samples, 'ann');
    expect(new Map(reviews.map((each) => [each.sample, each]))).toEqual(
      new Map([
        ['1', review('1', 'ann', 'accept')],
        ['2', { ...review('2', 'ann', 'edit', { facts: [['two', '2']] }), note: 'a form' }],
        ['3', review('3', 'ann', 'reject')],
      ]),
    );
  });

  it('is taken whole or not at all, with the line that is wrong', async () => {
    const problems: [object[], string][] = [
      [
        [
          { sample: '1', decision: 'accept' },
          { sample: '9', decision: 'accept' },
        ],
        'line 2: there is no sample "9"',
      ],
      [[{ sample: '1', decision: 'approve' }], 'line 1: "decision"'],
      [[{ sample: '1', decision: 'accept', input: 'Other?' }], '"accept" with a changed input; write "edit"'],
      [[{ sample: '1', decision: 'edit' }], '"edit" without a change'],
      [[{ sample: '1', decision: 'accept', hash: 'old' }], 'has changed since'],
      [
        [
          { sample: '1', decision: 'accept' },
          { sample: '1', decision: 'reject' },
        ],
        'line 2: the sample "1" was decided',
      ],
    ];
    for (const [rows, message] of problems)
      await expect(importReview(write(rows), samples, 'ann')).rejects.toThrow(message);
  });
});
