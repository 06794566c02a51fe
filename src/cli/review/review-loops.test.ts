import { describe, expect, it } from 'vitest';
import type { LabelingSession, ReviewSession } from '../../app/index.ts';
import type { LabelItem, SampleEdit } from '../../evaluation/index.ts';
import { printable } from '../printable.ts';
import { formatFacts, parseFacts } from './fact-text.ts';
import { labelLoop } from './label-loop.ts';
import { reviewLoop } from './review-loop.ts';
import type { ReviewPrompts } from './review-prompts.ts';
import { showItem } from './show-item.ts';

const sampleOf = (id: string) => ({ id, input: `Question ${id}?`, answerable: true, facts: [['nine', '9']] });

/** Prompts that give the answers of a script, and keep what was shown. */
function scripted(
  answers: readonly (string | null)[],
): ReviewPrompts & { shown: string[]; initial: string[] } {
  const left = [...answers];
  const shown: string[] = [];
  const initial: string[] = [];
  const next = (): string | null => {
    if (left.length === 0) throw new Error('the script is at its end');
    return left.shift() as string | null;
  };
  return {
    shown,
    initial,
    show: (text) => void shown.push(text),
    async choose(_message, choices) {
      const wanted = next();
      return choices.find(({ value }) => value === wanted)?.value ?? null;
    },
    async write(_message, first) {
      initial.push(first);
      return next();
    },
  };
}

function session(ids: readonly string[]) {
  const decisions: [string, string, SampleEdit | undefined][] = [];
  const made: ReviewSession = {
    decided: 1,
    total: ids.length + 1,
    open: ids,
    item: async (id) => ({
      sample: sampleOf(id),
      evidence: [
        {
          document: 'docs:a.md',
          uri: 'a.md',
          before: 'opens ',
          quote: 'at \u001b[31mnine',
          after: ' daily',
          problem: null,
        },
      ],
    }),
    decide: async (id, decision, edit) => void decisions.push([id, decision, edit]),
    exportFile: async () => '',
    importFile: async () => ({ decisions: 0 }),
  };
  return { decisions, made };
}

describe('the review loop', () => {
  it('keeps each decision, asks for every member of an edit and stops on a wish', async () => {
    const { decisions, made } = session(['a', 'b', 'c', 'd', 'e']);
    const prompts = scripted([
      'accept',
      'edit',
      'Better?',
      '',
      '[broken',
      'nine; on Sundays | Sunday',
      'reject',
      'skip',
      'stop',
    ]);
    expect(await reviewLoop(made, prompts)).toEqual({ decided: 3, open: 2 });
    expect(decisions).toEqual([
      ['a', 'accept', undefined],
      ['b', 'edit', { input: 'Better?', reference: '', facts: [['nine'], ['on Sundays', 'Sunday']] }],
      ['c', 'reject', undefined],
      ['d', 'skip', undefined],
    ]);
    expect(prompts.initial).toEqual(['Question b?', '', 'nine | 9', '[broken']);
    expect(prompts.shown[0]).toContain('a, 2 of 6');
    expect(prompts.shown[0]).toContain('opens >>at \\u{1b}[31mnine<< daily');
  });

  it('edits texts of several lines on one, and gives back unchanged what was left', async () => {
    const { decisions, made } = session(['a', 'b']);
    const input = 'User: Hot?\nAssistant: \u001b[1mYes.\nUser: How hot?';
    const sample = { ...sampleOf('a'), input };
    const twoLines: ReviewSession = { ...made, item: async () => ({ sample, evidence: [] }) };
    const shown = 'User: Hot?\u23ceAssistant: \\u{1b}[1mYes.\u23ceUser: How hot?';
    const prompts = scripted([
      'edit',
      shown,
      '',
      'nine | 9',
      'edit',
      'User: Hot?\u23ceUser: How?',
      '',
      'nine | 9',
    ]);
    await reviewLoop(twoLines, prompts);
    expect(prompts.initial[0]).toBe(shown);
    expect(decisions.map(([, , edit]) => edit?.input)).toEqual([input, 'User: Hot?\nUser: How?']);
  });

  it('keeps nothing of an edit that was broken off', async () => {
    const { decisions, made } = session(['a']);
    expect(await reviewLoop(made, scripted(['edit', 'Other?', null]))).toEqual({ decided: 0, open: 1 });
    expect(decisions).toEqual([]);
  });
});

it('the label loop names answers by letters only and keeps each label', async () => {
  const item = (id: string, texts: string[]): LabelItem => ({
    sample: sampleOf(id),
    stratum: 'disagreement',
    inclusion: 1,
    answers: texts.map((text, index) => ({ key: `${id}${index}`, text, refused: text === '' })),
  });
  const items = [item('a', ['At nine', '']), item('b', ['At ten'])];
  const labels: string[] = [];
  const made: LabelingSession = {
    queue: {
      items,
      strata: { disagreement: { total: 2, drawn: 2 }, random: { total: 0, drawn: 0 } },
      unmatched: 0,
    },
    open: items,
    item: async ({ sample }) => ({ sample, evidence: [] }),
    label: async (_item, key, label) => void labels.push(`${key} ${label}`),
    exportFile: async () => '',
    importFile: async () => ({ labels: 0 }),
    results: () => Promise.reject(new Error('not asked')),
    labelRows: async () => '',
  };
  const prompts = scripted(['right', 'wrong', null]);
  expect(await labelLoop(made, prompts)).toEqual({ labelled: 2, open: 1 });
  expect(labels).toEqual(['a0 right', 'a1 wrong']);
  expect(prompts.shown.join('\n')).toContain('Answer B   (refused to answer)');
});

it('facts on one line come back as they were', () => {
  for (const facts of [[], [['nine', '9'], ['Sunday']], [['a;b'], ['c|d']], [['[x']]])
    expect(parseFacts(formatFacts(facts))).toEqual(facts);
  expect(parseFacts('[1]')).toBeNull();
});

it('marks facts that are proposed only', () => {
  const item = { sample: sampleOf('a'), evidence: [] };
  expect(showItem(item, 'a')).toContain('\nFacts      nine | 9');
  const shown = showItem({ ...item, factsProposedBy: 'big\u001bmodel' }, 'a');
  expect(shown).toContain('\nProposed   nine | 9\n');
  expect(shown).toContain(
    '(facts proposed by big\\u{1b}model; they become part of the sample when you accept)',
  );
});

it('shows control characters instead of sending them', () => {
  expect(printable('a\u001b]0;title\u0007\tb\r\nc\u202ed')).toBe('a\\u{1b}]0;title\\u{7}\tb\nc\\u{202e}d');
});
