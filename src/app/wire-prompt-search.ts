import { FulcrumError, type WorkOptions } from '../core/index.ts';
import type { ScoreRow } from '../evaluation/index.ts';
import {
  asItIs,
  instructionChoices,
  isBudgetUsedUp,
  type MeasuredPrompt,
  nameSettings,
  type PromptReport,
  type PromptSettings,
  reportPrompts,
  type SearchStep,
  searchPrompts,
} from '../experiments/index.ts';
import {
  fewShotDefaults,
  type GenerateConfig,
  instructionsOf,
  kindOf,
  variantConfigSchema,
} from '../variants/index.ts';
import type { ProjectParts } from './project-parts.ts';
import type { Evaluation } from './wire-evaluation.ts';
import type { ProjectVariants } from './wire-variants.ts';

/** What it needs of a project. */
type SearchedProject = ProjectParts & {
  variants(): Promise<ProjectVariants>;
  evaluation(): Promise<Evaluation>;
};

export interface PromptSearchRequest extends WorkOptions {
  readonly variant: string;
  readonly dataset: string;
  /** Default: the primary metric of the project. */
  readonly metric?: string | undefined;
  /** Only so many samples of the dev split, in the seeded order. */
  readonly sample?: number | undefined;
  /** Few-shot samples that are tried; 0 is always among them. */
  readonly shots: readonly number[];
  readonly choose: readonly ('fixed' | 'keyword' | 'embedding')[];
  /** Whether decoding by a schema is tried. */
  readonly structured: boolean;
  /** Further instructions in full, by name. */
  readonly instructions?: Readonly<Record<string, string>> | undefined;
  /** Most settings that are measured. */
  readonly most: number;
  /** USD for all of it; no limit by default. */
  readonly budget?: number | undefined;
  /** Whether the variant as it is and the chosen one are run on the test split at the end. */
  readonly test: boolean;
  readonly onStep?: ((step: SearchStep) => void) | undefined;
}

/**
 * Searches instructions, few-shot samples and decoding of a variant on the dev split of a dataset. Throws `variant-unknown`,
 * `variant-unsuitable` for one that is not a model with a prompt, `split-missing` where there is no dev split, `nothing-scored` where no answer got a
 * score, and what a run throws.
 */
export async function searchVariantPrompts(
  project: SearchedProject,
  request: PromptSearchRequest,
): Promise<PromptReport> {
  const { variant: name, dataset, metric = project.config.decision.metric } = request;
  const base = await generatingConfig(project, name);
  const evaluation = await project.evaluation();
  const { splits } = await evaluation.datasets.open(dataset);
  if (!splits.dev) throw new FulcrumError('split-missing', { dataset, split: 'dev' });
  const current = instructionsOf(base);
  const kind = kindOf(base);
  const texts = instructionChoices(current, kind !== 'prompt' && kind !== 'few-shot', request.instructions);
  const ownShots = fewShotOf(base, dataset);
  const start: PromptSettings = {
    instructions: asItIs,
    fewShot: ownShots,
    structured: base.structured === true,
  };
  const configOf = (settings: PromptSettings): GenerateConfig =>
    applySettings(base, settings, { texts, dataset });

  let spent = 0;
  let tries = 0;
  const measureOn = async (split: 'dev' | 'test', settings: PromptSettings): Promise<MeasuredPrompt> => {
    const [report] = await evaluation.run({
      ...request,
      dataset,
      split,
      sample: split === 'dev' ? request.sample : undefined,
      variants: [],
      made: { [`${name}.try-${++tries}`]: configOf(settings) },
      metrics: [metric],
      budget: request.budget === undefined ? undefined : Math.max(0, request.budget - spent),
    });
    if (!report) throw new FulcrumError('variant-unsuitable', { variant: name });
    spent += report.costUsd ?? 0;
    const scores = scoresBySample(await evaluation.scoreRows([report.id], metric));
    if (scores.size === 0)
      throw new FulcrumError('nothing-scored', { run: report.id, metric, answers: report.n });
    return {
      settings,
      run: report.id,
      scores,
      inputTokens: report.n === 0 ? 0 : report.usage.inputTokens / report.n,
      costPer1000Usd: report.costUsd === null || report.n === 0 ? null : (1000 * report.costUsd) / report.n,
    };
  };

  const hasTrain = (splits.train ?? 0) > 0;
  const shots = hasTrain ? request.shots.filter((k) => k > 0) : [];
  const outcome = await searchPrompts({
    start,
    space: {
      instructions: [...texts.keys()],
      fewShot: [
        null,
        ...(ownShots ? [ownShots] : []),
        ...shots.flatMap((k) => request.choose.map((choose) => ({ k, choose }))),
      ],
      structured: request.structured ? [false, true] : [start.structured],
    },
    most: request.most,
    measure: (settings) => measureOn('dev', settings),
    onStep: request.onStep,
  });
  const { chosen, unscored } = outcome;
  const notes = unscored.map(
    (settings) => `Left out, since no answer got a score: ${nameSettings(settings)}.`,
  );
  if (!hasTrain) notes.push(`"${dataset}" has no train split, so no few-shot samples were tried.`);
  if (base.fewShot && !ownShots)
    notes.push(
      'The search began without the few-shot samples that the variant has: they are not a plain choice from this dataset.',
    );
  let test: { start: MeasuredPrompt; chosen: MeasuredPrompt } | null = null;
  if (request.test && splits.test)
    try {
      const before = await measureOn('test', start);
      const same = sameSettings(chosen.settings, start);
      test = { start: before, chosen: same ? before : await measureOn('test', chosen.settings) };
    } catch (error) {
      // What the search found was paid for and is told in any case.
      if (!isBudgetUsedUp(error)) throw error;
      notes.push(
        'The budget did not reach for the test split; the same command with a higher one goes on there.',
      );
    }
  return reportPrompts({
    ...{ variant: name, dataset, metric, margin: project.config.decision.margin, outcome, test },
    config: { ...configOf(chosen.settings) },
    notes,
  });
}

async function generatingConfig(project: SearchedProject, name: string): Promise<GenerateConfig> {
  const variants = await project.variants();
  const config = variants.list().find((listed) => listed.name === name)?.config;
  // A name that is not there is told by `get`, with the one that was meant.
  if (config === undefined) await variants.get(name);
  if (config === undefined || !('reader' in config) || config.reader !== 'generate')
    throw new FulcrumError('prompt-missing', { variant: name });
  return config;
}

/** The few-shot samples that a variant has already, where a search of this dataset can name them. */
function fewShotOf({ fewShot }: GenerateConfig, dataset: string): PromptSettings['fewShot'] {
  if (fewShot?.dataset !== dataset || fewShot.samples || fewShot.seed) return null;
  return { k: fewShot.k ?? fewShotDefaults.k, choose: fewShot.choose ?? fewShotDefaults.choose };
}

function scoresBySample(rows: readonly ScoreRow[]): MeasuredPrompt['scores'] {
  return new Map(
    rows.flatMap(({ sample, value, group }) =>
      value === null ? [] : [[sample, { value, group: group ?? sample }] as const],
    ),
  );
}

function sameSettings(first: PromptSettings, second: PromptSettings): boolean {
  return nameSettings(first) === nameSettings(second);
}

/** The config of a variant with other settings of its prompt. */
function applySettings(
  base: GenerateConfig,
  settings: PromptSettings,
  { texts, dataset }: { texts: ReadonlyMap<string, string>; dataset: string },
): GenerateConfig {
  const { instructions: _instructions, fewShot: _fewShot, structured: _structured, ...rest } = base;
  const instructions =
    settings.instructions === asItIs ? base.instructions : texts.get(settings.instructions);
  const config = variantConfigSchema.parse({
    ...rest,
    ...(instructions !== undefined && { instructions }),
    ...(settings.fewShot !== null && { fewShot: { dataset, ...settings.fewShot } }),
    ...(settings.structured && { structured: true }),
  });
  return config as GenerateConfig;
}
