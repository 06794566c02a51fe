import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { sha256 } from '../../src/core/index.ts';
import { inputOf, readQuestions } from './sql-defog.ts';

/**
 * `node prepare.ts OUT`: questions with their SQL as rows for tuning. 70 questions by hash are the test; what is learnt from asks other
 * things of the same databases.
 */
const tested = 70;

const [out = '.fulcrum/sql.jsonl'] = process.argv.slice(2);
const questions = readQuestions().sort((a, b) => (sha256(a.id) < sha256(b.id) ? -1 : 1));
const samples = questions.map((question, index) => ({
  id: question.id,
  input: inputOf(question),
  references: question.accepted,
  label: question.database,
  tags: [`category:${question.category}`],
  split: index < tested ? 'test' : 'train',
}));
mkdirSync(dirname(out), { recursive: true });
writeFileSync(out, samples.map((sample) => `${JSON.stringify(sample)}\n`).join(''));
console.log(`${out}: train ${samples.length - tested}, test ${tested}`);
