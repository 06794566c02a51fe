import {
  contentHash,
  FulcrumError,
  localOwner,
  type Sample,
  splitNameSchema,
  type WorkOptions,
} from '../core/index.ts';
import {
  type CalibrationAnswer,
  certifyRefusal,
  hideGold,
  planRun,
  type SampleResult,
  unitHash,
} from '../evaluation/index.ts';
import { judgedAnswer, type RefusalReport, reportRefusal } from '../experiments/index.ts';
import { answersInWords, type VariantConfig } from '../variants/index.ts';
import { asEvaluated } from './as-evaluated.ts';
import type { ProjectParts } from './project-parts.ts';
import type { Evaluation } from './wire-evaluation.ts';
import { passageFinder } from './wire-ground-truth.ts';
import type { Knowledge } from './wire-knowledge.ts';
import type { ProjectVariants } from './wire-variants.ts';

/** What it needs of a project. */
type CalibratedProject = ProjectParts & {
  knowledge(): Promise<Knowledge>;
  variants(): Promise<ProjectVariants>;
  evaluation(): Promise<Evaluation>;
};

export interface RefusalTuningRequest extends WorkOptions {
  readonly variant: string;
  readonly dataset: string;
  /** Most of the given answers that may be wrong. */
  readonly risk: number;
  readonly confidence: number;
  /** Share of the questions in use that the corpus cannot answer. */
  readonly unanswerable: number;
  /** Metric in which an answer under 1 is wrong; the primary metric of the project by default. */
  readonly metric?: string | undefined;
  /** USD for all of it; no limit by default. */
  readonly budget?: number | undefined;
  /** Whether the certified threshold is tried on the test split at the end. */
  readonly test: boolean;
}

/** Answers to calibrate on, and what of the run could not be used. */
interface Calibration {
  readonly answers: readonly CalibrationAnswer[];
  readonly run: string;
  /** Questions that failed, and answers to answerable ones without a score. */
  readonly unscored: number;
}

/**
 * Fits the confidence below which a variant refuses, with a guarantee. The variant answers everything in the dev split (all samples of a
 * dataset without splits), with the gold documents of a share of the questions hidden by the filter that also keeps readers out, so that they
 * cannot be answered; see `certifyRefusal`. Throws `variant-unknown`, `split-missing`, `confidence-missing`, `gold-missing`,
 * `calibration-one-sided`, and what a run throws.
 */
export async function tuneProjectRefusal(
  project: CalibratedProject,
  request: RefusalTuningRequest,
): Promise<RefusalReport> {
  const { variant: name, dataset, metric = project.config.decision.metric } = request;
  const evaluation = await project.evaluation();
  const { splits } = await evaluation.datasets.open(dataset);
  const hasSplits = splitNameSchema.options.some((split) => (splits[split] ?? 0) > 0);
  if (hasSplits && !splits.dev) throw new FulcrumError('split-missing', { dataset, split: 'dev' });
  const open = await answeringAll(project, name);
  const made = await saveCalibrationSet(project, request);

  let spent = 0;
  const answersOf = async (split: 'dev' | 'test' | undefined): Promise<Calibration> => {
    const [report] = await evaluation.run({
      ...request,
      dataset: made.name,
      split,
      variants: open === null ? [name] : [],
      made: open === null ? undefined : { [`${name}.answers-all`]: open },
      metrics: [metric],
      budget: request.budget === undefined ? undefined : Math.max(0, request.budget - spent),
    });
    if (!report) throw new FulcrumError('confidence-missing', { variant: name });
    spent += report.costUsd ?? 0;
    return readCalibration(evaluation.results(report.id), {
      run: report.id,
      metric,
      answerable: made.answerable,
    });
  };

  const calibration = await answersOf(hasSplits ? 'dev' : undefined);
  if (calibration.answers.every(({ confidence }) => confidence === null))
    throw new FulcrumError('confidence-missing', { variant: name });
  const certificate = certifyRefusal(calibration.answers, request);
  const looks = certificate.certified !== null && request.test && hasSplits && Boolean(splits.test);
  // The set that is asked is another one, and not frozen; the look is at the test samples of this one.
  if (looks && made.name !== dataset)
    await evaluation.datasetTools.logLook(dataset, splits.test ?? 0, 'tune refusal', name);
  const test = looks ? await answersOf('test') : null;
  const config = open &&
    certificate.certified && { ...open, refusal: refusalOf(certificate.certified.threshold) };
  return reportRefusal({
    ...{ variant: name, dataset, metric, certificate, calibration, test, config },
    calibrationSet: made.name,
    hidden: made.hidden,
    holdsFor: await conditionsOf(project, name, open),
  });
}

/** The variant with its refusal off; null where it is a pipeline whose own refusals cannot be turned off. */
async function answeringAll(project: CalibratedProject, name: string): Promise<VariantConfig | null> {
  const variants = await project.variants();
  const config = variants.list().find((listed) => listed.name === name)?.config;
  // A name that is not there is told by `get`, with the one that was meant.
  if (config === undefined) await variants.get(name);
  return config !== undefined && answersInWords(config) ? { ...config, refusal: false } : null;
}

/** The thresholds of a variant's config: the certified one alone, since no other was tested. */
function refusalOf(minConfidence: number) {
  return { minConfidence, minSimilarity: 0, minCoverage: 0 };
}

/** What the certificate holds for: another definition or another corpus is another variant. */
async function conditionsOf(
  project: CalibratedProject,
  name: string,
  open: VariantConfig | null,
): Promise<{ definition: string; indexVersion: string }> {
  const variants = await project.variants();
  const variant = open === null ? await variants.get(name) : await variants.make(name, open);
  const { definitionHash } = planRun(asEvaluated(variant), [], localOwner);
  return { definition: definitionHash, indexVersion: await (await project.knowledge()).indexVersion() };
}

/**
 * Keeps the dataset once more with the gold of a share of the groups hidden, by a hash of the group. A dataset with unanswerable questions of
 * its own is used as it is. What is hidden depends on dataset, corpus and share alone, so answers are had once.
 */
async function saveCalibrationSet(project: CalibratedProject, request: RefusalTuningRequest) {
  const { datasets } = await project.evaluation();
  const { content, name } = await datasets.get(request.dataset);
  const answerable = (samples: readonly Sample[]) =>
    new Map(samples.map((sample) => [sample.id, sample.answerable]));
  const own = content.filter((sample) => !sample.answerable).length;
  if (own > 0 || request.unanswerable === 0) return { name, answerable: answerable(content), hidden: null };
  const isHidden = ({ group, id }: Sample): boolean => unitHash(`hide:${group ?? id}`) < request.unanswerable;
  const twins = await hideGold(content.filter(isHidden), passageFinder(project, request), request);
  const kept = content.filter((sample) => !isHidden(sample));
  const samples = [...kept, ...twins.samples];
  if (twins.samples.length === 0)
    throw new FulcrumError('gold-missing', {
      dataset: name,
      without: twins.withoutGold,
      elsewhere: twins.answeredElsewhere.length,
    });
  const derived = `${name}.refusal-${contentHash(samples).slice(0, 8)}`;
  await datasets.save(
    derived,
    samples,
    `${name}, gold of a share of ${request.unanswerable} hidden to calibrate refusal`,
  );
  const { samples: made, answeredElsewhere, withoutGold } = twins;
  return {
    name: derived,
    answerable: answerable(samples),
    hidden: { made: made.length, answeredElsewhere: answeredElsewhere.length, withoutGold },
  };
}

/** Answers of a run as calibration takes them. */
async function readCalibration(
  pages: AsyncIterable<readonly SampleResult[]>,
  { run, metric, answerable }: { run: string; metric: string; answerable: ReadonlyMap<string, boolean> },
): Promise<Calibration> {
  const answers: CalibrationAnswer[] = [];
  let unscored = 0;
  for await (const page of pages)
    for (const result of page) {
      const answer = judgedAnswer(result, { metric, answerable: answerable.get(result.sample) ?? true });
      if (answer) answers.push(answer);
      else unscored++;
    }
  return { answers, run, unscored };
}
