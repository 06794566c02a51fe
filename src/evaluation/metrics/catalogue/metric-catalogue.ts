import { claimEntries } from './claim-entries.ts';
import type { MetricEntry } from './metric-entry.ts';
import { numberEntries } from './number-entries.ts';
import { textEntries } from './text-entries.ts';

/** Every metric that Fulcrum defines, in the order of its display. */
export const metricCatalogue: readonly MetricEntry[] = [...textEntries, ...claimEntries, ...numberEntries];
