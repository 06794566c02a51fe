import { costErrors } from './costs.ts';
import { datasetErrors } from './datasets.ts';
import { decisionErrors } from './decisions.ts';
import { fileErrors } from './files.ts';
import { knowledgeErrors } from './knowledge.ts';
import { modelErrors } from './models.ts';
import { monitoringErrors } from './monitoring.ts';
import { projectErrors } from './project.ts';
import { runErrors } from './runs.ts';
import { scoringErrors } from './scoring.ts';
import { servingErrors } from './serving.ts';
import { storageErrors } from './storage.ts';
import { tunedModelErrors } from './tuned-models.ts';
import { tuningDataErrors } from './tuning-data.ts';
import { tuningJobErrors } from './tuning-jobs.ts';
import { variantErrors } from './variants.ts';
import { workErrors } from './work.ts';

/** Every failure that a user can see, by area. The docs page `docs/errors.md` is generated from this table. */
export const errorCatalogue = {
  ...projectErrors,
  ...fileErrors,
  ...storageErrors,
  ...modelErrors,
  ...knowledgeErrors,
  ...datasetErrors,
  ...variantErrors,
  ...runErrors,
  ...scoringErrors,
  ...costErrors,
  ...decisionErrors,
  ...tuningDataErrors,
  ...tuningJobErrors,
  ...tunedModelErrors,
  ...servingErrors,
  ...monitoringErrors,
  ...workErrors,
} as const;

/** Code of an entry of the catalogue. */
export type ErrorCode = keyof typeof errorCatalogue;
