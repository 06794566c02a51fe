import { describe, expect, it } from 'vitest';
import type { Sample } from '../../core/index.ts';
import { scriptedAnswer } from '../runs/scripted-evaluation.fixture.ts';
import { doubtLabel, faultOfForm, invalidBy, stockAnswers } from './label-and-form.ts';
import { createGoldLocator } from './locate-gold.ts';
import { stageOf } from './sample-outcome.ts';

// Gold: "boil for ninety seconds" at [20, 43) of `tea`; the same fact stands in `blog` too.
const tea = `${'x'.repeat(19)} boil for ninety seconds ${'y'.repeat(500)}`;
const texts: Record<string, string> = { tea, blog: 'They say ninety seconds is enough.', moon: 'Grey dust.' };
const locator = createGoldLocator(async (id) =>
  texts[id] === undefined ? null : { text: texts[id], version: 'v', uri: id },
);
const sample: Sample = {
  id: 's',
  input: 'How long?',
  answerable: true,
  facts: [['ninety seconds']],
  evidence: [{ document: 'tea', start: 20, end: 43 }],
};
const at = (documentId: string, start: number, end: number) => ({ documentId, start, end });
const context = (documentId: string | null, start: number | null, end: number | null, more: object = {}) => ({
  documentId,
  start,
  end,
  score: null,
  ...more,
});
const locate = (contexts: ReturnType<typeof context>[], more: object = {}) =>
  locator.locate({
    sample,
    answer: scriptedAnswer({ contexts }),
    candidates: undefined,
    foreign: false,
    ...more,
  });

describe('gold evidence', () => {
  it('is in the context where a passage overlaps it, or states the facts elsewhere', async () => {
    expect(await locate([context('tea', 40, 60)])).toMatchObject({ inCorpus: true, inContext: true });
    expect(await locate([context('blog', 0, 40)])).toMatchObject({ inContext: true });
    expect(await locate([context('tea', 43, 60), context('moon', 0, 10)])).toMatchObject({
      inContext: false,
    });
    expect(await locate([])).toMatchObject({ inContext: false });
  });

  it('counts only what was shown of a passage', async () => {
    const shown = (spans: object) => context('tea', 0, 100, { shown: spans });
    expect(await locate([shown({ passage: 1, spans: [{ start: 50, end: 90 }] })])).toMatchObject({
      inContext: false,
    });
    expect(await locate([context('tea', 0, 100, { shown: null })])).toMatchObject({ inContext: false });
    expect(await locate([shown({ passage: 1, spans: [{ start: 0, end: 30 }] })])).toMatchObject({
      inContext: true,
    });
  });

  it('has a rank among the candidates, asked for only where the context lacks it', async () => {
    let asked = 0;
    const candidates = async () => {
      asked++;
      return [at('moon', 0, 10), at('tea', 60, 90), at('tea', 0, 30)];
    };
    const missed = await locate([context('moon', 0, 10)], { candidates });
    expect([missed.candidateRank, stageOf(missed), asked]).toEqual([3, 'ranking-miss', 1]);
    expect(stageOf(await locate([context('tea', 0, 30)], { candidates }))).toBe('in-context');
    expect(asked).toBe(1);
    const nowhere = await locate([context('moon', 0, 10)], { candidates: async () => [at('moon', 0, 10)] });
    expect([nowhere.candidateRank, stageOf(nowhere)]).toEqual([null, 'retrieval-miss']);
  });

  it('needs every piece, where facts are too short to tell', async () => {
    const two: Sample = {
      ...sample,
      facts: [['90']],
      evidence: [
        { document: 'tea', start: 20, end: 43 },
        { document: 'moon', start: 0, end: 4 },
      ],
    };
    expect(await locate([context('tea', 0, 50)], { sample: two })).toMatchObject({ inContext: false });
    expect(await locate([context('tea', 0, 50), context('moon', 0, 9)], { sample: two })).toMatchObject({
      inContext: true,
    });
  });

  it('may be outside the corpus, unmarked, or in a context that says nothing of itself', async () => {
    const gone: Sample = { ...sample, evidence: [{ document: 'lost', start: 0, end: 5 }] };
    expect(stageOf(await locate([], { sample: gone }))).toBe('corpus-gap');
    expect(stageOf(await locate([], { sample: gone, foreign: true }))).toBe('retrieval-miss');
    expect(stageOf(await locate([], { sample: { ...sample, evidence: [] } }))).toBe('unknown');
    expect(stageOf(await locate([context(null, null, null)]))).toBe('unknown');
    expect(stageOf(await locate([], { answer: null }))).toBe('unknown');
  });

  it('is recognised in the text of a foreign passage', async () => {
    const short: Sample = { ...sample, facts: undefined };
    const given = (text: string) =>
      locate([context(null, null, null, { text })], { sample: short, foreign: true });
    expect(await given('First BOIL for\nninety seconds, then rest.')).toMatchObject({ inContext: true });
    expect(await given('Ninety.')).toMatchObject({ inContext: false });
  });
});

describe('a label', () => {
  it('is doubted when the evidence does not state a fact', async () => {
    expect(await locator.missingFacts(sample)).toEqual([]);
    const odd = { ...sample, facts: [['ninety seconds'], ['two minutes', '120 s']] };
    expect(await locator.missingFacts(odd)).toEqual(['two minutes']);
    const none = { base: undefined, gold: undefined, noContext: undefined };
    expect(doubtLabel(['two minutes'], none)).toContain('does not state');
    expect(doubtLabel([], none)).toBeNull();
  });

  it('is doubted when memory, search and evidence agree on something else', () => {
    const says = (answer: string) => scriptedAnswer({ answer });
    const [a, b] = [says('It takes two minutes.'), says('it takes two minutes')];
    expect(doubtLabel([], { base: a, gold: b, noContext: a })).toContain('agree');
    expect(doubtLabel([], { base: a, gold: b, noContext: says('An hour, I guess.') })).toBeNull();
    const stock = stockAnswers([a, b, says('Else.')]);
    expect([...stock]).toEqual([]);
    expect(doubtLabel([], { base: a, gold: b, noContext: a }, stockAnswers([a, a]))).toBeNull();
    const refused = scriptedAnswer({ answer: 'NOT ANSWERABLE', refusal: { reason: 'model-declined' } });
    expect(doubtLabel([], { base: refused, gold: refused, noContext: refused })).toBeNull();
  });
});

describe('a fault of form', () => {
  it('is what a metric of validity says', () => {
    const score = (value: number) => ({ status: 'scored' as const, value });
    expect(invalidBy({ correct: score(0), 'order.invalid': score(1) })).toBe('order.invalid is 1');
    expect(invalidBy({ correct: score(0), 'order.invalid': score(0) })).toBeNull();
    expect(invalidBy({ 'order.invalid': { status: 'undefined', reason: 'no-gold' } })).toBeNull();
  });

  it('has every fact but for case, spaces and signs', () => {
    const wants = (fact: string): Sample => ({ ...sample, facts: [[fact]] });
    expect(faultOfForm(wants('stopWhen'), scriptedAnswer({ answer: 'Set stop-when.' }))).not.toBeNull();
    expect(faultOfForm(wants('stopWhen'), scriptedAnswer({ answer: 'Set stop.' }))).toBeNull();
    // "2.0" holds the digits of "20", but so few letters prove nothing.
    expect(faultOfForm(wants('20'), scriptedAnswer({ answer: 'Version 2.0' }))).toBeNull();
    expect(faultOfForm({ ...sample, facts: undefined }, scriptedAnswer({ answer: 'x' }))).toBeNull();
  });
});
