import { existsSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import {
  type Evidence,
  FulcrumError,
  readJsonLines,
  readLines,
  type Sample,
  splitNameSchema,
} from '../../core/index.ts';
import { describe } from './read-samples.ts';

/** Members of a query that are read; others are ignored. */
const querySchema = z.object({
  _id: z.union([z.string().min(1), z.number()]).transform(String),
  text: z.string().min(1),
  answers: z.union([z.array(z.string()), z.string().transform((answer) => [answer])]).optional(),
});

/** What a BEIR folder gave. */
export interface BeirSamples {
  readonly samples: readonly Sample[];
  /** Queries without a positive judgement and without answers; they are left out, as in the benchmark itself. */
  readonly unjudged: number;
}

/** Whether a path is a folder in BEIR form. */
export function isBeirFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/**
 * Reads `queries[.SPLIT].jsonl` and `qrels[.SPLIT].tsv` (or `qrels/SPLIT.tsv`) of a BEIR folder: judgements above
 * 0 become graded document evidence, `answers` become references. Document ids are as in the file. Questions about
 * the same first document form a group, since they are not independent.
 * @param split needed only where the folder holds judgements of several splits.
 * Throws `usage`, `file-not-found` or `record-invalid`.
 */
export async function readBeir(folder: string, split?: string): Promise<BeirSamples> {
  const chosen = split ?? onlySplit(folder);
  const { queriesPath, qrelsPath } = filesOf(folder, chosen);
  const judgements = await readJudgements(qrelsPath);
  const splitName = splitNameSchema.safeParse(chosen);
  const samples: Sample[] = [];
  const seen = new Map<string, number>();
  let unjudged = 0;
  for await (const { number, value } of readJsonLines(queriesPath)) {
    const parsed = querySchema.safeParse(value);
    const problem = parsed.success ? repeated(seen, parsed.data._id, number) : describe(parsed.error);
    if (!parsed.success || problem !== null)
      throw new FulcrumError('record-invalid', { path: queriesPath, line: number, problem });
    const { _id: id, text, answers } = parsed.data;
    const evidence = judgements.get(id);
    if (!evidence && !answers?.length) unjudged++;
    else
      samples.push({
        id,
        input: text,
        answerable: true,
        ...(answers?.length ? { references: answers } : {}),
        ...(evidence?.[0] ? { evidence, group: evidence[0].document } : {}),
        ...(splitName.success ? { split: splitName.data } : {}),
      });
  }
  return { samples, unjudged };
}

function repeated(seen: Map<string, number>, id: string, line: number): string | null {
  const first = seen.get(id);
  seen.set(id, line);
  return first === undefined ? null : `the id "${id}" was used in line ${first} already`;
}

/** Split of the only judgements file, or undefined for a plain `qrels.tsv`. */
function onlySplit(folder: string): string | undefined {
  if (existsSync(join(folder, 'qrels.tsv'))) return undefined;
  const inner = join(folder, 'qrels');
  const names = [
    ...readdirSync(folder).map((name) => /^qrels\.(.+)\.tsv$/.exec(name)?.[1]),
    ...(existsSync(inner) ? readdirSync(inner).map((name) => /^(.+)\.tsv$/.exec(name)?.[1]) : []),
  ].filter((name) => name !== undefined);
  const splits = [...new Set(names)].sort();
  if (splits.length > 1)
    throw new FulcrumError('usage', {
      problem: `${folder} has judgements of several splits; add --split ${splits.join(' or --split ')}.`,
    });
  return splits[0];
}

/** Files of a split; one of the two may be shared by all splits (`queries.jsonl`, `qrels.tsv`). */
function filesOf(folder: string, split: string | undefined): { queriesPath: string; qrelsPath: string } {
  if (split === undefined)
    return {
      queriesPath: firstPresent(folder, ['queries.jsonl']),
      qrelsPath: firstPresent(folder, ['qrels.tsv']),
    };
  const ownQueries = `queries.${split}.jsonl`;
  const shared = existsSync(join(folder, ownQueries)) ? ['qrels.tsv'] : [];
  return {
    qrelsPath: firstPresent(folder, [`qrels.${split}.tsv`, join('qrels', `${split}.tsv`), ...shared]),
    queriesPath: firstPresent(folder, [ownQueries, 'queries.jsonl']),
  };
}

function firstPresent(folder: string, names: readonly string[]): string {
  const found = names.map((name) => join(folder, name)).find((path) => existsSync(path));
  if (found === undefined)
    throw new FulcrumError('file-not-found', {
      path: `${join(folder, names[0] ?? '')}, which a folder in BEIR form has,`,
    });
  return found;
}

/** Judgements by query: `query-id<TAB>corpus-id<TAB>score` with a heading, or the four columns of trec_eval. */
async function readJudgements(path: string): Promise<Map<string, Evidence[]>> {
  const judgements = new Map<string, Evidence[]>();
  for await (const { number, text } of readLines(path)) {
    if (text.trim() === '') continue;
    const columns = text.split('\t').map((column) => column.trim());
    const [query, document, score] = columns.length === 4 ? [columns[0], columns[2], columns[3]] : columns;
    const grade = Number(score);
    if (number === 1 && Number.isNaN(grade)) continue;
    if (!query || !document || score === undefined || score === '' || !Number.isFinite(grade))
      throw new FulcrumError('record-invalid', {
        path,
        line: number,
        problem: 'expected query id, document id and score, with tabs between',
      });
    if (grade <= 0) continue;
    const known = judgements.get(query) ?? [];
    known.push(grade === 1 ? { document } : { document, grade });
    judgements.set(query, known);
  }
  return judgements;
}
