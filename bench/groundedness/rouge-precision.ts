/** Clipped share of the n-grams of the text that are in the evidence, with the tokens of rouge_score (no stemmer). */
export function rougePrecision(claim: string, evidence: string, n: number): number {
  const grams = (text: string): string[] => {
    const tokens = text.toLowerCase().match(/[a-z0-9]+/g) ?? [];
    return tokens.slice(n - 1).map((_token, at) => tokens.slice(at, at + n).join(' '));
  };
  const left = new Map<string, number>();
  for (const gram of grams(evidence)) left.set(gram, (left.get(gram) ?? 0) + 1);
  const wanted = grams(claim);
  const found = wanted.filter((gram) => {
    const count = left.get(gram) ?? 0;
    left.set(gram, count - 1);
    return count > 0;
  });
  return wanted.length === 0 ? 0 : found.length / wanted.length;
}
