/**
 * Works through items with at most `concurrency` at a time, taking each only when there is room for it. The first
 * failure, or an aborted signal, stops new work; the promise then rejects after the work under way has ended.
 */
export async function runPool<Item>(
  items: Iterable<Item> | AsyncIterable<Item>,
  concurrency: number,
  signal: AbortSignal | undefined,
  work: (item: Item) => Promise<void>,
): Promise<void> {
  const source =
    Symbol.asyncIterator in items
      ? items[Symbol.asyncIterator]()
      : (items as Iterable<Item>)[Symbol.iterator]();
  let failure: { error: unknown } | null = null;
  let ended = false;
  const worker = async (): Promise<void> => {
    while (failure === null && !ended) {
      try {
        const next = await source.next();
        if (next.done === true) {
          ended = true;
          return;
        }
        if (failure !== null) return;
        signal?.throwIfAborted();
        await work(next.value);
      } catch (error) {
        failure ??= { error };
      }
    }
  };
  await Promise.all(Array.from({ length: Math.max(1, concurrency) }, worker));
  const met = failure as { error: unknown } | null;
  if (met) throw met.error;
}
