// Second door of the room: what the config file may say of evaluation, without anything that evaluates.
export { judgeConfigSchema } from './judges/judge-config.ts';
export { scorerEntrySchema } from './scorers/scorer-config.ts';
