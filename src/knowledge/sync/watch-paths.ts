/** Watches files and folders. */
export interface PathWatcher {
  close(): Promise<void>;
}

/** Folders that no source reads below its own. */
const leftOut = /(^|[\\/])(node_modules|\.fulcrum)([\\/]|$)/;

/** The part of a path below the watched one that it lies in: a source may itself lie in a package. */
function belowOf(watched: readonly string[], path: string): string {
  const root = watched.filter((each) => path.startsWith(each)).sort((a, b) => b.length - a.length)[0] ?? '';
  return path.slice(root.length);
}

/**
 * Calls back for each change of a file at or below the paths, links not followed; a path that does not exist yet is watched for its
 * coming. Failures of single files are told and do not end it.
 */
export async function watchPaths(
  paths: readonly string[],
  onChange: () => void,
  onError: (error: unknown) => void,
): Promise<PathWatcher> {
  const { watch } = await import('chokidar');
  const watcher = watch([...paths], {
    ignoreInitial: true,
    followSymlinks: false,
    ignored: (path) => leftOut.test(belowOf(paths, path)),
  });
  watcher.on('all', onChange);
  watcher.on('error', onError);
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return { close: () => watcher.close() };
}
