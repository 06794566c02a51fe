/** A word or sign of a statement, with how many parentheses are open around it. */
interface SqlToken {
  /** Lower case; quoted names and texts as `'`, since they are no keyword. */
  readonly text: string;
  readonly depth: number;
}

/**
 * One piece of SQL as SQLite cuts it: comment, quoted text or name (a doubled quote inside is one), word or number,
 * white space, or any other single sign. Each alternative reads on without going back, so the time is linear.
 */
const piece =
  /--[^\n]*|\/\*[^*]*(?:\*(?!\/)[^*]*)*(?:\*\/)?|'(?:[^']|'')*'?|"(?:[^"]|"")*"?|`[^`]*`?|\[[^\]]*\]?|[\p{L}\p{N}_$]+|\s+|./gsu;

function tokensOf(sql: string): SqlToken[] {
  const tokens: SqlToken[] = [];
  let depth = 0;
  for (const [text] of sql.matchAll(piece)) {
    if (text.trim() === '' || text.startsWith('--') || text.startsWith('/*')) continue;
    if (text === ')') depth--;
    tokens.push({ text: /^['"`[]/.test(text) ? "'" : text.toLowerCase(), depth });
    if (text === '(') depth++;
  }
  return tokens;
}

/** What must be known of a statement before it runs. */
export interface SqlShape {
  /** Statements, empty ones not counted: SQLite would run the first and overlook the rest. */
  readonly statements: number;
  /** Whether the rows of the whole statement are ordered, not only those of a part in parentheses. */
  readonly ordered: boolean;
}

export function sqlShape(sql: string): SqlShape {
  const tokens = tokensOf(sql);
  const statements = tokens.filter(
    ({ text }, index) => text !== ';' && (index === 0 || tokens[index - 1]?.text === ';'),
  ).length;
  const ordered = tokens.some(
    ({ text, depth }, index) => depth === 0 && text === 'order' && tokens[index + 1]?.text === 'by',
  );
  return { statements, ordered };
}
