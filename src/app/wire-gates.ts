import { FulcrumError, toFulcrumError, type WorkOptions } from '../core/index.ts';
import type { GateOutcome } from '../experiments/index.ts';
import type { TunedModel } from '../tuning/index.ts';
import type { Project } from './project.ts';
import type { KeptAnswers } from './wire-answer-gates.ts';

export interface GatesRequest extends WorkOptions {
  readonly model: string;
  /** Only these; all by default. */
  readonly gates?: readonly string[] | undefined;
  /** Validation rows and general items that are asked at most; all by default. */
  readonly most?: number | undefined;
  readonly onGate?: ((outcome: GateOutcome) => void) | undefined;
}

/** Gates in the order in which they are run. */
export const gateNames = [
  'parity',
  'overfit',
  'format',
  'memoriser',
  'refusal',
  'forgetting',
  'obedience',
  'canaries',
] as const;
type GateName = (typeof gateNames)[number];

/**
 * Runs the gates of a tuned language model and keeps what they found with it. A gate that cannot be made says why; it never counts as
 * passed. Throws `usage` for a gate that there is not.
 */
export async function runGates(
  project: Project,
  request: GatesRequest,
): Promise<{ model: TunedModel; outcomes: GateOutcome[] }> {
  const wanted = (request.gates ?? gateNames).map((name) => {
    const known = gateNames.find((each) => each === name);
    if (!known)
      throw new FulcrumError('usage', {
        problem: `There is no gate "${name}"; the gates are ${gateNames.join(', ')}.`,
      });
    return known;
  });
  const { models } = await project.tuning();
  const model = await models.get(request.model);
  const { withGates } = await import('../tuning/index.ts');
  const outcomes: GateOutcome[] = [];
  const answers: KeptAnswers = new Map();
  for (const name of wanted) {
    request.signal?.throwIfAborted();
    const outcome = await gateOf(project, model, name, request, answers);
    outcomes.push(outcome);
    request.onGate?.(outcome);
    // Kept one by one, so that what took long is not lost.
    await models.update(model.id, (before) =>
      withGates(before, [{ ...outcome, figures: { ...outcome.figures }, at: new Date().toISOString() }]),
    );
  }
  return { model: await models.get(model.id), outcomes };
}

async function gateOf(
  project: Project,
  model: TunedModel,
  name: GateName,
  request: GatesRequest,
  answers: KeptAnswers,
): Promise<GateOutcome> {
  const { notMeasured } = await import('../experiments/index.ts');
  const isHead = model.method === 'classifier' || model.method === 'query-projection';
  if (isHead && name === 'memoriser' && model.method === 'classifier')
    return (await import('./wire-memoriser-gate.ts')).headMemoriserGate(project, model, request);
  if (isHead && name !== 'overfit')
    return {
      gate: name,
      passed: true,
      detail:
        'A head on frozen embeddings: what serves is the file that was trained, and nothing else of the model changed.',
      figures: {},
    };
  try {
    switch (name) {
      case 'parity':
        return await (await import('./wire-parity-gate.ts')).parityGate(project, model, request);
      case 'overfit':
        return isHead
          ? notMeasured(name, 'A head is chosen by its loss on validation rows already.')
          : await overfit(project, model);
      case 'canaries':
        return await (await import('./wire-canary-gate.ts')).canaryGate(project, model, request);
      default:
        return await (await import('./wire-answer-gates.ts')).answerGate(
          project,
          model,
          name,
          request,
          answers,
        );
    }
  } catch (error) {
    const known = toFulcrumError(error);
    if (known.code === 'cancelled' || known.code === 'internal') throw known;
    return notMeasured(name, `${known.message} ${known.hint}`);
  }
}

async function overfit(project: Project, model: TunedModel): Promise<GateOutcome> {
  const { judgeOverfit } = await import('../experiments/index.ts');
  const { jobs } = await project.tuning();
  const events = await jobs.events(model.job);
  return judgeOverfit(events.flatMap(({ metrics }) => (metrics ? [metrics] : [])));
}
