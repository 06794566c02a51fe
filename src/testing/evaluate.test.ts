import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { evaluateVariant, expectNotWorse, saveScores } from './evaluate.ts';

const folder = mkdtempSync(join(tmpdir(), 'fulcrum-evaluate-'));
const samples = Array.from({ length: 60 }, (_, index) => ({
  id: `s${index}`,
  input: `What is ${index} and ${index}?`,
  facts: [[String(2 * index)]],
}));
const right = ({ input }: { input: string }): string => `It is ${2 * Number(input.split(' ')[2])}.`;

describe('evaluation inside a test', () => {
  it('answers samples of a file with your code and scores them', async () => {
    const path = join(folder, 'samples.jsonl');
    writeFileSync(path, samples.map((sample) => JSON.stringify(sample)).join('\n'));
    const report = await evaluateVariant({ samples: path, answer: right, metrics: ['words'] });
    expect(report).toMatchObject({ variant: 'candidate', n: 60, repeats: 1 });
    expect(report.metrics.correct).toMatchObject({ mean: 1, scored: 60 });
    expect(report.metrics.words?.mean).toBe(3);
    const half = await evaluateVariant({
      samples,
      name: 'half',
      answer: async (question) => {
        if (Number(question.id.slice(1)) >= 30) throw new Error('no idea');
        return { answer: right(question), costUsd: 0.5 };
      },
    });
    expect(half.metrics.correct).toMatchObject({ mean: 1, scored: 30, errors: 30 });
    expect(half.costUsd).toBe(15);
  });

  it('passes what is not worse than a saved baseline, and fails what is', async () => {
    const path = join(folder, 'baseline.jsonl');
    const before = await evaluateVariant({ samples, answer: right });
    await saveScores(before, 'correct', path);
    const again = await evaluateVariant({ samples, answer: right });
    expect((await expectNotWorse(again, path, { margin: 0.2 })).outcome).toBe('passed');
    const wrong = await evaluateVariant({ samples, answer: () => 'no idea' });
    await expect(expectNotWorse(wrong, before)).rejects.toThrow(
      /^Not passed: candidate against candidate is worse/,
    );
    const short = await evaluateVariant({ samples: samples.slice(0, 10), answer: right });
    await expect(expectNotWorse(short, path)).rejects.toThrow('verdicts need 30 independent groups');
  });

  it('says what is wrong with a sample', async () => {
    const wrong = [{ id: 's', input: '' }];
    await expect(evaluateVariant({ samples: wrong, answer: right })).rejects.toMatchObject({
      code: 'record-invalid',
      data: { line: 1 },
    });
  });
});
