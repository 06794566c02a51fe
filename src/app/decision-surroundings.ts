import type { ArmInputs, Costing, OutlookFacts } from '../decision/index.ts';
import type { ScoreRow } from '../evaluation/index.ts';
import type { Project } from './project.ts';
import { type CostRequest, costOfProject } from './wire-cost.ts';

/** What a project knows that a decision is made with, beside the scores. */
export interface DecisionSurroundings {
  readonly costing: Costing;
  readonly facts: OutlookFacts;
}

export interface SurroundingsRequest extends Pick<CostRequest, 'runs' | 'metric' | 'losses'> {
  /** Requests a month. */
  readonly volume: number;
  /** Rows that are decided on: their variants are the arms. */
  readonly rows: readonly ScoreRow[];
  /** USD per 1,000 requests that overrule what was measured, by variant. */
  readonly prices: Readonly<Record<string, number>>;
  /** Dataset whose evidence is followed through the history of its documents; nobody looks where it is absent. */
  readonly halfLifeOf?: string | undefined;
}

/**
 * Costs of the variants with what the config adds, and what is known of the future: the days on which their models are withdrawn,
 * the licences of local ones and, where it is asked for, the half-life of the knowledge. Throws what `measureHalfLife` throws then.
 */
export async function decisionSurroundings(
  project: Project,
  request: SurroundingsRequest,
): Promise<DecisionSurroundings> {
  const { enteredFigure } = await import('../decision/index.ts');
  const { findLocalModel, isoDay, retirementsOf } = await import('../models/index.ts');
  const { runs, metric, losses = {}, volume, rows, prices } = request;
  const cost = await costOfProject(project, { runs, metric, losses, volumes: [volume], measure: 'request' });
  const variants = new Set(rows.map((row) => row.variant));
  const evaluation = await project.evaluation();
  const named = new Map<string, string>();
  const endOfLife: { variant: string; model: string; day: string }[] = [];
  const licences: { variant: string; what: string; licence: string }[] = [];
  for (const id of runs) {
    const run = await evaluation.getRun(id);
    const full = `${run.variant} (${run.id})`;
    const variant = variants.has(full) ? full : run.variant;
    named.set(id, variant);
    const model = typeof run.definition.model === 'string' ? run.definition.model : null;
    const ends = model === null ? undefined : retirementsOf(model).find((each) => each.ends === 'inference');
    if (model !== null && ends) endOfLife.push({ variant, model, day: ends.date });
    if (model?.startsWith('local/'))
      licences.push({ variant, what: model, licence: findLocalModel(model).license });
  }
  const arms = cost.arms.flatMap((arm): ArmInputs[] => {
    if (arm.run === undefined) return [];
    const name = named.get(arm.run) ?? arm.name;
    const price = prices[name];
    const { usage: _, ...kept } = arm;
    if (price !== undefined)
      return [{ ...kept, name, profile: undefined, costPer1000: enteredFigure(price, '--price') }];
    // Too few requests for a mean of their parts: the mean cost of the answers is all there is.
    const unknown = arm.profile === undefined && arm.costPer1000?.value === null;
    return unknown ? [] : [{ ...kept, name }];
  });
  const today = isoDay();
  return {
    costing: { arms, losses: cost.losses, today },
    facts: { today, endOfLife, licences, ...(await halfLifeFacts(project, request.halfLifeOf)) },
  };
}

/** Days of a mean month. */
const month = 30.44;

async function halfLifeFacts(
  project: Project,
  dataset: string | undefined,
): Promise<Pick<OutlookFacts, 'halfLifeMonths'>> {
  if (dataset === undefined) return {};
  const { halfLifeDays } = await project.halfLife({ dataset });
  const days = halfLifeDays?.value ?? null;
  return days === null ? {} : { halfLifeMonths: days / month };
}
