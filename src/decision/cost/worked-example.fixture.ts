import type { ArmInputs, Hosting, RequestProfile } from './arm-inputs.ts';
import { armOf, profileOf } from './arms.fixture.ts';
import { type DatedModelName, datedPrices, gpuHours } from './dated-prices.fixture.ts';
import { enteredFigure } from './figure.ts';

const unbounded = enteredFigure(1e9, 'one machine serves any volume');
const steady = enteredFigure(1, 'no peaks');

/** Ways to host the tuned model in the example. */
export const exampleHostings = {
  'one machine': { hour: gpuHours.rented, machines: 1 },
  'two machines': { hour: gpuHours.rented, machines: 2 },
  dedicated: { hour: gpuHours.dedicated, machines: 1 },
} as const;
export type ExampleHosting = keyof typeof exampleHostings;

/** The prompt of the example: a cached prefix of 1,500 tokens, 300 asked, 300 answered, and 3,000 retrieved where it retrieves. */
const prompted = { staticPrefix: 1500, cachedShare: 1, query: 300, output: 300 };
const retrieved = { ...prompted, retrieved: 3000 };

export function promptArm(model: DatedModelName): ArmInputs {
  return armOf(`prompt ${model}`, { profile: profileOf(prompted), prices: datedPrices(model) });
}

export function ragArm(model: DatedModelName): ArmInputs {
  return armOf(`rag ${model}`, {
    kind: 'rag',
    profile: profileOf(retrieved),
    prices: datedPrices(model),
    maintenance: { storeMonthly: enteredFigure(70, 'vector store') },
  });
}

const tuning = {
  labels: { count: enteredFigure(5000), usdEach: enteredFigure(0.6, 'label', { id: 'price:label' }) },
  training: { usdEach: enteredFigure(150, 'training run'), sweep: enteredFigure(0) },
  months: enteredFigure(12),
};
const goldSet = { count: enteredFigure(500), usdEach: enteredFigure(1.6, 'gold item', { id: 'price:gold' }) };

/** The tuned arm as the example has it: the gold set charged to it alone, and machines without a limit. */
export function tunedArm(hosting: ExampleHosting): ArmInputs {
  const { hour, machines } = exampleHostings[hosting];
  return armOf(`tuned ${hosting}`, {
    kind: 'tuned-self-hosted',
    profile: profileOf({ query: 300, output: 300 }),
    hosting: {
      form: 'per-hour',
      replicaHour: hour,
      requestsPerSecond: unbounded,
      peakToMean: steady,
      minimumReplicas: machines,
    },
    upfront: { ...tuning, goldSet },
  });
}

/** Tokens per second of an 8B model on one H100: written when saturated, and read at 40 % of its arithmetic. */
const written = 12_500;
const read = enteredFigure(25_000, 'prompt tokens per second of an 8B model on one H100');

function machinesOf(hosting: ExampleHosting, outputTokens: number): Hosting {
  const { hour, machines } = exampleHostings[hosting];
  return {
    form: 'per-hour',
    replicaHour: hour,
    requestsPerSecond: enteredFigure(written / outputTokens, 'output tokens per second / output'),
    prefillTokensPerSecond: read,
    peakToMean: enteredFigure(3, 'busiest time over the mean'),
    minimumReplicas: machines,
  };
}

/** The same arms with the two corrections: the gold set charged to all, and machines that serve what they can. */
export const corrected = {
  prompt: (model: DatedModelName): ArmInputs => withGold(promptArm(model)),
  rag: (model: DatedModelName): ArmInputs => withGold(ragArm(model)),
  tuned: (hosting: ExampleHosting): ArmInputs => ({
    ...tunedArm(hosting),
    hosting: machinesOf(hosting, 300),
  }),
  /** Tuned, and it retrieves as the rag arm does. */
  hybrid: (hosting: ExampleHosting): ArmInputs => ({
    ...withGold(tunedArm(hosting)),
    name: `hybrid ${hosting}`,
    kind: 'hybrid',
    profile: hybridProfile,
    hosting: machinesOf(hosting, 300),
    maintenance: { storeMonthly: enteredFigure(70, 'vector store') },
  }),
  /** Tuned and billed per token at the price of the base model. */
  perToken: (model: DatedModelName): ArmInputs =>
    armOf(`tuned per token ${model}`, {
      kind: 'tuned-per-token',
      profile: profileOf({ query: 500, output: 300 }),
      prices: datedPrices(model),
      upfront: { ...tuning, goldSet },
    }),
  /** Tuned on a machine that is only there while it is used: half a GPU-second a request. */
  scaleToZero: (): ArmInputs =>
    armOf('tuned scale to zero', {
      kind: 'tuned-self-hosted',
      profile: profileOf({ query: 300, output: 300 }),
      hosting: {
        form: 'scale-to-zero',
        gpuSecond: gpuHours.serverless,
        gpuSecondsPerRequest: enteredFigure(0.5, 'GPU-seconds a request'),
      },
      upfront: { ...tuning, goldSet },
    }),
};

const hybridProfile: RequestProfile = profileOf({ query: 300, retrieved: 3000, output: 300 });

function withGold(arm: ArmInputs): ArmInputs {
  return { ...arm, upfront: { ...arm.upfront, goldSet } };
}

/** A crossover in millions as the example prints it: to two decimals first and, from 3 million, then to one. */
export function printedMillions(requests: number): string {
  const hundredths = Math.round(requests / 1e4);
  return requests >= 3e6 ? (Math.round(hundredths / 10) / 10).toFixed(1) : (hundredths / 100).toFixed(2);
}
