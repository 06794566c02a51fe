export { type Database, type Migrations, openDatabase, tablesOf } from './database.ts';
export { lockProject } from './project-lock.ts';
export type { QueryFailure, QueryOutcome, ReadOnlyQuery, SqlValue } from './query-messages.ts';
export { createReadOnlyQueries, type ReadOnlyQueries } from './read-only-queries.ts';
