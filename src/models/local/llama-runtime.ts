import { availableParallelism } from 'node:os';
import type {
  Llama,
  LlamaContext,
  LlamaContextSequence,
  LlamaModel,
  LlamaOptions,
  Token,
} from 'node-llama-cpp';
import { FulcrumError } from '../../core/index.ts';
import type { PromptPiece } from './chat-template.ts';
import { toGrammarSchema } from './grammar-schema.ts';
import { createThreadBudget, type ThreadBudget } from './thread-budget.ts';

type Runtime = typeof import('node-llama-cpp');

/** The optional package; throws `model-runtime-missing` for `model` when it or its binary is not there. */
export async function loadLlamaRuntime(model: string): Promise<Runtime> {
  try {
    return await import('node-llama-cpp');
  } catch (cause) {
    throw new FulcrumError('model-runtime-missing', { model, package: 'node-llama-cpp' }, { cause });
  }
}

export interface LlamaSessionOptions {
  readonly runtime: Runtime;
  readonly modelId: string;
  /** Path of the GGUF file. */
  readonly weights: string;
  readonly contextTokens: number;
  /** Path of a LoRA adapter in GGUF. */
  readonly lora?: string | undefined;
}

/** What is asked of a session. */
export interface LlamaRequest {
  readonly prompt: readonly PromptPiece[];
  readonly maxOutputTokens?: number | undefined;
  readonly temperature: number;
  readonly seed: number;
  readonly jsonSchema?: Readonly<Record<string, unknown>> | undefined;
  readonly signal?: AbortSignal | undefined;
  readonly onText: (piece: string) => void;
}

/** What a session gives back besides the text. */
export interface LlamaOutcome {
  readonly inputTokens: number;
  readonly outputTokens: number;
  readonly finishReason: 'stop' | 'length';
  readonly coreSeconds: number;
}

/** A loaded model with one context. */
export interface LlamaSession {
  /** One call at a time; the caller queues. Throws `model-context-exceeded` and the signal's reason. */
  generate(request: LlamaRequest): Promise<LlamaOutcome>;
  countTokens(text: string): number;
  close(): Promise<void>;
}

/** Tokens of one batch; between two the abort signal and the thread budget are looked at. As fast as 512. */
const batchTokens = 128;

const mostThreads = 2;

/** Loads a GGUF model on the CPU; nothing is compiled or downloaded. */
export async function openLlamaSession(options: LlamaSessionOptions): Promise<LlamaSession> {
  const { runtime, modelId, weights, contextTokens, lora } = options;
  const cores = availableParallelism();
  const threads = Math.min(mostThreads, cores);
  const llama = await startLlama(runtime, modelId, {
    gpu: false,
    build: 'never',
    maxThreads: threads,
    logLevel: runtime.LlamaLogLevel.disabled,
    progressLogs: false,
  });
  try {
    const budget = createThreadBudget(cores, threads);
    const model = await llama.loadModel({ modelPath: weights });
    const context = await model.createContext({
      contextSize: contextTokens,
      batchSize: batchTokens,
      sequences: 1,
      threads,
      ...(lora === undefined ? {} : { lora }),
    });
    return createSession({ runtime, llama, model, context, modelId, threads, budget });
  } catch (cause) {
    await llama.dispose();
    const problem = `${lora === undefined ? '' : `with the adapter ${lora}: `}${(cause as Error).message}`;
    throw new FulcrumError('model-failed', { model: modelId, problem }, { cause });
  }
}

async function startLlama(runtime: Runtime, model: string, options: LlamaOptions): Promise<Llama> {
  try {
    return await runtime.getLlama(options);
  } catch (cause) {
    throw new FulcrumError('model-runtime-missing', { model, package: 'node-llama-cpp' }, { cause });
  }
}

interface Loaded {
  readonly runtime: Runtime;
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly context: LlamaContext;
  readonly modelId: string;
  /** Most threads. */
  readonly threads: number;
  readonly budget: ThreadBudget;
}

function createSession(loaded: Loaded): LlamaSession {
  const { context, llama, model, modelId, threads } = loaded;
  const sequence = context.getSequence();
  return {
    countTokens: (text) => model.tokenize(text).length,
    close: () => llama.dispose(),
    async generate(request) {
      const prompt = tokenizePrompt(model, request.prompt);
      const room = context.contextSize - prompt.length;
      if (room <= 0)
        throw new FulcrumError('model-context-exceeded', {
          model: modelId,
          limit: context.contextSize,
          tokens: prompt.length,
        });
      const measure = measureCores(threads);
      // A cleared sequence and fixed batches: with as many threads the same call gives the same text whatever ran before.
      await sequence.clearHistory();
      await prefill(loaded, sequence, prompt.slice(0, -1), request.signal);
      const limit = Math.min(request.maxOutputTokens ?? room, room);
      const output = await decode(loaded, sequence, prompt.at(-1)!, limit, request);
      return { ...output, inputTokens: prompt.length, coreSeconds: measure() };
    },
  };
}

function tokenizePrompt(model: LlamaModel, pieces: readonly PromptPiece[]): Token[] {
  const tokens = pieces.flatMap((piece) =>
    'control' in piece ? model.tokenize(piece.control, true) : model.tokenize(piece.text),
  );
  const { bos } = model.tokens;
  if (model.tokens.shouldPrependBosToken && bos !== null) tokens.unshift(bos);
  return tokens;
}

async function prefill(
  { budget, llama }: Loaded,
  sequence: LlamaContextSequence,
  tokens: readonly Token[],
  signal: AbortSignal | undefined,
): Promise<void> {
  for (let start = 0; start < tokens.length; start += batchTokens) {
    signal?.throwIfAborted();
    llama.maxThreads = budget.current();
    await sequence.evaluateWithoutGeneratingNewTokens(tokens.slice(start, start + batchTokens));
  }
}

async function decode(
  { runtime, llama, model, budget }: Loaded,
  sequence: LlamaContextSequence,
  last: Token,
  limit: number,
  request: LlamaRequest,
): Promise<{ outputTokens: number; finishReason: 'stop' | 'length' }> {
  const grammar =
    request.jsonSchema &&
    (await llama.createGrammarForJsonSchema(toGrammarSchema(request.jsonSchema) as { type: 'object' }));
  const stream = sequence.evaluate([last], {
    temperature: request.temperature,
    seed: request.seed,
    yieldEogToken: true,
    ...(grammar
      ? { grammarEvaluationState: new runtime.LlamaGrammarEvaluationState({ model, grammar }) }
      : {}),
  });
  const before: Token[] = [];
  let pending: Token[] = [];
  let count = 0;
  const hand = (): void => {
    const piece = model.detokenize(pending, false, before);
    if (piece !== '') request.onText(piece);
    before.push(...pending);
    pending = [];
  };
  for await (const token of stream) {
    request.signal?.throwIfAborted();
    llama.maxThreads = budget.current();
    count += 1;
    if (model.isEogToken(token)) {
      hand();
      return { outputTokens: count, finishReason: 'stop' };
    }
    pending.push(token);
    // A character may be spread over several tokens; it is handed on when it is whole.
    if (!model.detokenize(pending, false, before).endsWith('\ufffd')) hand();
    if (count >= limit) break;
  }
  hand();
  return { outputTokens: count, finishReason: count >= limit ? 'length' : 'stop' };
}

/**
 * CPU-seconds from now on: what the process used, but at most what the model's threads could use, as other
 * work of the process may run beside it.
 */
function measureCores(threads: number): () => number {
  const startedAt = performance.now();
  const cpu = process.cpuUsage();
  return () => {
    const { user, system } = process.cpuUsage(cpu);
    return Math.min((user + system) / 1e6, ((performance.now() - startedAt) / 1000) * threads);
  };
}
