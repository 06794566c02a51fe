import type { IndexState } from './index-state.ts';

/** Whether the index holds vectors of another model. */
export function hasOtherModel(state: IndexState, model: { readonly fingerprint: string }): boolean {
  return state.embedded_chunks > 0 && model.fingerprint !== state.embedding_fingerprint;
}

/**
 * Why the live index cannot be changed in place; null where it can.
 * @param settings JSON of what the cuts depend on now.
 * @param model the one to embed with now; null where there is none.
 */
export function reasonForSecondIndex(
  state: IndexState,
  settings: string,
  model: { readonly id: string; readonly fingerprint: string } | null,
): string | null {
  if (state.documents === 0) return null;
  if (state.settings !== null && state.settings !== settings) return 'other chunking or parsing';
  return model && hasOtherModel(state, model) ? `embedding by ${model.id}` : null;
}
