// Second door of the room: what the config file may say of sources and search, without anything that does it.

export { contextProviderSchema } from './context/context-config.ts';
export { parsingConfigSchema } from './parsing/parsing-config.ts';
export { retrievalConfigSchema, retrieverSettingsSchema, searchFilterSchema } from './retrieval-config.ts';
export { sourceConfigSchema } from './sources/source-config.ts';
