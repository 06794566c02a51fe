import { readFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { FulcrumError, sha256 } from '../../core/index.ts';

/** A pipeline that lives in this process: the `answer` export of a module. */
export interface AnswerModule {
  /** sha256 of the file itself; what it imports is not in it. */
  readonly hash: string;
  ask(question: { id: string; input: string; signal: AbortSignal | undefined }): Promise<unknown>;
}

/**
 * Loads a module whose export `answer` takes {id, input, signal} and gives an answer as text or as an object. Throws
 * `file-not-found`, or `external-invalid` for a module that cannot be loaded or has no such function.
 */
export async function loadAnswerModule(path: string, variant: string): Promise<AnswerModule> {
  const text = await readFile(path).catch((cause: unknown) => {
    throw new FulcrumError('file-not-found', { path }, { cause });
  });
  const loaded = (await import(pathToFileURL(path).href).catch((cause: unknown) => {
    const problem = `${path} cannot be loaded: ${(cause as Error)?.message ?? String(cause)}`;
    throw new FulcrumError('external-invalid', { variant, problem }, { cause });
  })) as { answer?: unknown };
  const { answer } = loaded;
  if (typeof answer !== 'function')
    throw new FulcrumError('external-invalid', { variant, problem: `${path} exports no function "answer"` });
  return {
    hash: sha256(text),
    async ask(question) {
      const given: unknown = await answer(question);
      return typeof given === 'string' ? { answer: given } : given;
    },
  };
}

/**
 * Asks a module within a limit of time; what it does after that is its own affair. Throws `external-timeout`,
 * `external-failed` with the message of what it threw, or `cancelled`.
 */
export async function askModule(options: {
  readonly variant: string;
  readonly module: AnswerModule;
  readonly question: { readonly id: string; readonly input: string };
  readonly timeoutSeconds: number;
  readonly signal?: AbortSignal | undefined;
}): Promise<unknown> {
  const { variant, module, question, timeoutSeconds, signal } = options;
  const timeout = Promise.withResolvers<never>();
  const timer = setTimeout(
    () => timeout.reject(new FulcrumError('external-timeout', { variant, seconds: timeoutSeconds })),
    timeoutSeconds * 1000,
  );
  const onAbort = (): void => timeout.reject(new FulcrumError('cancelled'));
  signal?.addEventListener('abort', onAbort, { once: true });
  try {
    return await Promise.race([module.ask({ ...question, signal }), timeout.promise]);
  } catch (error) {
    if (error instanceof FulcrumError) throw error;
    const problem = (error as Error)?.message ?? String(error);
    throw new FulcrumError('external-failed', { variant, problem }, { cause: error });
  } finally {
    clearTimeout(timer);
    signal?.removeEventListener('abort', onAbort);
  }
}
