import type { RunEstimate } from '../evaluation/index.ts';

/** What a run may cost, in one line. */
export function estimateText({ answers, cached, usd, unknown }: RunEstimate): string {
  const there = cached > 0 ? `, ${cached} there already` : '';
  const more = unknown > 0 ? `, and ${unknown} answers whose price is unknown` : '';
  return `${answers} answers to get${there}; at most $${usd.toFixed(4)}${more}.`;
}

/** Asks at the terminal whether to spend more than the budget. */
export async function askToSpend(estimate: { readonly usd: number }): Promise<boolean> {
  const { confirm, isCancel } = await import('@clack/prompts');
  const message = `This is above the budget: at most $${estimate.usd.toFixed(4)}. Spend it?`;
  const answer = await confirm({ message, initialValue: false });
  return !isCancel(answer) && answer;
}
