import { resolve } from 'node:path';
import {
  type Evidence,
  FulcrumError,
  localOwner,
  type Sample,
  type SplitName,
  type WorkOptions,
} from '../core/index.ts';
import { type EvidenceAge, type HalfLife, halfLifeOf, type Passage, passageAges } from '../decision/index.ts';
import {
  type DocumentCatalogue,
  type GitHistoryOptions,
  openGitHistory,
  type SourceConfig,
} from '../knowledge/index.ts';
import type { ProjectParts } from './project-parts.ts';
import type { Evaluation } from './wire-evaluation.ts';
import type { Knowledge } from './wire-knowledge.ts';

/** What it needs of a project. */
type HalfLifeProject = ProjectParts & { knowledge(): Promise<Knowledge>; evaluation(): Promise<Evaluation> };

export interface HalfLifeRequest extends WorkOptions {
  readonly dataset: string;
  readonly split?: SplitName | undefined;
  /** The day that ages are counted from; today by default. */
  readonly now?: Date | undefined;
}

/** Evidence of one sample in one document. */
interface SamplePassage {
  readonly sample: string;
  readonly passage: Passage;
}

/**
 * Half-life of the evidence of a dataset, from the git history of the folders that the project's sources read. Throws
 * `evidence-missing` where no sample has evidence in a source of files, and `history-missing` where such a folder has no history.
 */
export async function measureHalfLife(project: HalfLifeProject, request: HalfLifeRequest): Promise<HalfLife> {
  const { dataset, split, now = new Date(), signal, onProgress } = request;
  const { datasets } = await project.evaluation();
  const samples = (await datasets.get(dataset)).content.filter((sample) => !split || sample.split === split);
  const passages = await passagesBySource(project, samples);
  const ages: EvidenceAge[] = [];
  let since = now;
  let untracked = 0;
  let done = 0;
  const total = [...passages.values()].reduce((sum, documents) => sum + documents.size, 0);
  if (total === 0) throw new FulcrumError('evidence-missing', { dataset });
  for (const [source, documents] of passages) {
    const history = await openGitHistory({ ...historyOf(project, source), signal });
    if (history.since < since) since = history.since;
    for (const [key, inDocument] of documents) {
      const found = await passageAges(
        history.states(key),
        inDocument.map(({ passage }) => passage),
        { since: history.since, now },
      );
      if (found === null) untracked += inDocument.length;
      for (const [index, age] of (found ?? []).entries())
        ages.push({ sample: inDocument[index]!.sample, document: `${source}:${key}`, ...age });
      onProgress?.({ phase: 'history', done: ++done, total, unit: 'documents' });
    }
  }
  const days = (now.getTime() - since.getTime()) / 86_400_000;
  const result = halfLifeOf(youngest(ages), days);
  const cautions =
    untracked === 0
      ? []
      : [`${untracked} passages lie in files that git does not know yet and were left out.`];
  return { ...result, cautions: [...result.cautions, ...cautions] };
}

/** A sample is out of date as soon as one of its passages is. */
function youngest(ages: readonly EvidenceAge[]): EvidenceAge[] {
  const bySample = new Map<string, EvidenceAge>();
  for (const age of ages) {
    const known = bySample.get(age.sample);
    const moreRecent =
      !known || (age.event !== 'unchanged' && (known.event === 'unchanged' || age.days < known.days));
    if (moreRecent) bySample.set(age.sample, age);
  }
  return [...bySample.values()];
}

/** Passages by source and by path of their file, of the sources that read folders. */
async function passagesBySource(
  project: HalfLifeProject,
  samples: readonly Sample[],
): Promise<Map<string, Map<string, SamplePassage[]>>> {
  const { documents } = await project.knowledge();
  const found = new Map<string, Map<string, SamplePassage[]>>();
  for (const sample of samples)
    for (const evidence of sample.evidence ?? []) {
      const [source = '', key] = partsOf(evidence.document);
      if (key === undefined || !hasHistory(project.config.sources[source])) continue;
      const passage = await passageOf(sample, evidence, documents);
      if (passage === null) continue;
      const inSource = found.get(source) ?? new Map<string, SamplePassage[]>();
      found.set(source, inSource);
      inSource.set(key, [...(inSource.get(key) ?? []), { sample: sample.id, passage }]);
    }
  return found;
}

/** The quote; for evidence that is a whole document the facts that it is to hold, and without any its whole text. */
async function passageOf(
  { facts }: Sample,
  { document, quote, start, end }: Evidence,
  documents: DocumentCatalogue,
): Promise<Passage | null> {
  if (quote !== undefined) return [[quote]];
  if (start === undefined && facts !== undefined) return facts;
  const text = (await documents.read(document, localOwner))?.text.slice(start ?? 0, end);
  return text === undefined ? null : [[text]];
}

/** `source:key`; keys may hold colons. */
function partsOf(document: string): [string, string | undefined] {
  const at = document.indexOf(':');
  return at < 0 ? [document, undefined] : [document.slice(0, at), document.slice(at + 1)];
}

/** Folders, and repositories at the commit that they are read at. */
function hasHistory(config: SourceConfig | undefined): boolean {
  return config?.type === 'files' || config?.type === 'git';
}

function historyOf(project: HalfLifeProject, source: string): Omit<GitHistoryOptions, 'signal'> {
  const config = project.config.sources[source];
  if (config?.type !== 'files' && config?.type !== 'git') throw new Error(`${source} has no history`);
  const directory = resolve(project.directory, config.directory);
  return config.type === 'git' ? { directory, ref: config.ref, path: config.path } : { directory };
}
