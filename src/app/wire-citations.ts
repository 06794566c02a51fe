import { localOwner, type SplitName, type WorkOptions } from '../core/index.ts';
import { type DatasetStore, type LeaveOneOutReport, leaveOneOut, parseSplit } from '../evaluation/index.ts';
import type { Variants } from '../variants/index.ts';
import { asEvaluated } from './as-evaluated.ts';
import type { LogLook } from './run-variants.ts';

/** What `eval citations` is asked for; see `LeaveOneOutOptions`. */
export interface LeaveOneOutRequest {
  readonly dataset: string;
  readonly variant: string;
  readonly split?: string | undefined;
  readonly share: number;
  readonly seed: number;
  readonly budget?: number | undefined;
}

/** Leave-one-citation-out checks of a variant of the project. Throws `dataset-unknown`, `variant-unknown` and what answering throws. */
export function createCitationChecks(
  project: { variants(): Promise<Pick<Variants, 'get'>> },
  datasets: Pick<DatasetStore, 'get'>,
  logLook: LogLook,
  options: WorkOptions,
): (request: LeaveOneOutRequest) => Promise<LeaveOneOutReport> {
  return async ({ dataset, variant, split, ...how }) => {
    const chosen = await datasets.get(dataset);
    const name: SplitName | undefined = split === undefined ? undefined : parseSplit(split);
    const { judgeClaim, statementsOfAnswer } = await import('../variants/index.ts');
    const asked = asEvaluated(await (await project.variants()).get(variant));
    await logLook(chosen, split, 'eval citations', variant);
    return leaveOneOut({
      ...options,
      ...how,
      variant: asked,
      samples: chosen.content.filter((sample) => name === undefined || sample.split === name),
      principal: localOwner,
      split: statementsOfAnswer,
      stillSays: (statement, answer) => judgeClaim(statement, [{ quote: answer }]).state !== 'unverified',
    });
  };
}
