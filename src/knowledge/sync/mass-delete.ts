/** A source that lists far fewer documents than it did. */
export interface MassDeletion {
  readonly source: string;
  /** Documents that would go; renamed ones are not among them. */
  readonly lost: number;
  /** Documents that the source had. */
  readonly known: number;
  /** Whether the source is no longer configured, rather than listing less. */
  readonly left: boolean;
}

/** So few documents may always go. */
const fewDocuments = 9;
/** Share of a source's documents that may go unasked. */
const smallShare = 0.2;

/**
 * Whether somebody should be asked first: more than 9 documents and more than a fifth of the source would go; or all of them, at
 * least 3, although the source is still configured: an empty folder is mostly one that is not mounted.
 */
export function isMassDeletion({ lost, known, left }: MassDeletion): boolean {
  if (lost > fewDocuments && lost > known * smallShare) return true;
  return !left && lost === known && known >= 3;
}
