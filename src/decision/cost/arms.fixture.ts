import type { ArmInputs, Losses, RequestProfile } from './arm-inputs.ts';
import { enteredFigure, unknownFigure } from './figure.ts';

/** The day on which the tests take place. */
export const today = '2026-11-26';

export const noLosses: Losses = {
  wrong: unknownFigure('what a wrong answer costs was not entered'),
  refused: unknownFigure('what a refusal costs was not entered'),
};

/** A profile of entered figures; what is not named is nothing, and each request is one call. */
export function profileOf(parts: Partial<Record<keyof RequestProfile, number>>): RequestProfile {
  const names = [
    'staticPrefix',
    'fewShot',
    'history',
    'query',
    'retrieved',
    'output',
    'reasoning',
    'cachedShare',
    'retryFactor',
    'batchShare',
    'embeddedTokens',
    'reranks',
    'coreSeconds',
  ] as const;
  const figures = names.map((name) => [
    name,
    enteredFigure(parts[name] ?? (name === 'retryFactor' ? 1 : 0), `${name} entered`),
  ]);
  return Object.fromEntries(figures) as unknown as RequestProfile;
}

/** An arm of entered figures, priced per token, with nothing upfront. */
export function armOf(name: string, parts: Partial<ArmInputs> = {}): ArmInputs {
  return {
    name,
    kind: 'prompt',
    hypothetical: true,
    prices: {},
    hosting: { form: 'per-token' },
    upfront: { months: enteredFigure(12) },
    maintenance: {},
    ...parts,
  };
}

/** An arm of a straight line: so much a month, and so much for each request. */
export function lineArm(name: string, monthly: number, perRequest: number): ArmInputs {
  return armOf(name, {
    kind: 'external',
    costPer1000: enteredFigure(perRequest * 1000),
    maintenance: { otherMonthly: enteredFigure(monthly) },
  });
}
