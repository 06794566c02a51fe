export { type Database, type Migrations, openDatabase, tablesOf } from './database.ts';
export { lockProject } from './project-lock.ts';
