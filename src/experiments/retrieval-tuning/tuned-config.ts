import type { TunedSettings } from './retrieval-dimensions.ts';
import type { TuningReport } from './tuning-report.ts';

/** What to write into the parts of the config; only what differs from the present settings. */
export type TunedConfig = Readonly<Record<'retrieval' | 'chunking', Readonly<Record<string, unknown>>>>;

/** What a report changes in the config; empty where the present settings stay. */
export function tunedConfig({ outcome, present, chosen }: TuningReport): TunedConfig {
  const changed = <Name extends keyof TunedSettings>(
    name: Name,
    write: (value: TunedSettings[Name]) => Record<string, unknown>,
  ): Record<string, unknown> =>
    outcome === 'changed' && chosen[name] !== present[name] ? write(chosen[name]) : {};
  return {
    retrieval: {
      ...changed('weight', (vectorWeight) => ({ vectorWeight })),
      ...changed('neighbours', (neighbours) => ({ neighbours })),
      ...changed('k', (limit) => ({ limit })),
      ...changed('near-duplicates', (nearDuplicates) => ({ nearDuplicates })),
      ...changed('rerank', (model) => ({ rerank: model === null ? null : { model, top: 20 } })),
    },
    chunking: changed('chunk-size', (maxTokens) => ({ maxTokens })),
  };
}
