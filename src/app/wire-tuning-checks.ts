import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type {
  CheckReport,
  FrozenTest,
  RowFix,
  TuningData,
  TuningDataStore,
  TuningRow,
} from '../tuning/index.ts';
import type { Project } from './project.ts';

export interface TuningCheckRequest extends WorkOptions {
  readonly data: string;
  /** Base whose tokens are counted, `provider/model`; none by default. */
  readonly base?: string | undefined;
  readonly maxTokens?: number | undefined;
}

/** Checks rows against themselves, every frozen test of the project and the tokens of a base. */
export async function checkTuningData(
  project: Project,
  request: TuningCheckRequest,
): Promise<{ data: TuningData; report: CheckReport }> {
  const { checkRows } = await import('../tuning/index.ts');
  const { data: store } = await project.tuning();
  const data = await store.get(request.data);
  const report = await checkRows(store.rows(`${data.name}@${data.version}`), {
    ...request,
    frozenTests: [...(await ownTest(store, data)), ...(await frozenTests(project))],
    countTokens: request.base === undefined ? undefined : await rowCounter(project, request.base),
    languageOf: await languageTeller(),
  });
  return { data, report };
}

/** Mends what is safe as a new version; the old one stays. */
export async function fixTuningData(
  project: Project,
  request: TuningCheckRequest & { readonly redact: boolean; readonly near: boolean },
): Promise<{ data: TuningData; fixes: RowFix[]; unchanged: boolean }> {
  const { fixRows } = await import('../tuning/index.ts');
  const { data: store } = await project.tuning();
  const { data, report } = await checkTuningData(project, request);
  const fixes: RowFix[] = [];
  const reference = `${data.name}@${data.version}`;
  const rows = fixRows(store.rows(reference), report, {
    redact: request.redact,
    near: request.near,
    onFixed: (fix) => fixes.push(fix),
  });
  const written = await store.write(data.name, rows, { ...request, origin: `fix of ${reference}` });
  return { data: written.data, fixes, unchanged: written.unchanged };
}

/** The test rows of the set itself, which are no dataset before they are split and frozen. */
async function ownTest(store: TuningDataStore, { name, version, splits }: TuningData): Promise<FrozenTest[]> {
  if (!splits.test) return [];
  const { inputOf } = await import('../tuning/index.ts');
  const samples = [];
  for await (const row of store.rows(`${name}@${version}`, { split: 'test' }))
    samples.push({ id: row.id, input: inputOf(row) });
  return [{ dataset: `${name}@${version}`, samples }];
}

/** Test samples of every frozen dataset; a look at them by a machine that tells only which rows leak. */
async function frozenTests(project: Project): Promise<FrozenTest[]> {
  const { datasets, datasetTools } = await project.evaluation();
  const found: FrozenTest[] = [];
  for (const { name, splits } of await datasets.list()) {
    if (!splits.test) continue;
    const { frozen } = await datasetTools.seal(name);
    if (!frozen) continue;
    const { content } = await datasets.get(name);
    found.push({
      dataset: name,
      samples: content.filter(({ split }) => split === 'test').map(({ id, input }) => ({ id, input })),
    });
  }
  return found;
}

async function languageTeller(): Promise<(text: string) => Promise<string | null>> {
  const { detectLanguage } = await import('../knowledge/index.ts');
  return async (text) => (await detectLanguage(text))?.language ?? null;
}

/** Tokens of a row as the base sees it, with its chat template. */
async function rowCounter(project: Project, base: string): Promise<(row: TuningRow) => Promise<number>> {
  if (!base.startsWith('local/')) {
    const { createRowCounter } = await import('../tuning/index.ts');
    const count = await createRowCounter();
    return async (row) => count(row).tokens;
  }
  const model = await project.languageModel(base);
  const { renderConversation } = await import('../models/index.ts');
  const { describeBase } = await import('../tuning/index.ts');
  const { template } = describeBase(base);
  return async (row) => {
    let tokens = 0;
    for (const piece of renderConversation(asTurns(row), template))
      tokens += 'text' in piece ? await model.countTokens(piece.text) : 1;
    return tokens;
  };
}

/** Turns as a local template can write them. Throws `trainer-data` for a row that calls tools, as the trainer does. */
function asTurns({ id, messages }: TuningRow) {
  return messages.map(({ role, content, toolCalls, trained }) => {
    if (role === 'tool' || toolCalls)
      throw new FulcrumError('trainer-data', {
        problem: `the row "${id}" calls tools, which local models here do not`,
      });
    return { role, content, trained };
  });
}

/** A row as a base sees it: which tokens there are and which are trained on. */
export interface RowPreview {
  readonly row: string;
  readonly tokens: number;
  readonly trainedTokens: number;
  /** Pieces in their order; ids where the base's own tokenizer is here. */
  readonly pieces: readonly {
    readonly text: string;
    readonly ids?: readonly number[] | undefined;
    readonly trained: boolean;
  }[];
}

/** What of the first rows is trained on, after the chat template of the base. */
export async function previewTuningData(
  project: Project,
  request: WorkOptions & {
    readonly data: string;
    readonly base: string;
    readonly rows: number;
    readonly split?: 'train' | 'validation' | 'test' | undefined;
  },
): Promise<RowPreview[]> {
  const { data: store } = await project.tuning();
  const rows: TuningRow[] = [];
  for await (const row of store.rows(request.data, { split: request.split })) {
    if (rows.length >= request.rows) break;
    rows.push(row);
  }
  return request.base.startsWith('local/') ? previewLocal(rows, request.base, request) : previewHosted(rows);
}

async function previewLocal(
  rows: readonly TuningRow[],
  base: string,
  work: WorkOptions,
): Promise<RowPreview[]> {
  const { openTextScorer, renderConversation } = await import('../models/index.ts');
  const { describeBase } = await import('../tuning/index.ts');
  const { template } = describeBase(base);
  const scorer = await openTextScorer(base, work);
  try {
    return rows.map((row) => {
      const pieces = scorer.tokenize(renderConversation(asTurns(row), template));
      return {
        row: row.id,
        tokens: pieces.reduce((sum, { ids }) => sum + ids.length, 0),
        trainedTokens: pieces.reduce((sum, { ids, trained }) => sum + (trained ? ids.length : 0), 0),
        pieces,
      };
    });
  } finally {
    await scorer.close();
  }
}

/** Vendors do not tell their template; what they document is which turns are trained on. */
async function previewHosted(rows: readonly TuningRow[]): Promise<RowPreview[]> {
  const { createRowCounter } = await import('../tuning/index.ts');
  const count = await createRowCounter();
  return rows.map((row) => {
    const { tokens, trained } = count(row);
    const last = row.messages.length - 1;
    return {
      row: row.id,
      tokens,
      trainedTokens: trained,
      pieces: row.messages.map(({ role, content, toolCalls, trained: marked }, index) => ({
        text: `${role}: ${content}${toolCalls ? ` ${JSON.stringify(toolCalls)}` : ''}\n`,
        trained: role === 'assistant' && (marked ?? index === last),
      })),
    };
  });
}
