import { normalUpper, proportionUpper } from '../statistics/quantiles.ts';

/** Chance of a proof that a plan aims at. */
const power = 0.8;
const mostAnswers = 1_000_000;

/** Answers without a single wrong one that prove a risk: ln(tail) / ln(1 - risk), rounded up. */
export function fewestAnswers(risk: number, tail: number): number {
  return Math.ceil(Math.log(tail) / Math.log1p(-risk));
}

/**
 * Given answers after which a risk is proven in four of five tries, if the share of wrong ones goes on as it was (half a wrong answer
 * more, so that a few without one promise nothing) and answers of a group are as alike. Null where the share is not under the risk.
 */
export function answersNeeded({
  answered,
  wrong,
  upper,
  risk,
  tail,
}: {
  readonly answered: number;
  readonly wrong: number;
  /** Bound that was found, from which the likeness within groups is told. */
  readonly upper: number;
  readonly risk: number;
  readonly tail: number;
}): number | null {
  const rate = (wrong + 0.5) / (answered + 1);
  if (answered === 0 || rate >= risk) return null;
  const proves = (answers: number): boolean => {
    const unlucky = answers * rate + normalUpper(1 - power) * Math.sqrt(answers * rate * (1 - rate));
    return proportionUpper(unlucky, answers, tail) <= risk;
  };
  let low = 1;
  let high = fewestAnswers(risk, tail);
  while (!proves(high)) {
    low = high;
    high *= 2;
    if (high > mostAnswers) return null;
  }
  while (high - low > 1) {
    const middle = Math.floor((low + high) / 2);
    if (proves(middle)) high = middle;
    else low = middle;
  }
  return Math.ceil(high * likeness(answered, wrong, upper, tail));
}

/** How many answers stand for one independent answer: those given over those that would have the same bound. */
function likeness(answered: number, wrong: number, upper: number, tail: number): number {
  const share = wrong / answered;
  let low = 0;
  let high = answered;
  for (let step = 0; step < 60; step++) {
    const trials = (low + high) / 2;
    if (proportionUpper(share * trials, trials, tail) > upper) low = trials;
    else high = trials;
  }
  return Math.max(1, answered / Math.max(high, 1e-9));
}
