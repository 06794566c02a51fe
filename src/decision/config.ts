// Second door of the room: what the config file may say of decisions, without anything that decides.
export { costsConfigSchema } from './cost/cost-config.ts';
