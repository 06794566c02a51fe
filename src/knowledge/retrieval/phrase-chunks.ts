import { type Principal, readerTokens } from '../../core/index.ts';
import type { KnowledgeHandle } from '../migrations.ts';
import { isReadable } from './live-chunks.ts';
import { beginsWithin, findPhrase } from './read-query.ts';

/** Documents whose texts are in memory at once. */
const documentsPerRead = 50;
/** Words of a phrase that the database looks for; the rest is checked here. */
const wordsLookedUp = 3;

/**
 * Ids of the live chunks, among documents that the principal may read, in which each phrase begins. The database
 * narrows down to documents that have the longest plain words of the phrases; places are then found in their texts.
 */
export async function findPhraseChunks(
  tables: KnowledgeHandle,
  principal: Principal,
  phrases: readonly string[],
): Promise<Set<string>> {
  const finders = phrases.map(findPhrase);
  const documents = await documentsWithWords(tables, principal, phrases.flatMap(plainWords));
  const chunkIds = new Set<string>();
  for (let start = 0; start < documents.length; start += documentsPerRead) {
    const some = documents.slice(start, start + documentsPerRead);
    const texts = await tables
      .selectFrom('document_revisions')
      .select(['document_id', 'revision', 'text'])
      // The tenant in each term: SQLite looks terms up in the index only where each of them can be.
      .where((where) =>
        where.or(
          some.map(({ id, revision }) => where.and({ tenant: principal.tenant, document_id: id, revision })),
        ),
      )
      .execute();
    for (const { document_id: id, revision, text } of texts) {
      // Looked for once in a text: from each chunk on, a long document would be read as often as it has chunks.
      const begins = finders.map((find) => find(text));
      if (begins.some(({ length }) => length === 0)) continue;
      const chunks = await tables
        .selectFrom('chunks')
        .select(['ordinal', 'start_offset', 'end_offset'])
        .where('tenant', '=', principal.tenant)
        .where('document_id', '=', id)
        .where('revision', '=', revision)
        .execute();
      for (const { ordinal, start_offset, end_offset } of chunks)
        if (begins.every((places) => beginsWithin(places, start_offset, end_offset)))
          chunkIds.add(`${id}@${revision}#${ordinal}`);
    }
  }
  return chunkIds;
}

/** Live documents that may be read and whose text has all of the words, in any place and case. */
async function documentsWithWords(
  tables: KnowledgeHandle,
  principal: Principal,
  words: readonly string[],
): Promise<{ id: string; revision: string }[]> {
  let query = tables
    .selectFrom('documents as d')
    .innerJoin('document_revisions as r', (join) =>
      join
        .onRef('r.tenant', '=', 'd.tenant')
        .onRef('r.document_id', '=', 'd.id')
        .onRef('r.revision', '=', 'd.live_revision'),
    )
    .select(['d.id', 'd.live_revision as revision', 'd.readers'])
    .where('d.tenant', '=', principal.tenant);
  for (const word of words)
    query = query.where(({ fn }) => fn<string>('lower', ['r.text']), 'like', `%${word.toLowerCase()}%`);
  const tokens = new Set(readerTokens(principal));
  return (await query.orderBy('d.id').execute()).filter(({ readers }) => isReadable(readers, tokens));
}

/** The longest words of plain letters and digits: those that "like" compares alike in every database. */
function plainWords(phrase: string): string[] {
  const words = phrase.split(' ').filter((word) => /^[A-Za-z0-9]+$/.test(word));
  return words.sort((a, b) => b.length - a.length).slice(0, wordsLookedUp);
}
