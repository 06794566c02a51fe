import {
  defaultRetrievalSettings,
  type RetrievalOverrides,
  type RetrievalSettings,
} from '../retrieval-settings.ts';

/** The defaults, overruled by each of the given settings in turn; what is undefined overrules nothing. */
export function resolveSettings(
  ...overrides: readonly (RetrievalOverrides | undefined)[]
): RetrievalSettings {
  const settings: Record<string, unknown> = {};
  for (const name of Object.keys(defaultRetrievalSettings) as (keyof RetrievalSettings)[])
    settings[name] = overrides.reduce<unknown>(
      (value, given) => (given?.[name] === undefined ? value : given[name]),
      defaultRetrievalSettings[name],
    );
  return settings as unknown as RetrievalSettings;
}
