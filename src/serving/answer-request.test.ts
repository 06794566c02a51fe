import { describe, expect, it } from 'vitest';
import { type Answer, FulcrumError, localOwner, noCost, noUsage } from '../core/index.ts';
import type { Question, Variant } from '../variants/index.ts';
import { createAnswering, firstTryOf, type ServedQuestion, type ServedRecord } from './answer-request.ts';
import type { ApiKey } from './keys/api-key.ts';
import { type Route, type RouteDraft, routeSchema } from './routes/route.ts';

const answer = (text: string, usd = 0.25): Answer => ({
  answer: text,
  citations: [],
  removedCitations: 0,
  refusal: null,
  contexts: [],
  usage: noUsage,
  cost: { ...noCost, usd },
  seconds: 0,
  confidence: null,
});

const variant = (name: string, reply: (question: Question) => Promise<Answer>): Variant => ({
  name,
  kind: 'prompt',
  deployable: true,
  definition: { name },
  estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd: 1 }),
  answer: reply,
  close: async () => {},
});

const down = async (): Promise<Answer> => {
  throw new FulcrumError('model-unreachable', { model: 'x', problem: 'it is down' });
};

const variants: Readonly<Record<string, Variant>> = {
  good: variant('good', async ({ onText }) => {
    onText?.('go');
    onText?.('od');
    return answer('good');
  }),
  other: variant('other', async () => answer('other', 0.5)),
  down: variant('down', down),
  halfway: variant('halfway', async ({ onText }) => {
    onText?.('half');
    return down();
  }),
  wrong: variant('wrong', async () => {
    throw new FulcrumError('request-invalid', { problem: 'no' });
  }),
};

function open(route: RouteDraft | null, shadowsAtOnce?: number) {
  const records: ServedRecord[] = [];
  const settled: (number | null)[] = [];
  const revision = route && {
    name: 'assistant',
    number: 1,
    route: routeSchema.parse(route) as Route,
    at: '',
    actor: '',
    reason: 'set',
  };
  const answering = createAnswering({
    variants: {
      async get(name) {
        const found = variants[name];
        if (!found) throw new FulcrumError('variant-unknown', { variant: name, suggestion: '' });
        return found;
      },
    },
    routes: { find: async (name) => (name === 'assistant' ? revision : null) },
    limits: {
      reserve: async (_key, usd) => {
        expect(usd).toBe(1);
        return { settle: async (cost) => void settled.push(cost) };
      },
    },
    record: async (record) => {
      records.push(record);
      return true;
    },
    shadowsAtOnce,
  });
  return { answering, records, settled };
}

const question = (target: string, more: Partial<ServedQuestion> = {}): ServedQuestion => ({
  trace: '0'.repeat(31) + '1',
  door: 'ask',
  target,
  input: 'hello?',
  principal: localOwner,
  key: {} as ApiKey,
  conversation: 'c',
  ...more,
});

describe('a question from outside', () => {
  it('goes to the variant that it names, is traced, and its cost is settled', async () => {
    const { answering, records, settled } = open(null);
    const pieces: string[] = [];
    const served = await answering.answer(question('good', { onText: (piece) => pieces.push(piece) }));
    expect(served).toMatchObject({ variant: 'good', traced: true, answer: { answer: 'good' } });
    expect(pieces).toEqual(['go', 'od']);
    expect(records).toMatchObject([{ name: null, shadow: false, failure: null }]);
    expect(records[0]?.firstTextSeconds).toBeGreaterThanOrEqual(0);
    expect(settled).toEqual([0.25]);
  });

  it('falls back where the provider fails before it has said a word; both tries are traced', async () => {
    const { answering, records, settled } = open({ variants: [{ variant: 'down' }], fallback: 'other' });
    const served = await answering.answer(question('assistant'));
    expect(served).toMatchObject({ variant: 'other', answer: { answer: 'other' } });
    const { trace } = question('x');
    expect(
      records.map((each) => [each.variant.name, each.question.trace, each.failure?.code ?? null]),
    ).toEqual([
      ['down', firstTryOf(trace), 'model-unreachable'],
      ['other', trace, null],
    ]);
    expect(firstTryOf(trace)).not.toBe(trace);
    expect(settled).toEqual([0.5]);
  });

  it('does not fall back once something was said, or where the question is at fault', async () => {
    for (const name of ['halfway', 'wrong']) {
      const { answering, records, settled } = open({ variants: [{ variant: name }], fallback: 'other' });
      await expect(answering.answer(question('assistant', { onText: () => {} }))).rejects.toBeInstanceOf(
        FulcrumError,
      );
      expect(records.map((each) => each.variant.name)).toEqual([name]);
      expect(settled).toEqual([0]);
    }
  });

  it('is answered unseen by the shadow too, which costs the caller nothing and can fail alone', async () => {
    const { answering, records, settled } = open({
      variants: [{ variant: 'good' }],
      shadow: { variant: 'other', share: 1 },
    });
    const pieces: string[] = [];
    await answering.answer(question('assistant', { onText: (piece) => pieces.push(piece) }));
    await answering.close();
    expect(
      records.filter(({ shadow }) => shadow).map((each) => [each.variant.name, each.answer?.answer]),
    ).toEqual([['other', 'other']]);
    expect(pieces.join('')).toBe('good');
    expect(settled).toEqual([0.25]);
    const failing = open({ variants: [{ variant: 'good' }], shadow: { variant: 'nobody', share: 1 } });
    expect((await failing.answering.answer(question('assistant'))).answer.answer).toBe('good');
    await failing.answering.close();
  });

  it('counts shadows that were left out because enough were under way', async () => {
    const { answering } = open(
      { variants: [{ variant: 'good' }], shadow: { variant: 'other', share: 1 } },
      0,
    );
    await answering.answer(question('assistant'));
    expect(answering.shadowsLeftOut).toBe(1);
  });

  it('gives back what was set aside when there is no such variant', async () => {
    const { answering, settled } = open(null);
    await expect(answering.answer(question('nobody'))).rejects.toMatchObject({ code: 'variant-unknown' });
    expect(settled).toEqual([]);
  });
});
