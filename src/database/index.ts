export { type Database, type Migrations, openDatabase, tablesOf } from './database.ts';
export { lockProject } from './project-lock.ts';
export { createReadOnlyQueries, type ReadOnlyQueries } from './read-only-queries.ts';
export type { QueryFailure, QueryOutcome, ReadOnlyQuery, SqlValue } from './read-only-query.ts';
export { scrubDatabase } from './scrub-database.ts';
export { type StoredText, textsOf } from './texts-of.ts';
