import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  type QuestionSet,
  questionSets,
  questionsAt,
  readQuestions,
  verifyQuestions,
} from '../bench/questions/load-questions.ts';

const data = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');

describe('the questions that we wrote', () => {
  it('are 30 and 60, each with an answer at the version of its set; ten changed', () => {
    for (const [set, count] of [
      ['haystack-docs', 30],
      ['handbook-18f', 60],
    ] as const) {
      const questions = readQuestions(set);
      expect(questions).toHaveLength(count);
      expect(new Set(questions.map(({ id }) => id)).size).toBe(count);
      expect(questionsAt(set)).toHaveLength(count);
      expect(new Set(questions.map(({ style }) => style)).size).toBe(3);
    }
    const changed = readQuestions('handbook-18f').filter((question) => question.changed);
    expect(changed).toHaveLength(10);
    for (const { answers } of changed) {
      const facts = new Map(answers.map((answer) => [answer.version, answer.facts.join()]));
      expect(facts.get('2024-01-01')).toBeDefined();
      expect(facts.get('2024-01-01')).not.toBe(facts.get('2025-02-27'));
    }
  });

  for (const set of Object.keys(questionSets) as QuestionSet[])
    it.skipIf(!existsSync(join(data, set)))(`stand where they are said to stand in ${set}`, async () => {
      expect(await verifyQuestions(set, data, [questionSets[set]])).toEqual([]);
    });
});
