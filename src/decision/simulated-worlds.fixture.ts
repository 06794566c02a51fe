import type { World } from './simulated-scores.fixture.ts';

const independent = { clusters: 150, clusterSize: 1, icc: 0 } as const;
const clustered = { clusters: 60, clusterSize: 5, icc: 0.26 } as const;
const yesNo = { kind: 'binary', mean: 0.7, discordance: 0.2, loss: 0 } as const;

/** Worlds without a difference, by name: base rates, discordances, clustering, kinds of scores, 2 to 6 variants. */
export const nullWorlds: Readonly<Record<string, World>> = {
  'independent, 2 variants': { ...independent, ...yesNo, variants: 2 },
  'independent, 4 variants': { ...independent, ...yesNo, variants: 4 },
  'independent, 6 variants': { ...independent, ...yesNo, variants: 6 },
  'independent, 2 % discordance': { ...independent, ...yesNo, mean: 0.9, discordance: 0.02, variants: 2 },
  'independent, mean .97': { ...independent, ...yesNo, mean: 0.97, discordance: 0.04, variants: 3 },
  'independent, dense scores': { ...independent, ...yesNo, kind: 'dense', variants: 3 },
  'independent, sparse scores': { ...independent, ...yesNo, kind: 'sparse', variants: 2 },
  '60 clusters, 2 variants': { ...clustered, ...yesNo, variants: 2 },
  '60 clusters, 4 variants': { ...clustered, ...yesNo, variants: 4 },
  '60 clusters, 6 variants': { ...clustered, ...yesNo, variants: 6 },
  '60 clusters, 2 % discordance': { ...clustered, ...yesNo, mean: 0.9, discordance: 0.02, variants: 2 },
  '60 clusters, nearly copies': { ...clustered, ...yesNo, icc: 0.9, variants: 2 },
  '60 clusters, dense scores': { ...clustered, ...yesNo, kind: 'dense', variants: 3 },
  '30 clusters, 2 variants': { ...clustered, ...yesNo, clusters: 30, variants: 2 },
};

/** The same worlds with the last variant worse by exactly the margin of .05 (where the mean leaves room). */
export const marginWorlds: Readonly<Record<string, World>> = Object.fromEntries(
  Object.entries(nullWorlds).map(([name, world]) => [name, { ...world, loss: 0.05 }]),
);

const few = { clusterSize: 5, icc: 0.26, mean: 0.7, discordance: 0.2, loss: 0, variants: 2 } as const;
const kinds = ['binary', 'dense', 'skewed'] as const;

/** Worlds with few clusters, of equal and of unequal size. */
export const fewClusterWorlds: Readonly<Record<string, World>> = Object.fromEntries(
  [15, 20, 30].flatMap((clusters) =>
    kinds.flatMap((kind) =>
      [false, true].map((unequal): [string, World] => [
        `${clusters} clusters${unequal ? ' of unequal size' : ''}, ${kind}`,
        { ...few, clusters, kind, unequal },
      ]),
    ),
  ),
);

/** Worlds where a tenth of the clusters holds three quarters of the samples: intervals of means are too short there. */
export const dominatedWorlds: Readonly<Record<string, World>> = Object.fromEntries(
  kinds.map((kind): [string, World] => [
    `60 clusters, six of them large, ${kind}`,
    { ...few, clusters: 60, kind, dominated: true },
  ]),
);

/** Worlds that are looked at again and again while they grow. */
export const growingWorlds: Readonly<Record<string, World>> = {
  'independent, 10 looks': { ...independent, ...yesNo, clusters: 300, variants: 2 },
  'independent, 4 variants, 10 looks': { ...independent, ...yesNo, clusters: 300, variants: 4 },
  'clusters of 5, 10 looks': { ...clustered, ...yesNo, clusters: 200, variants: 2 },
  'independent, dense, 10 looks': { ...independent, ...yesNo, kind: 'dense', clusters: 300, variants: 2 },
};
