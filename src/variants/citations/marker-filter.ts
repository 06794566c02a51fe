import { createCodeTracker } from './code-tracker.ts';

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
 * code and in `inline code` are left alone, and no mark of code changes its meaning because a marker went. What is given
 * to `onText`, put together, is the text of `end()`, however the text was cut.
 */
export function createMarkerFilter(options: {
  readonly known: ReadonlySet<number>;
  readonly onText?: ((piece: string) => void) | undefined;
}): MarkerFilter {
  const out: string[] = [];
  const markers: { marker: number; at: number }[] = [];
  const code = createCodeTracker();
  let length = 0;
  let last = '';
  let fresh = '';
  let removed = 0;
  let spaces = '';
  let bracket: string | null = null;
  /** Brackets that others opened in, outermost first: when what is in one goes, the characters behind it may still close it. */
  let held: string[] = [];
  /** A marker went from between the last character and the next one. */
  let gap = false;

  const emit = (text: string): void => {
    if (text === '') return;
    for (const character of text) code.take(character);
    out.push(text);
    length += text.length;
    last = text.at(-1) ?? last;
    fresh += text;
    gap = false;
  };
  const emitSpaces = (): void => {
    emit(spaces);
    spaces = '';
  };
  const flush = (): void => {
    if (fresh !== '') options.onText?.(fresh);
    fresh = '';
  };
  /** Emits what waited for the bracket to close, and then the bracket as text. */
  const emitOpen = (text: string): void => {
    emitSpaces();
    emit(held.join(''));
    held = [];
    emit(text);
  };
  const takeBracket = (text: string): void => {
    const numbers = markerNumbers(text);
    if (numbers === null) {
      emitOpen(text);
      return;
    }
    const known = numbers.filter((number) => options.known.has(number));
    removed += numbers.length - known.length;
    if (known.length > 0) {
      emitOpen('');
      for (const marker of known) markers.push({ marker, at: length });
      emit(`[${known.join(', ')}]`);
      return;
    }
    const outer = held.pop();
    if (outer !== undefined) {
      bracket = outer;
      return;
    }
    spaces = '';
    gap = true;
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
      if (character === '[') {
        held.push(bracket);
        bracket = '[';
        return;
      }
      const text = bracket;
      bracket = null;
      emitOpen(text);
    }
    // Two runs of ticks that a marker kept apart stay apart.
    if (gap && spaces === '' && isTick(character) && isTick(last)) emit(' ');
    if (code.isCode(character)) {
      emitSpaces();
      emit(character);
    } else if (character === ' ') spaces += character;
    else if (character === '[') bracket = '[';
    else {
      emitSpaces();
      emit(character);
    }
  };
  return {
    push(piece) {
      // By code unit: a cut inside a surrogate pair changes nothing then.
      for (let at = 0; at < piece.length; at++) take(piece.charAt(at));
      flush();
    },
    end() {
      emitOpen(bracket ?? '');
      bracket = null;
      flush();
      return { text: out.join(''), markers, removed };
    },
  };
}

function isTick(character: string): boolean {
  return character === '`' || character === '~';
}

/** Numbers of `[1, 2]`, or null when the bracket holds something else. */
function markerNumbers(bracket: string): number[] | null {
  const parts = bracket.slice(1, -1).split(',');
  const numbers = parts.map((part) => part.trim());
  if (!numbers.every((part) => /^\d{1,9}$/.test(part))) return null;
  return [...new Set(numbers.map(Number))];
}
