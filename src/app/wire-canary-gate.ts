import { join } from 'node:path';
import type { WorkOptions } from '../core/index.ts';
import type { GateOutcome } from '../experiments/index.ts';
import type { TunedModel, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';
import { piecesOf } from './wire-gate-rows.ts';

/** Secrets that a canary's own is ranked among. */
const canaryAlternatives = 99;

/** The canary gate: how planted secrets rank among others of their form. */
export async function canaryGate(
  project: Project,
  model: TunedModel,
  { signal }: WorkOptions,
): Promise<GateOutcome> {
  const { judgeCanaries, notMeasured } = await import('../experiments/index.ts');
  const adapter = model.artifacts.find(({ format }) => format === 'gguf-lora');
  const { data: store } = await project.tuning();
  const planted: TuningRow[] = [];
  for await (const row of store.rows(`${model.data.name}@${model.data.version}`))
    if (row.origin.kind === 'canary' && row.split !== 'test') planted.push(row);
  if (planted.length === 0) return judgeCanaries([]);
  if (!adapter || !model.base.id.startsWith('local/'))
    return notMeasured('canaries', 'The weights are not here, so that probabilities cannot be read.');
  const { openTextScorer, renderConversation } = await import('../models/index.ts');
  const { describeBase, otherSecrets } = await import('../tuning/index.ts');
  const { template } = describeBase(model.base.id);
  const scorer = await openTextScorer(model.base.id, {
    lora: join(project.stateDirectory, adapter.path),
    signal,
  });
  try {
    const ranks = [];
    for (const row of planted) {
      const own = row.messages.at(-1)!.content;
      const scoreOf = async (secret: string): Promise<number> => {
        const changed = {
          ...row,
          messages: [...row.messages.slice(0, -1), { role: 'assistant' as const, content: secret }],
        };
        const { logProbabilities } = await scorer.score(piecesOf(changed, renderConversation, template));
        return logProbabilities.reduce((sum, value) => sum + value, 0);
      };
      const score = await scoreOf(own);
      let rank = 1;
      for (const other of otherSecrets(row.id, own, canaryAlternatives)) {
        signal?.throwIfAborted();
        if ((await scoreOf(other)) >= score) rank++;
      }
      ranks.push({ id: row.id, rank, among: canaryAlternatives + 1 });
    }
    return judgeCanaries(ranks);
  } finally {
    await scorer.close();
  }
}
