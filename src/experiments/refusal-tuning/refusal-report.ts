import { z } from 'zod';
import {
  type CalibrationAnswer,
  type RefusalCertificate,
  refusalCertificateSchema,
  reweighAnswerable,
  testThreshold,
} from '../../evaluation/index.ts';

const count = z.number().int().nonnegative();
const share = z.number().min(0).max(1);

/** What `tune refusal --json` prints. */
export const refusalReportSchema = z.strictObject({
  variant: z.string(),
  dataset: z.string(),
  metric: z.string(),
  /** The dataset that was asked: with the gold of a share of the questions hidden, or the one that was named. */
  calibrationSet: z.string(),
  /** Questions whose gold was hidden, and why others were left out; null where the dataset has unanswerable ones of its own. */
  hidden: z.strictObject({ made: count, answeredElsewhere: count, withoutGold: count }).nullable(),
  run: z.string(),
  /** Questions that failed, and answers to answerable ones without a score; they are in no figure. */
  unscored: count,
  certificate: refusalCertificateSchema,
  /** Answers to the test split at the certified threshold; null where nothing was certified or it was not asked. */
  test: z
    .strictObject({ run: z.string(), answered: count, wrong: count, upper: share, lower: share })
    .nullable(),
  /** What the certificate holds for: hash of the variant without its refusal, and version of the index. */
  holdsFor: z.strictObject({ definition: z.string(), indexVersion: z.string() }),
  /** The variant with the certified threshold, for the config; null where there is none, or the variant is a pipeline. */
  config: z.record(z.string(), z.json()).nullable(),
});
export type RefusalReport = z.infer<typeof refusalReportSchema>;

/** Answers of one run. */
export interface JudgedAnswers {
  readonly answers: readonly CalibrationAnswer[];
  readonly run: string;
  readonly unscored: number;
}

export interface RefusalReportParts {
  readonly variant: string;
  readonly dataset: string;
  readonly metric: string;
  readonly calibrationSet: string;
  readonly hidden: RefusalReport['hidden'];
  readonly certificate: RefusalCertificate;
  readonly calibration: JudgedAnswers;
  readonly test: JudgedAnswers | null;
  readonly holdsFor: RefusalReport['holdsFor'];
  /** The variant with its certified threshold. */
  readonly config: Readonly<Record<string, unknown>> | null;
}

/** Puts the figures of a calibration together. */
export function reportRefusal(parts: RefusalReportParts): RefusalReport {
  const { certificate, calibration, test, config, ...named } = parts;
  return {
    ...named,
    run: calibration.run,
    unscored: calibration.unscored + (test?.unscored ?? 0),
    certificate,
    test: test && certificate.certified && testFigures(test, certificate, certificate.certified.threshold),
    config: config && z.record(z.string(), z.json()).parse(config),
  };
}

/** Wrong among given answers of the test split, at the same share of unanswerable ones, with a two-sided interval. */
function testFigures(
  { answers, run }: JudgedAnswers,
  { confidence, unanswerable }: RefusalCertificate,
  threshold: number,
): RefusalReport['test'] {
  const mixed = reweighAnswerable(answers, unanswerable, 'fulcrum-refusal-test');
  const tail = (1 - confidence) / 2;
  const { answered, wrong, upper } = testThreshold(mixed, threshold, tail);
  const right = mixed.map((answer) => ({ ...answer, wrong: !answer.wrong }));
  return { run, answered, wrong, upper, lower: 1 - testThreshold(right, threshold, tail).upper };
}
