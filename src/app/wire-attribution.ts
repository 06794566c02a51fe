import { FulcrumError, localOwner, packageVersion, type Sample, type WorkOptions } from '../core/index.ts';
import {
  type AttributionArmPlan,
  type AttributionReport,
  attributeFailures,
  type Dataset,
  type Evaluated,
  goldItems,
  type Placebo,
  parseSplit,
  type ReadDocument,
  type RetrieveSpans,
  type RunEstimate,
  type RunStore,
  type Scorer,
  type ScoringSpending,
  type SpendingOptions,
  selectSamples,
} from '../evaluation/index.ts';
import {
  type ArmName,
  type ArmPlan,
  answersInWords,
  armConfigs,
  armNames,
  type FewShotSample,
  type Variant,
  type VariantConfig,
  type Variants,
} from '../variants/index.ts';

/** Chunks that count as candidates where nobody says. */
const defaultCandidates = 50;

/** Few-shot samples of the arm that shows some. */
const fewShotWanted = 3;

/** Longest passage of a few-shot sample, in characters. */
const longestPassage = 400;

export interface AttributionRequest extends WorkOptions, SpendingOptions<RunEstimate> {
  readonly dataset: string;
  readonly variant: string;
  /** Default: the primary metric of the project. */
  readonly metric?: string | undefined;
  readonly rightFrom?: number | undefined;
  readonly split?: string | undefined;
  readonly sample?: number | undefined;
  /** Chunks that search is asked for, 50 by default. */
  readonly candidates?: number | undefined;
  /** Draws the orders of passages, 1 by default. */
  readonly seed?: number | undefined;
  readonly confidence?: number | undefined;
  /**
   * What the placebo does. By default `shuffled` for variants that read the corpus, since they are decoded greedily (temperature 0) and would
   * say the same again; `again` for an external pipeline, whose passages cannot be put in another order.
   */
  readonly placebo?: Placebo | undefined;
  readonly concurrency?: number | undefined;
}

/** What an attribution needs of a project and of its evaluation. */
export interface AttributionParts {
  readonly variants: Pick<Variants, 'get' | 'list' | 'make'>;
  readonly asEvaluated: (variant: Variant) => Evaluated;
  readonly dataset: Dataset;
  readonly store: RunStore;
  readonly scorers: readonly Scorer[];
  readonly scoringSpending?: ScoringSpending | undefined;
  readonly retrieve: RetrieveSpans;
  readonly readDocument: ReadDocument;
  readonly defaultMetric: string;
  /** Whether the corpus has vectors. */
  readonly embeds: boolean;
}

/**
 * Makes the arms of a variant, runs them and attributes its failures. Throws `variant-unknown`, or `variant-unsuitable`
 * for a variant that does not read a corpus or is diagnostic itself; `usage` for an external pipeline and the placebo `shuffled`.
 */
export async function attributeVariant(
  request: AttributionRequest,
  parts: AttributionParts,
): Promise<AttributionReport> {
  const { variants, asEvaluated, dataset } = parts;
  const { variant: name, split: splitText, metric, candidates, seed = 1, placebo, ...work } = request;
  const split = splitText === undefined ? undefined : parseSplit(splitText);
  const config = variants.list().find((listed) => listed.name === name)?.config;
  // Before a model is loaded for a variant that has no arms; a name that is not there is left to `get`.
  if (config !== undefined && !hasArms(config))
    throw new FulcrumError('variant-unsuitable', { variant: name });
  const foreign = config !== undefined && 'external' in config;
  if (foreign && placebo === 'shuffled')
    throw new FulcrumError('usage', {
      problem: `The passages of "${name}" cannot be put in another order from here; its placebo is to be asked again.`,
    });
  const base = await variants.get(name);
  const evaluated = new Set(selectSamples(dataset, split, request.sample));
  const fewShot = await chooseFewShot(dataset, evaluated, parts.readDocument);
  const evaluatedBase = asEvaluated(base);
  const arms = foreign
    ? externalArms(evaluatedBase, config)
    : await ownArms(name, config, { fewShot, seed }, parts);
  if (!foreign && placebo === 'again')
    arms.splice(
      arms.findIndex(({ arm }) => arm === 'placebo'),
      1,
      askedAgain(evaluatedBase),
    );
  return attributeFailures({
    ...work,
    // Named as an arm, so that "the newest run of each variant" stays what it was.
    base: { ...evaluatedBase, name: `${name}.base` },
    variant: name,
    placebo: foreign ? 'again' : placebo,
    arms,
    dataset,
    split,
    metric: metric ?? parts.defaultMetric,
    search: foreign
      ? null
      : {
          arm: parts.embeds ? searchArmOf(config) : 'keyword',
          limit: candidates ?? defaultCandidates,
        },
    notes: foreign ? externalNotes : config && answersInWords(config) ? readerNotes[config.reader] : [],
    principal: localOwner,
    scorers: parts.scorers,
    scoringSpending: parts.scoringSpending,
    store: parts.store,
    version: packageVersion(),
    retrieve: parts.retrieve,
    readDocument: parts.readDocument,
  });
}

async function ownArms(
  name: string,
  config: VariantConfig | undefined,
  options: { fewShot: readonly FewShotSample[]; seed: number },
  { variants, asEvaluated }: AttributionParts,
): Promise<AttributionArmPlan[]> {
  const plans: ArmPlan[] = (config && armConfigs(config, options)) ?? [];
  return Promise.all(
    plans.map(async (plan): Promise<AttributionArmPlan> => {
      const armName = `${name}.${plan.arm}`;
      if ('absent' in plan) return { arm: plan.arm, name: armName, absent: plan.absent };
      return { arm: plan.arm, variant: asEvaluated(await variants.make(armName, plan.config)) };
    }),
  );
}

function hasArms(config: VariantConfig): boolean {
  return 'external' in config || armConfigs(config, { fewShot: [], seed: 0 }) !== null;
}

/** Where the config of a variant searches. */
function searchArmOf(config: VariantConfig | undefined): 'keyword' | 'vector' | 'hybrid' {
  const retriever = config && answersInWords(config) ? config.retriever : undefined;
  return (typeof retriever === 'object' ? retriever.arm : undefined) ?? 'hybrid';
}

const readerNotes = {
  extract: [
    'extract quotes from the evidence alone in the arm "gold without distractors", which is nearly right by its making: look at "gold among the retrieved" for what better search would give, and at the rest for the choice of sentences.',
  ],
  generate: [],
} as const;

const externalNotes = [
  'An external pipeline reads its own corpus: no arm with other passages can be run, gaps of its corpus cannot be told, and evidence that is not in its contexts counts as a retrieval miss although ranking may have cut it.',
];

/** An external pipeline can be asked again, which is the placebo; recorded outputs cannot. */
function externalArms(
  base: Evaluated,
  config: Extract<VariantConfig, { external: unknown }>,
): AttributionArmPlan[] {
  return armNames.map((arm: ArmName): AttributionArmPlan => {
    const name = `${base.name}.${arm}`;
    if (arm !== 'placebo')
      return { arm, name, absent: 'what an external pipeline reads cannot be changed from here' };
    if (config.external.recorded !== undefined)
      return { arm, name, absent: 'recorded outputs cannot be asked for again' };
    return askedAgain(base);
  });
}

/** The placebo that does nothing at all: an answer may differ where models draw, or a service does not answer alike twice. */
function askedAgain(base: Evaluated): AttributionArmPlan {
  return {
    arm: 'placebo',
    variant: {
      ...base,
      name: `${base.name}.placebo`,
      kind: 'placebo',
      deployable: false,
      definition: { ...base.definition, placebo: 'asked again' },
    },
  };
}

/**
 * Few-shot samples from the split "train", in the seeded order: never a sample that is evaluated nor one of its group.
 * Their passage is their evidence.
 */
async function chooseFewShot(
  dataset: Dataset,
  evaluated: ReadonlySet<Sample>,
  readDocument: ReadDocument,
): Promise<FewShotSample[]> {
  const groupOf = ({ group, id }: Sample): string => group ?? id;
  const taken = new Set([...evaluated].map(groupOf));
  const train = dataset.content.some(({ split }) => split === 'train') ? selectSamples(dataset, 'train') : [];
  const chosen: FewShotSample[] = [];
  for (const sample of train) {
    const output = sample.reference ?? sample.references?.[0];
    const piece = goldItems(sample.evidence)[0];
    if (chosen.length === fewShotWanted) break;
    if (!sample.answerable || output === undefined || !piece || taken.has(groupOf(sample))) continue;
    const { start, end } = piece;
    const document = await readDocument(piece.document);
    const passage = document?.text
      .slice(start ?? 0, end)
      .slice(0, longestPassage)
      .replace(/\s+/g, ' ')
      .trim();
    if (passage) chosen.push({ input: sample.input, output, passage });
  }
  return chosen;
}
