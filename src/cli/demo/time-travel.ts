import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { type Config, loadConfig, type Project, withProject } from '../../app/index.ts';
import { type Answer, localOwner } from '../../core/index.ts';
import type { CommandContext } from '../command.ts';
import type { Say } from './say.ts';

/** Name of the source in the example, and of the package that is installed under another name for its older documentation. */
const source = 'ai-docs';
const olderPackage = 'ai-6';

/** A question asked at two versions of the corpus. */
export interface AskedTwice {
  readonly question: string;
  readonly before: Answer;
  readonly after: Answer;
  readonly changed: boolean;
}

/** What the journey through two versions did, for `--json`. */
export interface TimeTravel {
  readonly from: string;
  readonly to: string;
  /** Documents by what became of them, and the texts that were embedded for it. */
  readonly difference: {
    readonly added: number;
    readonly changed: number;
    readonly removed: number;
    readonly renamed: number;
    readonly embedded: number;
  };
  /** Texts that the older version took. */
  readonly embeddedBefore: number;
  readonly answers: readonly AskedTwice[];
  /** A citation of an answer at the older version, opened after the newer one came. */
  readonly opened: { readonly uri: string; readonly quote: string; readonly isVerbatim: boolean } | null;
}

/**
 * Syncs the documentation of the older major version, asks, syncs that of the newer one, and asks again. Null where the older
 * package is not installed, which is said.
 */
export async function travelInTime(
  directory: string,
  context: CommandContext,
  say: Say,
): Promise<TimeTravel | null> {
  const older = olderDocumentation();
  if (older === null) {
    say.line(
      `\n  Its older documentation is not installed, so there is no journey in time: npm install --no-save ${olderPackage}@npm:ai@6.0.326`,
    );
    return null;
  }
  const { notice, onProgress } = context.terminal;
  const work = { onNotice: notice, onProgress, signal: context.signal };
  const questions = readQuestions(directory);
  say.heading(`The corpus in time: the documentation of "ai" ${older.version}`);
  const past = await withProject(
    directory,
    { ...work, sources: await olderSources(directory, older.directory) },
    async (project) => {
      const synced = await syncInTwoSteps(project, say);
      return { ...synced, answers: await askAll(project, context, questions) };
    },
  );
  return withProject(directory, work, async (project) => {
    const knowledge = await project.knowledge();
    say.heading('The same source today');
    const { version, embedded } = await syncInTwoSteps(project, say);
    const { added, changed, removed, renamed } = await knowledge.versions().get(version);
    const difference = { added, changed, removed, renamed, embedded };
    say.line(
      `  ${added} documents came, ${changed} changed, ${removed} went: ${embedded} texts embedded, not all again (fulcrum versions diff ${past.version} ${version}).`,
    );
    const now = await askAll(project, context, questions);
    const answers = questions.map((question, index): AskedTwice => {
      const [before, after] = [past.answers[index]!, now[index]!];
      return { question, before, after, changed: before.answer !== after.answer };
    });
    for (const { question, before, after } of answers.filter(({ changed: isOther }) => isOther).slice(0, 2)) {
      say.answer(`${question} (then)`, before);
      say.answer(`${question} (now)`, after);
    }
    say.line(
      `\n  ${answers.filter(({ changed: isOther }) => isOther).length} of ${answers.length} answers changed.`,
    );
    const opened = await openOld(project, answers);
    if (opened)
      say.line(`  What an answer quoted then still opens, at its version: ${opened.uri}: "${opened.quote}"`);
    return {
      from: past.version,
      to: version,
      difference,
      embeddedBefore: past.embedded,
      answers,
      opened,
    };
  });
}

/** The source of the example, read from the older folder. */
async function olderSources(directory: string, folder: string): Promise<Config['sources']> {
  const { [source]: today } = (await loadConfig(directory)).sources;
  return today?.type === 'files' ? { [source]: { ...today, directory: folder } } : {};
}

function olderDocumentation(): { directory: string; version: string } | null {
  try {
    const manifest = createRequire(import.meta.url).resolve(`${olderPackage}/package.json`);
    const directory = join(dirname(manifest), 'docs');
    const { version } = JSON.parse(readFileSync(manifest, 'utf8')) as { version: string };
    return existsSync(directory) ? { directory, version } : null;
  } catch {
    return null;
  }
}

function readQuestions(directory: string): string[] {
  return JSON.parse(readFileSync(join(directory, 'time-travel.json'), 'utf8')) as string[];
}

/** Text first, then vectors. Going back to the older corpus drops a fifth of the documents, on purpose. */
async function syncInTwoSteps(project: Project, say: Say): Promise<{ version: string; embedded: number }> {
  const knowledge = await project.knowledge();
  const {
    added,
    changed,
    unchanged,
    renamed = 0,
    chunks,
    seconds,
  } = await knowledge.sync({
    background: true,
    allowMassDelete: true,
  });
  say.line(
    `  ${added + changed + unchanged + renamed} documents, ${chunks} chunks, searchable by keyword after ${seconds.toFixed(1)} s.`,
  );
  const startedAt = performance.now();
  const { embedded } = await knowledge.embedPending();
  if (embedded > 0)
    say.line(`  ${embedded} texts embedded in ${((performance.now() - startedAt) / 1000).toFixed(1)} s.`);
  return { version: String((await knowledge.versions().get('live')).number), embedded };
}

async function askAll(
  project: Project,
  context: CommandContext,
  questions: readonly string[],
): Promise<Answer[]> {
  const extract = await (await project.variants()).get('extract');
  const answers: Answer[] = [];
  for (const input of questions)
    answers.push(await extract.answer({ input, principal: localOwner, signal: context.signal }));
  return answers;
}

/** The first citation of the past whose document has another text today. */
async function openOld(project: Project, answers: readonly AskedTwice[]): Promise<TimeTravel['opened']> {
  const { documents } = await project.knowledge();
  for (const { before } of answers)
    for (const { documentId, version, uri, start, end, quote } of before.citations) {
      const today = await documents.read(documentId, localOwner);
      if (today?.version === version) continue;
      const then = await documents.read(documentId, localOwner, version);
      return { uri, quote, isVerbatim: then?.text.slice(start, end) === quote };
    }
  return null;
}
