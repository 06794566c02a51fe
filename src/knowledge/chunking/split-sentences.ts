/** Half-open range of a text, in UTF-16 code units. */
export interface Span {
  readonly start: number;
  readonly end: number;
}
export declare function splitSentences(text: string, start?: number, end?: number): Span[];
