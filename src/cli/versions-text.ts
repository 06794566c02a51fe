import type { BlockChange, IndexVersion, VersionDiff } from '../knowledge/index.ts';

/** Documents of each kind that a text names; the JSON has all. */
const named = 50;

/** A line for each version. */
export async function versionsText(versions: readonly IndexVersion[]): Promise<string> {
  if (versions.length === 0) return 'No version yet. Run "fulcrum sync".';
  const { default: Table } = await import('cli-table3');
  const table = new Table({
    head: ['', 'made', 'by', 'documents', 'chunks', '+', '~', '-', 'renamed', 'embedded', 'name'],
    style: { head: [], border: [] },
  });
  for (const version of versions)
    table.push([
      `${version.number}${version.pinned ? ' pinned' : ''}${version.live ? ' live' : ''}`,
      version.createdAt.slice(0, 19).replace('T', ' '),
      version.completedAt === null ? 'unfinished' : version.reason,
      version.documents,
      version.chunks,
      version.added,
      version.changed,
      version.removed,
      version.renamed,
      version.embedded,
      version.name,
    ]);
  return table.toString();
}

/** All of one version. */
export function versionText(version: IndexVersion): string {
  const { number, name, live, pinned, createdAt, completedAt, reason, note } = version;
  const marks = [live ? 'live' : '', pinned ? 'pinned' : ''].filter(Boolean).join(', ');
  const seconds = version.embedSeconds.toFixed(1);
  return [
    `Version ${number}${marks === '' ? '' : ` (${marks})`}`,
    `  name       ${name}`,
    `  made       ${createdAt}, ${completedAt === null ? 'unfinished' : `complete ${completedAt}`}`,
    `  by         ${reason}${note === null ? '' : `: ${note}`}`,
    `  documents  ${version.documents}: ${version.added} added, ${version.changed} changed, ${version.removed} removed, ${version.renamed} renamed`,
    `  chunks     ${version.chunks}`,
    `  embedded   ${version.embedded} texts, ${version.embeddedTokens} tokens, ${seconds} s, by ${version.embeddingModel ?? '-'}`,
  ].join('\n');
}

/** What differs between two versions. */
export function diffText(diff: VersionDiff): string {
  const { added, changed, removed, renamed, texts, tokens, otherModel } = diff;
  const cost = new Map(diff.documents.map((each) => [each.documentId, each]));
  const embedded = (id: string): string => {
    const of = cost.get(id);
    return of ? `  ${of.texts} of ${of.chunks} chunks new` : '';
  };
  const lines = [
    `Version ${diff.from} to ${diff.to}: ${added.length} added, ${changed.length} changed, ${removed.length} removed, ${renamed.length} renamed`,
    `${texts} new texts, about ${tokens} tokens${otherModel ? ' (another embedding model: all of them)' : ''}`,
    ...list(added.map(({ documentId }) => `  added    ${documentId}${embedded(documentId)}`)),
    ...list(changed.map(({ after }) => `  changed  ${after.documentId}${embedded(after.documentId)}`)),
    ...list(removed.map(({ documentId }) => `  removed  ${documentId}`)),
    ...list(renamed.map(({ before, after }) => `  renamed  ${before.documentId} -> ${after.documentId}`)),
  ];
  return lines.join('\n');
}

function list(lines: readonly string[]): string[] {
  const more = lines.length - named;
  return more > 0 ? [...lines.slice(0, named), `  and ${more} more (see --json)`] : [...lines];
}

/** The blocks in which a document differs, as a reader of patches knows them. */
export function blocksText({
  documentId,
  blocks,
}: {
  readonly documentId: string;
  readonly blocks: readonly BlockChange[];
}): string {
  if (blocks.length === 0) return `${documentId}: the text is the same.`;
  const lines = blocks.flatMap(({ kind, line, text }) => {
    const sign = kind === 'added' ? '+' : '-';
    return [
      `@@ ${sign}${line}`,
      ...text
        .trimEnd()
        .split('\n')
        .map((each) => `${sign} ${each}`),
    ];
  });
  return [documentId, ...lines].join('\n');
}
