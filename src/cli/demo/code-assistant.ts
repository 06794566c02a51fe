import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Project } from '../../app/index.ts';
import { type Answer, localOwner, type Sample } from '../../core/index.ts';
import type { ScoreRow } from '../../evaluation/index.ts';
import type { CommandContext } from '../command.ts';
import { answerAgain } from './audit.ts';
import { hostedVariants, offerHosted } from './hosted.ts';
import type { Say } from './say.ts';
import { type DemoVerdict, reachVerdict } from './verdict.ts';

const dataset = 'code-assistant';
/** Samples of each model variant that are answered again, and the time for all of them together. */
const auditedSamples = 12;
const auditSeconds = 85;
/** Questions shown with their answers; all three are of the training split. */
const shownQuestions = 3;

/** What the demo did, for `--json`. */
export interface DemoReport {
  readonly documents: number;
  readonly chunks: number;
  readonly embedded: number;
  readonly questions: number;
  readonly answers: readonly { question: string; answer: Answer }[];
  readonly audit: readonly { variant: string; compared: number; sameOutput: number; sameCorrect: number }[];
  readonly verdict: DemoVerdict;
}

/**
 * The story of the code assistant: documents in, cited answers, every question answered by `extract`, a comparison
 * with recorded runs of the model variants that is audited by answering random samples again, and a verdict.
 * @param full answers every question with every variant here instead of taking the recorded runs.
 */
export async function demoCodeAssistant(
  project: Project,
  context: CommandContext,
  say: Say,
  full: boolean,
): Promise<DemoReport> {
  const { importModel } = await import('../../app/index.ts');
  const tuned = await importModel(project, join(project.directory, 'adapter'));
  const knowledge = await project.knowledge();
  const evaluation = await project.evaluation();

  say.heading('The corpus: the documentation that comes with the npm package "ai"');
  const synced = await knowledge.sync({ background: true });
  const documents = synced.added + synced.changed + synced.unchanged;
  say.line(
    `  ${documents} documents, ${synced.chunks} chunks, searchable by keyword after ${synced.seconds.toFixed(1)} s.`,
  );

  say.heading('Three answers, quoted from the documentation');
  await evaluation.importDataset({ path: join(project.directory, 'questions.jsonl'), name: dataset });
  const { content: samples } = await evaluation.datasets.get(dataset);
  const extract = await (await project.variants()).get('extract');
  const answers: { question: string; answer: Answer }[] = [];
  const show = async (sample: Sample): Promise<void> => {
    const answer = await extract.answer({
      input: sample.input,
      principal: localOwner,
      signal: context.signal,
    });
    answers.push({ question: sample.input, answer });
    say.answer(sample.input, answer);
  };
  const [first, ...others] = pickShown(samples);
  if (first) await show(first);
  const startedAt = performance.now();
  const { embedded } = await knowledge.embedPending();
  if (embedded > 0)
    say.line(
      `\n  That was by keywords. Now ${embedded} chunks are embedded too, in ${((performance.now() - startedAt) / 1000).toFixed(1)} s:`,
    );
  for (const sample of others) await show(sample);

  say.heading(`All ${samples.length} questions`);
  const recorded = full ? [] : recordedFiles(project.directory);
  const live = full || recorded.length === 0 ? localVariants(project) : ['extract'];
  say.line(`  Answered here and now: ${live.join(', ')}.`);
  const work = { dataset, onProgress: context.terminal.onProgress, signal: context.signal };
  const { list } = await project.variants();
  const isTuned = (name: string): boolean =>
    list().some((each) => each.name === name && (each.kind === 'tuned' || each.kind === 'hybrid'));
  const liveRuns = [...(await evaluation.run({ ...work, variants: live.filter((name) => !isTuned(name)) }))];
  // What was trained on the training questions is asked the others.
  if (live.some(isTuned))
    liveRuns.push(...(await evaluation.run({ ...work, split: 'test', variants: live.filter(isTuned) })));
  const recordedRuns = [];
  for (const file of recorded) recordedRuns.push(await evaluation.importRecordedRun(file));
  if (recordedRuns.length > 0)
    say.line(
      `  Recorded by us with the same models and questions: ${recordedRuns.map((run) => run.variant).join(', ')}.`,
    );
  say.line(
    `  tuned and hybrid run ${tuned.id}, an adapter of ${(tuned.artifacts[0]!.bytes / 1e6).toFixed(1)} MB on ${tuned.base.id}, trained on ${tuned.data.trainRows} rows of pages that no test question cites.`,
  );
  const audit = full ? [] : await auditRecordedRuns(project, context, say, samples, recordedRuns);
  const hosted = await offerHosted(project, context, say, dataset);

  say.heading('The verdict, on the 80 test questions');
  const runs = [...liveRuns.map((run) => run.id), ...recordedRuns.map((run) => run.id), ...hosted];
  const rows = await testRows(project, runs, samples);
  const verdict = await reachVerdict(project, { runs, rows, samples }, say);
  return {
    documents,
    chunks: synced.chunks,
    embedded,
    questions: samples.length,
    answers,
    audit,
    verdict,
  };
}

/** Answers random samples again with each recorded variant and says how far the answers agree. */
async function auditRecordedRuns(
  project: Project,
  context: CommandContext,
  say: Say,
  samples: readonly Sample[],
  runs: readonly { id: string; variant: string }[],
): Promise<DemoReport['audit']> {
  const catalogue = await project.variants();
  const evaluation = await project.evaluation();
  const again: Record<string, (sample: Sample) => Promise<Answer>> = {};
  for (const { variant: name } of runs) {
    const variant = await catalogue.get(name);
    again[name] = (sample) =>
      variant.answer({
        input: sample.input,
        evidence: sample.evidence,
        sampleId: sample.id,
        principal: localOwner,
        signal: context.signal,
      });
  }
  say.line('  An audit: random samples of the recorded runs are answered again, now and here.');
  const audited = await answerAgain({
    // Every recorded run has the test questions.
    samples: samples.filter(({ split }) => split === 'test'),
    variants: again,
    perVariant: auditedSamples,
    secondsAllowed: auditSeconds,
    random: Math.random,
    onAnswered: (done, total) =>
      context.terminal.onProgress({ phase: 'audit', done, total, unit: 'answers' }),
  });
  context.terminal.stopProgress();
  const report = [];
  for (const { id, variant } of runs) {
    const { compared, sameOutput, sameCorrect } = await evaluation.audit(
      id,
      audited.filter((each) => each.variant === variant),
    );
    report.push({ variant, compared, sameOutput, sameCorrect });
    say.line(
      `    ${variant}: ${compared} answered again, ${sameOutput} word for word the same, ${sameCorrect} judged the same.`,
    );
  }
  return report;
}

/** Scores of the primary metric on the test split. */
async function testRows(
  project: Project,
  runs: readonly string[],
  samples: readonly Sample[],
): Promise<ScoreRow[]> {
  const evaluation = await project.evaluation();
  const test = new Set(samples.filter((sample) => sample.split === 'test').map((sample) => sample.id));
  const rows = await evaluation.scoreRows(runs, project.config.decision.metric);
  return rows.filter((row) => test.has(row.sample));
}

/** Files of runs that were made by us with the real models, in a stable order. */
function recordedFiles(directory: string): string[] {
  const folder = join(directory, 'recorded');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.jsonl'))
    .sort()
    .map((name) => join(folder, name));
}

/** A question in the words of the text, a how-to, and one that the corpus cannot answer, of the training split. */
function pickShown(samples: readonly Sample[]): Sample[] {
  const training = samples.filter((sample) => sample.split === 'train');
  return ['overlap-high', 'how-to', 'unanswerable']
    .map((tag) => training.find((sample) => sample.tags?.includes(tag)))
    .filter((sample) => sample !== undefined)
    .slice(0, shownQuestions);
}

/** Variants that need no key. */
function localVariants(project: Project): string[] {
  const hosted = hostedVariants(project);
  return Object.keys(project.config.variants).filter((name) => !hosted.includes(name));
}
