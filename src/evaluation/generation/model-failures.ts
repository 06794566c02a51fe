/** Failures of a model that belong to one request; any other failure would meet all of them. */
export const oneRequestOnly: ReadonlySet<string> = new Set(['model-failed', 'model-context-exceeded']);
/** So many of them, with nothing that worked, end the work. */
export const failuresAtStart = 5;
