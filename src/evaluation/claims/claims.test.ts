import fc from 'fast-check';
import { afterEach, describe, expect, it } from 'vitest';
import { type Answer, noCost, noUsage, type Score, sha256 } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { createJudge } from '../judges/judge.ts';
import { createJudgeStore, judgeMigrations } from '../judges/judge-store.ts';
import { type Script, verdictsOn } from '../judges/scripted-judge.fixture.ts';
import { scriptedAnswer } from '../runs/scripted-evaluation.fixture.ts';
import { cellMigrations, createCellStore } from './cell-store.ts';
import { claimHash } from './claim-cell.ts';
import { type ClaimVerifier, createJudgeVerifier, createSupportVerifier } from './claim-verifier.ts';
import { type RagMetric, ragMetricNames } from './rag-metric-names.ts';
import { createRagScorers } from './rag-scorers.ts';
import { splitClaims } from './split-claims.ts';

const closers: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
});

/** Sentences that end in a full stop and a space. */
const bySentence = (text: string) =>
  [...text.matchAll(/[^.;?]+[.;?]?/g)].map((match) => ({
    start: match.index,
    end: match.index + match[0].length,
  }));

/** A claim is supported by a text that holds it word for word. */
const verbatim: ClaimVerifier = createSupportVerifier({
  checkSupport: (claim, evidence) => ({
    score: evidence.includes(claim) ? 1 : 0,
    hardFailures:
      claim.includes('not') && !evidence.includes(claim) ? [{ kind: 'negation', found: 'not' }] : [],
    supported: evidence.includes(claim),
  }),
  splitSentences: bySentence,
  version: 'verbatim',
});

async function open() {
  const database = await openDatabase(':memory:', [cellMigrations, judgeMigrations]);
  closers.push(() => database.close());
  return { database, cells: createCellStore(database) };
}

function judged(
  answer: string,
  contexts: readonly string[],
  more: Partial<ScoredSample> & { reference?: string } = {},
): ScoredSample {
  const { reference, ...rest } = more;
  const sample = { id: 's', input: 'q', answerable: true, ...(reference === undefined ? {} : { reference }) };
  const texts = contexts.map((text) => ({ documentId: null, start: null, end: null, score: null, text }));
  return {
    sample,
    answer: scriptedAnswer({ answer, contexts: texts as Answer['contexts'] }),
    retrieves: true,
    ...rest,
  };
}

async function scoresOf(
  subject: ScoredSample,
  verifier: ClaimVerifier,
  cells: Awaited<ReturnType<typeof open>>['cells'],
  metrics: readonly RagMetric[] = ragMetricNames,
): Promise<Record<string, Score>> {
  const scorers = createRagScorers({ metrics, verifier, cells, readDocument: async () => null, embed: null });
  const pairs = await Promise.all(
    scorers.map(async (scorer, index) => [metrics[index], await scorer.score(subject)]),
  );
  return Object.fromEntries(pairs) as Record<string, Score>;
}

const value = (score: Score | undefined): number | string =>
  score?.status === 'scored'
    ? score.value
    : score?.status === 'undefined'
      ? score.reason
      : `error ${score?.cause}`;

describe('claims without a model', () => {
  it('are sentences and clauses; questions, leads and repetitions are none', () => {
    const text = 'Here are two:\n- It is red; it is warm.\nIt is red. Is it? OK.';
    const split = (whole: string) =>
      [...whole.matchAll(/[^\n.?]+[.?]?/g)].map((m) => ({ start: m.index, end: m.index + m[0].length }));
    expect(splitClaims(text, split)).toEqual(['It is red', 'it is warm.', 'It is red.']);
    expect(splitClaims('', split)).toEqual([]);
  });
});

describe('the metrics', () => {
  it('are those of an example counted by hand', async () => {
    const { cells } = await open();
    // Claims of the answer: A right and in the relevant context 1; B wrong, in context 1; C wrong, in context 2 only;
    // D right and in no context; E wrong and nowhere.
    const subject = judged('A one. B two. C six. D ten. E zed.', ['A one. B two.', 'C six.'], {
      reference: 'A one. D ten.',
    });
    const scores = await scoresOf(subject, verbatim, cells);
    expect(Object.fromEntries(Object.entries(scores).map(([name, score]) => [name, value(score)]))).toEqual({
      faithfulness: 0.6,
      'context-precision': 1 / (1 + 1e-10),
      'context-recall': 0.5,
      'noise-sensitivity-relevant': 0.2,
      'noise-sensitivity-irrelevant': 0.2,
      // 2 of 5 claims right, 2 of 2 wanted: F1 = 2 * .4 * 1 / 1.4; no embedding, so claims alone.
      'answer-correctness': (2 * 0.4) / 1.4,
      'answer-relevancy': 'no-embeddings',
      hallucination: 0.2,
      'self-knowledge': 0.2,
    });
    expect(scores.faithfulness).toMatchObject({
      detail: {
        claims: [{ claim: 'A one.', verdict: 'supported', source: 'deterministic' }, {}, {}, {}, {}],
      },
    });
  });

  it.each<[string, ScoredSample, Partial<Record<RagMetric, string | number>>]>([
    [
      'a refusal',
      judged('', ['A one.'], {
        answer: scriptedAnswer({ refusal: { reason: 'not-in-corpus' } }),
        reference: 'A one.',
      }),
      {
        faithfulness: 'abstained',
        hallucination: 'abstained',
        'answer-correctness': 'abstained',
        'context-recall': 0,
      },
    ],
    [
      'no claims',
      judged('Why?', ['A one.'], { reference: 'A one.' }),
      { faithfulness: 'no-claims', 'answer-correctness': 0 },
    ],
    [
      'no reference',
      judged('A one.', ['A one.']),
      { faithfulness: 1, 'context-recall': 'no-gold', hallucination: 'no-gold' },
    ],
    [
      'nothing retrieved',
      judged('A one.', [], { reference: 'A one.' }),
      { faithfulness: 0, 'context-recall': 0, 'context-precision': 0 },
    ],
    [
      'no retriever',
      judged('A one.', [], { retrieves: false, reference: 'A one.' }),
      { faithfulness: 'no-retriever', 'answer-correctness': 1 },
    ],
    [
      'contexts that nobody names',
      judged('A one.', [], { retrieves: undefined }),
      { faithfulness: 'no-contexts' },
    ],
    [
      'contexts whose text cannot be had',
      judged('A one.', [], {
        answer: scriptedAnswer({
          answer: 'A one.',
          contexts: [{ documentId: 'gone', start: 0, end: 3, score: 1 }],
        }),
      }),
      { faithfulness: 'contexts-without-text' },
    ],
  ])('%s', async (_name, subject, expected) => {
    const { cells } = await open();
    const scores = await scoresOf(subject, verbatim, cells, Object.keys(expected) as RagMetric[]);
    for (const [metric, wanted] of Object.entries(expected))
      expect(value(scores[metric]), metric).toBe(wanted);
  });

  it('keep the identities of RAGChecker', async () => {
    const { cells } = await open();
    const sentences = fc.uniqueArray(fc.constantFrom('Ax a.', 'Bx b.', 'Cx c.', 'Dx d.', 'Ex e.', 'Fx f.'), {
      minLength: 1,
    });
    await fc.assert(
      fc.asyncProperty(
        sentences,
        sentences,
        fc.array(sentences, { maxLength: 3 }),
        async (answer, reference, contexts) => {
          const join = (parts: readonly string[]): string => parts.join(' ');
          const subject = judged(join(answer), contexts.map(join), { reference: join(reference) });
          const found = await scoresOf(subject, verbatim, cells);
          const of = (metric: RagMetric): number => Number(value(found[metric]));
          const right = answer.filter((claim) => reference.includes(claim)).length / answer.length;
          // Without contexts noise is undefined, for nothing could mislead.
          const noise =
            contexts.length === 0 ? 0 : of('noise-sensitivity-relevant') + of('noise-sensitivity-irrelevant');
          expect(of('hallucination') + noise).toBeCloseTo(1 - right, 12);
          expect(of('faithfulness')).toBeCloseTo(1 - of('hallucination') - of('self-knowledge'), 12);
        },
      ),
      { numRuns: 30 },
    );
  });
});

describe('the matrix of a model judge', () => {
  async function withJudge(script: Script) {
    const { database, cells } = await open();
    const calls: { alone?: boolean; count: number }[] = [];
    const model = {
      id: 'scripted',
      async ask(request: { material: unknown }) {
        const material = request.material as Parameters<Script>[0];
        calls.push({ count: material.items?.length ?? 0 });
        const given = await script(material, calls.length - 1, request as never);
        const text = typeof given === 'string' ? given : JSON.stringify(given);
        return { text, finishReason: 'stop' as const, usage: { ...noUsage, calls: 1 }, cost: noCost };
      },
    };
    const judge = createJudge({ name: 'strict', model, store: createJudgeStore(database) });
    return { cells, calls, judge, verifier: createJudgeVerifier(judge) };
  }

  /** Claims are sentences, written questions are always the same, and a verdict is by containment. */
  const script: Script = (material) => {
    if (typeof material.text === 'string' && material.items === undefined)
      return { claims: String(material.text).split(/(?<=\.) /) };
    return verdictsOn(material, (text) =>
      String(material.evidence).includes(text) ? 'supported' : 'not-stated',
    );
  };

  it('asks once per text, and shares its cells among metrics and runs', async () => {
    const { cells, calls, verifier } = await withJudge(script);
    const subject = judged('Ax a. Bx b.', ['Ax a.', 'Cx c.'], { reference: 'Ax a. Dx d.' });
    const metrics: RagMetric[] = [
      'noise-sensitivity-relevant',
      'noise-sensitivity-irrelevant',
      'hallucination',
      'self-knowledge',
    ];
    const scores = await scoresOf(subject, verifier, cells, metrics);
    expect(metrics.map((metric) => value(scores[metric]))).toEqual([0, 0, 0.5, 0]);
    // Claims of answer and reference, answer x reference, answer x 2 contexts, reference x 2 contexts.
    expect(calls).toHaveLength(7);
    await scoresOf(subject, verifier, cells, metrics);
    expect(calls).toHaveLength(7);
  });

  it('lets a person overrule a cell, for every metric and judge, and take it back', async () => {
    const { cells, verifier } = await withJudge(script);
    const subject = judged('Ax a. Bx b.', ['Ax a.']);
    const first = await scoresOf(subject, verifier, cells, ['faithfulness']);
    expect(value(first.faithfulness)).toBe(0.5);
    const cell = {
      evidence: sha256('Ax a.'),
      claim: claimHash('q', 'Bx b.'),
      judge: 'ann',
      sampleIndex: 0,
      reason: 'meant so',
    };
    await cells.keep([{ ...cell, verdict: 'supported', source: 'human' }]);
    const overruled = await scoresOf(subject, verifier, cells, ['faithfulness']);
    expect(value(overruled.faithfulness)).toBe(1);
    expect(overruled.faithfulness).toMatchObject({
      detail: { claims: [{ source: 'judge' }, { source: 'human' }] },
    });
    expect(value((await scoresOf(subject, verbatim, cells, ['faithfulness'])).faithfulness)).toBe(1);
    expect(await cells.withdraw(cell.evidence, cell.claim)).toBe(true);
    expect(value((await scoresOf(subject, verifier, cells, ['faithfulness'])).faithfulness)).toBe(0.5);
  });

  it('with one cell missing has no number; the rest is kept and only that cell is asked for again', async () => {
    let broken = true;
    const { cells, calls, verifier } = await withJudge((material, call, request) => {
      if (!('items' in material) || !broken) return script(material, call, request);
      return verdictsOn({ items: material.items.filter(({ text }) => text !== 'Bx b.') }, () => 'supported');
    });
    const subject = judged('Ax a. Bx b. Cx c.', ['Ax a. Bx b. Cx c.']);
    const failed = await scoresOf(subject, verifier, cells, ['faithfulness']);
    expect(value(failed.faithfulness)).toMatch(/^error judge-shape: /);
    broken = false;
    const before = calls.length;
    expect(value((await scoresOf(subject, verifier, cells, ['faithfulness'])).faithfulness)).toBe(1);
    expect(calls.slice(before)).toEqual([{ count: 1 }]);
  });

  it('writes questions from repetitions of their own, and compares them by their vectors', async () => {
    const { cells, calls, verifier } = await withJudge((_material, call) => ({
      question: `q${call}`,
      noncommittal: false,
    }));
    const vectors: Record<string, number[]> = { q: [1, 0], q0: [1, 0], q1: [0, 1], q2: [0.6, 0.8] };
    const embed = async (texts: readonly string[]) =>
      texts.map((text) => Float32Array.from(vectors[text] ?? []));
    const [scorer] = createRagScorers({
      metrics: ['answer-relevancy'],
      verifier,
      cells,
      readDocument: async () => null,
      embed,
    });
    const score = await scorer?.score(judged('Ax a.', []));
    expect(value(score)).toBeCloseTo((1 + 0 + 0.6) / 3, 7);
    expect(calls).toHaveLength(3);
    expect(scorer?.name).toBe('ragas-0.4.3.answer-relevancy@strict');
    const lexical = createRagScorers({
      metrics: ['answer-relevancy'],
      verifier: verbatim,
      cells,
      readDocument: async () => null,
      embed,
    });
    expect(lexical[0]?.name).toBe('answer-similarity@lexical');
  });
});
