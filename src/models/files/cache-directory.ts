import { homedir } from 'node:os';
import { join } from 'node:path';

/**
 * Folder that holds model files: `FULCRUM_CACHE`, else the user's cache folder
 * (`~/.cache/fulcrum/models`, on macOS `~/Library/Caches/fulcrum/models`, on Windows `%LOCALAPPDATA%\fulcrum\models`).
 */
export function modelCacheDirectory(
  environment: NodeJS.ProcessEnv = process.env,
  platform: NodeJS.Platform = process.platform,
): string {
  if (environment.FULCRUM_CACHE) return environment.FULCRUM_CACHE;
  if (platform === 'win32')
    return join(environment.LOCALAPPDATA ?? join(homedir(), 'AppData', 'Local'), 'fulcrum', 'models');
  if (platform === 'darwin') return join(homedir(), 'Library', 'Caches', 'fulcrum', 'models');
  return join(environment.XDG_CACHE_HOME || join(homedir(), '.cache'), 'fulcrum', 'models');
}
