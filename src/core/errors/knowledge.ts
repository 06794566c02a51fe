import { type ErrorEntry, entry } from './entry.ts';

/** Sources, documents and the index. */
export const knowledgeErrors = {
  'source-unknown': entry(
    'There is no source "{source}". {suggestion}',
    '"fulcrum source list" shows the sources.',
    { exit: 2, status: 404 },
  ),
  'history-missing': entry(
    'There is no history of {directory}: {problem}.',
    'Half-life is read from the git history of a source of files or git; clone it with its history.',
    { status: 404 },
  ),
  'source-ambiguous': entry(
    'The project has {count} sources; say which one.',
    'Add --source NAME: {names}.',
    { exit: 2 },
  ),
  'source-exists': entry(
    'There is already a source "{source}".',
    'Choose another name, or edit the config.',
    { exit: 2, status: 409 },
  ),
  'sources-changed': entry(
    '{count} documents of the sources differ from those in the index ({failed} could not be read), so chunk sizes cannot be compared.',
    'Run "fulcrum sync" first, then tune again.',
    { status: 409 },
  ),
  'source-empty': entry('The project has no source.', 'Add one: fulcrum source add docs --files ./docs', {
    exit: 2,
  }),
  'document-unknown': entry(
    'There is no document "{document}". {suggestion}',
    '"fulcrum documents list" shows the documents.',
    { status: 404 },
  ),
  'document-version-unknown': entry(
    'No text of {document} with the version {version} is kept, or it may not be read.',
    'A citation names the version that it quotes; "fulcrum versions list" shows how far back texts are kept.',
    { status: 404 },
  ),
  'document-not-deleted': entry(
    'No document "{document}" is left out of syncs. {suggestion}',
    '"fulcrum documents deletions" lists what was deleted for good.',
    { status: 404 },
  ),
  'deletion-unfinished': entry(
    'Documents are being deleted for good, and nothing is shown before that is done: {problem}',
    'Run the command again in a moment; it finishes what was interrupted.',
    { status: 503, retryable: true },
  ),
  'receipt-invalid': entry(
    '{path} is no receipt of a deletion: {problem}',
    'Give a file that "fulcrum documents delete" wrote, as it was written.',
    { exit: 2 },
  ),
  'document-duplicate': entry(
    'The id "{key}" of {uri} occurs more than once in its source; the first one counts.',
    'Give every document of a source an id of its own.',
    { status: 409 },
  ),
  'principal-invalid': entry(
    '"{value}" names no principal: {problem}.',
    'Write user:NAME, then group:NAME for each group and tenant:NAME where it is not "local": user:ann,group:hr.',
    { exit: 2 },
  ),
  'filter-invalid': entry(
    'The filter "{filter}" cannot be used: {problem}.',
    'Dates are days or instants of ISO 8601, such as 2026-03-31 or 2026-03-31T12:00:00Z.',
    { exit: 2 },
  ),
  'filter-unknown': entry(
    '{filter} lets no document through. {suggestion}',
    'A filter narrows by what documents carry; "fulcrum documents list --json" shows it.',
    { exit: 2 },
  ),
  'index-outdated': entry(
    'The index of this project was made by an earlier release and has no column for the filter.',
    'Run "fulcrum sync": it makes the index anew from the database and embeds nothing again.',
    { status: 409 },
  ),
  'access-list-invalid': entry(
    'Who may read {path} cannot be told from "{field}": {problem}.',
    'The document stays out until this is corrected. Readers are everyone, user:NAME and group:NAME: ["group:hr", "user:ann"].',
    { status: 422 },
  ),
  'attribute-invalid': entry(
    '"{field}" of {path} cannot be used: {problem}.',
    'Correct the value where the document comes from, and sync again; the other documents were taken.',
    { status: 422 },
  ),
  'link-outside': entry(
    '{path} leads outside the folder of its source.',
    'Leave it out with "exclude", or set "links": "anywhere" where everything that links lead to may be read.',
    { status: 403 },
  ),
  'source-invalid': entry(
    'The source "{source}" cannot be used: {problem}.',
    'docs/sources.md shows what a module of your own exports; "fulcrum source check {source}" tries it.',
    { exit: 2 },
  ),
  'source-failed': entry(
    'The source "{source}" failed: {problem}.',
    'The message is that of its own code; what earlier syncs took of it stays.',
    { status: 502 },
  ),
  'git-failed': entry(
    'The git repository {directory} cannot be read: {problem}.',
    'Name a local clone (a bare one will do) and a branch, tag or commit that it has.',
    { exit: 2 },
  ),
  'context-value-invalid': entry(
    'The context value "{name}" cannot be used: {problem}. {suggestion}',
    'The config says under "context" which values a request may give, and how they look; see docs/context.md.',
    { exit: 2 },
  ),
  'document-changed': entry(
    '{uri} changed or went while its source was read.',
    'Run "fulcrum sync" again; what an earlier sync took of it stays until then.',
    { status: 409, retryable: true },
  ),
  'version-unknown': entry(
    'There is no version {version} of the index{reason}.',
    '"fulcrum versions list" shows those that are kept.',
    { exit: 2, status: 404 },
  ),
  'sync-mass-delete': entry(
    'Documents would go that are suddenly not listed any more: {losses}. They stay; everything else was synced.',
    'Check that the source is complete (mounted, checked out, the right folder), then run "fulcrum sync --allow-mass-delete" if they are to go.',
    { status: 409 },
  ),
  'index-empty': entry('Nothing is indexed yet.', 'Run "fulcrum sync" first.', { status: 409 }),
} as const satisfies Record<string, ErrorEntry>;
