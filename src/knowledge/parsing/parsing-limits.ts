/** What one document may cost. */
export interface ParsingLimits {
  /** Seconds of one document. */
  readonly seconds: number;
  /** Memory of the process that parses, in MB of 1024 x 1024 bytes. */
  readonly memoryMb: number;
  /** Size of the document as the source gives it. */
  readonly bytes: number;
}

export const defaultParsingLimits: ParsingLimits = Object.freeze({
  seconds: 60,
  memoryMb: 768,
  bytes: 50 * 1024 * 1024,
});
