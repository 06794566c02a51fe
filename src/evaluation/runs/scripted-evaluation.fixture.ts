import { type Answer, FulcrumError, localOwner, noUsage, type Sample } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createDatasetStore } from '../datasets/dataset-store.ts';
import type { Evaluated } from '../evaluated.ts';
import { evaluationMigrations } from '../migrations.ts';
import { createScorers } from '../scorers/scorers.ts';
import { type EvaluationOptions, runEvaluation } from './run-evaluation.ts';
import { createRunStore } from './run-store.ts';

/** Samples whose answer is `fact N`; every third pair shares a group. */
export function scriptedSamples(count: number): Sample[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `s${String(index).padStart(3, '0')}`,
    input: `question ${index}`,
    facts: [[`fact ${index}`]],
    answerable: true,
    group: `g${Math.floor(index / 2)}`,
    tags: [index % 2 === 0 ? 'even' : 'odd'],
  }));
}

/** An answer in full, of which a script says a part. */
export function scriptedAnswer(part: Partial<Answer>): Answer {
  return {
    answer: '',
    citations: [],
    removedCitations: 0,
    refusal: null,
    contexts: [],
    usage: { ...noUsage, inputTokens: 10, outputTokens: 2, calls: 1 },
    cost: { usd: 0.01, source: 'price-list', priceDate: '2026-01-01', basis: 'scripted' },
    seconds: 0.5,
    confidence: null,
    ...part,
  };
}

/** A variant by script: right but for each fifth question, failing on each seventh; every call is counted. */
export function scriptedVariant(
  name: string,
  more: {
    delayMs?: number;
    definition?: Record<string, unknown>;
    usd?: number | null;
    onCall?: () => void;
  } = {},
): Evaluated {
  return {
    name,
    kind: 'external',
    deployable: true,
    definition: more.definition ?? { script: name },
    estimate: async () => ({
      inputTokens: 10,
      outputTokens: 5,
      usd: more.usd === undefined ? 0.02 : more.usd,
    }),
    async answer({ input, signal }) {
      more.onCall?.();
      if (more.delayMs) await new Promise((done) => setTimeout(done, more.delayMs));
      signal?.throwIfAborted();
      const number = Number(input.split(' ')[1]);
      if (number % 7 === 6) throw new FulcrumError('external-failed', { variant: name, problem: 'scripted' });
      return scriptedAnswer({ answer: number % 5 === 4 ? '{"not": "it"}' : `It is fact ${number}.` });
    },
  };
}

/** Stores over a database file (or memory) with the scripted dataset in it, and a way to run variants. */
export async function openScripted(file: string, count: number) {
  const database = await openDatabase(file, [evaluationMigrations]);
  const datasets = createDatasetStore(database);
  const store = createRunStore(database);
  await datasets.save('scripted', scriptedSamples(count), 'script');
  const dataset = await datasets.get('scripted');
  const run = (variants: Evaluated[], more: Partial<EvaluationOptions> = {}) =>
    runEvaluation({
      dataset,
      variants,
      principal: localOwner,
      scorers: createScorers(),
      store,
      version: 'test',
      ...more,
    });
  return { database, datasets, dataset, store, run };
}

// Run as a program (by the test that kills it): node scripted-evaluation.fixture.ts DATABASE SAMPLES CONCURRENCY
if (process.argv[1]?.endsWith('scripted-evaluation.fixture.ts') && process.argv[2] !== undefined) {
  const { run, database } = await openScripted(process.argv[2], Number(process.argv[3]));
  const onCall = (): void => void process.stdout.write('.');
  await run([scriptedVariant('a', { delayMs: 5, onCall })], { concurrency: Number(process.argv[4]) });
  await database.close();
}
