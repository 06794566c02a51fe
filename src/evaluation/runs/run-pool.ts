/**
 * Works through items with at most `concurrency` at a time. The first failure, or an aborted signal, stops new work;
 * the promise then rejects after the work under way has ended.
 */
export async function runPool<Item>(
  items: readonly Item[],
  concurrency: number,
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  let next = 0;
  let failure: { error: unknown } | null = null;
  const worker = async (): Promise<void> => {
    while (failure === null && next < items.length) {
      const item = items[next++] as Item;
      try {
        signal?.throwIfAborted();
        await work(item);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, Math.min(concurrency, items.length)) }, worker));
  const ended = failure as { error: unknown } | null;
  if (ended) throw ended.error;
}
