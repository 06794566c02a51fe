/**
 * Whether certified refusal holds: 200 random halves of XQuAD-en by paragraph (or article), half of the questions with their gold paragraph hidden. On one
 * half `certifyRefusal` sets the threshold, on the other the share of wrong answers is counted.
 * Usage: node bench/refusal.ts [--resplits n] [--risk share] [--half B] [--group article]
 * Data: FULCRUM_SHARED_DATA (default ../shared/data). The confidence of `extract` was fitted on half A (by hash of the question's id);
 * --half B uses the questions that it never saw. Answers are kept in the temporary folder, so that other tables need no new ones.
 */
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { localOwner } from '../src/core/index.ts';
import {
  type CalibrationAnswer,
  certifyRefusal,
  reweighAnswerable,
  testThreshold,
  warmGenerator,
} from '../src/evaluation/index.ts';
import { createSource } from '../src/knowledge/index.ts';
import { resolveEmbeddingModel } from '../src/models/index.ts';
import { openCorpus } from './open-corpus.ts';

const { values } = parseArgs({
  options: {
    resplits: { type: 'string', default: '200' },
    risk: { type: 'string' },
    half: { type: 'string' },
    sample: { type: 'string' },
    group: { type: 'string', default: 'paragraph' },
  },
});
const folder = join(
  process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../shared/data'),
  'xquad-en/beir',
);
const sourceName = 'xquad-en';
/** Half of anything, by hash, as in bench/extract.ts. */
const isOdd = (text: string): boolean => (createHash('md5').update(text).digest()[0] ?? 0) % 2 === 1;

interface Question {
  readonly id: string;
  readonly text: string;
  readonly answers: readonly string[];
  readonly paragraph: string;
  readonly article: string;
}

/** A question answered with its paragraph there, and with its paragraph hidden. */
/** What is resampled and hidden together: questions of one article, or of one paragraph. */
const groupOf = ({ article, paragraph }: Question): string =>
  values.group === 'paragraph' ? paragraph : article;

interface Answered {
  readonly question: Question;
  readonly there: CalibrationAnswer;
  readonly hidden: CalibrationAnswer;
}

function readQuestions(): Question[] {
  const lines = (name: string): string[] => readFileSync(join(folder, name), 'utf8').trim().split('\n');
  const gold = new Map(
    lines('qrels.tsv')
      .slice(1)
      .map((line) => line.split('\t'))
      .map(([query = '', key = '']) => [query, key]),
  );
  return lines('queries.jsonl')
    .map((line) => JSON.parse(line) as { _id: string; text: string; answers: string[] })
    .filter(({ _id }) => values.half === undefined || (isOdd(_id) ? 'B' : 'A') === values.half)
    .slice(0, values.sample ? Number(values.sample) : undefined)
    .map(({ _id, text, answers }) => {
      const paragraph = gold.get(_id) ?? '';
      // A paragraph's key is ARTICLE-PARAGRAPH.
      return { id: _id, text, answers, paragraph, article: paragraph.replace(/-[^-]*$/, '') };
    });
}

async function answerAll(questions: readonly Question[]): Promise<Answered[]> {
  const corpus = await openCorpus(
    join(tmpdir(), 'fulcrum-bench', 'extract'),
    await resolveEmbeddingModel('local/bge-small-en-v1.5', { providers: {}, prices: {} }),
  );
  await corpus.synchroniser.sync([
    createSource(sourceName, { type: 'beir', directory: folder }, { projectDirectory: '.' }),
  ]);
  const variant = await corpus.extract();
  const answered: Answered[] = [];
  for (const question of questions) {
    const ask = async (hiddenDocuments: string[]): Promise<CalibrationAnswer> => {
      const answer = await variant.answer({ input: question.text, principal: localOwner, hiddenDocuments });
      const answerable = hiddenDocuments.length === 0;
      const held = question.answers.some((gold) =>
        answer.citations.some(({ quote }) => quote.includes(gold)),
      );
      return {
        sample: question.id,
        group: groupOf(question),
        answerable,
        confidence: answer.refusal ? null : answer.confidence,
        wrong: !answerable || !held,
      };
    };
    answered.push({
      question,
      there: await ask([]),
      hidden: await ask([`${sourceName}:${question.paragraph}`]),
    });
  }
  await corpus.close();
  return answered;
}

interface Outcome {
  readonly certified: boolean;
  /** Share of wrong answers among those given in the other half. */
  readonly risk: number;
  readonly answered: number;
}

/** One resplit: half of the articles certify, the others try it. */
function resplit(all: readonly Answered[], round: number, risk: number, unanswerable: number): Outcome {
  const generator = warmGenerator(round + 1);
  const next = (): number => (generator.next() >>> 0) / 2 ** 32;
  const first = new Map<string, boolean>();
  const calibrating: CalibrationAnswer[] = [];
  const trying: CalibrationAnswer[] = [];
  for (const { question, there, hidden } of all) {
    const group = groupOf(question);
    if (!first.has(group)) first.set(group, next() < 0.5);
    (first.get(group) ? calibrating : trying).push(next() < 0.5 ? hidden : there);
  }
  const { certified } = certifyRefusal(calibrating, {
    risk,
    confidence: 0.95,
    unanswerable,
    seed: `r${round}`,
  });
  if (!certified) return { certified: false, risk: 0, answered: 0 };
  const { threshold } = certified;
  const mixed = reweighAnswerable(trying, unanswerable, `t${round}`);
  const { answered, wrong } = testThreshold(mixed, threshold, 0.05);
  const answerable = trying.filter((answer) => answer.answerable);
  const given = answerable.filter(({ confidence }) => confidence !== null && confidence >= threshold);
  return {
    certified: true,
    risk: answered === 0 ? 0 : wrong / answered,
    answered: given.length / answerable.length,
  };
}

const questions = readQuestions();
const startedAt = performance.now();
const kept = join(
  tmpdir(),
  'fulcrum-bench',
  `refusal-answers-${values.half ?? 'all'}-${questions.length}.json`,
);
if (!existsSync(kept)) writeFileSync(kept, JSON.stringify(await answerAll(questions)));
const all = (JSON.parse(readFileSync(kept, 'utf8')) as Answered[]).map((answered) => {
  const group = groupOf(answered.question);
  return { ...answered, there: { ...answered.there, group }, hidden: { ...answered.hidden, group } };
});
const groups = new Set(questions.map(groupOf)).size;
console.log(
  `XQuAD-en, ${all.length} questions of ${groups} ${values.group}s, extract with refusal off (${((performance.now() - startedAt) / 1000).toFixed(0)} s), confidence .95, ${values.resplits} resplits by ${values.group}`,
);
const risks = values.risk ? [Number(values.risk)] : [0.05, 0.1, 0.15, 0.2];
const mean = (numbers: readonly number[]): string =>
  numbers.length === 0 ? '-' : (numbers.reduce((sum, each) => sum + each, 0) / numbers.length).toFixed(3);
console.table(
  [0.5, 0.2].flatMap((unanswerable) =>
    risks.map((risk) => {
      const outcomes = Array.from({ length: Number(values.resplits) }, (_, round) =>
        resplit(all, round, risk, unanswerable),
      );
      const proven = outcomes.filter(({ certified }) => certified);
      return {
        unanswerable,
        risk,
        certified: proven.length,
        'holds in the other half': mean(proven.map((each) => (each.risk <= risk ? 1 : 0))),
        'mean risk there': mean(proven.map((each) => each.risk)),
        'answerable answered': mean(proven.map(({ answered }) => answered)),
      };
    }),
  ),
);
