import { FulcrumError, suggest } from '../../core/index.ts';
import { type Database, tablesOf } from '../../database/index.ts';
import { findFrozenSplit, listTestLooks, splitTables } from '../../evaluation/index.ts';
import { type Seal, type SealContent, sealContentSchema, sealHash } from './seal.ts';

interface SealTables {
  decision_seals: { hash: string; content: string; dataset: string; sealed_at: string };
}

/** The log of seals of a project. */
export interface SealStore {
  /**
   * Seals a decision; the same content again is the seal that is there. Throws `seal-not-frozen` for a dataset whose looks nobody
   * logs, and `seal-late` once its test samples were seen.
   */
  seal(content: SealContent): Promise<Seal>;
  /** By hash or its beginning. Throws `seal-unknown`. */
  get(hash: string): Promise<Seal>;
  /** Oldest first. */
  list(): Promise<Seal[]>;
}

export function createSealStore(database: Database): SealStore {
  const tables = () => tablesOf<SealTables>(database).withoutPlugins();
  const list = async (): Promise<Seal[]> => {
    const rows = await tables().selectFrom('decision_seals').selectAll().orderBy('sealed_at').execute();
    return rows.map((row) => ({
      hash: row.hash,
      content: sealContentSchema.parse(JSON.parse(row.content)),
      sealedAt: row.sealed_at,
    }));
  };
  return {
    list,
    async get(hash) {
      const seals = await list();
      const found = seals.filter((seal) => hash.length >= 8 && seal.hash.startsWith(hash));
      if (found.length === 1 && found[0]) return found[0];
      throw new FulcrumError('seal-unknown', {
        seal: hash,
        suggestion: suggest(
          hash,
          seals.map((seal) => seal.hash),
        ),
      });
    },
    async seal(content) {
      const hash = sealHash(content);
      const { name } = content.dataset;
      const known = (await list()).find((seal) => seal.hash === hash);
      if (known) return known;
      const frozen = await findFrozenSplit(splitTables(database), name);
      if (!frozen || frozen.hash !== content.dataset.hash)
        throw new FulcrumError('seal-not-frozen', { dataset: name });
      const looks = await listTestLooks(database, name);
      const [first] = looks;
      if (first)
        throw new FulcrumError('seal-late', {
          dataset: name,
          count: looks.length,
          first: first.takenAt.slice(0, 10),
          reason: first.reason,
        });
      const sealedAt = new Date().toISOString();
      await tables()
        .insertInto('decision_seals')
        .values({ hash, content: JSON.stringify(content), dataset: name, sealed_at: sealedAt })
        .execute();
      return { hash, content, sealedAt };
    },
  };
}
