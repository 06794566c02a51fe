import type { ExtractConfig, GenerateConfig, VariantConfig } from './config.ts';
import type { VariantKind } from './variant.ts';

/** The kind that follows from the parts of a variant. */
export function kindOf(entry: VariantConfig): VariantKind {
  if ('external' in entry) return 'external';
  if ('cascade' in entry) return 'cascade';
  if (entry.reader === 'classify') return 'tuned';
  if (entry.evidence === 'full-context') return 'full-context';
  if (entry.evidence !== undefined) return 'oracle';
  if (entry.shufflePassages !== undefined) return 'placebo';
  if (entry.reader === 'extract') return 'extract';
  if (isTuned(entry.model)) return entry.retriever ? 'hybrid' : 'tuned';
  if (entry.retriever) return 'rag';
  return entry.fewShot ? 'few-shot' : 'prompt';
}

/** Whether a variant answers in words, from passages or by itself, and so has a prompt or evidence to change. */
export function answersInWords(entry: VariantConfig): entry is ExtractConfig | GenerateConfig {
  return 'reader' in entry && entry.reader !== 'classify';
}

/** Models of the registry are named `tuned/ID`. */
export function isTuned(model: string): boolean {
  return model.startsWith('tuned/');
}

/** Whether a variant may be recommended: not when it sees gold evidence, is a placebo, or must guess. */
export function isDeployable(entry: Exclude<VariantConfig, { cascade: unknown }>): boolean {
  const kind = kindOf(entry);
  return kind !== 'oracle' && kind !== 'placebo' && !('forceAnswer' in entry && entry.forceAnswer === true);
}
