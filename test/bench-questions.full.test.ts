import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { verifyQuestions } from '../bench/questions/load-questions.ts';

const data = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data');

it.skipIf(!existsSync(join(data, 'handbook-18f')))(
  'the questions on handbook-18f stand where they are said to stand at all of its dates',
  async () => {
    expect(await verifyQuestions('handbook-18f', data)).toEqual([]);
  },
);
