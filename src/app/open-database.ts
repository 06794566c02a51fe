import { join } from 'node:path';
import { type Database, openDatabase } from '../database/index.ts';
import { decisionMigrations, usageMigrations } from '../decision/migrations.ts';
import { evaluationMigrations } from '../evaluation/migrations.ts';
import { jobMigrations } from '../jobs/migrations.ts';
import { hasUnfinishedDeletions, knowledgeMigrations } from '../knowledge/migrations.ts';
import { monitoringMigrations } from '../monitoring/migrations.ts';
import { servingMigrations } from '../serving/migrations.ts';
import { hasTunedModels, tuningMigrations } from '../tuning/migrations.ts';

export { hasTunedModels, hasUnfinishedDeletions };

/** The database of a project with the tables of every room that has some. Throws what `openDatabase` throws. */
export function openProjectDatabase(stateDirectory: string): Promise<Database> {
  const rooms = [
    jobMigrations,
    knowledgeMigrations,
    evaluationMigrations,
    usageMigrations,
    decisionMigrations,
    tuningMigrations,
    servingMigrations,
    monitoringMigrations,
  ];
  return openDatabase(join(stateDirectory, 'fulcrum.db'), rooms);
}
