import { type Answer, toFulcrumError, type WorkOptions } from '../../core/index.ts';
import type { TriedVariant } from './injection-report.ts';
import { type InjectionOutcome, judgeInjected, type ReadText } from './judge-injected.ts';
import type { PlantedDocument } from './planted-documents.ts';

/** Asks one variant the question of each planted document; an answer that fails is counted and the rest goes on. */
export async function tryInjections(
  variant: string,
  planted: readonly PlantedDocument[],
  {
    ask,
    readText,
    signal,
    onProgress,
  }: WorkOptions & { ask: (question: string) => Promise<Answer>; readText: ReadText },
): Promise<TriedVariant> {
  const outcomes: InjectionOutcome[] = [];
  const failed: { id: string; code: string }[] = [];
  for (const [index, document] of planted.entries()) {
    signal?.throwIfAborted();
    try {
      outcomes.push(await judgeInjected(document, await ask(document.question), readText));
    } catch (error) {
      const { code } = toFulcrumError(error);
      if (code === 'cancelled') throw error;
      failed.push({ id: document.id, code });
    }
    onProgress?.({
      phase: `injections, ${variant}`,
      done: index + 1,
      total: planted.length,
      unit: 'answers',
    });
  }
  return { variant, outcomes, failed };
}
