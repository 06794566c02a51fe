import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { datesOf } from './dates.ts';
import { indexEvidence } from './evidence-index.ts';
import { hardFailures } from './hard-failures.ts';
import { numberWordsOf } from './number-words.ts';

/** Claim, evidence, and what fails; nothing where the evidence says the same in other words. */
type Case = readonly [claim: string, evidence: string, failures: readonly string[]];

const check = (cases: readonly Case[]): void => {
  it.each(cases)('%s | %s', (claim, evidence, failures) => {
    const found = hardFailures(claim, indexEvidence(evidence));
    expect(found.map((failure) => `${failure.kind} ${failure.found}`)).toEqual(failures);
  });
};

describe('number words', () => {
  it('are read as one number each', () => {
    const values = (text: string) => numberWordsOf(text).map(({ value, kind }) => `${value} ${kind}`);
    expect(values('twenty-five of two hundred and five')).toEqual(['25 count', '205 count']);
    expect(values('three million four hundred thousand')).toEqual(['3400000 count']);
    expect(values('five six')).toEqual(['5 count', '6 count']);
    expect(values('half, a quarter, two thirds, three quarters')).toEqual([
      '0.5 fraction',
      '0.25 fraction',
      `${2 / 3} fraction`,
      '0.75 fraction',
    ]);
    expect(values('a dozen, the third, twice, an hour')).toEqual([
      '12 count',
      '3 ordinal',
      '2 times',
      '1 article',
    ]);
    expect(values('a seventeenth-century tenant')).toEqual(['1 article']);
  });

  check([
    ['There are 25 valves.', 'There are twenty-five valves.', []],
    ['There are twenty-five valves.', 'There are 25 valves.', []],
    ['There are twenty-six valves.', 'There are 25 valves.', ['number twenty-six']],
    ['It holds 205 bolts.', 'It holds two hundred and five bolts.', []],
    ['It has 2,000,000 users.', 'It has 2 million users.', []],
    ['It has 2 billion users.', 'It has 2 million users.', ['number 2 billion']],
    ['It costs $2m.', 'It costs 2 million dollars.', []],
    ['A batch has 12 eggs.', 'A batch has a dozen eggs.', []],
    ['It takes 1 hour.', 'It takes an hour.', []],
    ['It takes one hour.', 'It takes two hours.', ['number one']],
    ['It was the 3rd attempt.', 'It was the third attempt.', []],
    ['One can see it.', 'It can be seen.', []],
  ]);
});

describe('shares', () => {
  check([
    ['Half of the crew left.', '50 % of the crew left.', []],
    ['50 percent of the crew left.', 'Half of the crew left.', []],
    ['33% of the crew left.', 'A third of the crew left.', []],
    ['A quarter of the crew left.', '24 % of the crew left.', ['number A quarter']],
    ['The rate is 5%.', 'The rate is 0.05.', []],
    ['The rate is 5%.', 'The rate is 0.5.', ['number 5']],
    ['It rose by 5 percent.', 'It rose by 5 percentage points.', ['unit 5 %']],
    ['It rose by 5 percent.', 'It rose by 5 points.', ['unit 5 %']],
  ]);
});

describe('units', () => {
  check([
    ['The cable is 1500 m long.', 'The cable is 1.5 km long.', []],
    ['The cable is 15 m long.', 'The cable is 1.5 km long.', ['number 15']],
    ['It waits 90 seconds.', 'It waits 1.5 minutes.', []],
    ['It waits 90 minutes.', 'It waits 90 seconds.', ['unit 90 min']],
    ['The run is 42 km.', 'The run is 26.2 miles.', []],
    ['The run is 43 km.', 'The run is 26.2 miles.', ['number 43']],
    ['It boils at 212 °F.', 'It boils at 100 °C.', []],
    ['It boils at 100 °F.', 'It boils at 100 °C.', ['unit 100 °F']],
    ['The file has 2 GB.', 'The file has 2000 MB.', []],
    ['The file has 2 MB.', 'The file has 2 GB.', ['unit 2 MB']],
    ['The fee is €20.', 'The fee is $20.', ['unit €20']],
    ['Contracts run 24 months.', 'Contracts run two years.', []],
  ]);
});

describe('numbers of something else', () => {
  check([
    [
      'Black tea wants 80 degrees.',
      'Green tea wants 80 degrees. Black tea wants boiling water.',
      ['number 80'],
    ],
    ['Green tea wants 80 degrees.', 'Green tea wants 80 degrees. Black tea wants boiling water.', []],
    ['The Rotork pump moves 40 litres.', 'The pump is made by Rotork. It moves 40 litres.', []],
  ]);
});

describe('signs, ranges, bounds', () => {
  check([
    ['It starts at -5 °C.', 'It starts at 5 °C.', ['number 5']],
    ['It starts at −5 °C.', 'It starts at minus 5 °C.', []],
    ['It takes 5 to 10 days.', 'It takes 5-10 days.', []],
    ['It takes 7 days.', 'It takes 5–10 days.', ['number 7']],
    ['It takes at least 5 days.', 'It takes at most 5 days.', ['number at least 5']],
    ['It takes up to 5 days.', 'It takes no more than 5 days.', []],
    ['It takes 5 days or more.', 'It takes less than 5 days.', ['number at least 5']],
    ['It takes no longer than 5 days.', 'It takes up to 5 days.', []],
    ['It weighs about 3.5 kg.', 'It weighs 3.48 kg.', []],
    ['It weighs 3.5 kg.', 'It weighs 3.48 kg.', ['number 3.5']],
    ['About 40,000 people live there.', 'There live 38,950 people.', []],
  ]);
});

describe('versions', () => {
  check([
    ['It needs Python 3.1.', 'It needs Python 3.10.', ['number 3.1']],
    ['It needs Python 3.10.', 'It needs Python 3.10 or later.', []],
    ['It came with version 2.25.', 'It came with version 2.2.', ['number 2.25']],
    ['It came with 1.2.3.', 'It came with 1.2.30.', ['number 1.2.3']],
    ['It came with 1.2.', 'It came with 1.2.3.', ['number 1.2']],
    ['It runs on v2.', 'It runs on v2.1.', ['identifier v2']],
    ['The valve opens at 3.50 bar.', 'The valve opens at 3.5 bar.', []],
  ]);
});

describe('dates', () => {
  it('are read with the parts that they have', () => {
    const parts = (text: string) =>
      datesOf(text).map(({ year, month, day, minutes }) => [year, month, day, minutes]);
    expect(parts('2024-03-05, 5 March 2024, March 5th, Sept. 2023, 2:30 pm')).toEqual([
      [2024, 3, 5, null],
      [2024, 3, 5, null],
      [null, 3, 5, null],
      [2023, 9, null, null],
      [null, null, null, 870],
    ]);
    expect(parts('2024-13-05, 32 March, may go, 25:00, 1.2.2024-01')).toEqual([]);
  });

  check([
    ['It ends on 5 March 2024.', 'It ends on 2024-03-05.', []],
    ['It ends on March 5, 2024.', 'It ends on 5 Mar 2024.', []],
    ['It ends on March 6, 2024.', 'It ends on 5 March 2024.', ['number March 6, 2024']],
    ['It ends on 3 May 2024.', 'It ends on 2024-03-05.', ['number 3 May 2024']],
    ['It ends in March 2024.', 'It ends on 5 March 2024.', []],
    ['It ends in 2024.', 'It ends on 5 March 2024.', []],
    ['It ends in 2025.', 'It ends on 5 March 2024.', ['number 2025']],
    ['It ends on 5 March 2024.', 'It ends in March 2024.', ['number 5 March 2024']],
    ['It opens at 14:30.', 'It opens at 2:30 pm.', []],
    ['It opens at 2:30 am.', 'It opens at 2:30 pm.', ['number 2:30 am']],
  ]);
});

describe('identifiers', () => {
  check([
    ['Set `max_flow`.', 'Set `max_flow_rate`.', ['identifier max_flow']],
    ['Pass --dry.', 'Pass --dry-run.', ['identifier --dry']],
    ['Call streamText().', 'Call `streamText({ model })`.', []],
    ['Call streamTexts().', 'Call `streamText({ model })`.', ['identifier streamTexts']],
    ['Edit config.json.', 'Edit config.json.', []],
  ]);
});

describe('denials and exceptions', () => {
  check([
    ['Node 16 is supported.', 'Node 16 is no longer supported.', ['negation no longer']],
    ['Node 16 is no longer supported.', 'Node 16 is supported.', ['negation no longer']],
    ['Node 16 is no longer supported.', 'Node 16 is not supported any more.', []],
    ['Sale items can be returned.', 'Items can be returned except sale items.', ['negation except']],
    ['Items can be returned except sale items.', 'Items can be returned.', ['negation except']],
    ['Items can be returned, apart from sale items.', 'Items can be returned except sale items.', []],
    ['The lamp burns unless it rains.', 'The lamp burns when it rains.', ['negation unless']],
    ['The pump starts.', 'The pump fails to start.', ['negation fails']],
    ['It runs without a key.', 'It runs with a key.', ['negation without']],
    ['Caching is enabled by default.', 'Caching is disabled by default.', ['negation enabled']],
    ['Caching is disabled by default.', 'Caching is not enabled by default.', []],
    ['The key is optional.', 'The key is required.', ['negation optional']],
    ['It supports JSON but does not support XML.', 'It does not support XML. It supports JSON.', []],
    ['It does not support JSON.', 'It supports JSON but does not support XML.', ['negation not']],
    ['It is not only fast.', 'It is fast.', []],
    ['No, but it is fast.', 'It is fast.', []],
  ]);
});

describe('for any text', () => {
  it('a statement never fails against itself', () => {
    const piece = fc.constantFrom(
      'the pump moves 40 litres',
      'no longer starts below -5 °C',
      'unless 2:30 pm',
      'half of the',
      'two hundred and five',
      'at least 3.10',
      'on 5 March 2024',
      'Python 3.10',
      '--dry-run',
      '`max_flow`',
      '$2m',
      'never',
      'but',
      '.',
      'without a key',
      '1,000',
    );
    fc.assert(
      fc.property(fc.array(piece, { minLength: 1, maxLength: 8 }), (pieces) => {
        const text = pieces.join(' ');
        const found = hardFailures(text, indexEvidence(text)).filter(({ kind }) => kind !== 'negation');
        expect(found).toEqual([]);
      }),
    );
  });

  it('takes any characters in linear time', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), fc.string({ unit: 'binary' }), (claim, evidence) => {
        hardFailures(claim, indexEvidence(evidence));
      }),
    );
    const startedAt = performance.now();
    for (const noise of ['twenty ', '1,000,', 'no ', 'March 5 ', '`', '3.1.', 'a a ', '12:30 '])
      hardFailures(noise.repeat(2500), indexEvidence(noise.repeat(20_000)));
    expect(performance.now() - startedAt).toBeLessThan(8000);
  });
});
