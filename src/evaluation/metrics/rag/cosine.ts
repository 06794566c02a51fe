/** Cosine of the angle between two vectors of one length, in [-1, 1]; null when either has length zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number | null {
  let product = 0;
  let squaresOfA = 0;
  let squaresOfB = 0;
  for (let index = 0; index < a.length; index += 1) {
    const x = a[index]!;
    const y = b[index]!;
    product += x * y;
    squaresOfA += x * x;
    squaresOfB += y * y;
  }
  if (squaresOfA === 0 || squaresOfB === 0) return null;
  return product / (Math.sqrt(squaresOfA) * Math.sqrt(squaresOfB));
}
