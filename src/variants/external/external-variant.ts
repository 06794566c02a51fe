import { isAbsolute, join } from 'node:path';
import { type Answer, FulcrumError } from '../../core/index.ts';
import type { ProviderGates, RetryLimits } from '../../models/index.ts';
import type { ExternalConfig } from '../config.ts';
import type { Question, Variant } from '../variant.ts';
import { askCommand } from './ask-command.ts';
import { askHttp } from './ask-http.ts';
import { askModule, loadAnswerModule } from './ask-module.ts';
import { readExternalOutput } from './external-output.ts';
import { readRecording } from './recording.ts';

const defaultTimeoutSeconds = 60;
const defaultConcurrency = 4;
const inProcessConcurrency = 16;

/** Somebody's existing pipeline as a variant: by HTTP, by command, as a module, or by its recorded outputs. */
export async function createExternalVariant(options: {
  readonly name: string;
  readonly config: ExternalConfig;
  /** Relative paths and commands start here. */
  readonly directory: string;
  readonly environment: Readonly<Record<string, string | undefined>>;
  readonly gates?: ProviderGates | undefined;
  readonly limits?: RetryLimits | undefined;
}): Promise<Variant> {
  const { name, config, directory, environment } = options;
  const place = (path: string): string => (isAbsolute(path) ? path : join(directory, path));
  const timeoutSeconds = config.timeoutSeconds ?? defaultTimeoutSeconds;
  const recordedPath = config.recorded === undefined ? null : place(config.recorded);
  const module = config.module === undefined ? null : await loadAnswerModule(place(config.module), name);
  const recording = recordedPath === null ? null : await readRecording(recordedPath);

  const ask = async (question: Question): Promise<unknown> => {
    const values = { input: question.input, id: question.sampleId ?? '' };
    const shared = { variant: name, values, timeoutSeconds, signal: question.signal };
    if (recording) {
      if (recording.outputs.has(values.id)) return recording.outputs.get(values.id);
      if (question.sampleId === undefined) throw new FulcrumError('recording-not-asked', { variant: name });
      throw new FulcrumError('recording-incomplete', {
        variant: name,
        sample: values.id,
        path: recordedPath,
      });
    }
    if ((question.hiddenDocuments?.length ?? 0) > 0)
      throw new FulcrumError('external-cannot-hide', { variant: name, sample: values.id });
    if (module) {
      const asked = { id: values.id, input: values.input };
      return askModule({ ...shared, module, question: asked });
    }
    if (config.http) {
      const { gates, limits } = options;
      return askHttp({ ...shared, http: config.http, environment, gates, limits });
    }
    return askCommand({ ...shared, command: config.command ?? [], directory: place(config.cwd ?? '.') });
  };

  return {
    name,
    kind: 'external',
    deployable: true,
    concurrency: config.concurrency ?? (recording || module ? inProcessConcurrency : defaultConcurrency),
    definition: {
      kind: 'external',
      ...config,
      ...(recording ? { recordingHash: recording.hash } : {}),
      ...(module ? { moduleHash: module.hash } : {}),
    },
    // What it costs is known afterwards, if it says so; outputs that exist already cost nothing more.
    estimate: async () => ({ inputTokens: 0, outputTokens: 0, usd: recording ? 0 : null }),
    async answer(question): Promise<Answer> {
      if (question.signal?.aborted) throw new FulcrumError('cancelled');
      const startedAt = performance.now();
      const output = await ask(question);
      const seconds = recording ? null : (performance.now() - startedAt) / 1000;
      const answer = readExternalOutput(name, output, seconds);
      question.onText?.(answer.answer);
      return answer;
    },
    close: async () => {},
  };
}
