import { FulcrumError, localOwner, type Sample } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type AnswerLabel,
  type AppliedReviews,
  applyReviews,
  createDatasetStore,
  createReviewStore,
  createRunStore,
  currentReviews,
  type DatasetSummary,
  differenceOf,
  estimateFromLabels,
  exportLabels,
  exportReview,
  importLabels,
  importReview,
  type LabelEstimates,
  type LabelItem,
  type LabelledRun,
  type LabelQueue,
  type LabelSuspect,
  labelQueue,
  labelSuspects,
  labelsOf,
  measureAgreement,
  openItems,
  type ReadDocument,
  type Review,
  type ReviewDecision,
  type ReviewItem,
  type RunStore,
  reviewItem,
  reviewQueue,
  type SampleEdit,
  sampleHash,
} from '../evaluation/index.ts';
import type { DocumentReader } from '../knowledge/index.ts';

/** The parts of a project that review is wired to. */
export interface ReviewedProject {
  database(): Promise<Database>;
  knowledge(): Promise<{ readonly documents: DocumentReader }>;
}

/** Judgements of people: on the samples of a dataset, and on the answers of runs. */
export interface ReviewRoom {
  /** Review of a dataset by one rater, who sees nothing of the others'. Throws `dataset-unknown`. */
  open(dataset: string, rater: string): Promise<ReviewSession>;
  /** Progress, agreement and label suspects of a dataset. */
  results(dataset: string): Promise<ReviewResults>;
  /** Keeps the reviewed samples under a new name. Throws `review-empty` when nothing was decided. */
  apply(request: ApplyRequest): Promise<{ dataset: DatasetSummary } & Omit<AppliedReviews, 'samples'>>;
  /** Labels of the answers of runs, disagreements first. Throws `run-unknown`, `run-mismatch`, `answers-missing`. */
  openLabeling(request: LabelingRequest): Promise<LabelingSession>;
}

export interface ApplyRequest {
  readonly dataset: string;
  readonly name: string;
  /** Only this rater's word counts. */
  readonly rater?: string | undefined;
  readonly keepOpen?: boolean | undefined;
}

export interface ReviewSession {
  readonly decided: number;
  readonly total: number;
  /** Ids of open samples, in the rater's order. */
  readonly open: readonly string[];
  item(sample: string): Promise<ReviewItem>;
  /** Durable when it resolves; an `edit` that changes nothing counts as `accept`. */
  decide(sample: string, decision: ReviewDecision, edit?: SampleEdit): Promise<void>;
  exportFile(): Promise<string>;
  /** Keeps the decisions of a file; all of them or none. Throws `review-invalid`. */
  importFile(path: string): Promise<{ decisions: number }>;
}

export interface ReviewResults {
  readonly dataset: string;
  readonly samples: number;
  readonly raters: readonly {
    readonly rater: string;
    readonly accept: number;
    readonly edit: number;
    readonly reject: number;
  }[];
  /** Categories are accept, edit and reject. */
  readonly agreement: ReturnType<typeof measureAgreement>;
  readonly suspects: readonly LabelSuspect[];
  /** Variants that the suspicion rests on: the newest finished run of each. */
  readonly suspectedBy: readonly string[];
}

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
}

export interface LabelingResults {
  readonly estimates: LabelEstimates;
  /** Over answers; categories are right and wrong. */
  readonly agreement: ReturnType<typeof measureAgreement>;
  readonly open: number;
}

export async function createReview(project: ReviewedProject): Promise<ReviewRoom> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const store = createReviewStore(database);
  const runs = createRunStore(database);
  const readDocument: ReadDocument = async (documentId) =>
    (await project.knowledge()).documents.read(documentId, localOwner);

  return {
    async open(dataset, rater) {
      const { content } = await datasets.get(dataset);
      const queue = reviewQueue(content, await store.reviews(dataset), rater);
      const keep = (reviews: readonly Review[]): Promise<void> => store.keepReviews(dataset, reviews);
      return {
        decided: queue.decided,
        total: queue.total,
        open: queue.open.map(({ id }) => id),
        item: (id) => reviewItem(sampleOf(content, id), readDocument),
        decide: (id, decision, edit) => keep([reviewOf(sampleOf(content, id), rater, decision, edit)]),
        exportFile: async () => exportReview(content, await store.reviews(dataset), rater, readDocument),
        async importFile(path) {
          const reviews = await importReview(path, content, rater);
          await keep(reviews);
          return { decisions: reviews.length };
        },
      };
    },
    async results(dataset) {
      const { content, samples, hash } = await datasets.get(dataset);
      const reviews = currentReviews(content, await store.reviews(dataset)).filter(
        ({ decision }) => decision !== 'skip',
      );
      const suspecting = await newestRuns(runs, hash);
      return {
        dataset,
        samples,
        raters: [...Map.groupBy(reviews, ({ rater }) => rater)].map(([rater, own]) => ({
          rater,
          ...countDecisions(own),
        })),
        agreement: measureAgreement(
          reviews.map(({ sample, rater, decision }) => ({ item: sample, rater, category: decision })),
        ),
        suspects: labelSuspects(content, suspecting),
        suspectedBy: suspecting.map(({ variant }) => variant),
      };
    },
    async apply({ dataset, name, rater, keepOpen }) {
      const { content } = await datasets.get(dataset);
      const { samples, ...counts } = applyReviews(content, await store.reviews(dataset), {
        rater,
        keepOpen,
      });
      if (counts.open === content.length || samples.length === 0)
        throw new FulcrumError('review-empty', { dataset, raters: rater ?? 'anybody' });
      const { summary } = await datasets.save(name, samples, `${dataset}, reviewed`);
      return { dataset: summary, ...counts };
    },
    async openLabeling({ dataset, runs: ids, rater, ...draw }) {
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
        async results() {
          const labels = await store.labels(ids);
          return {
            estimates: estimateFromLabels(queue, labelled, labels, rater),
            agreement: agreementOnAnswers(labels),
            open: openItems(queue, labelled, labels, rater).length,
          };
        },
      };
    },
  };
}

function sampleOf(samples: readonly Sample[], id: string): Sample {
  const sample = samples.find((each) => each.id === id);
  if (!sample) throw new FulcrumError('internal', { problem: `no sample "${id}" under review` });
  return sample;
}

function reviewOf(sample: Sample, rater: string, decision: ReviewDecision, edit?: SampleEdit): Review {
  const changed = decision === 'edit' && edit !== undefined ? differenceOf(sample, edit) : null;
  return {
    sample: sample.id,
    rater,
    decision: decision === 'edit' && changed === null ? 'accept' : decision,
    edit: changed,
    note: null,
    sampleHash: sampleHash(sample),
  };
}

function countDecisions(reviews: readonly Review[]): { accept: number; edit: number; reject: number } {
  const count = (wanted: ReviewDecision): number =>
    reviews.filter(({ decision }) => decision === wanted).length;
  return { accept: count('accept'), edit: count('edit'), reject: count('reject') };
}

/** The newest finished run of each variant on exactly this dataset that holds its answers. */
async function newestRuns(store: RunStore, datasetHash: string) {
  const newest = new Map<string, { variant: string; id: string }>();
  for (const run of await store.list())
    if (
      run.dataset.hash === datasetHash &&
      run.finishedAt !== null &&
      run.origin === 'live' &&
      run.deployable
    )
      if (!newest.has(run.variant)) newest.set(run.variant, run);
  return Promise.all(
    [...newest.values()].map(async ({ id, variant }) => ({
      variant,
      results: await store.results(id),
      answers: await store.answers(id),
    })),
  );
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
) {
  const ratings = new Map<string, { item: string; rater: string; category: string }>();
  for (const { sample, answer, rater, label } of labels)
    if (label !== 'unsure')
      ratings.set(`${sample}\n${answer}\n${rater}`, { item: `${sample} ${answer}`, rater, category: label });
  return measureAgreement([...ratings.values()]);
}
