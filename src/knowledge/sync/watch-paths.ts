/** Watches files and folders. */
export interface PathWatcher {
  close(): Promise<void>;
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
    ignored: (path) => /(^|[\\/])(node_modules|\.fulcrum)([\\/]|$)/.test(path),
  });
  watcher.on('all', onChange);
  watcher.on('error', onError);
  await new Promise<void>((resolve) => watcher.once('ready', resolve));
  return { close: () => watcher.close() };
}
