import type { ScoreRow } from '../../evaluation/index.ts';
import type { ArmInputs } from '../cost/arm-inputs.ts';
import { armOf, profileOf, today } from '../cost/arms.fixture.ts';
import { enteredFigure, listedFigure, measuredFigure } from '../cost/figure.ts';
import { reportInput } from './report.fixture.ts';
import type { ReportInput } from './report-data.ts';
import type { ReportDecided } from './report-settings.ts';

/** How hard a sample may be for each variant to be right on it, of 400 samples in 200 groups; right on about .55, .88, .62, .89 and .93. */
const reach = { prompt: 0.54, rag: 0.804, tuned: 0.596, hybrid: 0.8124, oracle: 0.85 } as const;

/** Rows of the arms of a ladder; which samples are right is fixed, so that every figure can be worked out. */
export function ladderRows(): ScoreRow[] {
  const names = Object.keys(reach) as (keyof typeof reach)[];
  return names.flatMap((variant, turn) =>
    Array.from({ length: 400 }, (_, index): ScoreRow => {
      // A permutation of the samples for the hardness that all share, and one of its own for each variant.
      const hardness = ((index * 149) % 400) / 400;
      const own = ((index * (151 + 6 * turn)) % 400) / 400;
      return {
        sample: `s${String(index).padStart(3, '0')}`,
        variant,
        metric: 'correct',
        value: 0.8 * hardness + 0.2 * own < reach[variant] ? 1 : 0,
        group: `g${index % 200}`,
        costUsd: 0.001,
        kind: variant,
        tags: [index % 3 === 0 ? 'how-to' : 'look-up'],
        deployable: variant !== 'oracle',
      };
    }),
  );
}

const price = (kind: string, usd: number) =>
  listedFigure(usd, '2026-09-23', `small ${kind} (a price list)`, `price:example/small:${kind}`);

/** Arms with costs of every form: per token with measured tokens, and machines by the hour. */
const arms: readonly ArmInputs[] = [
  tokenArm('prompt', 0),
  tokenArm('rag', 1900),
  armOf('tuned', {
    kind: 'tuned-dedicated',
    hypothetical: false,
    run: 'run_tuned',
    profile: profileOf({ query: 60, output: 120 }),
    hosting: {
      form: 'per-hour',
      replicaHour: listedFigure(2.5, '2026-05-01', 'one GPU by the hour', 'price:tuned:machineHour'),
      requestsPerSecond: enteredFigure(4, 'measured on this GPU', { low: 3, high: 5 }),
      peakToMean: enteredFigure(3),
      minimumReplicas: 1,
    },
  }),
  armOf('hybrid', {
    kind: 'hybrid',
    hypothetical: false,
    run: 'run_hybrid',
    profile: profileOf({ query: 60, retrieved: 1900, output: 120 }),
    hosting: {
      form: 'per-hour',
      replicaHour: listedFigure(2.5, '2026-05-01', 'one GPU by the hour', 'price:tuned:machineHour'),
      requestsPerSecond: enteredFigure(2, 'measured on this GPU'),
      peakToMean: enteredFigure(3),
      minimumReplicas: 2,
    },
  }),
];

function tokenArm(name: string, retrieved: number): ArmInputs {
  const tokens = (value: number) =>
    measuredFigure(value, 400, `run_${name}, 400 requests`, { low: value * 0.94, high: value * 1.07 });
  return armOf(name, {
    kind: name === 'rag' ? 'rag' : 'prompt',
    hypothetical: false,
    run: `run_${name}`,
    profile: {
      ...profileOf({ staticPrefix: 300 }),
      query: tokens(60),
      output: tokens(140),
      ...(retrieved > 0 ? { retrieved: tokens(retrieved) } : {}),
    },
    prices: { input: price('input', 0.4), output: price('output', 1.6) },
    upfront: { months: enteredFigure(12), evaluation: enteredFigure(60) },
    quality: {
      correct: measuredFigure(0.8, 400, `run_${name}, 400 requests`),
      wrong: measuredFigure(0.15, 400, `run_${name}, 400 requests`),
      refused: measuredFigure(0.05, 400, `run_${name}, 400 requests`),
    },
  });
}

export const ladderDecided: ReportDecided = {
  costing: {
    arms,
    losses: {
      wrong: enteredFigure(0.05, 'entered', { id: 'loss:wrong' }),
      refused: enteredFigure(0.01, 'entered', { id: 'loss:refused' }),
    },
    today,
  },
  labels: { wrongUsd: 0.05 },
  facts: {
    today,
    halfLifeMonths: 7,
    endOfLife: [{ variant: 'rag', model: 'example/small', day: '2027-06-01' }],
    licences: [{ variant: 'rag', what: 'the corpus', licence: 'CC BY 4.0' }],
  },
  runs: ['run_prompt', 'run_rag', 'run_tuned', 'run_hybrid', 'run_oracle'],
};

/** A report of a decision in which every part of the page has something to say. */
export function decisionInput(changes: Partial<ReportInput['settings']> = {}): ReportInput {
  const rows = ladderRows();
  return {
    ...reportInput(rows, { bar: 0.75, margin: 0.1, volume: 100_000, ...changes }),
    title: 'Decision by correct',
    footer: 'Made by "fulcrum decide".',
    decided: ladderDecided,
    sources: Object.keys(reach).map((variant) => ({
      variant,
      run: `run_${variant}`,
      what: 'split test of questions, model example/small',
      date: today,
    })),
  };
}
