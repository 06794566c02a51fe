import type { DocumentExplanation, Hit, HitExplanation, Retrieval } from '../knowledge/index.ts';

/** Characters of a passage shown in a terminal. */
const snippetLength = 240;

/** Hits as people read them, with how they came about where the search was to explain itself. */
export function searchText(retrieval: Retrieval, { arm }: { arm?: string | undefined } = {}): string {
  const { hits, embeddedShare, explanation } = retrieval;
  const lines = hits.map((hit, index) => hitText(hit, index + 1, explanation?.hits[index]));
  if (hits.length === 0) lines.push('Nothing found.');
  if (embeddedShare === 0)
    lines.push(
      arm === 'vector'
        ? 'No chunk is embedded, so nothing can be found by vectors. Set "embedding" in the config and run "fulcrum sync".'
        : 'Found by keywords: no chunk is embedded.',
    );
  else if (embeddedShare < 1)
    lines.push(
      `${Math.floor(embeddedShare * 100)} % of the chunks are embedded; the rest is found by keywords.`,
    );
  if (explanation) lines.push(explanationText(retrieval));
  return lines.join('\n\n');
}

function hitText(hit: Hit, rank: number, explained: HitExplanation | undefined): string {
  const passage = hit.text.replace(/\s+/g, ' ').trim();
  const snippet = passage.length > snippetLength ? `${passage.slice(0, snippetLength).trimEnd()}…` : passage;
  const lines = [`${rank}. ${hit.uri} [${hit.start}-${hit.end}]  score ${hit.score.toFixed(3)}`];
  if (hit.titlePath.length > 0) lines.push(`  ${hit.titlePath.join(' > ')}`);
  lines.push(`  ${snippet}`);
  if (hit.duplicates) lines.push(`  the same in: ${hit.duplicates.map(({ uri }) => uri).join(', ')}`);
  if (explained) lines.push(...explainedLines(hit, explained));
  return lines.join('\n');
}

function explainedLines(hit: Hit, explained: HitExplanation): string[] {
  const { ranks, raw, normalised, fusedRank, rerankScore, matchedTerms } = explained;
  const arm = (name: 'keyword' | 'vector', unit: string, digits: number): string => {
    if (raw[name] === null) return `${name} -`;
    const rank = ranks[name] === null ? 'not in its list' : `rank ${ranks[name]}`;
    return `${name} ${rank}, ${unit} ${raw[name].toFixed(digits)} (${normalised[name]?.toFixed(3)} of the best)`;
  };
  const order = rerankScore === null ? '' : `, reranked by ${rerankScore.toFixed(3)}`;
  const lines = [
    `  ${arm('keyword', 'BM25', 2)}; ${arm('vector', 'cosine', 3)}; fused rank ${fusedRank}${order}`,
    `  matched: ${matchedTerms.length === 0 ? 'no word of the query' : matchedTerms.join(', ')}`,
  ];
  if (hit.matched) lines.push(`  grown around [${hit.matched.start}-${hit.matched.end}]`);
  if (hit.merged) lines.push(`  took in ${hit.merged.length} further hit(s)`);
  return lines;
}

function explanationText({ explanation }: Retrieval): string {
  const { query, settings, filter, readerTokens, arms, milliseconds, document, notices } = explanation!;
  const times = Object.entries(milliseconds).map(([stage, time]) => `${stage} ${time.toFixed(1)}`);
  const parts = Object.entries(filter).filter(([, value]) => value !== undefined);
  const armText = (name: 'keyword' | 'vector'): string =>
    `${name} ${arms[name].skipped ?? `${arms[name].candidates} candidates, ${arms[name].largestScore.toFixed(3)} counts as 1`}`;
  const lines = [
    `query      ${query.terms.length} words: ${query.terms.join(', ')}`,
    ...(query.phrases.length === 0
      ? []
      : [`phrases    ${query.phrases.map((words) => `"${words}"`).join(', ')}`]),
    `language   query ${query.language ?? 'not told'}, found ${query.foundLanguage ?? 'not told'}`,
    `arms       ${armText('keyword')}; ${armText('vector')}; vector weight ${settings.vectorWeight}`,
    `filter     ${parts.length === 0 ? 'none' : parts.map(([name, value]) => `${name} ${JSON.stringify(value)}`).join(', ')}`,
    `reader     one of ${readerTokens.join(', ')}`,
    `time, ms   ${times.join(', ')}`,
    ...notices.map((notice) => `notice     ${notice}`),
    ...(document ? [`document   ${documentText(document)}`] : []),
  ];
  return lines.join('\n');
}

function documentText(document: DocumentExplanation): string {
  if (document.state === 'unknown-or-unreadable')
    return `${document.documentId}: there is none that may be read.`;
  const { documentId, state, filteredBy, keyword, vector, fusedRank, chunks, embeddedChunks } = document;
  const why: Record<typeof state, string> = {
    found: 'is among the hits',
    'not-indexed': 'is not in the index; run "fulcrum sync"',
    filtered: `is left out by ${filteredBy.join(', ')}`,
    'phrase-missing': 'does not have the phrase in one passage',
    duplicate: 'says what a better hit says, and is listed with it',
    'no-match': 'has no word of the query and no vector',
    'ranked-below': 'ranks below the last hit',
  };
  const best = (arm: { rank: number; score: number } | null): string =>
    arm === null ? 'none' : `rank ${arm.rank} (${arm.score.toFixed(3)})`;
  return `${documentId} ${why[state]}; best chunk by keywords: ${best(keyword)}, by vector: ${best(vector)}, fused: ${fusedRank === null ? 'not a candidate' : `rank ${fusedRank}`}; ${embeddedChunks} of ${chunks} chunks embedded.`;
}
