import { describe, expect, it } from 'vitest';
import { localOwner, noCost, noUsage } from '../../core/index.ts';
import type { LanguageModel } from '../../models/index.ts';
import { createGenerateVariant } from '../answering.ts';
import { memoryCorpus, scriptedModel, teaTexts } from '../fixtures/corpus.ts';
import { statementsSchema, textOfStatements } from './cited-statements.ts';

const text = (object: unknown, raw = JSON.stringify(object)) => textOfStatements(object, raw, [1, 2, 3]);

describe('statements that name their evidence', () => {
  it('become text with markers, each once', () => {
    const statements = [
      { text: ' Tea is  hot. ', evidence: [1, 1] },
      { text: 'Tea is hot.', evidence: [2] },
      { text: 'Milk is cold.', evidence: [3, 2] },
    ];
    expect(text({ statements })).toBe('Tea is hot. [1]\nMilk is cold. [3, 2]');
    expect(text({ statements: [] })).toBe('');
  });

  it('are read as far as they go where the structure was cut short', () => {
    expect(text(undefined, '{"statements": [{"text": "Tea is \\"hot\\".", "evidence": [1, 9')).toBe(
      'Tea is "hot". [1]',
    );
    expect(text(undefined, '{"statements": [{"text": "Tea is h')).toBe('Tea is h');
    expect(text(undefined, '{"statements": [')).toBe('');
    expect(text(undefined, 'Tea is hot [1].')).toBe('Tea is hot [1].');
  });

  it('cannot name a passage that is not there', () => {
    const named = (evidence: number[]) =>
      statementsSchema([1, 2]).safeParse({ statements: [{ text: 'a', evidence }] });
    expect(named([2]).success).toBe(true);
    expect(named([3]).success).toBe(false);
    expect(named([]).success).toBe(false);
    expect(statementsSchema([1]).safeParse({ statements: [{ text: 'a', evidence: [1] }] }).success).toBe(
      true,
    );
  });
});

/** A model that gives these objects in turn. */
function structuredModel(replies: readonly unknown[]): LanguageModel & { prompts: string[] } {
  const model = scriptedModel('');
  let at = 0;
  return {
    ...model,
    async generate({ messages }) {
      model.prompts.push(messages.map(({ content }) => content).join('\n'));
      const object = replies[at++];
      const usage = { ...noUsage, outputTokens: 3, calls: 1 };
      return { text: JSON.stringify(object), object, finishReason: 'stop', usage, cost: noCost, seconds: 0 };
    },
  };
}

describe('a variant with "citing"', () => {
  const ask = (citing: 'statements' | 'picked', model: LanguageModel) =>
    createGenerateVariant(
      'rag',
      { reader: 'generate', model: 'scripted/model', retriever: true, refusal: false, citing },
      model,
      memoryCorpus(teaTexts),
    ).answer({ input: 'How hot is the water for green tea?', principal: localOwner });

  it('numbers single sentences, and quotes the one that is named', async () => {
    const model = structuredModel([
      { statements: [{ text: 'It wants water of 80 degrees.', evidence: [1] }] },
    ]);
    const answer = await ask('statements', model);
    expect(model.prompts[0]).toContain('[1] tea: Green tea wants water of 80 degrees.\n[2]');
    expect(answer.answer).toBe('It wants water of 80 degrees. [1]');
    expect(answer.citations).toMatchObject([
      { quote: 'Green tea wants water of 80 degrees.', state: 'supported' },
    ]);
  });

  it('shows a model that picks nothing but what it picked, and counts both calls', async () => {
    const model = structuredModel([
      { evidence: [2] },
      { statements: [{ text: 'Black tea wants boiling water.', evidence: [1] }] },
    ]);
    const answer = await ask('picked', model);
    const [first, second] = model.prompts;
    expect(first).toContain('[2] tea: ');
    expect(second?.match(/\[\d\] tea: /g)).toHaveLength(1);
    expect(answer.usage.calls).toBe(2);
    expect(answer.contexts.filter(({ shown }) => shown).length).toBe(1);
  });

  it('refuses where the model picks or says nothing', async () => {
    expect((await ask('picked', structuredModel([{ evidence: [] }]))).refusal?.reason).toBe('model-declined');
    expect((await ask('statements', structuredModel([{ statements: [] }]))).refusal?.reason).toBe(
      'model-declined',
    );
  });
});
