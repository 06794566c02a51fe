import { type Cost, contentHash, FulcrumError, localOwner, suggest } from '../core/index.ts';
import type { DocumentReader, Retriever } from '../knowledge/index.ts';
import type { EmbeddingModel, LanguageModel, ProviderGates } from '../models/index.ts';
import { createExtractVariant, createGenerateVariant } from './answering.ts';
import type { GenerateConfig, VariantConfig } from './config.ts';
import { createSentenceVectors } from './evidence/sentence-vectors.ts';
import { createExternalVariant } from './external/external-variant.ts';
import { createFewShot, type FewShot, type TrainSamples } from './few-shot.ts';
import { type AllDocuments, createFullContextVariant } from './full-context.ts';
import type { Corpus } from './gather.ts';
import type { RefusalConfig } from './refusal.ts';
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
}

export interface VariantsOptions {
  /** By name; `extract` is there even where the config does not name it. */
  readonly config: Readonly<Record<string, VariantConfig>>;
  /** Asked for at first use, so that an external variant needs no corpus. */
  readonly retriever: () => Promise<Retriever>;
  readonly documents: () => Promise<DocumentReader>;
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
  /** Name of what can be found at present, kept in the definitions of variants that read the corpus. */
  readonly indexVersion?: (() => Promise<string>) | undefined;
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

  const make = async (name: string, entry: VariantConfig): Promise<Variant> => {
    if ('external' in entry) {
      const { directory, environment, gates } = options;
      return createExternalVariant({ name, config: entry.external, directory, environment, gates });
    }
    if (entry.reader === 'extract')
      return createExtractVariant(name, entry, await openCorpus(), options.refusal);
    const model = await options.languageModel(entry.model);
    const fewShot = entry.fewShot ? await createFewShot(entry.fewShot, fewShotParts(options)) : null;
    const kind = kindOf(entry);
    if (kind === 'full-context') return createFullContext(name, entry, model, fewShot, options);
    const corpus = kind === 'prompt' || kind === 'few-shot' ? noCorpus : await openCorpus();
    return createGenerateVariant(name, entry, model, corpus, { refusal: options.refusal, fewShot });
  };

  return {
    list: () =>
      Object.entries(config).map(([name, entry]) => {
        const kind = kindOf(entry);
        return { name, kind, deployable: kind !== 'oracle', config: entry };
      }),
    async get(name) {
      const entry = Object.hasOwn(config, name) ? config[name] : undefined;
      if (!entry)
        throw new FulcrumError('variant-unknown', {
          variant: name,
          suggestion: suggest(name, Object.keys(config)),
        });
      const known = made.get(name);
      if (known) return known;
      const making = make(name, entry).catch((error: unknown) => {
        made.delete(name);
        throw error;
      });
      made.set(name, making);
      return making;
    },
  };
}

/** The kind that follows from the parts of a variant. */
export function kindOf(entry: VariantConfig): VariantKind {
  if ('external' in entry) return 'external';
  if (entry.reader === 'extract') return 'extract';
  if (entry.evidence === 'oracle') return 'oracle';
  if (entry.evidence === 'full-context') return 'full-context';
  if (entry.retriever) return 'rag';
  return entry.fewShot ? 'few-shot' : 'prompt';
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
  { allDocuments }: VariantsOptions,
): Promise<Variant> {
  const documents: AllDocuments = allDocuments ?? (async () => []);
  const all = await documents(localOwner);
  const corpus = contentHash(all.map(({ documentId, version }) => [documentId, version]));
  return createFullContextVariant({ name, config, model, documents, corpus, fewShot });
}

async function makeCorpus(options: VariantsOptions): Promise<Corpus> {
  const [retriever, documents, model] = await Promise.all([
    options.retriever(),
    options.documents(),
    options.embeddingModel(),
  ]);
  return {
    retriever,
    documents,
    embedding: model && { model, vectors: createSentenceVectors(model) },
    retrieval: {
      ...options.retrieval,
      ...(options.indexVersion ? { indexVersion: await options.indexVersion() } : {}),
    },
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
