// Second door of the room: its tables, without anything that reads them.
export { usageMigrations } from './usage-import/usage-migrations.ts';
