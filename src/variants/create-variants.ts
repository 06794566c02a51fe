import { type Cost, contentHash, FulcrumError, localOwner, suggest } from '../core/index.ts';
import type { DocumentReader, RequestContext, Retriever } from '../knowledge/index.ts';
import type { EmbeddingModel, LanguageModel, ProviderGates } from '../models/index.ts';
import { createExtractVariant, createGenerateVariant } from './answering.ts';
import { createCascadeVariant } from './cascade.ts';
import { type Classifier, createClassifyVariant } from './classify.ts';
import type { ExtractConfig, GenerateConfig, VariantConfig } from './config.ts';
import type { Corpus } from './corpus.ts';
import { createSentenceVectors } from './evidence/sentence-vectors.ts';
import { createExternalVariant } from './external/external-variant.ts';
import { createFewShot, type FewShot, type TrainSamples } from './few-shot.ts';
import { type AllDocuments, createFullContextVariant } from './full-context.ts';
import { isDeployable, kindOf } from './kind-of.ts';
import { type RequireModelAccess, tunedModelsIn, withModelAccess } from './model-access.ts';
import { createEditions, type ListDocuments } from './notices/editions.ts';
import { readOutputSchema } from './readers/output-schema.ts';
import type { RefusalConfig } from './refusal.ts';
import { createConversingVariant } from './understanding/conversing-variant.ts';
import type { Variant, VariantKind } from './variant.ts';

/** One line of the list of variants; made from the config alone. */
export interface VariantSummary {
  readonly name: string;
  readonly kind: VariantKind;
  readonly deployable: boolean;
  readonly config: VariantConfig;
}

/** The variants of a project, each made at first use. */
export interface Variants {
  list(): VariantSummary[];
  /** Throws `variant-unknown`, or what its parts throw (no such model, no key, no recording). */
  get(name: string): Promise<Variant>;
  /** A variant that the config does not name, such as an arm of an attribution; made anew at each call. */
  make(name: string, config: VariantConfig): Promise<Variant>;
}

export interface VariantsOptions {
  /** By name; `extract` is there even where the config does not name it. */
  readonly config: Readonly<Record<string, VariantConfig>>;
  /** Asked for at first use, so that an external variant needs no corpus. */
  readonly retriever: () => Promise<Retriever>;
  readonly documents: () => Promise<DocumentReader>;
  /** Facts of the moment for live questions; none by default. */
  readonly requestContext?: (() => Promise<RequestContext | null>) | undefined;
  readonly languageModel: (id: string) => Promise<LanguageModel>;
  /** Null for keywords alone. */
  readonly embeddingModel: () => Promise<EmbeddingModel | null>;
  /** Settings of the retriever that its hits depend on, kept in the definitions of variants. */
  readonly retrieval?: Readonly<Record<string, unknown>> | undefined;
  /** Prices measured CPU-seconds of local work. */
  readonly priceCoreSeconds: (coreSeconds: number) => Cost;
  /** Thresholds for variants that name none. */
  readonly refusal?: RefusalConfig | undefined;
  /** Folder that relative paths of external variants start from. */
  readonly directory: string;
  /** Where `${NAME}` in request headers is looked up. */
  readonly environment: Readonly<Record<string, string | undefined>>;
  /** Samples of train splits, for variants with `fewShot`; none by default. */
  readonly trainSamples?: TrainSamples | undefined;
  /** The whole corpus, for `full-context`; empty by default. */
  readonly allDocuments?: AllDocuments | undefined;
  /** The documents of the corpus without their texts, to find later editions of what is cited; not looked for where absent. */
  readonly listDocuments?: ListDocuments | undefined;
  /**
   * Name of what can be found at present, by default in the tenant of the person at the keyboard; kept in the definitions of variants
   * that read the corpus, and told from what was read before.
   */
  readonly indexVersion?: ((tenant?: string) => Promise<string>) | undefined;
  /** A classifier of the registry, `tuned/ID`; none by default. */
  readonly classifier?: ((id: string) => Promise<Classifier>) | undefined;
  /** Throws where a principal may not ask a tuned model (`tuned/ID`), whose weights can repeat its rows. */
  readonly requireAccess?: RequireModelAccess | undefined;
  /** Rows that a model was trained on, so that it is not tested on them; undefined for models that were not. */
  readonly learnedFrom?: ((model: string) => Promise<Variant['learnedFrom']>) | undefined;
  /** Doors to the hosts of external pipelines; none by default. */
  readonly gates?: ProviderGates | undefined;
}

/** Makes the variants that a config names; see `VariantsOptions`. */
export function createVariants(options: VariantsOptions): Variants {
  const config: Record<string, VariantConfig> = { extract: { reader: 'extract' }, ...options.config };
  const made = new Map<string, Promise<Variant>>();
  let corpus: Promise<Corpus> | null = null;
  const openCorpus = (): Promise<Corpus> => {
    corpus ??= makeCorpus(options).catch((error: unknown) => {
      corpus = null;
      throw error;
    });
    return corpus;
  };

  const make = async (name: string, entry: VariantConfig): Promise<Variant> =>
    withModelAccess(await makeOpen(name, entry), tunedModelsIn(entry), options.requireAccess);

  const makeOpen = async (name: string, entry: VariantConfig): Promise<Variant> => {
    if ('external' in entry) {
      const { directory, environment, gates } = options;
      const external = await createExternalVariant({
        name,
        config: entry.external,
        directory,
        environment,
        gates,
      });
      return createConversingVariant(external, 'rules', options.languageModel);
    }
    if ('cascade' in entry) {
      refuseCircles(name, config);
      const { first, then } = entry.cascade;
      return createCascadeVariant(name, entry.cascade, await get(first), await get(then));
    }
    if (entry.reader === 'classify')
      return createClassifyVariant(name, entry, await classifierOf(entry.model, options));
    const { condense } = typeof entry.retriever === 'object' ? entry.retriever : {};
    return createConversingVariant(await makeReader(name, entry), condense, options.languageModel);
  };

  const makeReader = async (name: string, entry: ExtractConfig | GenerateConfig): Promise<Variant> => {
    if (entry.reader === 'extract')
      return createExtractVariant(name, entry, await openCorpus(), options.refusal);
    const model = await options.languageModel(entry.model);
    const outputSchema =
      entry.outputSchema === undefined ? null : await readOutputSchema(entry.outputSchema, options.directory);
    const learnedFrom = await options.learnedFrom?.(entry.model);
    const fewShot = entry.fewShot
      ? await createFewShot(entry.fewShot, {
          ...fewShotParts(options),
          structured: entry.structured === true,
        })
      : null;
    const kind = kindOf(entry);
    if (kind === 'full-context') return createFullContext(name, entry, model, fewShot, options);
    const isClosed = !entry.retriever && entry.evidence === undefined;
    const corpus = isClosed ? noCorpus : await openCorpus();
    return createGenerateVariant(name, entry, model, corpus, {
      refusal: options.refusal,
      ...{ fewShot, outputSchema, learnedFrom },
    });
  };

  const get = async (name: string): Promise<Variant> => {
    const entry = entryOf(name, config);
    const known = made.get(name);
    if (known) return known;
    const making = make(name, entry).catch((error: unknown) => {
      made.delete(name);
      throw error;
    });
    made.set(name, making);
    return making;
  };

  return {
    list: () =>
      Object.entries(config).map(([name, entry]) => ({
        name,
        kind: kindOf(entry),
        deployable: partsOf(name, config).every(isDeployable),
        config: entry,
      })),
    get,
    make,
  };
}

type Configs = Readonly<Record<string, VariantConfig>>;

/** The config of a variant. Throws `variant-unknown`. */
function entryOf(name: string, config: Configs): VariantConfig {
  const entry = Object.hasOwn(config, name) ? config[name] : undefined;
  if (entry) return entry;
  throw new FulcrumError('variant-unknown', {
    variant: name,
    suggestion: suggest(name, Object.keys(config)),
  });
}

/** The variants that one is made of: itself, or the parts of a cascade; those that are not there are left out. */
function partsOf(
  name: string,
  config: Configs,
  above: readonly string[] = [],
): Exclude<VariantConfig, { cascade: unknown }>[] {
  const entry = Object.hasOwn(config, name) ? config[name] : undefined;
  if (!entry || above.includes(name)) return [];
  if (!('cascade' in entry)) return [entry];
  return [entry.cascade.first, entry.cascade.then].flatMap((part) => partsOf(part, config, [...above, name]));
}

/** Throws `cascade-circular` when a cascade leads back to itself. */
function refuseCircles(name: string, config: Configs, above: readonly string[] = []): void {
  if (above.includes(name))
    throw new FulcrumError('cascade-circular', { variant: name, path: [...above, name].join(' > ') });
  const entry = entryOf(name, config);
  if (!('cascade' in entry)) return;
  for (const part of [entry.cascade.first, entry.cascade.then]) refuseCircles(part, config, [...above, name]);
}

async function classifierOf(id: string, { classifier }: VariantsOptions): Promise<Classifier> {
  if (!classifier) throw new FulcrumError('tuned-model-unknown', { model: id, suggestion: '' });
  return classifier(id);
}

function fewShotParts({ trainSamples, embeddingModel }: VariantsOptions) {
  const none: TrainSamples = async (dataset) => {
    throw new FulcrumError('dataset-unknown', { dataset, suggestion: '' });
  };
  return { trainSamples: trainSamples ?? none, embeddingModel };
}

async function createFullContext(
  name: string,
  config: GenerateConfig,
  model: LanguageModel,
  fewShot: FewShot | null,
  { allDocuments, indexVersion }: VariantsOptions,
): Promise<Variant> {
  const documents: AllDocuments = allDocuments ?? (async () => []);
  const all = await documents(localOwner);
  const corpus = contentHash(all.map(({ documentId, version }) => [documentId, version]));
  return createFullContextVariant({ name, config, model, documents, indexVersion, corpus, fewShot });
}

async function makeCorpus(options: VariantsOptions): Promise<Corpus> {
  const [retriever, documents, model] = await Promise.all([
    options.retriever(),
    options.documents(),
    options.embeddingModel(),
  ]);
  const requestContext = await options.requestContext?.();
  return {
    retriever,
    documents,
    ...(requestContext ? { requestContext } : {}),
    embedding: model && { model, vectors: createSentenceVectors(model) },
    editions:
      options.listDocuments && options.indexVersion
        ? createEditions({ list: options.listDocuments, indexVersion: options.indexVersion })
        : undefined,
    retrieval: {
      ...options.retrieval,
      ...(options.indexVersion ? { indexVersion: await options.indexVersion() } : {}),
    },
    languageModel: options.languageModel,
    priceCoreSeconds: options.priceCoreSeconds,
  };
}

/** What a closed-book variant sees: nothing; its retriever is never asked. */
const noCorpus: Corpus = {
  retriever: {
    retrieve: async () => {
      throw new FulcrumError('index-empty');
    },
  },
  documents: { read: async () => null },
  embedding: null,
  priceCoreSeconds: () => ({ usd: 0, source: 'none', priceDate: null, basis: 'no priced work' }),
};
