import { FulcrumError, localOwner, type Sample, type WorkOptions } from '../core/index.ts';
import type { RowSplitMethod, TuningData, TuningRow } from '../tuning/index.ts';
import type { Variant } from '../variants/index.ts';
import type { Project } from './project.ts';

/** Where rows come from beside files: a dataset, as a variant would ask it. */
export interface RowsFromDataset extends WorkOptions {
  readonly dataset: string;
  /** Rows hold what this variant would send to its model, passages included; by default the bare input. */
  readonly variant?: string | undefined;
  readonly split?: 'train' | 'dev' | 'test' | undefined;
  /** Only samples with these ids; all by default. */
  readonly only?: ReadonlySet<string> | undefined;
  /** Also samples without an answer; their target is a blank, for a teacher to fill. */
  readonly anyAnswer?: boolean | undefined;
}

/** What became of the samples of a dataset. */
export interface DatasetRows {
  readonly rows: TuningRow[];
  /** Samples that made no row, by reason. */
  readonly leftOut: Readonly<Record<string, number>>;
}

/**
 * Rows of a dataset's samples that have an answer. With a variant, a row is the prompt that the variant sends: the target cites the
 * first passage that holds gold evidence, and is the refusal phrase where the sample cannot be answered or no passage holds its evidence.
 * Never the frozen test samples, unless they are asked for as the test split.
 */
export async function rowsFromDataset(project: Project, request: RowsFromDataset): Promise<DatasetRows> {
  const { datasets } = await project.evaluation();
  const { content } = await datasets.get(request.dataset);
  const variant =
    request.variant === undefined ? null : await (await project.variants()).get(request.variant);
  if (variant && !variant.prompt) throw new FulcrumError('variant-unsuitable', { variant: variant.name });
  const { refusalPhrase } = await import('../variants/index.ts');
  const rows: TuningRow[] = [];
  const leftOut: Record<string, number> = {};
  const wanted = content.filter(
    ({ id, split }) =>
      (request.split === undefined || split === request.split) && (request.only?.has(id) ?? true),
  );
  for (const [index, sample] of wanted.entries()) {
    request.signal?.throwIfAborted();
    request.onProgress?.({ phase: 'rows', done: index, total: wanted.length, unit: 'samples' });
    const known = request.anyAnswer ? { ...sample, reference: sample.reference ?? ' ' } : sample;
    const made = await rowOf(known, request.dataset, variant, refusalPhrase);
    if ('reason' in made) leftOut[made.reason] = (leftOut[made.reason] ?? 0) + 1;
    else rows.push(made);
  }
  return { rows, leftOut };
}

async function rowOf(
  sample: Sample,
  dataset: string,
  variant: Variant | null,
  refusalPhrase: string,
): Promise<TuningRow | { reason: string }> {
  const written = sample.reference ?? sample.references?.[0];
  const answer = written ?? sample.label;
  if (answer === undefined && sample.answerable) return { reason: 'no reference and no label' };
  const shared = {
    id: sample.id,
    // With an answer of its own, a label says what a sample is about.
    ...(written === undefined && sample.label !== undefined && { label: sample.label }),
    ...(sample.group !== undefined && { group: sample.group }),
    ...(sample.tags && { tags: sample.tags }),
    ...(sample.split && { split: sample.split === 'dev' ? ('validation' as const) : sample.split }),
  };
  const documents = [...new Set((sample.evidence ?? []).map(({ document }) => document))];
  const origin = {
    kind: 'dataset' as const,
    sample: { dataset, id: sample.id },
    ...(documents.length > 0 && { documents }),
  };
  if (!variant?.prompt) {
    const target = sample.answerable ? answer! : refusalPhrase;
    return {
      ...shared,
      messages: [
        { role: 'user', content: sample.input },
        { role: 'assistant', content: target },
      ],
      origin,
    };
  }
  const prompt = await variant.prompt({
    input: sample.input,
    principal: localOwner,
    sampleId: sample.id,
    evidence: sample.evidence,
  });
  if (!prompt) return { reason: 'refused before the model is asked' };
  const shows = variant.retrieves === true || prompt.passages.length > 0;
  const target = targetWith(sample, answer, prompt.passages, refusalPhrase, shows);
  const shown = prompt.passages.map(({ documentId }) => documentId);
  return {
    ...shared,
    messages: [
      ...prompt.messages.map(({ role, content }) => ({ role, content })),
      { role: 'assistant', content: target },
    ],
    origin: {
      ...origin,
      ...(documents.length + shown.length > 0 && { documents: [...new Set([...documents, ...shown])] }),
    },
  };
}

/** The right answer for what the model sees: an answer that its passages do not hold would teach it to make things up. */
function targetWith(
  sample: Sample,
  answer: string | undefined,
  passages: NonNullable<Awaited<ReturnType<NonNullable<Variant['prompt']>>>>['passages'],
  refusalPhrase: string,
  shows: boolean,
): string {
  if (!sample.answerable || answer === undefined) return refusalPhrase;
  if (!shows) return answer;
  const holding = passages
    .filter(({ documentId, spans }) =>
      (sample.evidence ?? []).some(
        ({ document, start = 0, end = Number.POSITIVE_INFINITY }) =>
          document === documentId && spans.some((span) => span.start < end && span.end > start),
      ),
    )
    // Of several passages that the evidence allows, the one that says most of the answer.
    .map((passage) => ({ ...passage, shared: sharedWords(answer, passage.text) }))
    .reduce<{ number: number; shared: number } | null>(
      (best, each) => (best && best.shared >= each.shared ? best : each),
      null,
    );
  return holding ? `${answer} [${holding.number}]` : refusalPhrase;
}

function sharedWords(answer: string, text: string): number {
  const words = new Set(answer.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []);
  const there = new Set(text.toLowerCase().match(/[\p{L}\p{N}_]{3,}/gu) ?? []);
  return [...words].filter((word) => there.has(word)).length;
}

export interface SplitRequest extends WorkOptions {
  /** `NAME` or `NAME@VERSION`. */
  readonly data: string;
  readonly method: RowSplitMethod;
  /** Name of the frozen dataset that the test becomes, so that prompting and retrieval are tried on the same rows. */
  readonly dataset: string;
}

/** A split with the dataset that was made of it. */
export interface SplitData {
  readonly data: TuningData;
  readonly dataset: { readonly name: string; readonly hash: string };
}

/**
 * Splits rows, keeps them as a new version, and freezes a dataset of the same rows, so that prompting, retrieval and tuned models are
 * judged on one test. Where the dataset is frozen already, rows of its test stay test: a row that would change its side is refused (`tuning-data-frozen`).
 */
export async function splitTuningData(project: Project, request: SplitRequest): Promise<SplitData> {
  const { splitRows } = await import('../tuning/index.ts');
  const { data: store } = await project.tuning();
  const found = await store.get(request.data);
  const reference = `${found.name}@${found.version}`;
  const heads = [];
  for await (const { id, group, at, split } of store.rows(reference)) heads.push({ id, group, at, split });
  const splits = splitRows(heads, request.method);
  const evaluation = await project.evaluation();
  const known = (await evaluation.datasets.list()).find(({ name }) => name === request.dataset);
  if (known) await refuseMoved(await evaluation.datasets.get(request.dataset), splits);
  async function* rows(): AsyncGenerator<TuningRow> {
    for await (const row of store.rows(reference)) yield { ...row, split: splits.get(row.id)! };
  }
  const { data } = await store.write(found.name, rows(), {
    ...request,
    origin: `split of ${reference}`,
    splitMethod: request.method,
  });
  if (known) return { data, dataset: { name: known.name, hash: known.hash } };
  const samples: Sample[] = [];
  for await (const row of store.rows(`${data.name}@${data.version}`)) {
    const sample = await sampleOf(row);
    if (sample) samples.push(sample);
  }
  await evaluation.datasets.save(request.dataset, samples, `rows of ${data.name}@${data.version}`);
  const shares = {
    train: 1 - (request.method.test + request.method.validation) / 100,
    dev: request.method.validation / 100,
    test: request.method.test / 100,
  };
  const { frozen } = await evaluation.datasetTools.split({
    dataset: request.dataset,
    method: { by: 'given', shares, seed: request.method.seed },
  });
  return { data, dataset: { name: frozen.dataset, hash: frozen.hash } };
}

function refuseMoved(
  dataset: { name: string; content: readonly Sample[] },
  splits: ReadonlyMap<string, string>,
): void {
  for (const { id, split } of dataset.content) {
    const now = splits.get(id);
    const was = split === 'dev' ? 'validation' : split;
    if (now !== undefined && was !== undefined && now !== was)
      throw new FulcrumError('tuning-data-frozen', { data: dataset.name, row: id });
  }
}

/** A row as a sample: what was asked, and what the last turn says. Null for what no variant could be asked. */
async function sampleOf(row: TuningRow): Promise<Sample | null> {
  const { inputOf, targetOf } = await import('../tuning/index.ts');
  const { refusalPhrase } = await import('../variants/index.ts');
  const target = targetOf(row);
  const input = inputOf(row);
  if (!target || target.content === '' || input.trim() === '') return null;
  const isRefused = target.content.startsWith(refusalPhrase);
  const split = row.split === 'validation' ? 'dev' : row.split;
  return {
    id: row.id,
    input,
    answerable: !isRefused,
    ...(isRefused ? {} : row.label === undefined ? { reference: target.content } : { label: row.label }),
    ...(row.group !== undefined && { group: row.group }),
    ...(row.tags && { tags: row.tags }),
    ...(split && { split }),
  };
}
