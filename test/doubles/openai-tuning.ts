import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the double is told to do wrong, each once or always. */
export interface Faults {
  /** Statuses that the next calls of `METHOD /path` get, one each. */
  readonly statuses?: Readonly<Record<string, readonly number[]>>;
  /** The job is made, and the connection is cut before the reply. */
  readonly loseCreateReply?: boolean;
  /** How many bytes of the next upload are kept. */
  readonly cutUploadAt?: number;
  /** How jobs end: `succeeded` by default. */
  readonly end?: 'succeeded' | 'failed' | 'expired' | 'cancelled';
  readonly error?: { readonly code: string; readonly message: string };
  /** Looks at a job until it has ended. */
  readonly looks?: number;
  /** Rows that the service leaves out. */
  readonly skipped?: number;
  /** The key is refused after so many calls. */
  readonly keyExpiresAfter?: number;
}

interface StoredFile {
  id: string;
  object: 'file';
  bytes: number;
  filename: string;
  purpose: string;
  status: string;
  created_at: number;
  content: string;
}

interface StoredJob {
  looks: number;
  body: Record<string, unknown>;
  cancelled: boolean;
  id: string;
  created_at: number;
}

/** A service with OpenAI's fine-tuning API by its published schema: it refuses what the schema does not have. */
export interface TuningDouble {
  readonly baseUrl: string;
  readonly key: string;
  readonly jobs: readonly StoredJob[];
  readonly files: readonly StoredFile[];
  readonly calls: readonly string[];
  faults: Faults;
  close(): Promise<void>;
}

const jobMembers = new Set([
  'model',
  'training_file',
  'validation_file',
  'suffix',
  'seed',
  'metadata',
  'integrations',
  'method',
  'hyperparameters',
]);
const turnMembers = new Set(['role', 'content', 'name', 'weight', 'tool_calls', 'tool_call_id']);

export async function startTuningDouble(faults: Faults = {}): Promise<TuningDouble> {
  const key = 'sk-test-double';
  const files: StoredFile[] = [];
  const jobs: StoredJob[] = [];
  const calls: string[] = [];
  const double = { key, jobs, files, calls, faults, baseUrl: '', close: async () => {} };
  let time = 1_800_000_000;

  const server = createServer((request, response) => {
    handle(request, response).catch((error: unknown) => {
      reply(response, 500, {
        error: { message: String(error), type: 'server_error', code: null, param: null },
      });
    });
  });

  async function handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const bytes: Buffer[] = [];
    for await (const piece of request) bytes.push(piece as Buffer);
    const body = Buffer.concat(bytes);
    const url = new URL(request.url ?? '/', 'http://double');
    const path = url.pathname.replace(/^\/v1/, '');
    const place = `${request.method} ${path.replace(/(file|ftjob)-\d+/, '{id}')}`;
    calls.push(place);
    const fail = (status: number, message: string, code: string | null = null): void =>
      reply(response, status, { error: { message, type: 'invalid_request_error', param: null, code } });
    if (
      request.headers.authorization !== `Bearer ${key}` ||
      calls.length > (double.faults.keyExpiresAfter ?? Number.POSITIVE_INFINITY)
    )
      return fail(401, `Incorrect API key provided: ${key.slice(0, 6)}.`, 'invalid_api_key');
    const planned = double.faults.statuses?.[place];
    const status = planned?.[0];
    if (status !== undefined) {
      double.faults = {
        ...double.faults,
        statuses: { ...double.faults.statuses, [place]: planned!.slice(1) },
      };
      if (status === 429) response.setHeader('retry-after-ms', '20');
      return fail(status, `planned ${status}`);
    }
    if (place === 'POST /files') return upload(request, body, response, fail);
    if (place === 'GET /files') return page(response, url, files.map(shownFile));
    if (place === 'GET /files/{id}') {
      const file = files.find(({ id }) => path.endsWith(id));
      return file ? reply(response, 200, shownFile(file)) : fail(404, 'No such File object');
    }
    if (place === 'DELETE /files/{id}') {
      const index = files.findIndex(({ id }) => path.endsWith(id));
      if (index < 0) return fail(404, 'No such File object');
      const [gone] = files.splice(index, 1);
      return reply(response, 200, { id: gone!.id, object: 'file', deleted: true });
    }
    if (place === 'POST /fine_tuning/jobs') return create(body, response, fail);
    if (place === 'GET /fine_tuning/jobs')
      return page(
        response,
        url,
        [...jobs].reverse().map((job) => shownJob(job, false)),
      );
    const job = jobs.find(({ id }) => path.includes(id));
    if (!job) return fail(404, `No such fine-tuning job: ${path}`);
    if (place === 'GET /fine_tuning/jobs/{id}') return reply(response, 200, shownJob(job, true));
    if (place === 'POST /fine_tuning/jobs/{id}/cancel') {
      job.cancelled = true;
      return reply(response, 200, shownJob(job, false));
    }
    if (place === 'GET /fine_tuning/jobs/{id}/events') return page(response, url, eventsOf(job).reverse());
    if (place === 'GET /fine_tuning/jobs/{id}/checkpoints') return page(response, url, checkpointsOf(job));
    return fail(404, `Unknown request URL: ${place}`);
  }

  async function upload(
    request: IncomingMessage,
    body: Buffer,
    response: ServerResponse,
    fail: (status: number, message: string) => void,
  ): Promise<void> {
    const form = await new Response(new Uint8Array(body), {
      headers: { 'content-type': request.headers['content-type'] ?? '' },
    }).formData();
    const file = form.get('file');
    if (form.get('purpose') !== 'fine-tune') return fail(400, "'purpose' must be fine-tune");
    if (!(file instanceof File)) return fail(400, "'file' is a required property");
    const whole = await file.text();
    const content =
      double.faults.cutUploadAt === undefined ? whole : whole.slice(0, double.faults.cutUploadAt);
    double.faults = { ...double.faults, cutUploadAt: undefined as never };
    const stored: StoredFile = {
      id: `file-${files.length + 1 + Math.floor(Math.random() * 1e9)}`,
      object: 'file',
      bytes: Buffer.byteLength(content),
      filename: file.name,
      purpose: 'fine-tune',
      status: 'processed',
      created_at: time++,
      content,
    };
    files.push(stored);
    reply(response, 200, shownFile(stored));
  }

  async function create(
    raw: Buffer,
    response: ServerResponse,
    fail: (status: number, message: string, code?: string) => void,
  ): Promise<void> {
    const body = JSON.parse(raw.toString('utf8')) as Record<string, unknown>;
    const unknown = Object.keys(body).find((member) => !jobMembers.has(member));
    if (unknown) return fail(400, `Unrecognized request argument supplied: ${unknown}`);
    if (body.model === 'gone-model')
      return fail(404, 'The model `gone-model` does not exist', 'model_not_available');
    const method = body.method as { type?: string } | undefined;
    if (method && !['supervised', 'dpo', 'reinforcement'].includes(method.type ?? ''))
      return fail(400, 'Invalid method');
    if (typeof body.suffix === 'string' && body.suffix.length > 64) return fail(400, 'suffix is too long');
    const file = files.find(({ id }) => id === body.training_file);
    if (!file) return fail(400, `invalid training_file: ${String(body.training_file)}`);
    const problem = rowProblem(file.content, method?.type ?? 'supervised');
    if (problem) return fail(400, problem);
    const job: StoredJob = {
      id: `ftjob-${jobs.length + 1}`,
      body,
      looks: 0,
      cancelled: false,
      created_at: time++,
    };
    jobs.push(job);
    if (double.faults.loseCreateReply) {
      double.faults = { ...double.faults, loseCreateReply: false };
      response.socket?.destroy();
      return;
    }
    reply(response, 200, shownJob(job, false));
  }

  function shownJob(job: StoredJob, counts: boolean): Record<string, unknown> {
    if (counts) job.looks++;
    const ended = job.looks > (double.faults.looks ?? 2);
    const end = double.faults.end ?? 'succeeded';
    const status = job.cancelled ? 'cancelled' : ended ? end : job.looks > 1 ? 'running' : 'validating_files';
    const file = files.find(({ id }) => id === job.body.training_file);
    const done = status === 'succeeded';
    return {
      id: job.id,
      object: 'fine_tuning.job',
      model: job.body.model,
      created_at: job.created_at,
      finished_at: done ? time : null,
      fine_tuned_model: done ? `ft:${String(job.body.model)}:org:${String(job.body.suffix ?? '')}:abc` : null,
      organization_id: 'org-1',
      result_files: [],
      status,
      training_file: job.body.training_file,
      validation_file: job.body.validation_file ?? null,
      trained_tokens: done ? Math.ceil((file?.content.length ?? 0) / 4) : null,
      error:
        status === 'failed'
          ? (double.faults.error ?? {
              code: 'invalid_training_file',
              message: 'unsafe data',
              param: 'training_file',
            })
          : null,
      metadata: job.body.metadata ?? null,
      method: job.body.method ?? null,
      seed: job.body.seed ?? 7,
      estimated_finish: null,
      integrations: [],
    };
  }

  /** One event more than a page, so that paging is tried. */
  function eventsOf(job: StoredJob): { id: string; [member: string]: unknown }[] {
    const steps = 120;
    const events = Array.from({ length: steps }, (_, index) => ({
      id: `ftevent-${job.id}-${index + 1}`,
      object: 'fine_tuning.job.event',
      created_at: job.created_at + index,
      level: 'info',
      type: 'metrics',
      message: `Step ${index + 1}/${steps}: training loss=${(2 / (index + 1)).toFixed(2)}`,
      data: { step: index + 1, total_steps: steps, train_loss: 2 / (index + 1) },
    }));
    if (!double.faults.skipped) return events;
    const warning = {
      id: `ftevent-${job.id}-0`,
      object: 'fine_tuning.job.event',
      created_at: job.created_at,
      level: 'warn',
      type: 'message',
      message: `${double.faults.skipped} examples were skipped`,
      data: {},
    };
    return [warning as never, ...events];
  }

  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  double.baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1`;
  double.close = async () => {
    server.closeAllConnections();
    await new Promise<void>((resolve) => server.close(() => resolve()));
  };
  return double;
}

function checkpointsOf(job: StoredJob): { id: string; [member: string]: unknown }[] {
  return [40, 80, 120].map((step) => ({
    id: `ftckpt-${job.id}-${step}`,
    object: 'fine_tuning.job.checkpoint',
    created_at: job.created_at + step,
    fine_tuned_model_checkpoint: `ft:${String(job.body.model)}:org::abc:ckpt-step-${step}`,
    fine_tuning_job_id: job.id,
    metrics: { step, train_loss: 2 / step, full_valid_loss: 3 / step },
    step_number: step,
  }));
}

function rowProblem(content: string, method: string): string | null {
  const lines = content.trim().split('\n');
  if (lines.length < 10)
    return `Training file has ${lines.length} example(s), but must have at least 10 examples`;
  for (const [index, line] of lines.entries()) {
    let row: Record<string, unknown>;
    try {
      row = JSON.parse(line) as Record<string, unknown>;
    } catch {
      return `Invalid file format. Line ${index + 1} is not valid JSON`;
    }
    const turns = method === 'dpo' ? (row.input as { messages?: unknown })?.messages : row.messages;
    if (!Array.isArray(turns)) return `Invalid file format. Example ${index + 1} is missing key "messages"`;
    for (const turn of turns as Record<string, unknown>[]) {
      const extra = Object.keys(turn).find((member) => !turnMembers.has(member));
      if (extra) return `Invalid file format. Example ${index + 1}, unknown member ${extra}`;
    }
    if (method !== 'dpo' && (turns.at(-1) as { role?: string }).role !== 'assistant')
      return `Example ${index + 1}: last message must be from the assistant`;
  }
  return null;
}

function shownFile({ content: _content, ...file }: StoredFile): Omit<StoredFile, 'content'> {
  return file;
}

function page(response: ServerResponse, url: URL, items: readonly { id?: unknown }[]): void {
  const limit = Math.min(Number(url.searchParams.get('limit') ?? 20), 100);
  const after = url.searchParams.get('after');
  const start = after === null ? 0 : items.findIndex(({ id }) => id === after) + 1;
  const data = items.slice(start, start + limit);
  reply(response, 200, {
    object: 'list',
    data,
    has_more: start + limit < items.length,
    first_id: data[0]?.id ?? null,
    last_id: data.at(-1)?.id ?? null,
  });
}

function reply(response: ServerResponse, status: number, body: unknown): void {
  response.writeHead(status, { 'content-type': 'application/json' });
  response.end(JSON.stringify(body));
}
