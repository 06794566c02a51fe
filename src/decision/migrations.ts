// Second door of the room: its tables, without anything that reads them.
export { decisionMigrations } from './decision-migrations.ts';
export { usageMigrations } from './usage-import/usage-migrations.ts';
