import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type { GateOutcome, ScoredTwice } from '../experiments/index.ts';
import type { TrainingPiece } from '../models/index.ts';
import type { TunedModel } from '../tuning/index.ts';
import type { Project } from './project.ts';
import { heldOutRows, piecesOf } from './wire-gate-rows.ts';

const parityRows = 30;

/** The parity gate: the same rows in the runtime that trained and in the one that serves. */
export async function parityGate(
  project: Project,
  model: TunedModel,
  { signal, onProgress }: WorkOptions,
): Promise<GateOutcome> {
  const { judgeParity, notMeasured } = await import('../experiments/index.ts');
  const adapter = model.artifacts.find(({ format }) => format === 'gguf-lora');
  const peft = model.artifacts.find(({ format }) => format === 'peft');
  if (!adapter || !peft)
    return notMeasured(
      'parity',
      `The weights are with ${model.provider}, which trains and serves them itself: there is no conversion here to go wrong.`,
    );
  if (!model.base.id.startsWith('local/'))
    return notMeasured('parity', 'Only bases among the local models are served here.');
  const rows = await heldOutRows(project, model, parityRows);
  if (rows.length === 0) return notMeasured('parity', 'There are no rows that it was not trained on.');
  const { describeBase } = await import('../tuning/index.ts');
  const { renderConversation } = await import('../models/index.ts');
  const { template } = describeBase(model.base.id);
  const texts = rows.map((row) => ({ id: row.id, pieces: piecesOf(row, renderConversation, template) }));
  const training = await scoreInTraining(
    model,
    dirname(join(project.stateDirectory, peft.path)),
    texts,
    signal,
  );
  const serving = [];
  for (const lora of [undefined, join(project.stateDirectory, adapter.path)]) {
    const { openTextScorer } = await import('../models/index.ts');
    const scorer = await openTextScorer(model.base.id, { lora, signal });
    try {
      const scored = [];
      for (const [index, { pieces }] of texts.entries()) {
        signal?.throwIfAborted();
        onProgress?.({ phase: 'parity', done: index, total: texts.length, unit: 'rows' });
        scored.push(await scorer.score(pieces));
      }
      serving.push(scored);
    } finally {
      await scorer.close();
    }
  }
  const [base, tuned] = serving;
  return judgeParity(
    texts.map(({ id }, index): ScoredTwice => {
      const { ids, end, logProbabilities } = base![index]!;
      return {
        id,
        training: training[index]!,
        serving: { ids, end, base: logProbabilities, tuned: tuned![index]!.logProbabilities },
      };
    }),
  );
}

async function scoreInTraining(
  model: TunedModel,
  adapter: string,
  rows: readonly { id: string; pieces: readonly TrainingPiece[] }[],
  signal: AbortSignal | undefined,
): Promise<ScoredTwice['training'][]> {
  const { ensureBaseCheckpoint, requirePythonEnvironment, trainerDirectory } = await import(
    '../tuning/index.ts'
  );
  const { python } = await requirePythonEnvironment();
  const base = await ensureBaseCheckpoint(model.base.id, python, { signal });
  const folder = await mkdtemp(join(tmpdir(), 'fulcrum-parity-'));
  try {
    const precision = model.config.precision === 'fp32' ? 'fp32' : 'bf16';
    await writeFile(
      join(folder, 'request.json'),
      JSON.stringify({ base: base.path, adapter, precision, rows }),
    );
    const { execa } = await import('execa');
    const outcome = await execa(
      python,
      [join(trainerDirectory, 'score.py'), join(folder, 'request.json'), join(folder, 'out.jsonl')],
      {
        reject: false,
        all: true,
        stdin: 'ignore',
        ...(signal ? { cancelSignal: signal } : {}),
      },
    );
    if (outcome.isCanceled) throw new FulcrumError('cancelled');
    if (outcome.exitCode !== 0)
      throw new FulcrumError('trainer-failed', {
        problem: (outcome.all ?? '').trim().split('\n').slice(-1).join(' ').slice(0, 300),
      });
    const lines = (await readFile(join(folder, 'out.jsonl'), 'utf8')).trim().split('\n');
    return lines.map((line) => JSON.parse(line) as ScoredTwice['training']);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
