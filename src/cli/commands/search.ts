import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { ArmName, Retrieval, RetrieveOptions } from '../../knowledge/index.ts';
import { type AsOption, addAsOption, principalOf } from '../as-option.ts';
import { runCommand } from '../command.ts';
import { addFilterOptions, type FilterOptions, readFilterOptions } from '../filter-options.ts';
import { searchText } from '../search-text.ts';

interface SearchOptions extends FilterOptions, AsOption {
  limit: string;
  arm: string;
  neighbours?: string;
  parents?: true;
  nearDuplicates?: string;
  rerank?: string | false;
  explain?: true;
  explainDocument?: string;
}

const armNames: readonly ArmName[] = ['keyword', 'vector', 'hybrid'];
const duplicateModes = ['keep', 'collapse'] as const;
/** Hits that a reranker of the command line orders. */
const reranked = 20;

/** `fulcrum search`: the passages nearest to a query. */
export function registerSearch(program: Command): void {
  const command = program
    .command('search')
    .argument('<query>', 'what to look for; words in double quotes must stand in the text in this order')
    .option('--limit <k>', 'number of passages', '10')
    .option('--arm <arm>', 'keyword, vector or hybrid', 'hybrid');
  addAsOption(addFilterOptions(command))
    .option('--neighbours <n>', 'grow each passage by this many chunks on each side')
    .option('--parents', 'grow each passage to its section')
    .option('--near-duplicates <mode>', 'keep, or collapse passages that say the same')
    .option('--rerank <name>', `order the best ${reranked} by this reranker of the config`)
    .option('--no-rerank', 'do not rerank, whatever the config says')
    .option('--explain', 'say how each passage was found, and what took the time')
    .option('--explain-document <id>', 'say why this document is or is not found')
    .description('find the passages that are nearest to a query')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum search "how do I stream text"\n  fulcrum search generateText --arm keyword --limit 3 --json\n  fulcrum search "parental leave" --where team=hr --since 2024-01-01\n  fulcrum search "max tokens" --explain-document docs:settings.md\n  fulcrum search "parental leave" --as user:ann,group:hr',
    )
    .action(
      runCommand<SearchOptions>(async (context, options, query = '') => {
        if (query.trim() === '')
          throw new FulcrumError('usage', { problem: 'There is nothing to look for: the query is empty.' });
        const settings = readSettings(options);
        const principal = principalOf(options);
        const { withProject } = await import('../../app/index.ts');
        const retrieval = await withProject(
          context.projectDirectory,
          { onNotice: context.terminal.notice, signal: context.signal },
          async (project) => {
            const filter = await readFilterOptions(options, project, principal);
            const { retriever } = await project.knowledge();
            return retriever.retrieve(query, principal, { ...settings, filter, signal: context.signal });
          },
        );
        return { json: searchJson(retrieval), text: searchText(retrieval, settings) };
      }),
    );
}

function readSettings(options: SearchOptions): RetrieveOptions {
  const { rerank, explainDocument } = options;
  return {
    limit: wholeNumber('--limit', options.limit, 1),
    arm: oneOf('--arm', options.arm, armNames),
    neighbours:
      options.neighbours === undefined ? undefined : wholeNumber('--neighbours', options.neighbours, 0),
    parents: options.parents,
    nearDuplicates:
      options.nearDuplicates === undefined
        ? undefined
        : oneOf('--near-duplicates', options.nearDuplicates, duplicateModes),
    // Commander has true where neither option is given.
    rerank:
      rerank === false ? null : typeof rerank === 'string' ? { model: rerank, top: reranked } : undefined,
    explain: explainDocument === undefined ? options.explain : { documentId: explainDocument },
  };
}

function wholeNumber(option: string, value: string, least: number): number {
  const number = Number(value);
  if (Number.isInteger(number) && number >= least && value.trim() !== '') return number;
  throw new FulcrumError('usage', {
    problem: `${option} takes a whole number from ${least}, not "${value}".`,
  });
}

function oneOf<T extends string>(option: string, value: string, names: readonly T[]): T {
  const found = names.find((name) => name === value);
  if (found) return found;
  const list = `${names.slice(0, -1).join(', ')} or ${names.at(-1)}`;
  throw new FulcrumError('usage', { problem: `${option} takes ${list}, not "${value}".` });
}

function searchJson(retrieval: Retrieval): unknown {
  const { query, indexVersion, indexVersionNumber = null, embeddedShare, hits, explanation } = retrieval;
  return {
    query,
    indexVersion,
    indexVersionNumber,
    embeddedShare,
    hits: hits.map(({ chunkId: _chunk, version: _version, ...hit }) => hit),
    explanation,
  };
}
