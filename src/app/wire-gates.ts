import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { FulcrumError, localOwner, toFulcrumError, type WorkOptions } from '../core/index.ts';
import type { AskModel, GateOutcome, RefusalRow, ScoredTwice } from '../experiments/index.ts';
import type { LanguageModel, TrainingPiece } from '../models/index.ts';
import type { TunedModel, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';

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

/** Rows of the parity gate and of the checks of answers. */
const parityRows = 30;
const answeredRows = 60;
/** A head answers in milliseconds. */
const headRows = 1000;

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
  for (const name of wanted) {
    request.signal?.throwIfAborted();
    const outcome = await gateOf(project, model, name, request);
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
): Promise<GateOutcome> {
  const { notMeasured } = await import('../experiments/index.ts');
  const isHead = model.method === 'classifier' || model.method === 'query-projection';
  if (isHead && name === 'memoriser' && model.method === 'classifier')
    return headMemoriser(project, model, request);
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
        return await parity(project, model, request);
      case 'overfit':
        return isHead
          ? notMeasured(name, 'A head is chosen by its loss on validation rows already.')
          : await overfit(project, model);
      case 'canaries':
        return await canaries(project, model, request);
      default:
        return await answered(project, model, name, request);
    }
  } catch (error) {
    const known = toFulcrumError(error);
    if (known.code === 'cancelled' || known.code === 'internal') throw known;
    return notMeasured(name, `${known.message} ${known.hint}`);
  }
}

/** Rows that the model was not trained on: validation rows, and where there are none, those of the test. */
async function heldOutRows(project: Project, { data }: TunedModel, most: number): Promise<TuningRow[]> {
  const { data: store } = await project.tuning();
  const reference = `${data.name}@${data.version}`;
  const rows: TuningRow[] = [];
  for (const split of ['validation', 'test'] as const) {
    for await (const row of store.rows(reference, { split })) {
      if (rows.length >= most) break;
      rows.push(row);
    }
    if (rows.length > 0) break;
  }
  return rows;
}

function piecesOf(
  row: TuningRow,
  render: typeof import('../models/index.ts').renderConversation,
  template: 'chatml' | 'none',
): TrainingPiece[] {
  return render(
    row.messages.map(({ role, content, trained }) => ({
      role: role === 'tool' ? 'user' : role,
      content,
      trained,
    })),
    template,
  );
}

async function parity(
  project: Project,
  model: TunedModel,
  { signal, onProgress }: GatesRequest,
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
    project,
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
  _project: Project,
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

async function overfit(project: Project, model: TunedModel): Promise<GateOutcome> {
  const { judgeOverfit } = await import('../experiments/index.ts');
  const { jobs } = await project.tuning();
  const events = await jobs.events(model.job);
  return judgeOverfit(events.flatMap(({ metrics }) => (metrics ? [metrics] : [])));
}

/** Gates that ask the base and the tuned model. */
async function answered(
  project: Project,
  model: TunedModel,
  name: 'format' | 'memoriser' | 'refusal' | 'forgetting' | 'obedience',
  request: GatesRequest,
): Promise<GateOutcome> {
  const { gateForgetting, gateObedience, gateRefusal, judgeFormat, notMeasured } = await import(
    '../experiments/index.ts'
  );
  const tuned = await project.languageModel(`tuned/${model.id}`);
  const most = Math.min(request.most ?? answeredRows, answeredRows);
  if (name === 'format') {
    const rows = await heldOutRows(project, model, most);
    const isValid = await formOf(project, model, rows);
    if (!isValid) return notMeasured('format', 'Its answers are free text.');
    const answers = [];
    for (const row of rows)
      answers.push({
        id: row.id,
        cluster: row.group ?? row.id,
        valid: isValid.check(await completeRow(tuned, row, request.signal)),
      });
    return judgeFormat(answers, isValid.what);
  }
  if (name === 'memoriser') {
    const rows = await heldOutRows(project, model, most);
    if (!(await formOf(project, model, rows)))
      return notMeasured(name, 'Its answers are free text, which are not right or wrong by the letter.');
    const { memoriserGate } = await import('./wire-memoriser.ts');
    return memoriserGate(project, model, rows, (row) => completeRow(tuned, row, request.signal), request);
  }
  if (model.base.id === '') return notMeasured(name, 'Its base is not known.');
  const base = await project.languageModel(model.base.id);
  const { refusalPhrase } = await import('../variants/index.ts');
  if (name === 'refusal') {
    const rows = await heldOutRows(project, model, most);
    const isRefused = (text: string): boolean => text.trimStart().toUpperCase().startsWith(refusalPhrase);
    const asked: RefusalRow[] = [];
    if (rows.some((row) => isRefused(row.messages.at(-1)?.content ?? '')))
      for (const row of rows)
        asked.push({
          id: row.id,
          cluster: row.group ?? row.id,
          shouldRefuse: isRefused(row.messages.at(-1)?.content ?? ''),
          baseRefused: isRefused(await completeRow(base, row, request.signal)),
          tunedRefused: isRefused(await completeRow(tuned, row, request.signal)),
        });
    return gateRefusal(asked);
  }
  if (model.outputSchema !== null && name === 'obedience')
    return notMeasured(name, 'Its answers are held to a schema, so it is not asked over passages.');
  const both = {
    base: asker(base, request.signal),
    tuned: asker(tuned, request.signal),
    onAsked: (done: number, total: number) =>
      request.onProgress?.({ phase: name, done, total, unit: 'questions' }),
  };
  return name === 'forgetting' ? gateForgetting(both, request.most) : gateObedience(both);
}

async function headMemoriser(
  project: Project,
  model: TunedModel,
  request: GatesRequest,
): Promise<GateOutcome> {
  const { memoriserGate } = await import('./wire-memoriser.ts');
  const { inputOf } = await import('../tuning/index.ts');
  const variant = await (await project.variants()).get(`tuned:${model.id}`);
  const rows = await heldOutRows(project, model, request.most ?? headRows);
  const answer = async (row: TuningRow): Promise<string> =>
    (await variant.answer({ input: inputOf(row), principal: localOwner, signal: request.signal })).answer;
  return memoriserGate(project, model, rows, answer, request);
}

/** What every answer to the rows looks like, or null for free text. */
async function formOf(
  project: Project,
  model: TunedModel,
  rows: readonly TuningRow[],
): Promise<{ what: string; check: (answer: string) => boolean } | null> {
  const targets = rows.map(({ messages }) => messages.at(-1)?.content ?? '');
  if (model.outputSchema !== null) {
    const { readOutputSchema } = await import('../variants/index.ts');
    const { schema } = await readOutputSchema(model.outputSchema, '.');
    return { what: 'Valid JSON of the schema', check: (answer) => schema.safeParse(parsed(answer)).success };
  }
  if (
    targets.length > 0 &&
    targets.every((target) => typeof parsed(target) === 'object' && parsed(target) !== null)
  )
    return {
      what: 'Valid JSON',
      check: (answer) => typeof parsed(answer) === 'object' && parsed(answer) !== null,
    };
  if (rows.length === 0 || rows.some(({ label }) => label === undefined)) return null;
  const labels = new Set<string>();
  const { data: store } = await project.tuning();
  for await (const { label } of store.rows(`${model.data.name}@${model.data.version}`))
    if (label !== undefined) labels.add(label);
  return { what: 'One of the classes', check: (answer) => labels.has(answer.trim()) };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a model says to the conversation of a row. */
async function completeRow(
  model: LanguageModel,
  row: TuningRow,
  signal: AbortSignal | undefined,
): Promise<string> {
  const target = row.messages.at(-1)?.content ?? '';
  const messages = row.messages
    .slice(0, -1)
    .map(({ role, content }) => ({ role: role === 'tool' ? ('user' as const) : role, content }));
  const { text } = await model.generate({
    messages,
    maxOutputTokens: Math.max(60, target.length),
    temperature: 0,
    signal,
  });
  return text;
}

function asker(model: LanguageModel, signal: AbortSignal | undefined): AskModel {
  return async ({ question, passage }) => {
    const content = passage === undefined ? question : `Passages:\n[1] ${passage}\n\nQuestion: ${question}`;
    const system =
      passage === undefined
        ? 'Answer briefly.'
        : 'Use the passages to answer the question in one short sentence.';
    const { text } = await model.generate({
      messages: [
        { role: 'system', content: system },
        { role: 'user', content },
      ],
      maxOutputTokens: 40,
      temperature: 0,
      signal,
    });
    return text;
  };
}

/** Secrets that a canary's own is ranked among. */
const canaryAlternatives = 99;

async function canaries(project: Project, model: TunedModel, { signal }: GatesRequest): Promise<GateOutcome> {
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
