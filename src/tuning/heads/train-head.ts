import { createWriteStream, existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { atThreshold, chooseThreshold, fitTemperature, type Judged, meanLoss } from './calibration.ts';
import { bestInside } from './head-classifier.ts';
import { writeHead } from './head-file.ts';
import { type HeadJob, type HeadRows, headJobSchema, readHeadRows, readVectors } from './head-job.ts';
import { fitProjection, hitAtOne, identity, projectionDefaults } from './query-projection.ts';
import { classScores, type Fit, fitSoftmax } from './softmax-regression.ts';

// The program of a head's job: node train-head FOLDER, events on descriptor 3.

const folder = process.argv[2] ?? '';
const events = createWriteStream('', { fd: 3 });
let sequence = 0;
const emit = (type: string, fields: Record<string, unknown> = {}): void => {
  events.write(
    `${JSON.stringify({ v: 1, sequence: ++sequence, at: new Date().toISOString(), type, ...fields })}\n`,
  );
};

async function main(): Promise<void> {
  const known = join(folder, 'events.jsonl');
  if (existsSync(known)) sequence = (await readFile(known, 'utf8')).split('\n').length - 1;
  const job = headJobSchema.parse(JSON.parse(await readFile(join(folder, 'job.json'), 'utf8')));
  await mkdir(join(folder, 'artifacts'), { recursive: true });
  emit('hello', { versions: { node: process.version }, device: 'cpu', threads: 1 });
  const result = job.method === 'classifier' ? await trainClassifier(job) : await trainProjection(job);
  const { user, system } = process.cpuUsage();
  emit('done', { ...result, cpuSeconds: (user + system) / 1e6 });
}

async function trainClassifier(job: HeadJob): Promise<Record<string, unknown>> {
  const { dimensions } = job.embedding;
  const train = await readHeadRows(folder, 'train', dimensions);
  const validation = await readHeadRows(folder, 'validation', dimensions);
  const startedAt = performance.now();
  const { fit, l2 } = await chooseFit(job, train, validation);
  const fitSeconds = (performance.now() - startedAt) / 1000;
  const outside = job.outside === null ? -1 : job.labels.indexOf(job.outside);
  const scored = { scores: classScores(fit, validation.vectors), classes: job.labels.length };
  const temperature = fitTemperature(scored, validation.labels);
  const judged = Array.from(validation.labels, (label, row): Judged => {
    const { index, probability } = bestInside(scored, row, temperature, outside);
    return { probability, right: index === label, outside: label === outside };
  });
  const point = chooseThreshold(judged, job);
  if (!point.goalReached)
    emit('log', { level: 'warning', message: goalMissed(job, validation.labels.length) });
  const { embedding, labels } = job;
  await writeHead(join(folder, 'artifacts', 'head.bin'), {
    header: {
      format: 'fulcrum-head',
      version: 1,
      kind: 'classifier',
      embedding,
      labels,
      temperature,
      reject: Math.min(1, point.threshold),
      outside: job.outside,
    },
    values: fit.weights,
  });
  const figures = {
    l2,
    iterations: fit.iterations,
    converged: fit.converged,
    fitSeconds,
    temperature,
    reject: point.threshold,
    rejectGoalReached: point.goalReached,
    validationAccuracy: atThreshold(judged, 0).inScopeAccuracy,
    validationAccepted: point.accepted,
    validationAcceptedAccuracy: point.acceptedAccuracy,
    validationOutsideRecall: point.outsideRecall,
    validationRows: validation.labels.length,
  };
  return { figures };
}

/**
 * The penalty whose classifier has the least loss on validation rows; each fit begins where the one before ended, the strongest first, which
 * is also what is taken where no validation rows are.
 */
async function chooseFit(
  job: HeadJob,
  train: HeadRows,
  validation: HeadRows,
): Promise<{ fit: Fit; l2: number }> {
  const classes = job.labels.length;
  const strengths = [...job.l2]
    .sort((a, b) => b - a)
    .slice(0, validation.labels.length === 0 ? 1 : undefined);
  let best: { fit: Fit; l2: number; loss: number } | null = null;
  let start: Fit | undefined;
  for (const [index, l2] of strengths.entries()) {
    const fit = await fitSoftmax(train.vectors, train.labels, classes, {
      l2,
      start,
      maxIterations: job.maxIterations,
      onIteration: (iteration, loss) => {
        if (iteration % 5 === 0)
          emit('step', {
            step: index * job.maxIterations + iteration,
            steps: strengths.length * job.maxIterations,
            loss,
          });
      },
    });
    start = fit;
    const scored = { scores: classScores(fit, validation.vectors), classes };
    const loss = meanLoss(scored, validation.labels, fitTemperature(scored, validation.labels));
    if (validation.labels.length > 0)
      emit('evaluation', {
        step: (index + 1) * job.maxIterations,
        steps: strengths.length * job.maxIterations,
        validationLoss: loss,
        l2,
      });
    if (!best || loss < best.loss) best = { fit, l2, loss };
  }
  return best!;
}

function goalMissed(job: HeadJob, rows: number): string {
  return `No threshold is shown to make ${job.acceptedAccuracy} of the accepted classes right on ${rows} validation rows, so nothing is rejected; give more validation rows, or another goal by --own acceptedAccuracy=X.`;
}

async function trainProjection(job: HeadJob): Promise<Record<string, unknown>> {
  const { embedding } = job;
  const { dimensions } = embedding;
  const pairs = async (name: string) => ({
    queries: await readVectors(folder, `${name}-queries`, dimensions),
    passages: await readVectors(folder, `${name}-passages`, dimensions),
  });
  const train = await pairs('train');
  const validation = await pairs('validation');
  const { epochs, learningRate, batchSize, seed } = job;
  const fitted = fitProjection(train, {
    ...projectionDefaults,
    ...{ epochs, learningRate, batchSize, seed },
    onEpoch: (epoch, loss) => emit('step', { step: epoch, steps: epochs, epoch, loss }),
  });
  const before = hitAtOne(validation, null);
  const after = hitAtOne(validation, fitted);
  // What does not help on rows that it was not fitted on is not kept.
  const values = after > before ? fitted : identity(dimensions);
  await writeHead(join(folder, 'artifacts', 'head.bin'), {
    header: { format: 'fulcrum-head', version: 1, kind: 'query-projection', embedding },
    values,
  });
  return {
    figures: {
      validationHitBefore: before,
      validationHitAfter: after,
      kept: after > before,
      validationRows: validation.queries.rows,
    },
  };
}

main().then(
  () => events.end(),
  (error: unknown) => {
    emit('error', {
      code: 'trainer-failed',
      message: String((error as Error).message ?? error).split('\n')[0],
    });
    events.end();
    process.exitCode = 1;
  },
);
