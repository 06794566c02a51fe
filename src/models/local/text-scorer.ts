import type { LlamaContextSequence, LlamaModel, Token } from 'node-llama-cpp';
import { FulcrumError, type WorkOptions } from '../../core/index.ts';
import { ensureModelFiles, findLocalModel } from '../files/index.ts';
import type { TrainingPiece } from './chat-template.ts';
import { loadLlamaRuntime } from './llama-runtime.ts';

/** What a model gives to the trained tokens of a text. */
export interface ScoredText {
  /** Ids of all tokens of the text. */
  readonly ids: readonly number[];
  /** Token by which the model says that it is done; null where it has none. */
  readonly end: number | null;
  /** Natural logarithm of the probability of each trained token, in their order. */
  readonly logProbabilities: readonly number[];
}

/** A local model that is not asked to write but what it makes of a text. */
export interface TextScorer {
  score(pieces: readonly TrainingPiece[]): Promise<ScoredText>;
  /** The pieces with the ids of their tokens, after the beginning-of-text token where the model has one. */
  tokenize(pieces: readonly TrainingPiece[]): TokenizedPiece[];
  close(): Promise<void>;
}

/** Opens a local model, with an adapter where one is named. Throws as a local language model does. */
export async function openTextScorer(
  id: string,
  options: WorkOptions & { readonly lora?: string | undefined; readonly contextTokens?: number },
): Promise<TextScorer> {
  const entry = findLocalModel(id);
  if (entry.kind !== 'language')
    throw new FulcrumError('model-unknown', {
      model: id,
      suggestion: 'It is an embedding model.',
      example: 'local/smollm2-135m-instruct',
    });
  const runtime = await loadLlamaRuntime(id);
  const files = await ensureModelFiles(id, options);
  const llama = await runtime.getLlama({
    gpu: false,
    build: 'never',
    maxThreads: 2,
    logLevel: runtime.LlamaLogLevel.disabled,
    progressLogs: false,
  });
  try {
    const model = await llama.loadModel({ modelPath: files.weights! });
    const context = await model.createContext({
      contextSize: options.contextTokens ?? 2048,
      sequences: 1,
      threads: 2,
      ...(options.lora === undefined ? {} : { lora: options.lora }),
    });
    const sequence = context.getSequence();
    return {
      score: (pieces) => scoreText(model, sequence, pieces),
      tokenize: (pieces) => tokenizePieces(model, pieces),
      close: () => llama.dispose(),
    };
  } catch (cause) {
    await llama.dispose();
    throw new FulcrumError('model-failed', { model: id, problem: (cause as Error).message }, { cause });
  }
}

/** A piece of a conversation with its tokens. */
export interface TokenizedPiece {
  readonly text: string;
  readonly ids: readonly number[];
  readonly trained: boolean;
}

function tokenizePieces(model: LlamaModel, pieces: readonly TrainingPiece[]): TokenizedPiece[] {
  const { bos, eos } = model.tokens;
  const first =
    model.tokens.shouldPrependBosToken && bos !== null
      ? [{ text: '', ids: [Number(bos)], trained: false }]
      : [];
  return [
    ...first,
    ...pieces.map((piece): TokenizedPiece => {
      const trained = piece.trained === true;
      if ('endOfText' in piece) return { text: '', ids: eos === null ? [] : [Number(eos)], trained };
      const text = 'control' in piece ? piece.control : piece.text;
      return { text, ids: model.tokenize(text, 'control' in piece).map(Number), trained };
    }),
  ];
}

async function scoreText(
  model: LlamaModel,
  sequence: LlamaContextSequence,
  pieces: readonly TrainingPiece[],
): Promise<ScoredText> {
  const tokenized = tokenizePieces(model, pieces);
  const tokens = tokenized.flatMap(({ ids }) => ids as readonly Token[]);
  const trained = tokenized.flatMap(({ ids, trained: isTrained }) => ids.map(() => isTrained));
  const { eos } = model.tokens;
  await sequence.clearHistory();
  // What stands before a trained token is asked for the probabilities of what comes next, as the model has them.
  const plain = { temperature: 1, topK: 0, topP: 1, minP: 0 } as const;
  const asked = tokens
    .slice(0, -1)
    .map((token, index) =>
      trained[index + 1]
        ? ([token, { generateNext: { probabilities: true, options: plain } }] as const)
        : token,
    );
  const results = await sequence.controlledEvaluate(
    asked as Parameters<LlamaContextSequence['controlledEvaluate']>[0],
  );
  const logProbabilities = tokens.flatMap((token, index) => {
    if (index === 0 || !trained[index]) return [];
    const probability = results[index - 1]?.next?.probabilities?.get(token) ?? 0;
    return [Math.log(Math.max(probability, Number.MIN_VALUE))];
  });
  return { ids: tokens.map(Number), end: eos === null ? null : Number(eos), logProbabilities };
}
