/**
 * Chance that the largest gap between the empirical distribution of n values and their true one exceeds `gap`.
 * Which formula serves where follows scipy 1.17.1 (Simard & L'Ecuyer 2011), since those for large n are approximations:
 * Durbin's matrix by Marsaglia, Tsang & Wang (2003), twice the one-sided tail, and Pelz & Good's series (1976).
 * Not a number for n < 1.
 */
export function kolmogorovUpperTail(n: number, gap: number): number {
  if (!(n >= 1)) return Number.NaN;
  if (gap >= 1) return 0;
  const scaled = n * gap;
  if (scaled <= 0.5) return 1;
  if (scaled <= 1) return 1 - smallGap(n, scaled);
  if (scaled >= n - 1) return Math.min(1, 2 * (1 - gap) ** n);
  if (gap >= 0.5) return twiceOneSided(n, gap);
  const square = scaled * gap;
  if (n <= 140) return square <= 4 ? clip(1 - durbinMatrix(n, gap)) : twiceOneSided(n, gap);
  if (square >= 370) return 0;
  if (square >= 2.2) return twiceOneSided(n, gap);
  if (n <= 100_000 && n * gap ** 1.5 <= 1.4) return clip(1 - durbinMatrix(n, gap));
  return clip(1 - pelzGood(n, gap));
}

const clip = (value: number): number => Math.min(1, Math.max(0, value));

/** n! / n^n (2 n gap - 1)^n, the exact chance of a gap at most `gap` from 1/(2n) to 1/n (Ruben & Gambino 1982). */
function smallGap(n: number, scaled: number): number {
  let log = n * Math.log(2 * scaled - 1);
  for (let factor = 1; factor <= n; factor += 1) log += Math.log(factor / n);
  return Math.exp(log);
}

/** Twice the chance that the gap on one side reaches `gap` (Birnbaum & Tingey 1951). */
function twiceOneSided(n: number, gap: number): number {
  let logBinomial = 0;
  let total = 0;
  const last = Math.floor(n * (1 - gap));
  for (let v = 0; v <= last; v += 1) {
    const rest = 1 - gap - v / n;
    const power = rest > 0 ? (n - v) * Math.log(rest) : v === n ? 0 : Number.NEGATIVE_INFINITY;
    total += Math.exp(logBinomial + (v - 1) * Math.log(gap + v / n) + power);
    logBinomial += Math.log((n - v) / (v + 1));
  }
  return Math.min(1, 2 * gap * total);
}

/** Exact chance of a gap below `gap`: an entry of a power of a matrix of size 2k - 1, k = ceil(n gap). */
function durbinMatrix(n: number, gap: number): number {
  const k = Math.ceil(n * gap);
  const size = 2 * k - 1;
  const h = k - n * gap;
  const inverseFactorials = [1];
  for (let index = 1; index <= size; index += 1)
    inverseFactorials.push(inverseFactorials[index - 1]! / index);
  const matrix: Matrix = { size, cells: new Float64Array(size * size), exponent: 0 };
  for (let row = 0; row < size; row += 1)
    for (let column = 0; column < size; column += 1)
      if (row - column + 1 >= 0)
        matrix.cells[row * size + column] =
          durbinCell(row, column, size, h) * inverseFactorials[row - column + 1]!;
  const power = matrixPower(matrix, n);
  let value = power.cells[(k - 1) * size + k - 1]!;
  let exponent = power.exponent;
  for (let factor = 1; factor <= n; factor += 1) {
    value = (value * factor) / n;
    if (value < 1e-140) {
      value *= 1e140;
      exponent -= 140;
    }
  }
  return value * 10 ** exponent;
}

/** Numerator of a cell: 1, less what the first column and the last row lose at the edge of the band. */
function durbinCell(row: number, column: number, size: number, h: number): number {
  let cell = 1;
  if (column === 0) cell -= h ** (row + 1);
  if (row === size - 1) cell -= h ** (size - column);
  if (column === 0 && row === size - 1 && 2 * h > 1) cell += (2 * h - 1) ** size;
  return cell;
}

/** A square matrix times a power of ten. */
interface Matrix {
  readonly size: number;
  readonly cells: Float64Array;
  readonly exponent: number;
}

function matrixPower(base: Matrix, power: number): Matrix {
  if (power === 1) return base;
  const half = matrixPower(base, Math.floor(power / 2));
  const squared = multiply(half, half);
  return power % 2 === 0 ? squared : multiply(squared, base);
}

function multiply(a: Matrix, b: Matrix): Matrix {
  const { size } = a;
  const cells = new Float64Array(size * size);
  for (let row = 0; row < size; row += 1)
    for (let inner = 0; inner < size; inner += 1) {
      const factor = a.cells[row * size + inner]!;
      if (factor === 0) continue;
      for (let column = 0; column < size; column += 1)
        cells[row * size + column]! += factor * b.cells[inner * size + column]!;
    }
  const middle = (size - 1) / 2;
  const exponent = a.exponent + b.exponent;
  if (cells[middle * size + middle]! <= 1e140) return { size, cells, exponent };
  return { size, cells: cells.map((cell) => cell * 1e-140), exponent: exponent + 140 };
}

/** Asymptotic series in 1/sqrt(n) with three corrections. */
function pelzGood(n: number, gap: number): number {
  const z = Math.sqrt(n) * gap;
  const pi2 = Math.PI ** 2;
  const q = Math.exp(-pi2 / 8 / z ** 2);
  const terms = Math.ceil((16 * z) / Math.PI);
  const sums = [0, 0, 0, 0];
  for (let k = terms; k >= 1; k -= 1) {
    const m2 = (2 * k - 1) ** 2;
    const power = q ** (8 * k);
    const coefficients = [
      1,
      -(z ** 2) + (pi2 / 4) * m2,
      6 * z ** 6 +
        2 * z ** 4 +
        ((2 * z ** 4 - 5 * z ** 2) * pi2 * m2) / 4 +
        (pi2 ** 2 * (1 - 2 * z ** 2) * m2 ** 2) / 16,
      -30 * z ** 6 -
        90 * z ** 8 +
        (pi2 * (135 * z ** 4 - 96 * z ** 6) * m2) / 4 +
        (pi2 ** 2 * (-60 * z ** 2 + 212 * z ** 4) * m2 ** 2) / 16 +
        (pi2 ** 3 * (5 - 30 * z ** 2) * m2 ** 3) / 64,
    ];
    for (const [order, coefficient] of coefficients.entries())
      sums[order] = sums[order]! * power + coefficient;
  }
  const root = Math.sqrt(2 * Math.PI);
  const divisors = [z, 6 * z ** 4, 72 * z ** 7, 6480 * z ** 10];
  const series = sums.map((sum, order) => (sum * q * root) / divisors[order]!);
  const r = Math.exp(-pi2 / 2 / z ** 2);
  let second = 0;
  let third = 0;
  for (let k = terms; k >= 1; k -= 1) {
    const weight = k * k * r ** (k * k);
    second += weight;
    third += (3 * z * z - pi2 * k * k) * weight;
  }
  series[2]! += (second * pi2 * root) / (-36 * z ** 3);
  series[3]! += (third * pi2 * root) / (216 * z ** 6);
  return series.reduce((total, term, order) => total + term / n ** (order / 2), 0);
}
