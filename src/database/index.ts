export { type Database, type Migrations, openDatabase, tablesOf } from './database.ts';
export { lockProject } from './project-lock.ts';
export type { SqlValue } from './query-messages.ts';
export {
  createReadOnlyQueries,
  type QueryFailure,
  type QueryOutcome,
  type ReadOnlyQueries,
  type ReadOnlyQuery,
} from './read-only-queries.ts';
