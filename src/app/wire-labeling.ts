import { FulcrumError, type Sample } from '../core/index.ts';
import {
  type AnswerLabel,
  type DatasetStore,
  estimateFromLabels,
  exportLabels,
  importLabels,
  type LabelEstimates,
  type LabelItem,
  type LabelledRun,
  type LabelQueue,
  labelQueue,
  labelRows,
  labelsOf,
  measureAgreement,
  openItems,
  type Rating,
  type ReadDocument,
  type ReviewItem,
  type ReviewStore,
  type RunStore,
  reviewItem,
} from '../evaluation/index.ts';

export interface LabelingRequest {
  readonly dataset: string;
  readonly runs: readonly string[];
  readonly rater: string;
  readonly random?: number | undefined;
  readonly limit?: number | undefined;
  readonly seed?: string | undefined;
}

export interface LabelingSession {
  readonly queue: LabelQueue;
  /** Items that the rater has not labelled yet. */
  readonly open: readonly LabelItem[];
  item(item: LabelItem): Promise<ReviewItem>;
  /** Labels one of the answers of an item for every run that gave it; durable when it resolves. */
  label(item: LabelItem, key: string, label: AnswerLabel): Promise<void>;
  exportFile(): Promise<string>;
  /** Keeps the labels of a file; all of them or none. Throws `review-invalid`. */
  importFile(path: string): Promise<{ labels: number }>;
  results(): Promise<LabelingResults>;
  /** The rater's labels for `judge calibrate --labels`, as JSON Lines. */
  labelRows(): Promise<string>;
}

export interface LabelingResults {
  readonly estimates: LabelEstimates;
  /** Over answers; categories are right and wrong. */
  readonly agreement: ReturnType<typeof measureAgreement>;
  readonly open: number;
}

/** What labeling is wired to. */
export interface LabelingParts {
  readonly datasets: Pick<DatasetStore, 'get'>;
  readonly runs: RunStore;
  readonly store: ReviewStore;
  readonly readDocument: ReadDocument;
}

/** Opens the queue of some runs for a rater. Throws what `ReviewRoom.openLabeling` says. */
export async function openLabeling(
  { dataset, runs: ids, rater, ...draw }: LabelingRequest,
  { datasets, runs, store, readDocument }: LabelingParts,
): Promise<LabelingSession> {
  const { content, hash } = await datasets.get(dataset);
  const labelled = await Promise.all(ids.map((id) => labelledRun(runs, id, dataset, hash)));
  const queue = labelQueue({ ...draw, samples: content, runs: labelled });
  const open = openItems(queue, labelled, await store.labels(ids), rater);
  return {
    queue,
    open,
    item: ({ sample }) => reviewItem(sample, readDocument),
    label: (item, key, label) => store.keepLabels(labelsOf(item, key, label, rater, labelled)),
    exportFile: () => exportLabels(open, readDocument),
    async importFile(path) {
      const labels = await importLabels(path, queue.items, labelled, rater);
      await store.keepLabels(labels);
      return { labels: labels.length };
    },
    labelRows: async () => labelRows(queue, labelled, await store.labels(ids), rater),
    async results() {
      const labels = await store.labels(ids);
      return {
        estimates: estimateFromLabels(queue, labelled, labels, rater),
        agreement: agreementOnAnswers(labels, content),
        open: openItems(queue, labelled, labels, rater).length,
      };
    },
  };
}

async function labelledRun(store: RunStore, id: string, dataset: string, hash: string): Promise<LabelledRun> {
  const run = await store.get(id);
  if (run.dataset.hash !== hash)
    throw new FulcrumError('run-mismatch', {
      problem: `${id} answered "${run.dataset.name}", which is not "${dataset}" as it stands now.`,
      metric: 'correct',
    });
  return { id, variant: run.variant, answers: await store.answers(id) };
}

/** Each answer counts once, however many runs gave it. */
function agreementOnAnswers(
  labels: readonly { sample: string; answer: string; rater: string; label: AnswerLabel }[],
  samples: readonly Sample[],
) {
  const groups = new Map(samples.map(({ id, group }) => [id, group ?? id]));
  const ratings = new Map<string, Rating>();
  for (const { sample, answer, rater, label } of labels)
    if (label !== 'unsure')
      ratings.set(`${sample}\n${answer}\n${rater}`, {
        item: `${sample} ${answer}`,
        rater,
        category: label,
        group: groups.get(sample),
      });
  return measureAgreement([...ratings.values()]);
}
