import { spawn } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { FulcrumError, sampleSchema } from '../../core/index.ts';
import { type GenerationOptions, generateDataset } from './generate-dataset.ts';
import type { QuestionModel } from './generation.ts';
import {
  callCost,
  machineCorpus,
  openGeneration,
  scriptedQuestionModel,
} from './scripted-generation.fixture.ts';

async function generate(model: QuestionModel | null, more: Partial<GenerationOptions> = {}) {
  const { store } = await openGeneration(':memory:');
  return generateDataset({
    corpus: machineCorpus(60),
    store,
    model,
    kinds: ['single-fact'],
    count: 6,
    ...more,
  });
}

describe('generation with a model', () => {
  it('makes samples with document, span, facts and a tag for every gate', async () => {
    const made = await generate(scriptedQuestionModel());
    expect(made.samples).toHaveLength(6);
    expect(new Set(made.samples.map(({ group }) => group)).size).toBe(6);
    for (const sample of made.samples) {
      expect(sampleSchema.parse(sample)).toEqual(sample);
      expect(sample.facts?.[0]?.[0]).toMatch(/^10\d\d kilograms$/);
      expect(sample.evidence?.[0]?.start).toBe(10);
      expect(sample.tags).toEqual([
        'generated',
        'kind-single-fact',
        'gate-verbatim-passed',
        'gate-facts-in-evidence-passed',
        'gate-self-contained-passed',
        'gate-answerable-passed',
        'gate-closed-book-passed',
        'gate-distinct-passed',
        expect.stringMatching(/^found-(?:at-1|in-5|in-10|not-in-10)$/),
      ]);
    }
    expect(made.gates.answerable).toEqual({ passed: 6, failed: 0, unmeasured: 0 });
    // A draft, an answer with the evidence and one without for each of 6 questions, at a cent each.
    expect(made.usage.calls).toBe(18);
    expect(made.cost.usd).toBeCloseTo(0.18, 9);
    expect(made.coverage).toMatchObject({
      documents: { covered: 6, total: 60, read: 60 },
      sections: { covered: 6, total: 60 },
      kinds: { 'single-fact': { tried: 6, made: 6 } },
    });
  });

  it('counts what it rejects by reason and measures nothing after the first failed gate', async () => {
    const drafts = [
      () => 'Sure! Here is the JSON: {}',
      (weight: string, sentence: string) => ({ facts: [weight], quotes: [`${sentence} And more.`] }),
      (_weight: string, sentence: string) => ({ facts: ['12 tons'], quotes: [sentence] }),
      (_weight: string, sentence: string) => ({ facts: [], quotes: [sentence] }),
      (weight: string, sentence: string) => ({
        question: 'How heavy is it?',
        facts: [weight],
        quotes: [sentence],
      }),
      (weight: string, sentence: string) => ({
        question: `Does it weigh ${weight}?`,
        facts: [weight],
        quotes: [sentence],
      }),
    ];
    let at = 0;
    const model = scriptedQuestionModel({
      draft: ({ name, weight, sentence }) => {
        const draft = drafts[at++]?.(weight, sentence);
        if (draft === undefined || typeof draft === 'string') return draft ?? null;
        return JSON.stringify({ question: `How heavy is the ${name} machine?`, answer: weight, ...draft });
      },
    });
    const made = await generate(model, { count: 2, candidates: 10 });
    expect(made.samples).toHaveLength(2);
    expect(made.rejected).toEqual({
      'invalid-output': 1,
      'evidence-not-verbatim': 1,
      'fact-not-in-evidence': 1,
      'no-facts': 1,
      'not-self-contained': 1,
      'fact-in-question': 1,
    });
    expect(made.candidates).toBe(8);
    expect(made.gates.verbatim).toEqual({ passed: 6, failed: 1, unmeasured: 1 });
    expect(made.gates['closed-book']).toEqual({ passed: 2, failed: 0, unmeasured: 6 });
    // 8 drafts, and two gates for the two that came that far.
    expect(model.calls).toBe(12);
  });

  it('rejects what the evidence does not carry, and tags or drops what is known without it', async () => {
    const noEvidence = scriptedQuestionModel();
    const deaf: QuestionModel = {
      ...noEvidence,
      generate: async (request) =>
        request.schema
          ? noEvidence.generate(request)
          : { ...(await noEvidence.generate(request)), text: 'Heavy.' },
    };
    await expect(generate(deaf)).rejects.toMatchObject({ code: 'generation-empty' });
    await expect(generate(deaf)).rejects.toThrow('not-answerable-with-evidence 12');
    const knowing = () =>
      scriptedQuestionModel({
        closedBook: () => Array.from({ length: 60 }, (_, i) => `${1000 + i} kilograms`).join(),
      });
    const tagged = await generate(knowing());
    expect(tagged.samples[0]?.tags).toContain('gate-closed-book-failed');
    await expect(generate(knowing(), { dropKnown: true })).rejects.toThrow('known-without-evidence');
  });

  it('keeps unanswerable questions that the model refuses, and follow-ups with what came before', async () => {
    const refusing = scriptedQuestionModel();
    const model: QuestionModel = {
      ...refusing,
      generate: async (request) => ({
        ...(await refusing.generate(request)),
        ...(request.messages.at(-1)?.content.includes('Who designed') ? { text: 'NOT ANSWERABLE.' } : {}),
      }),
    };
    const made = await generate(model, { kinds: ['unanswerable', 'follow-up'], count: 4 });
    const unanswerable = made.samples.filter(({ answerable }) => !answerable);
    expect(unanswerable.length).toBeGreaterThan(0);
    for (const sample of unanswerable)
      expect([sample.evidence, sample.facts]).toEqual([undefined, undefined]);
    const followUp = made.samples.find(({ tags }) => tags?.includes('kind-follow-up'));
    expect(followUp?.input).toMatch(/^User: What is .*\nAssistant: For cold places\.\nUser: How heavy is/);
    await expect(generate(refusing, { kinds: ['unanswerable'] })).rejects.toThrow('answerable-after-all');
  });

  it('drops near-duplicates and one-document drafts of many-document questions', async () => {
    const same = scriptedQuestionModel({
      draft: ({ weight, sentence }) =>
        JSON.stringify({
          question: 'How heavy is the machine?',
          answer: weight,
          facts: [weight],
          quotes: [sentence],
        }),
    });
    const made = await generate(same, { count: 3 });
    expect([made.samples.length, made.rejected['near-duplicate']]).toEqual([1, 5]);
    await expect(generate(scriptedQuestionModel(), { kinds: ['multi-document'] })).rejects.toThrow(
      'one-document-enough 12',
    );
  });
});

it('lets a small local model word questions on sentences that the rule chose', async () => {
  const scripted = scriptedQuestionModel();
  const wording = [
    'How heavy is the machine in question?\nMore text',
    'No question',
    'Does it weigh 1000?',
    '1000?',
  ];
  let at = 0;
  const local: QuestionModel = {
    ...scripted,
    local: true,
    generate: async (request) => {
      const user = request.messages.at(-1)?.content ?? '';
      const said = await scripted.generate(request);
      return user.startsWith('Statement') ? { ...said, text: wording[at++ % 4] ?? '' } : said;
    },
  };
  const made = await generate(local, { kinds: undefined, count: 1, candidates: 4 });
  expect(made.samples[0]).toMatchObject({ input: 'How heavy is the machine in question?' });
  expect(made.samples[0]?.facts?.[0]?.[0]).toMatch(/^10\d\d$/);
  expect(made.samples[0]?.evidence?.[0]?.start).toBe(10);
  expect(made.coverage.kinds).toEqual({ 'single-fact': { tried: 1, made: 1 } });
});

describe('what generation costs', () => {
  it('is estimated before anything is asked, and stops at the budget', async () => {
    const model = scriptedQuestionModel();
    const estimates: unknown[] = [];
    const refused = generate(model, { budget: 0.35, onEstimate: (estimate) => estimates.push(estimate) });
    await expect(refused).rejects.toMatchObject({ code: 'budget-exceeded' });
    // Twelve candidates of three calls at a cent.
    expect(estimates).toEqual([
      { candidates: 12, cached: 0, calls: 36, usd: expect.closeTo(0.36, 9), unknown: 0 },
    ]);
    expect(model.calls).toBe(0);
    const asked = await generate(model, { budget: 0.1, approve: async ({ usd }) => usd > 0.3 });
    expect(asked.samples).toHaveLength(6);
  });

  it('stops where calls cost more than was estimated, and goes on from there', async () => {
    const { store } = await openGeneration(':memory:');
    const model = scriptedQuestionModel();
    // A tenth of what a call then costs, which is a cent.
    const cheap = { ...model, price: () => ({ ...callCost, usd: 0.001 }) };
    const stopped = generate(cheap, { store, budget: 0.05, concurrency: 1 });
    await expect(stopped).rejects.toMatchObject({
      code: 'budget-reached',
      data: { work: 'making questions', spent: '0.0500', budget: 0.05 },
    });
    expect(model.calls).toBe(5);
    const made = await generate(cheap, { store });
    expect(made.samples).toHaveLength(6);
    expect(model.calls).toBe(18);
  });

  it('is paid once: the same request again asks nothing, a larger one only what is missing', async () => {
    const { store } = await openGeneration(':memory:');
    const model = scriptedQuestionModel();
    const first = await generate(model, { store });
    expect(model.calls).toBe(18);
    const again = await generate(model, { store });
    expect(model.calls).toBe(18);
    expect(again.samples).toEqual(first.samples);
    expect(again.cost.usd).toBe(0);
    const more = await generate(model, { store, count: 9 });
    expect(model.calls).toBe(27);
    expect(more.samples.slice(0, 6)).toEqual(first.samples);
  });

  it('makes anew what a kept candidate of another corpus order does not fit, without paying again', async () => {
    const { store } = await openGeneration(':memory:');
    const model = scriptedQuestionModel();
    const first = await generate(model, { store });
    const kept = store.candidates;
    const shifted = async (plan: string) =>
      new Map([...(await kept(plan))].map(([ordinal, candidate]) => [ordinal + 1, candidate]));
    const again = await generate(model, { store: { ...store, candidates: shifted } });
    expect(again.samples).toEqual(first.samples);
    expect(again.reusedCalls).toBe(18);
    expect(model.calls).toBe(18);
  });

  it('goes on after a failure of one candidate, and stops when nothing works', async () => {
    const failing = (code: 'model-failed' | 'model-key-rejected', until: number): QuestionModel => {
      const model = scriptedQuestionModel();
      let calls = 0;
      const generateText: QuestionModel['generate'] = async (request) => {
        if (calls++ < until) throw new FulcrumError(code, { model: 'm', problem: 'scripted' });
        return model.generate(request);
      };
      return { ...model, generate: generateText };
    };
    const made = await generate(failing('model-failed', 2), { concurrency: 1 });
    expect([made.samples.length, made.rejected]).toEqual([6, { 'model-failed': 2 }]);
    await expect(generate(failing('model-failed', 99))).rejects.toMatchObject({ code: 'model-failed' });
    await expect(generate(failing('model-key-rejected', 1))).rejects.toMatchObject({
      code: 'model-key-rejected',
    });
  });
});

it('without a model makes gaps, says what they cannot show, and costs nothing', async () => {
  const made = await generate(null, { count: 3, split: 'test' });
  expect(made.samples.map(({ split, tags }) => [split, tags?.slice(0, 2)])).toEqual(
    Array(3).fill(['test', ['cloze', 'kind-single-fact']]),
  );
  expect(made.samples[0]?.facts?.[0]?.[0]).toMatch(/^10\d\d$/);
  expect(made.limits.join(' ')).toContain('flatter keyword search');
  expect([made.usage.calls, made.cost.usd]).toEqual([0, 0]);
  await expect(generate(null, { corpus: machineCorpus(0) })).rejects.toMatchObject({ code: 'index-empty' });
});

/** Generates in a process of its own and kills it after so many calls (never: to its end). */
function generateInProcess(file: string, questions: number, killAfterCalls: number) {
  const program = join(import.meta.dirname, 'scripted-generation.fixture.ts');
  return new Promise<{ calls: number; killed: boolean }>((done, fail) => {
    const child = spawn(process.execPath, [program, file, String(questions)], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let calls = 0;
    child.stdout.on('data', (dots: Buffer) => {
      calls += dots.length;
      if (calls >= killAfterCalls) child.kill('SIGKILL');
    });
    child.on('error', fail);
    child.on('close', (_code, signal) => done({ calls, killed: signal === 'SIGKILL' }));
  });
}

it('ends in the same set however often it is killed, and pays again only for calls in flight', async () => {
  const questions = 20;
  const reference = scriptedQuestionModel();
  const expected = await generate(reference, { kinds: ['single-fact', 'how-to'], count: questions });
  const file = join(mkdtempSync(join(tmpdir(), 'fulcrum-generation-')), 'killed.db');
  let calls = 0;
  let kills = 0;
  for (let attempt = 0; attempt < 8; attempt++) {
    const outcome = await generateInProcess(file, questions, kills < 4 ? 3 + kills * 4 : Infinity);
    calls += outcome.calls;
    if (!outcome.killed) break;
    kills++;
  }
  expect(kills).toBeGreaterThanOrEqual(3);
  expect(calls).toBeLessThanOrEqual(reference.calls + kills * 3);
  const { store } = await openGeneration(file);
  const model = scriptedQuestionModel();
  const made = await generate(model, { store, kinds: ['single-fact', 'how-to'], count: questions });
  expect(model.calls).toBe(0);
  expect(made.samples).toEqual(expected.samples);
}, 60_000);
