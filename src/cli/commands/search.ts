import type { Command } from 'commander';
import { FulcrumError, localOwner } from '../../core/index.ts';
import type { ArmName, Hit, Retrieval } from '../../knowledge/index.ts';
import { runCommand } from '../command.ts';

interface SearchOptions {
  limit: string;
  arm: string;
  source?: string;
}

const armNames: readonly ArmName[] = ['keyword', 'vector', 'hybrid'];
/** Characters of a passage shown in a terminal. */
const snippetLength = 240;

/** `fulcrum search`: the passages nearest to a query. */
export function registerSearch(program: Command): void {
  program
    .command('search')
    .argument('<query>', 'what to look for')
    .option('--limit <k>', 'number of passages', '10')
    .option('--arm <arm>', 'keyword, vector or hybrid', 'hybrid')
    .option('--source <name>', 'only documents of this source')
    .description('find the passages that are nearest to a query')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum search "how do I stream text"\n  fulcrum search generateText --arm keyword --limit 3 --json',
    )
    .action(
      runCommand<SearchOptions>(async (context, options, query = '') => {
        const limit = Number(options.limit);
        if (!Number.isInteger(limit) || limit < 1)
          throw new FulcrumError('usage', {
            problem: `--limit takes a whole number from 1, not "${options.limit}".`,
          });
        const arm = armNames.find((name) => name === options.arm);
        if (!arm)
          throw new FulcrumError('usage', {
            problem: `--arm takes keyword, vector or hybrid, not "${options.arm}".`,
          });
        const { resolveSource, withProject } = await import('../../app/index.ts');
        const retrieval = await withProject(
          context.projectDirectory,
          { onNotice: context.terminal.notice, signal: context.signal },
          async (project) => {
            const sources =
              options.source === undefined ? undefined : [resolveSource(project.config, options.source)];
            const { retriever } = await project.knowledge();
            return retriever.retrieve(query, localOwner, {
              limit,
              arm,
              filter: { sources },
              signal: context.signal,
            });
          },
        );
        return { json: searchJson(retrieval), text: searchText(retrieval) };
      }),
    );
}

function searchJson({ query, indexVersion, embeddedShare, hits }: Retrieval): unknown {
  return {
    query,
    indexVersion,
    embeddedShare,
    hits: hits.map(({ documentId, uri, titlePath, start, end, text, score, arms }) => ({
      documentId,
      uri,
      titlePath,
      start,
      end,
      text,
      score,
      arms,
    })),
  };
}

function searchText({ hits, embeddedShare }: Retrieval): string {
  const lines = hits.map((hit, index) => hitText(hit, index + 1));
  if (hits.length === 0) lines.push('Nothing found.');
  if (embeddedShare === 0) lines.push('Found by keywords: no chunk is embedded.');
  else if (embeddedShare < 1)
    lines.push(
      `${Math.floor(embeddedShare * 100)} % of the chunks are embedded; the rest is found by keywords.`,
    );
  return lines.join('\n\n');
}

function hitText(hit: Hit, rank: number): string {
  const passage = hit.text.replace(/\s+/g, ' ').trim();
  const snippet = passage.length > snippetLength ? `${passage.slice(0, snippetLength).trimEnd()}…` : passage;
  const path = hit.titlePath.length === 0 ? '' : `  ${hit.titlePath.join(' > ')}\n`;
  return `${rank}. ${hit.uri} [${hit.start}-${hit.end}]  score ${hit.score.toFixed(3)}\n${path}  ${snippet}`;
}
