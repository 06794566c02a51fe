import { indexEvidence, lexicalFigures } from '../../src/variants/index.ts';
import { balancedAccuracy } from './detection-figures.ts';
import { fittedSets, type JudgedText } from './judged-texts.ts';

/** Threshold with the best mean balanced accuracy over the sets of the fit, the middle of the best run of scores. */
export function fitThreshold(
  sets: readonly { scores: readonly number[]; labels: readonly boolean[]; failed?: readonly boolean[] }[],
): number {
  const steps = Array.from({ length: 999 }, (_, step) => (step + 1) / 1000);
  const quality = steps.map((threshold) =>
    sets.reduce((sum, { scores, labels, failed }) => {
      const calls = scores.map((score, index) => score >= threshold && !failed?.[index]);
      return (
        sum +
        balancedAccuracy(
          calls,
          labels,
          scores.map(() => 1),
        )
      );
    }, 0),
  );
  const best = Math.max(...quality);
  const among = steps.filter((_, index) => quality[index]! > best - 1e-9);
  return among[among.length >> 1]!;
}

/** Weights of the lexical figures, each of the fitted sets with the same total weight. */
export function fitWeights(texts: readonly JudgedText[]): Record<string, number> {
  const rows = texts
    .filter(({ set }) => fittedSets.includes(set))
    .map(({ set, claim, evidence, supported }) => {
      const figures = lexicalFigures(claim, indexEvidence(evidence));
      const x =
        figures === null
          ? [1, 1, 0, 0]
          : [1, Math.log1p(figures.unseen), figures.proximity, figures.speaker ? 1 : 0];
      return { set, x, y: supported };
    });
  const weighted = rows.map((row) => ({
    ...row,
    weight: rows.length / 2 / rows.filter(({ set }) => set === row.set).length,
  }));
  const names = ['constant', 'unseen', 'proximity', 'speaker'];
  return Object.fromEntries(fitLogistic(weighted).map((value, at) => [names[at], Number(value.toFixed(2))]));
}

/** Ridge logistic regression by Newton steps; each set has the same total weight. */
function fitLogistic(
  rows: readonly { x: readonly number[]; y: boolean; weight: number }[],
  ridge = 1,
): number[] {
  const size = rows[0]!.x.length;
  let beta = new Array<number>(size).fill(0);
  for (let step = 0; step < 50; step++) {
    const matrix = beta.map((value, j) => [
      ...beta.map((_, k) => (j === k && j > 0 ? ridge : 0)),
      j > 0 ? -ridge * value : 0,
    ]);
    for (const { x, y, weight } of rows) {
      const p = 1 / (1 + Math.exp(-x.reduce((sum, value, j) => sum + value * beta[j]!, 0)));
      for (let j = 0; j < size; j++) {
        matrix[j]![size]! += weight * ((y ? 1 : 0) - p) * x[j]!;
        for (let k = 0; k < size; k++) matrix[j]![k]! += weight * p * (1 - p) * x[j]! * x[k]!;
      }
    }
    const move = solve(matrix);
    beta = beta.map((value, j) => value + move[j]!);
  }
  return beta;
}

/** Gauss-Jordan on an augmented matrix. */
function solve(matrix: number[][]): number[] {
  const size = matrix.length;
  for (let j = 0; j < size; j++) {
    const pivot = matrix
      .slice(j)
      .reduce((best, row, at) => (Math.abs(row[j]!) > Math.abs(matrix[best]![j]!) ? at + j : best), j);
    [matrix[j], matrix[pivot]] = [matrix[pivot]!, matrix[j]!];
    for (let k = 0; k < size; k++) {
      if (k === j) continue;
      const factor = matrix[k]![j]! / matrix[j]![j]!;
      for (let l = j; l <= size; l++) matrix[k]![l]! -= factor * matrix[j]![l]!;
    }
  }
  return matrix.map((row, j) => row[size]! / row[j]!);
}
