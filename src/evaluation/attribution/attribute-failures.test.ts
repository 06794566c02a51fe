import { describe, expect, it } from 'vitest';
import { type Answer, localOwner, type Sample } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createDatasetStore } from '../datasets/dataset-store.ts';
import type { Evaluated } from '../evaluated.ts';
import { evaluationMigrations } from '../migrations.ts';
import { createRunStore } from '../runs/run-store.ts';
import { scriptedAnswer } from '../runs/scripted-evaluation.fixture.ts';
import { createScorers } from '../scorers/scorers.ts';
import { type AttributionOptions, attributeFailures } from './attribute-failures.ts';
import { attributionReportSchema } from './attribution-report.ts';
import { attributionArms } from './sample-outcome.ts';

// Sixty questions, each with a document of its own. By number modulo 10: 0-2 the evidence is not found (30 %), 3 it is
// found but cut, 4 the placebo flips, 5 gold helps against distractors, 6 nothing helps; the others are right.
const samples: Sample[] = Array.from({ length: 60 }, (_, index) => ({
  id: `s${String(index).padStart(2, '0')}`,
  input: `question ${index}`,
  facts: [[`fact number ${index}`]],
  answerable: true,
  evidence: [{ document: `d${index}`, start: 0, end: 20 }],
}));
const numberOf = (input: string): number => Number(input.split(' ')[1]);
const textOf = (number: number): string => `This is fact number ${number}.`;

const rightArms: Record<number, readonly string[]> = {
  0: ['gold', 'gold-distractors', 'gold-few-shot'],
  1: ['gold', 'gold-distractors', 'gold-few-shot'],
  2: ['gold', 'gold-distractors', 'gold-few-shot'],
  3: ['gold', 'gold-distractors', 'gold-few-shot'],
  4: ['placebo', 'gold'],
  5: ['gold'],
  6: [],
};

function scripted(name: string, onCall: () => void = () => {}): Evaluated {
  return {
    name: name === 'base' ? 'rag' : `rag.${name}`,
    kind: name === 'base' ? 'rag' : 'oracle',
    deployable: name === 'base',
    definition: { script: name },
    retrieves: name === 'base',
    estimate: async () => ({ inputTokens: 1, outputTokens: 1, usd: 0 }),
    async answer({ input }): Promise<Answer> {
      onCall();
      const number = numberOf(input);
      const rights = rightArms[number % 10];
      const right = rights === undefined || rights.includes(name);
      const found = number % 10 > 3;
      const documentId = found ? `d${number}` : 'elsewhere';
      return scriptedAnswer({
        answer: right ? textOf(number) : 'No idea, perhaps a moon.',
        contexts: [{ documentId, start: 0, end: 30, score: 1 }],
      });
    },
  };
}

async function open(onCall: () => void = () => {}) {
  const database = await openDatabase(':memory:', [evaluationMigrations]);
  const datasets = createDatasetStore(database);
  await datasets.save('planted', samples, 'script');
  const options: AttributionOptions = {
    base: scripted('base', onCall),
    arms: attributionArms.map((arm) => ({ arm, variant: scripted(arm, onCall) })),
    dataset: await datasets.get('planted'),
    metric: 'correct',
    search: { arm: 'hybrid', limit: 50 },
    principal: localOwner,
    scorers: createScorers(),
    store: createRunStore(database),
    version: 'test',
    readDocument: async (id) => ({
      text: id === 'elsewhere' ? 'Nothing.' : textOf(numberOf(id.replace('d', 'd '))),
      version: 'v',
      uri: id,
    }),
    retrieve: async (query) => {
      const number = numberOf(query);
      const last = number % 10 === 3 ? [{ documentId: `d${number}`, start: 0, end: 30 }] : [];
      return [{ documentId: 'elsewhere', start: 0, end: 8 }, ...last];
    },
  };
  return { options, store: options.store };
}

describe('attributing the failures of a variant', () => {
  it('finds what was planted, in every class, and asks each arm once', async () => {
    let calls = 0;
    const { options, store } = await open(() => calls++);
    const report = attributionReportSchema.parse(await attributeFailures(options));
    expect(calls).toBe(60 * 6);
    const counts = Object.fromEntries(
      report.classes.filter(({ count }) => count > 0).map(({ failure, count }) => [failure, count]),
    );
    expect(counts).toEqual({
      'retrieval-miss': 18,
      'ranking-miss': 6,
      variance: 6,
      distracted: 6,
      behaviour: 6,
    });
    const share = report.classes.find(({ failure }) => failure === 'retrieval-miss')?.share;
    expect(share?.mean).toBeCloseTo(18 / 42, 12);
    // Gold among distractors mends 24 of 42, the placebo 6.
    const remedy = report.remedies.find(({ arm }) => arm === 'gold-distractors');
    expect(remedy).toMatchObject({ helped: 24, harmed: 0, helpedByPlacebo: 6, wrongBefore: 42 });
    expect(remedy?.attributable?.mean).toBeCloseTo(18 / 42, 12);
    expect(report.failed.find(({ sample }) => sample === 's04')).toMatchObject({
      failure: 'variance',
      arms: { placebo: 'right', gold: 'right', 'gold-distractors': 'wrong' },
    });
    // Again: nothing is asked anew, and the report says the same.
    const again = await attributeFailures(options);
    expect(calls).toBe(60 * 6);
    expect(again.classes).toEqual(report.classes);
    expect((await store.list()).length).toBe(12);
  });

  it('goes without the arms that cannot be run and says what cannot be told', async () => {
    const { options } = await open();
    const report = await attributeFailures({
      ...options,
      search: null,
      arms: attributionArms.map((arm) => ({ arm, name: `rag.${arm}`, absent: 'not for this pipeline' })),
    });
    expect(report.remedies).toEqual([]);
    expect(report.candidates).toBeNull();
    const counts = Object.fromEntries(
      report.classes.filter(({ count }) => count > 0).map(({ failure, count }) => [failure, count]),
    );
    // What was found and cut cannot be told from what was not found; what was read cannot be told apart.
    expect(counts).toEqual({ 'retrieval-miss': 24, undetermined: 18 });
    expect(report.arms.filter(({ absent }) => absent !== null)).toHaveLength(5);
  });

  it('refuses a metric of which less is better', async () => {
    const { options } = await open();
    await expect(attributeFailures({ ...options, metric: 'latency' })).rejects.toMatchObject({
      code: 'usage',
    });
    await expect(attributeFailures({ ...options, metric: 'corect' })).rejects.toMatchObject({
      code: 'metric-unknown',
    });
  });
});
