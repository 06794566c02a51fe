/** Follows the code in a Markdown text as it arrives, one character at a time. */
export interface CodeTracker {
  /** Whether `next`, put behind what was taken so far, would stand in code; marks of code count as code. */
  isCode(next: string): boolean;
  /** Takes the next character. */
  take(character: string): void;
}

/**
 * Fenced code by CommonMark (three or more ` or ~ that begin a line, closed by a line of as many), three or more ` elsewhere up
 * to the next three, and `inline code` up to as many ticks as began it. Inline code ends with its line at the latest, so that one
 * stray tick does not make code of a whole answer. A tick behind a backslash begins nothing.
 */
export function createCodeTracker(): CodeTracker {
  let open: {
    readonly mark: string;
    readonly length: number;
    readonly kind: 'fence' | 'block' | 'inline';
  } | null = null;
  let run = { mark: '', length: 0, beginsLine: false };
  /** The line so far holds nothing but what may stand before a fence. */
  let lineIsEmpty = true;
  let escaped = false;
  /** A run that closes its fence if nothing but white space follows in its line. */
  let closing = false;

  const endRun = (): void => {
    const { mark, length, beginsLine } = run;
    if (length === 0) return;
    run = { mark: '', length: 0, beginsLine: false };
    if (open === null) {
      if (length >= 3 && beginsLine) open = { mark, length, kind: 'fence' };
      else if (mark === '`') open = { mark, length, kind: length >= 3 ? 'block' : 'inline' };
      return;
    }
    if (mark !== open.mark) return;
    if (open.kind === 'fence') closing = beginsLine && length >= open.length;
    else if (open.kind === 'block' ? length >= 3 : length === open.length) open = null;
  };
  const isMark = (character: string): boolean =>
    (character === '`' && !(escaped && open === null)) ||
    (character === '~' && (run.mark === '~' || (lineIsEmpty && (open === null || open.mark === '~'))));

  return {
    isCode(next) {
      if (isMark(next)) return true;
      const { mark, length, beginsLine } = run;
      if (length === 0) return open !== null;
      if (open === null) return mark === '`' || (length >= 3 && beginsLine);
      if (mark !== open.mark || open.kind === 'fence') return true;
      return open.kind === 'block' ? length < 3 : length !== open.length;
    },
    take(character) {
      if (isMark(character)) {
        if (run.mark !== character) endRun();
        run = {
          mark: character,
          length: run.length + 1,
          beginsLine: run.length > 0 ? run.beginsLine : lineIsEmpty,
        };
        closing = false;
        lineIsEmpty = false;
        escaped = false;
        return;
      }
      endRun();
      escaped = character === '\\' && !escaped;
      if (character === '\n') {
        if (closing || open?.kind === 'inline') open = null;
        closing = false;
        lineIsEmpty = true;
        return;
      }
      if (!/[ \t]/.test(character)) closing = false;
      if (!/[ \t>*+\-\d.)]/.test(character)) lineIsEmpty = false;
    },
  };
}
