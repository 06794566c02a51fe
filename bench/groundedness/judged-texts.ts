import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** A text with its evidence, judged by people (BEGIN) or by its makers (HaluEval). */
export interface JudgedText {
  readonly set: string;
  /** Texts about the same evidence are one item of the bootstrap. */
  readonly evidence: string;
  readonly claim: string;
  readonly supported: boolean;
}

export const fittedSets = ['begin/wow', 'halueval/one-turn'];
export const testedSets = ['begin/topicalchat', 'begin/cmu-dog', 'halueval/multi-turn'];

const folder = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');

/** All sets. `disjoint` takes every other question of HaluEval for the fit and the rest for the test. */
export function readJudgedTexts(options: { disjoint: boolean }): JudgedText[] {
  return [
    ...readBegin('begin/wow', 'wow/begin_dev_wow.tsv'),
    ...readBegin('begin/topicalchat', 'topicalchat/begin_dev_tc.tsv'),
    ...readBegin('begin/cmu-dog', 'cmu-dog/begin_dev_cmu.tsv'),
    ...readHaluEval('halueval/one-turn', 'qa_one-turn_data.jsonl', options.disjoint),
    ...readHaluEval('halueval/multi-turn', 'qa_multi-turn_data.jsonl', options.disjoint),
  ];
}

function readBegin(set: string, file: string): JudgedText[] {
  const lines = readFileSync(join(folder, 'begin', file), 'utf8')
    .trimEnd()
    .split('\n')
    .slice(1);
  return lines.map((line) => {
    const [, , evidence = '', , claim = '', label = ''] = line.replace(/\r$/, '').split('\t');
    return { set, evidence, claim, supported: label === 'Fully attributable' };
  });
}

function readHaluEval(set: string, file: string, disjoint: boolean): JudgedText[] {
  const lines = readFileSync(join(folder, 'halueval', file), 'utf8')
    .trimEnd()
    .split('\n');
  const kept = disjoint ? lines.filter((_line, at) => at % 2 === (testedSets.includes(set) ? 1 : 0)) : lines;
  return kept.flatMap((line) => {
    const row = JSON.parse(line) as Record<'knowledge' | 'right_answer' | 'hallucinated_answer', string>;
    return [
      { set, evidence: row.knowledge, claim: row.right_answer, supported: true },
      { set, evidence: row.knowledge, claim: row.hallucinated_answer, supported: false },
    ];
  });
}
