/**
 * Documents that are being deleted for good, as every room that keeps texts sees them. Each room takes away what it holds
 * of them and tells how much that was.
 */
export interface ErasedDocuments {
  /** Id of the deletion, which tombstones name. */
  readonly deletion: string;
  /** ISO time of the deletion. */
  readonly at: string;
  /** `SOURCE:KEY` of each. */
  readonly ids: ReadonlySet<string>;
  /** Whether a text repeats a passage of them that stands in no other document. For what belongs to the user. */
  repeats(text: string): boolean;
  /**
   * Whether a text repeats such a passage or holds a single word that only these documents have. For caches, where
   * taking too much costs no more than asking again.
   */
  mentions(text: string): boolean;
}

/** What was taken away in one place where texts lie. */
export interface ErasedSurface {
  /** What it is, for a person: "answers of runs". */
  readonly surface: string;
  readonly removed: number;
  /** Ids of what was taken, where a person will look for them. */
  readonly ids?: readonly string[] | undefined;
}

/** All texts inside a JSON value, one a line; a text that is no JSON is given back as it is. */
export function textsInside(stored: string | null): string {
  if (stored === null) return '';
  let value: unknown;
  try {
    value = JSON.parse(stored);
  } catch {
    return stored;
  }
  const texts: string[] = [];
  const collect = (member: unknown): void => {
    if (typeof member === 'string') texts.push(member);
    else if (Array.isArray(member)) member.forEach(collect);
    else if (member !== null && typeof member === 'object')
      for (const [name, inner] of Object.entries(member)) {
        texts.push(name);
        collect(inner);
      }
  };
  collect(value);
  return texts.join('\n');
}
