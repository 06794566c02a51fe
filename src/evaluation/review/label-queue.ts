import { type Answer, FulcrumError, type Sample, sha256 } from '../../core/index.ts';
import { answerText } from '../scorers/answer-text.ts';
import { normaliseFact } from '../scorers/fact-match.ts';
import type { KeptLabel } from './review-store.ts';

/** A run with the texts of its answers. */
export interface LabelledRun {
  readonly id: string;
  readonly variant: string;
  readonly answers: ReadonlyMap<string, Answer>;
}

/** One of the different answers to a sample, without a word on who gave it. */
export interface AnswerToLabel {
  /** See `answerKey`. */
  readonly key: string;
  /** As the first run gave it. */
  readonly text: string;
  readonly refused: boolean;
}

/** A sample to be labelled. */
export interface LabelItem {
  readonly sample: Sample;
  readonly stratum: KeptLabel['stratum'];
  readonly inclusion: number;
  readonly answers: readonly AnswerToLabel[];
}

/** How many samples a stratum has and how many the queue took of them. */
export interface StratumCount {
  readonly total: number;
  readonly drawn: number;
}

export interface LabelQueue {
  readonly items: readonly LabelItem[];
  readonly strata: Readonly<Record<KeptLabel['stratum'], StratumCount>>;
  /** Samples that not every run has an answer to. */
  readonly unmatched: number;
}

export interface LabelQueueOptions {
  readonly samples: readonly Sample[];
  /** Two or more. */
  readonly runs: readonly LabelledRun[];
  /** Samples with the same answer everywhere that are drawn for the level; 20 by default. */
  readonly random?: number | undefined;
  /** Most samples with different answers; all by default. */
  readonly limit?: number | undefined;
  /** Chooses what is drawn; `fulcrum` by default. A larger draw extends a smaller one. */
  readonly seed?: string | undefined;
}

/**
 * What should be labelled first to tell runs apart: samples on which their answers differ (the same answer adds nothing to a
 * difference), and a random few of the others for the level. Each stratum is drawn without replacement in a seeded order
 * that has nothing to do with the answers, so any beginning of it is a random sample of the stratum. Inclusion
 * probabilities are drawn / total of the stratum. Throws `answers-missing` for a run without texts, `usage` for fewer
 * than two.
 */
export function labelQueue(options: LabelQueueOptions): LabelQueue {
  const { samples, runs, random = 20, limit = Number.POSITIVE_INFINITY, seed = 'fulcrum' } = options;
  if (new Set(runs.map(({ id }) => id)).size < 2)
    throw new FulcrumError('usage', { problem: 'Name two or more different runs: --runs RUN,RUN.' });
  for (const run of runs)
    if (run.answers.size === 0) throw new FulcrumError('answers-missing', { run: run.id });
  const matched = samples.filter(({ id }) => runs.every((run) => run.answers.has(id)));
  const place = (id: string): string => sha256(`${seed}\n${id}`);
  const ordered = [...matched].sort((a, b) => (place(a.id) < place(b.id) ? -1 : 1));
  const entries = ordered.map((sample) => ({ sample, answers: distinctAnswers(sample.id, runs) }));
  const draw = (stratum: KeptLabel['stratum'], most: number) => {
    const all = entries.filter(({ answers }) => answers.length > 1 === (stratum === 'disagreement'));
    const drawn = all.slice(0, most);
    const inclusion = all.length === 0 ? 1 : drawn.length / all.length;
    return {
      count: { total: all.length, drawn: drawn.length },
      items: drawn.map((entry): LabelItem => ({ ...entry, stratum, inclusion })),
    };
  };
  const disagreement = draw('disagreement', limit);
  const level = draw('random', random);
  return {
    // Mixed, so that a person does not know from the place which kind comes next.
    items: [...disagreement.items, ...level.items].sort((a, b) =>
      place(`mixed ${a.sample.id}`) < place(`mixed ${b.sample.id}`) ? -1 : 1,
    ),
    strata: { disagreement: disagreement.count, random: level.count },
    unmatched: samples.length - matched.length,
  };
}

/** The items that a rater has not labelled, answers in an order of the rater's own. */
export function openItems(
  queue: LabelQueue,
  runs: readonly LabelledRun[],
  labels: readonly KeptLabel[],
  rater: string,
): LabelItem[] {
  const done = new Set(
    labels
      .filter((label) => label.rater === rater)
      .map(({ run, sample, answer }) => `${run}\n${sample}\n${answer}`),
  );
  return queue.items
    .filter(({ sample }) =>
      runs.some(
        (run) => !done.has(`${run.id}\n${sample.id}\n${answerKey(run.answers.get(sample.id) as Answer)}`),
      ),
    )
    .map((item) => ({
      ...item,
      answers: [...item.answers].sort((a, b) =>
        sha256(`${rater} ${item.sample.id} ${a.key}`) < sha256(`${rater} ${item.sample.id} ${b.key}`)
          ? -1
          : 1,
      ),
    }));
}

/** The label of an answer as a label of every run that gave it. */
export function labelsOf(
  item: LabelItem,
  key: string,
  label: KeptLabel['label'],
  rater: string,
  runs: readonly LabelledRun[],
): KeptLabel[] {
  const { sample, stratum, inclusion } = item;
  return runs
    .filter((run) => answerKey(run.answers.get(sample.id) as Answer) === key)
    .map((run) => ({ run: run.id, sample: sample.id, rater, answer: key, label, stratum, inclusion }));
}

/**
 * Twelve hex digits that are equal for answers which a person would judge alike: the same words whatever their case, white space
 * and citation markers; all refusals are one answer.
 */
export function answerKey(answer: Answer): string {
  const words = answer.refusal === null ? `said ${normaliseFact(answerText(answer))}` : 'refused';
  return sha256(words).slice(0, 12);
}

function distinctAnswers(sample: string, runs: readonly LabelledRun[]): AnswerToLabel[] {
  const distinct = new Map<string, AnswerToLabel>();
  for (const { answers } of runs) {
    const answer = answers.get(sample) as Answer;
    const key = answerKey(answer);
    if (!distinct.has(key))
      distinct.set(key, { key, text: answerText(answer), refused: answer.refusal !== null });
  }
  return [...distinct.values()];
}
