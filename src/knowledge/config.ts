// Second door of the room: what the config file may say of sources, without anything that reads them.
export { parsingConfigSchema } from './parsing/parsing-config.ts';
export { sourceConfigSchema } from './sources/source-config.ts';
