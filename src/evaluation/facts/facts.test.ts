import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type Cost, FulcrumError, noUsage, type Sample } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import type { Dataset } from '../datasets/dataset.ts';
import { createCandidateStore } from '../generation/candidate-store.ts';
import type { QuestionModel } from '../generation/generation.ts';
import { evaluationMigrations } from '../migrations.ts';
import { applyReviews } from '../review/apply-reviews.ts';
import { type Review, sampleHash } from '../review/review.ts';
import { reviewItem, reviewQueue } from '../review/review-queue.ts';
import { holdsFact } from '../scorers/fact-match.ts';
import { checkFacts } from './check-facts.ts';
import { mostFacts } from './fact-proposal.ts';
import { factsByRule } from './facts-by-rule.ts';
import { createProposalStore } from './proposal-store.ts';
import { type ProposeFactsOptions, proposeFacts } from './propose-facts.ts';
import { samplesUnderReview } from './samples-under-review.ts';

const sampleOf = (id: string, reference?: string, more: Partial<Sample> = {}): Sample => ({
  id,
  input: `What of the ${id} lamp?`,
  answerable: true,
  ...(reference === undefined ? {} : { reference }),
  ...more,
});

describe('the check of proposed facts', () => {
  const lamp = sampleOf(
    'Orlin',
    'The Orlin lamp burns 9 hours on two litres of oil, then it must be cleaned.',
  );

  it('drops invented, repeated, empty and given forms, and facts without one', () => {
    const checked = checkFacts(lamp, [
      ['nine hours', ' 9 hours '],
      ['10 hours'],
      ['Orlin'],
      ['9  HOURS'],
      ['two litres', 'TWO litres'],
      [' ', '*'],
      [],
    ]);
    expect(checked).toEqual({
      facts: [['9 hours'], ['two litres']],
      droppedForms: ['invented', 'invented', 'in-question', 'duplicate', 'duplicate', 'empty', 'empty'],
      rejectedFacts: ['invented', 'in-question', 'duplicate', 'empty', 'empty'],
    });
  });

  it('keeps a fact only where every reference holds it in some form', () => {
    const both = sampleOf('b', undefined, {
      references: ['It takes 9 hours.', 'Nine hours, at night.', ' '],
    });
    expect(checkFacts(both, [['9 hours', 'nine hours'], ['night']])).toEqual({
      facts: [['9 hours', 'nine hours']],
      droppedForms: [],
      rejectedFacts: ['not-in-every-reference'],
    });
  });

  it('takes eight facts', () => {
    const words = ['ash', 'bay', 'cot', 'dew', 'elm', 'fog', 'gum', 'hay', 'ivy', 'jay'];
    const checked = checkFacts(
      sampleOf('many', words.join(' ')),
      words.map((word) => [word]),
    );
    expect(checked.facts).toEqual(words.slice(0, 8).map((word) => [word]));
    expect(checked.rejectedFacts).toEqual(['too-many', 'too-many']);
  });

  it('leaves nothing that a reference lacks or the question gives away, whatever is proposed', () => {
    const word = fc.constantFrom('ash', 'bay', 'cot', 'dew', 'Elm', '9', '9 m', ' ');
    const text = fc.array(word, { maxLength: 8 }).map((words) => words.join(' '));
    const forms = fc.array(fc.oneof(word, text), { maxLength: 3 });
    fc.assert(
      fc.property(text, fc.array(text, { maxLength: 3 }), fc.array(forms), (input, references, proposed) => {
        const sample = { id: 'p', input, answerable: true, references };
        const { facts, rejectedFacts } = checkFacts(sample, proposed);
        expect(facts.length).toBeLessThanOrEqual(mostFacts);
        expect(facts.length + rejectedFacts.length).toBe(proposed.length);
        for (const fact of facts) {
          expect(holdsFact(input, fact)).toBe(false);
          for (const reference of references.filter((each) => each.trim() !== ''))
            expect(holdsFact(reference, fact)).toBe(true);
        }
      }),
    );
  });
});

it('finds by rule numbers with units, code, quoted phrases and names', () => {
  const found = (reference: string): string[] => factsByRule(sampleOf('r', reference)).flat();
  expect(found('Set `max_wait` to 1,500 ms, or pass --max-wait; 20 % of users write to Ann Fell.')).toEqual([
    'max_wait',
    '1,500 ms',
    '--max-wait',
    '20 %',
    'Ann Fell',
  ]);
  expect(found('Choose “Keep a copy” in Settings, then call rows.map() on src/lib/table.ts.')).toEqual([
    'Keep a copy',
    'Settings',
    'rows.map()',
    'src/lib/table.ts',
  ]);
  expect(found('It costs €14.50 a day and takes 120 boats at 30 km/h.')).toEqual([
    '€14.50',
    '120',
    '30 km/h',
  ]);
  expect(found('Ann Fell')).toEqual(['Ann Fell']);
  expect(found('One and/or the other, e.g. when I am out.')).toEqual([]);
  expect(found('Nobody knows.')).toEqual([]);
});

const callCost: Cost = { usd: 0.01, source: 'price-list', priceDate: '2026-01-01', basis: 'scripted' };

/** Says what the script has for the sample whose id stands in the question; throws `model-failed` for null. */
function scriptedProposer(
  script: Readonly<Record<string, string | null>>,
): QuestionModel & { calls: number } {
  const model = {
    id: 'scripted/proposer',
    local: false,
    calls: 0,
    countTokens: async (text: string) => Math.ceil(text.length / 4),
    price: () => callCost,
    async generate({ messages }: Parameters<QuestionModel['generate']>[0]) {
      model.calls++;
      const [, id = ''] = /What of the (\w+) lamp/.exec(messages.at(-1)?.content ?? '') ?? [];
      const text = script[id];
      if (typeof text !== 'string')
        throw new FulcrumError('model-failed', { model: model.id, reason: 'scripted' });
      return { text, usage: { ...noUsage, inputTokens: 100, outputTokens: 20, calls: 1 }, cost: callCost };
    },
  };
  return model;
}

const says = (...facts: string[][]): string => JSON.stringify({ facts: facts.map((forms) => ({ forms })) });
const content = [
  sampleOf('good', 'It burns 9 hours.'),
  sampleOf('fenced', 'It burns 8 hours.'),
  sampleOf('invented', 'It burns 7 hours.'),
  sampleOf('double', 'It burns 6 hours on oil.'),
  sampleOf('none', 'It burns.'),
  sampleOf('broken', 'It burns 4 hours.'),
  sampleOf('failing', 'It burns 3 hours.'),
  sampleOf('refused', undefined, { answerable: false, reference: 'Not said.' }),
  sampleOf('bare', ' '),
  sampleOf('having', 'It burns 2 hours.', { facts: [['2 hours']] }),
];
const dataset: Dataset = {
  name: 'lamps',
  hash: 'h',
  samples: content.length,
  splits: {},
  origin: 'here',
  importedAt: '2026-01-01T00:00:00Z',
  content,
};
const script = {
  good: says(['9 hours']),
  fenced: `\`\`\`json\n${says(['eight hours', '8 hours'])}\n\`\`\``,
  invented: says(['70 hours'], ['by day']),
  double: says(['6 hours'], ['6 hours'], ['oil', '']),
  none: says(),
  broken: 'The facts are: 4 hours',
  failing: null,
};

async function open() {
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const proposals = createProposalStore(database);
  const calls = createCandidateStore(database);
  const propose = (model: QuestionModel | null, more: Partial<ProposeFactsOptions> = {}) =>
    proposeFacts({ dataset, proposals, calls, reviews: [], model, ...more });
  return { proposals, propose };
}

describe('facts proposed by a model', () => {
  it('are kept where they hold, with every rest counted', async () => {
    const { proposals, propose } = await open();
    const done = await propose(scriptedProposer(script));
    expect(done).toMatchObject({
      proposer: 'scripted/proposer',
      samples: 7,
      proposed: 3,
      facts: 4,
      withoutProposal: { 'none-left': 1, 'none-named': 1, 'invalid-output': 1, 'model-failed': 1 },
      droppedForms: { invented: 3, duplicate: 1, empty: 1 },
      rejectedFacts: { invented: 2, duplicate: 1 },
      leftAlone: { unanswerable: 1, unreferenced: 1, having: 1, decided: 0 },
      limits: [],
    });
    expect((await proposals.proposals('lamps')).map(({ sample, facts }) => [sample, facts])).toEqual([
      ['double', [['6 hours'], ['oil']]],
      ['fenced', [['8 hours']]],
      ['good', [['9 hours']]],
    ]);
    expect(await proposals.proposals('other')).toEqual([]);
  });

  it('cost nothing twice, and nothing over the budget', async () => {
    const { propose } = await open();
    const model = scriptedProposer(script);
    // Seven calls at a cent each.
    await expect(propose(model, { budget: 0.06 })).rejects.toMatchObject({ code: 'budget-exceeded' });
    expect(model.calls).toBe(0);
    const first = await propose(model, { budget: 0.07, limit: 7 });
    expect([model.calls, first.cost.usd?.toFixed(2), first.reusedCalls]).toEqual([7, '0.06', 0]);
    const estimates: object[] = [];
    const again = await propose(model, { onEstimate: (estimate) => estimates.push(estimate) });
    // Only the call that failed is made again.
    expect(estimates).toEqual([{ samples: 7, cached: 6, calls: 1, usd: 0.01, unknown: 0 }]);
    expect([model.calls, again.cost.usd, again.reusedCalls]).toEqual([8, 0, 6]);
  });

  it('end when nothing works', async () => {
    const { propose } = await open();
    const model = scriptedProposer({});
    await expect(propose({ ...model, local: true })).rejects.toMatchObject({ code: 'model-failed' });
    expect(model.calls).toBe(5);
  });

  it('are by rule without one', async () => {
    const { proposals, propose } = await open();
    const done = await propose(null, { limit: 100 });
    expect(done).toMatchObject({ proposer: 'rule', samples: 7, proposed: 6, facts: 6, cost: { usd: 0 } });
    expect(done.limits.length).toBeGreaterThan(2);
    expect(await proposals.clear('lamps')).toBe(6);
    expect(await proposals.proposals('lamps')).toEqual([]);
  });
});

describe('proposed facts under review', () => {
  const plain = content[0] as Sample;
  const proposal = { sample: 'good', sampleHash: sampleHash(plain), proposer: 'm', facts: [['9 hours']] };
  const under = samplesUnderReview(content, [
    proposal,
    { ...proposal, sample: 'broken' },
    { ...proposal, sample: 'having', sampleHash: sampleHash(content[9] as Sample) },
  ]);
  const shown = under.samples[0] as Sample;
  const accept: Review = {
    sample: 'good',
    rater: 'ann',
    decision: 'accept',
    edit: null,
    note: null,
    sampleHash: sampleHash(shown),
  };

  it('stand in the sample that they were made for, marked, and in no other', async () => {
    expect([...under.proposedBy]).toEqual([['good', 'm']]);
    expect(shown).toEqual({ ...plain, facts: [['9 hours']] });
    expect(under.samples.slice(1)).toEqual(content.slice(1));
    expect(content[0]).not.toHaveProperty('facts');
    const item = await reviewItem(shown, async () => null, under.proposedBy);
    expect(item.factsProposedBy).toBe('m');
  });

  it('become part of the sample by a decision only', () => {
    const { proposedBy, samples } = under;
    expect(applyReviews(samples, [], { keepOpen: true, proposedBy }).samples).toEqual(content);
    expect(applyReviews(samples, [accept], { proposedBy }).samples).toEqual([
      { ...shown, tags: ['reviewed'] },
    ]);
    const without: Review = { ...accept, decision: 'edit', edit: { facts: [] } };
    expect(applyReviews(samples, [without], { proposedBy }).samples).toEqual([
      { ...plain, tags: ['reviewed', 'edited'] },
    ]);
  });

  it('open a sample again when they change, and leave one alone that is decided on', async () => {
    const other = samplesUnderReview(content, [{ ...proposal, facts: [['hours']] }]);
    expect(reviewQueue(under.samples, [accept], 'ann').decided).toBe(1);
    expect(reviewQueue(other.samples, [accept], 'ann').decided).toBe(0);
    const { proposals, propose } = await open();
    await proposals.keep('lamps', proposal);
    const onPlain: Review = { ...accept, sample: 'none', sampleHash: sampleHash(content[4] as Sample) };
    const done = await propose(null, { reviews: [accept, onPlain] });
    expect(done).toMatchObject({ samples: 5, leftAlone: { decided: 2 } });
    expect((await proposals.proposals('lamps')).find(({ sample }) => sample === 'good')?.proposer).toBe('m');
    await expect(propose(null, { dataset: { ...dataset, content: content.slice(7) } })).rejects.toMatchObject(
      { code: 'facts-not-needed' },
    );
  });
});
