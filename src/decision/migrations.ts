import type { Migrations } from '../database/index.ts';
import { savedMigrations } from './saved/decision-store.ts';
import { sealMigrations } from './seal/seal-store.ts';

/** Tables of the decision room: seals and saved decisions. */
export const decisionMigrations: Migrations = { ...sealMigrations, ...savedMigrations };
