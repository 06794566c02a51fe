/** Pieces of a streamed answer on their way to a client: in order, one write at a time, joined while a write is under way. */
export interface Pieces {
  push(piece: string): void;
  /** Resolves when everything was written; rejects with what a write threw. */
  end(): Promise<void>;
}

export function createPieces(write: (text: string) => Promise<unknown>): Pieces {
  let waiting = '';
  let written: Promise<unknown> = Promise.resolve();
  const flush = (): Promise<unknown> => {
    const text = waiting;
    waiting = '';
    return write(text);
  };
  return {
    push(piece) {
      if (piece === '') return;
      // Whatever comes until the write begins goes with it.
      if (waiting === '') written = written.then(flush);
      waiting += piece;
    },
    async end() {
      await written;
    },
  };
}
