/** How a reviewer is asked: by clack on a terminal, by a script in tests. Null is a wish to stop. */
export interface ReviewPrompts {
  show(text: string): void;
  choose<Value extends string>(
    message: string,
    choices: readonly { readonly value: Value; readonly label: string; readonly hint?: string }[],
  ): Promise<Value | null>;
  write(message: string, initial: string): Promise<string | null>;
}

/** Prompts on the terminal; everything goes to stderr, so that stdout holds the result only. */
export async function terminalPrompts(): Promise<ReviewPrompts> {
  const { isCancel, select, text } = await import('@clack/prompts');
  const output = process.stderr;
  return {
    show: (shown) => void output.write(`${shown}\n`),
    async choose(message, choices) {
      const options = choices.map(({ value, label, hint }) => ({
        value: value as string,
        label,
        ...(hint === undefined ? {} : { hint }),
      }));
      const chosen = await select({ message, options, output });
      if (isCancel(chosen)) return null;
      return choices.find(({ value }) => value === chosen)?.value ?? null;
    },
    async write(message, initial) {
      const written = await text({ message, initialValue: initial, output });
      return isCancel(written) ? null : (written ?? '');
    },
  };
}
