import { describe, expect, it } from 'vitest';
import { localOwner, type RequestContextRecord, sha256 } from '../core/index.ts';
import type { ContextRequest, RequestContext } from '../knowledge/index.ts';
import { createExtractVariant, createGenerateVariant } from './answering.ts';
import { verifyCitation } from './citations/verify-citation.ts';
import { memoryCorpus, scriptedModel, teaTexts } from './fixtures/corpus.ts';

const text = 'id: 42\nThe plan of account 42 is gold.\n';
const version = sha256(text);
const at = '2026-11-24T09:00:00Z';

/** Context that gives one document, and a provider that failed. */
function accountContext(): RequestContext & { asked: ContextRequest[] } {
  const asked: ContextRequest[] = [];
  const documentId = '@context:account';
  const uri = 'context:account';
  const records: RequestContextRecord[] = [
    { provider: 'account', status: 'given', at, seconds: 0, documentId, version },
    { provider: 'orders', status: 'unavailable', at, seconds: 2, reason: 'nothing came within 2 s' },
  ];
  return {
    asked,
    async gather(request) {
      asked.push(request);
      const document = {
        documentId,
        version,
        source: '@context',
        key: 'account',
        uri,
        title: 'account',
        text,
        readers: [],
      };
      const hit = {
        chunkId: documentId,
        documentId,
        version,
        uri,
        titlePath: ['account'],
        start: 0,
        end: text.length,
        text,
        score: 1,
        arms: {},
      };
      return { documents: [document], hits: [hit], records };
    },
    close: async () => {},
  };
}

describe('request-time context', () => {
  it('is cited as a document of its own, and recorded without what it says', async () => {
    const requestContext = accountContext();
    const variant = createExtractVariant(
      'extract',
      { reader: 'extract' },
      { ...memoryCorpus(teaTexts), requestContext },
    );
    const answer = await variant.answer({
      input: 'What is the plan of account 42?',
      principal: localOwner,
      context: { account: '42' },
    });
    expect(requestContext.asked).toMatchObject([{ principal: localOwner, values: { account: '42' } }]);
    const [citation] = answer.citations;
    expect(citation).toMatchObject({
      documentId: '@context:account',
      version,
      uri: 'context:account',
      quote: 'The plan of account 42 is gold.',
    });
    expect(verifyCitation(citation!, text)).toBeNull();
    expect(answer.requestContexts).toMatchObject([
      { provider: 'account', status: 'given', version, at },
      { provider: 'orders', status: 'unavailable', reason: 'nothing came within 2 s' },
    ]);
    expect(JSON.stringify(answer.requestContexts)).not.toContain('gold');
    expect(answer.contexts.map((context) => context.text)).toEqual(answer.contexts.map(() => undefined));
  });

  it('is shown to a model, and said to be missing where nothing else was found', async () => {
    const model = scriptedModel('Gold [1].');
    const corpus = { ...memoryCorpus(teaTexts), requestContext: accountContext() };
    const variant = createGenerateVariant(
      'rag',
      { reader: 'generate', model: 'x', retriever: true },
      model,
      corpus,
    );
    const answer = await variant.answer({ input: 'What is the plan of account 42?', principal: localOwner });
    expect(model.prompts[0]).toContain('The plan of account 42 is gold.');
    expect(answer.requestContexts).toHaveLength(2);
    const refused = await variant.answer({ input: 'Zebra?', principal: localOwner });
    expect(refused.requestContexts).toMatchObject([{}, { status: 'unavailable' }]);
  });

  it('is not asked for a question of a dataset', async () => {
    const requestContext = accountContext();
    const variant = createExtractVariant(
      'extract',
      { reader: 'extract' },
      { ...memoryCorpus(teaTexts), requestContext },
    );
    const answer = await variant.answer({
      input: 'plan',
      principal: localOwner,
      sampleId: 's1',
      context: { account: '42' },
    });
    expect(requestContext.asked).toEqual([]);
    expect(answer).not.toHaveProperty('requestContexts');
  });

  it('tells of values that nothing takes', async () => {
    const variant = createExtractVariant('extract', { reader: 'extract' }, memoryCorpus(teaTexts));
    await expect(
      variant.answer({ input: 'tea', principal: localOwner, context: { account: '42' } }),
    ).rejects.toMatchObject({ code: 'context-value-invalid' });
  });
});
