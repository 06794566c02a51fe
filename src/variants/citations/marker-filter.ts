/** Piece of text and the markers in it as a model wrote them, handled as it arrives, in linear time. */
export interface MarkerFilter {
  /** Takes the next piece of the model's text. */
  push(piece: string): void;
  /** No more text: gives the whole answer and its markers. */
  end(): FilteredAnswer;
}

export interface FilteredAnswer {
  /** The text without markers that name no passage. */
  readonly text: string;
  /** Known markers with their place in `text`; a list such as `[1, 2]` gives one entry for each number. */
  readonly markers: readonly { readonly marker: number; readonly at: number }[];
  /** Markers that named no passage and were taken out. */
  readonly removed: number;
}

/** Longest marker, brackets included; a longer bracket is text. */
const maxMarkerLength = 32;

/**
 * Finds markers `[1]` and `[1, 2]` outside of code and takes out those whose number is not known. Brackets in fenced
 * code and in `inline code` are left alone. What is given to `onText`, put together, is the text of `end()`.
 */
export function createMarkerFilter(options: {
  readonly known: ReadonlySet<number>;
  readonly onText?: ((piece: string) => void) | undefined;
}): MarkerFilter {
  const out: string[] = [];
  const markers: { marker: number; at: number }[] = [];
  let length = 0;
  let fresh = '';
  let removed = 0;
  let fenced = false;
  let inline = false;
  let ticks = 0;
  let spaces = '';
  let bracket: string | null = null;

  const emit = (text: string): void => {
    if (text === '') return;
    out.push(text);
    length += text.length;
    fresh += text;
  };
  const flush = (): void => {
    if (fresh !== '') options.onText?.(fresh);
    fresh = '';
  };
  const endTicks = (): void => {
    if (ticks >= 3) {
      fenced = !fenced;
      inline = false;
    } else if (ticks > 0 && !fenced) inline = !inline;
    ticks = 0;
  };
  const takeBracket = (text: string): void => {
    const numbers = markerNumbers(text);
    if (numbers === null) {
      emit(spaces + text);
      spaces = '';
      return;
    }
    const known = numbers.filter((number) => options.known.has(number));
    removed += numbers.length - known.length;
    if (known.length > 0) emit(spaces);
    spaces = '';
    if (known.length === 0) return;
    for (const marker of known) markers.push({ marker, at: length });
    emit(`[${known.join(', ')}]`);
  };
  const take = (character: string): void => {
    if (bracket !== null) {
      if (character === ']') {
        const text = `${bracket}]`;
        bracket = null;
        takeBracket(text);
        return;
      }
      if (bracket.length < maxMarkerLength && /[\d,\s]/.test(character)) {
        bracket += character;
        return;
      }
      emit(spaces + bracket);
      spaces = '';
      bracket = null;
    }
    if (character === '`') {
      emit(spaces + character);
      spaces = '';
      ticks++;
      return;
    }
    endTicks();
    // An unclosed tick ends with its line, so that one stray tick does not hide the markers of the whole answer.
    if (character === '\n') inline = false;
    if (fenced || inline) emit(character);
    else if (character === ' ') spaces += character;
    else if (character === '[') bracket = '[';
    else {
      emit(spaces + character);
      spaces = '';
    }
  };
  return {
    push(piece) {
      for (const character of piece) take(character);
      flush();
    },
    end() {
      if (bracket !== null) emit(spaces + bracket);
      else emit(spaces);
      bracket = null;
      spaces = '';
      flush();
      return { text: out.join(''), markers, removed };
    },
  };
}

/** Numbers of `[1, 2]`, or null when the bracket holds something else. */
function markerNumbers(bracket: string): number[] | null {
  const parts = bracket.slice(1, -1).split(',');
  const numbers = parts.map((part) => part.trim());
  if (!numbers.every((part) => /^\d{1,9}$/.test(part))) return null;
  return [...new Set(numbers.map(Number))];
}
