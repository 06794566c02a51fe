import { FulcrumError, localOwner, type Sample } from '../core/index.ts';
import type { Database } from '../database/index.ts';
import {
  type AppliedReviews,
  applyReviews,
  createDatasetStore,
  createProposalStore,
  createReviewStore,
  createRunStore,
  currentReviews,
  type DatasetSummary,
  differenceOf,
  exportReview,
  importReview,
  type LabelSuspect,
  labelSuspects,
  measureAgreement,
  type ReadDocument,
  type Review,
  type ReviewDecision,
  type ReviewItem,
  type ReviewStore,
  type RunStore,
  reviewItem,
  reviewQueue,
  type SampleEdit,
  type SamplesUnderReview,
  sampleHash,
  samplesUnderReview,
} from '../evaluation/index.ts';
import type { DocumentReader } from '../knowledge/index.ts';
import { type LabelingRequest, type LabelingSession, openLabeling } from './wire-labeling.ts';

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

export async function createReview(project: ReviewedProject): Promise<ReviewRoom> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const store = createReviewStore(database);
  const runs = createRunStore(database);
  const readDocument: ReadDocument = async (documentId) =>
    (await project.knowledge()).documents.read(documentId, localOwner);
  const proposals = createProposalStore(database);
  const underReview = async (dataset: string): Promise<SamplesUnderReview> =>
    samplesUnderReview((await datasets.get(dataset)).content, await proposals.proposals(dataset));

  return {
    open: (dataset, rater) => openReview(dataset, rater, { underReview, store, readDocument }),
    async results(dataset) {
      const { content, samples, hash } = await datasets.get(dataset);
      const reviews = currentReviews(
        (await underReview(dataset)).samples,
        await store.reviews(dataset),
      ).filter(({ decision }) => decision !== 'skip');
      const suspecting = await newestRuns(runs, hash);
      const groups = new Map(content.map(({ id, group }) => [id, group]));
      return {
        dataset,
        samples,
        raters: [...Map.groupBy(reviews, ({ rater }) => rater)].map(([rater, own]) => ({
          rater,
          ...countDecisions(own),
        })),
        agreement: measureAgreement(
          reviews.map(({ sample, rater, decision }) => ({
            item: sample,
            rater,
            category: decision,
            group: groups.get(sample),
          })),
        ),
        suspects: labelSuspects(content, suspecting),
        suspectedBy: suspecting.map(({ variant }) => variant),
      };
    },
    async apply({ dataset, name, rater, keepOpen }) {
      const { samples: judged, proposedBy } = await underReview(dataset);
      const { samples, ...counts } = applyReviews(judged, await store.reviews(dataset), {
        rater,
        keepOpen,
        proposedBy,
      });
      if (counts.open === judged.length || samples.length === 0)
        throw new FulcrumError('review-empty', {
          dataset,
          open: counts.open,
          rejected: counts.rejected,
          disputed: counts.disputed.length,
        });
      const { summary } = await datasets.save(name, samples, `${dataset}, reviewed`);
      return { dataset: summary, ...counts };
    },
    openLabeling: (request) => openLabeling(request, { datasets, runs, store, readDocument }),
  };
}

async function openReview(
  dataset: string,
  rater: string,
  parts: {
    underReview: (dataset: string) => Promise<SamplesUnderReview>;
    store: ReviewStore;
    readDocument: ReadDocument;
  },
): Promise<ReviewSession> {
  const { underReview, store, readDocument } = parts;
  const { samples: content, proposedBy } = await underReview(dataset);
  const queue = reviewQueue(content, await store.reviews(dataset), rater);
  const keep = (reviews: readonly Review[]): Promise<void> => store.keepReviews(dataset, reviews);
  return {
    decided: queue.decided,
    total: queue.total,
    open: queue.open.map(({ id }) => id),
    item: (id) => reviewItem(sampleOf(content, id), readDocument, proposedBy),
    decide: (id, decision, edit) => keep([reviewOf(sampleOf(content, id), rater, decision, edit)]),
    exportFile: async () =>
      exportReview(content, await store.reviews(dataset), rater, readDocument, proposedBy),
    async importFile(path) {
      const reviews = await importReview(path, content, rater);
      await keep(reviews);
      return { decisions: reviews.length };
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
