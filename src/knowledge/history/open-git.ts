import { stat } from 'node:fs/promises';

/** Reading a local clone: the one door to git. It writes nothing and never looks at a work tree. */
export interface GitRepository {
  /** Where the folder that was opened lies in the repository: empty, or a path that ends in `/`. */
  readonly prefix: string;
  /**
   * The output of a command. Paths among the parameters count from the root of the repository and are taken to the
   * letter. Throws an error whose message is the first line of what git says.
   */
  run(...parameters: string[]): Promise<string>;
  /** The bytes of a file: its blob's id, or `COMMIT:PATH`. No filter of the repository touches them. */
  readBlob(object: string): Promise<Buffer>;
  /** The id of the commit that a branch, tag or other name stands for. Throws as `run` does. */
  resolveCommit(ref: string): Promise<string>;
}

/**
 * What git may do here. The configuration of a repository is data of others and can name programs. None of the
 * commands used here refreshes an index, checks out or shows a patch, which keeps file system monitors, hooks, filters
 * and converters out; signatures, that `log` would have a program check, are turned off; and no protocol is allowed, so
 * that an object that a partial clone lacks is not fetched.
 */
const environment: Readonly<Record<string, string>> = {
  GIT_ALLOW_PROTOCOL: 'none',
  GIT_NO_LAZY_FETCH: '1',
  GIT_NO_REPLACE_OBJECTS: '1',
  GIT_OPTIONAL_LOCKS: '0',
  GIT_TERMINAL_PROMPT: '0',
  LC_ALL: 'C',
};
const ownVariables = [
  'PATH',
  'HOME',
  'USERPROFILE',
  'XDG_CONFIG_HOME',
  'SystemRoot',
  'TEMP',
  'TMP',
  'TMPDIR',
];
const always = [
  '--no-pager',
  '--literal-pathspecs',
  '-c',
  'log.showSignature=false',
  '-c',
  'log.mailmap=false',
];

/**
 * Opens the repository that a folder lies in, or a bare one. Throws an error with the first line of what git says where
 * there is none, and where git is not installed.
 */
export async function openGit(directory: string, signal?: AbortSignal): Promise<GitRepository> {
  const { simpleGit } = await import('simple-git');
  if (!(await stat(directory).catch(() => null))?.isDirectory()) throw new Error(`${directory} is no folder`);
  const own = ownVariables.flatMap((name) => {
    const value = process.env[name];
    return value === undefined ? [] : [[name, value] as const];
  });
  const at = (baseDir: string) =>
    simpleGit({
      baseDir,
      allowEnvironment: Object.keys(environment),
      // By default a command that fails or is killed without a word counts as done, with half of its output.
      errors: (error, { exitCode, stdErr }) =>
        exitCode === 0
          ? undefined
          : (error ?? Buffer.concat([...stdErr, Buffer.from(`git ended with status ${exitCode}`)])),
      ...(signal && { abort: signal }),
    }).env({ ...Object.fromEntries(own), ...environment });

  const guarded = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      signal?.throwIfAborted();
      const [first = ''] = (error as Error).message.trim().split('\n');
      throw new Error(first.replace(/^(?:Error: )?fatal: /, '').replace(/\.$/, ''), { cause: error });
    }
  };

  const here = at(directory);
  const bare = await guarded(() => here.raw([...always, 'rev-parse', '--is-bare-repository']));
  const isBare = bare.trim() === 'true';
  const places = isBare
    ? '\n'
    : await guarded(() => here.raw([...always, 'rev-parse', '--show-toplevel', '--show-prefix']));
  const [top = '', prefix = ''] = places.split('\n');
  const git = isBare ? here : at(top);
  if (!isBare) {
    // A repository may name any folder as its work tree, also one in which git would find another repository.
    const homeOf = (from: typeof git) =>
      guarded(() => from.raw([...always, 'rev-parse', '--absolute-git-dir']));
    if ((await homeOf(here)) !== (await homeOf(git)))
      throw new Error('it names the work tree of another repository (core.worktree)');
  }
  const run = (...parameters: string[]): Promise<string> =>
    guarded(() => git.raw([...always, ...parameters]));

  return {
    prefix,
    run,
    readBlob: (object) => guarded(async () => Buffer.from(await git.binaryCatFile(['blob', object]))),
    async resolveCommit(ref) {
      const commit = await run(
        'rev-parse',
        '--verify',
        '--quiet',
        '--end-of-options',
        `${ref}^{commit}`,
      ).catch((error: unknown) => {
        signal?.throwIfAborted();
        throw new Error(`it has no branch, tag or commit ${JSON.stringify(ref)}`, { cause: error });
      });
      return commit.trim();
    },
  };
}
