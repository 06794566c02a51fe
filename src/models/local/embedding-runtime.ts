/** Loads the library that runs embedding models, to see whether it works on this machine. */
export async function loadEmbeddingRuntime(): Promise<unknown> {
  return import('onnxruntime-node');
}
