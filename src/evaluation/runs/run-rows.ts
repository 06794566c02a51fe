import type { Insertable, Selectable } from 'kysely';
import type { EvaluationTables } from '../migrations.ts';
import type { Run, SampleResult } from './run.ts';

/** A run as its row. */
export function fromRun(plan: string, run: Run): Insertable<EvaluationTables['evaluation_runs']> {
  return {
    id: run.id,
    plan,
    dataset: run.dataset.name,
    dataset_hash: run.dataset.hash,
    split: run.split,
    sample_limit: run.sampleLimit,
    variant: run.variant,
    kind: run.kind,
    deployable: run.deployable ? 1 : 0,
    definition: JSON.stringify(run.definition),
    definition_hash: run.definitionHash,
    metrics: JSON.stringify(run.metrics),
    samples: run.samples,
    repeats: run.repeats,
    first_repetition: run.firstRepetition,
    origin: run.origin,
    concurrency: run.concurrency,
    version: run.version,
    node: run.node,
    started_at: run.startedAt,
    finished_at: run.finishedAt,
  };
}

export function toRun(row: Selectable<EvaluationTables['evaluation_runs']>): Run {
  return {
    id: row.id,
    dataset: { name: row.dataset, hash: row.dataset_hash },
    split: row.split,
    sampleLimit: row.sample_limit,
    variant: row.variant,
    kind: row.kind,
    deployable: row.deployable === 1,
    definition: JSON.parse(row.definition) as Record<string, unknown>,
    definitionHash: row.definition_hash,
    metrics: JSON.parse(row.metrics) as string[],
    samples: row.samples,
    repeats: row.repeats,
    firstRepetition: row.first_repetition,
    origin: row.origin === 'recorded' ? 'recorded' : 'live',
    concurrency: row.concurrency,
    version: row.version,
    node: row.node,
    startedAt: row.started_at,
    finishedAt: row.finished_at,
  };
}

/** A result as its row. */
export function fromResult(
  run: string,
  result: SampleResult,
  answerKey: string | null,
): EvaluationTables['evaluation_results'] {
  return {
    run,
    sample: result.sample,
    repetition: result.repetition,
    cluster: result.group,
    tags: JSON.stringify(result.tags),
    answer_key: answerKey,
    output_hash: result.output,
    refusal: result.refusal,
    confidence: result.confidence,
    usage: JSON.stringify(result.usage),
    cost: JSON.stringify(result.cost),
    seconds: result.seconds,
    scores: JSON.stringify(result.scores),
    error: result.error === null ? null : JSON.stringify(result.error),
  };
}

export function toResult(row: Selectable<EvaluationTables['evaluation_results']>): SampleResult {
  return {
    sample: row.sample,
    repetition: row.repetition,
    group: row.cluster,
    tags: JSON.parse(row.tags) as string[],
    output: row.output_hash,
    refusal: row.refusal as SampleResult['refusal'],
    confidence: row.confidence,
    usage: JSON.parse(row.usage) as SampleResult['usage'],
    cost: JSON.parse(row.cost) as SampleResult['cost'],
    seconds: row.seconds,
    scores: JSON.parse(row.scores) as SampleResult['scores'],
    error: row.error === null ? null : (JSON.parse(row.error) as SampleResult['error']),
  };
}
