import type { WorkOptions } from '../core/index.ts';
import type { AskModel, GateOutcome, RefusalRow } from '../experiments/index.ts';
import type { LanguageModel } from '../models/index.ts';
import type { TunedModel, TuningRow } from '../tuning/index.ts';
import type { Project } from './project.ts';
import { heldOutRows } from './wire-gate-rows.ts';

/** Answers of the tuned model to held-out rows, by row: several gates look at the same ones. */
export type KeptAnswers = Map<string, Promise<string>>;

interface AnswerGatesRequest extends WorkOptions {
  readonly most?: number | undefined;
}

const answeredRows = 60;

/** Gates that ask the base and the tuned model. */
export async function answerGate(
  project: Project,
  model: TunedModel,
  name: 'format' | 'memoriser' | 'refusal' | 'forgetting' | 'obedience',
  request: AnswerGatesRequest,
  kept: KeptAnswers,
): Promise<GateOutcome> {
  const { gateForgetting, gateObedience, gateRefusal, judgeFormat, notMeasured } = await import(
    '../experiments/index.ts'
  );
  const tuned = await project.languageModel(`tuned/${model.id}`);
  const tunedAnswer = (row: TuningRow): Promise<string> => {
    const answer = kept.get(row.id) ?? completeRow(tuned, row, request.signal);
    kept.set(row.id, answer);
    return answer;
  };
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
        valid: isValid.check(await tunedAnswer(row)),
      });
    return judgeFormat(answers, isValid.what);
  }
  if (name === 'memoriser') {
    const rows = await heldOutRows(project, model, most);
    if (!(await formOf(project, model, rows)))
      return notMeasured(name, 'Its answers are free text, which are not right or wrong by the letter.');
    const { memoriserGate } = await import('./wire-memoriser-gate.ts');
    return memoriserGate(project, model, rows, tunedAnswer, request);
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
          tunedRefused: isRefused(await tunedAnswer(row)),
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
