/** Pieces of a streamed answer on their way to a client: in order, one write at a time, joined while a write is under way. */
export interface Pieces {
  push(piece: string): void;
  /** Resolves when everything was written. */
  end(): Promise<void>;
}

export function createPieces(write: (text: string) => Promise<unknown>): Pieces {
  let waiting = '';
  let working: Promise<void> | null = null;
  const work = async (): Promise<void> => {
    while (waiting !== '') {
      const text = waiting;
      waiting = '';
      await write(text);
    }
    working = null;
  };
  return {
    push(piece) {
      waiting += piece;
      working ??= work();
    },
    async end() {
      while (working) await working;
    },
  };
}
