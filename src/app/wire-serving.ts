import { randomBytes } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError } from '../core/index.ts';
import type {
  FeedbackStore,
  Span,
  TraceStore,
  TraceWriter,
  TraceWriterFigures,
} from '../monitoring/index.ts';
import type {
  Answering,
  ApiKeyStore,
  AuditLog,
  KeyLimits,
  Route,
  RouteStore,
  ServedRecord,
} from '../serving/index.ts';
import type { ProjectOptions, ProjectParts } from './project-parts.ts';
import type { Knowledge } from './wire-knowledge.ts';
import type { ProjectVariants } from './wire-variants.ts';

/** What a server needs of a project beside what the command line has: keys, limits, public names, traces and feedback. */
export interface Serving {
  readonly keys: ApiKeyStore;
  readonly limits: KeyLimits;
  readonly audit: AuditLog;
  readonly routes: RouteStore;
  readonly answering: Answering;
  readonly traces: TraceStore;
  readonly feedback: FeedbackStore;
  /** Throws `variant-unknown` or `variant-not-served` for a route with a variant that cannot be served. */
  checkRoute(route: Pick<Route, 'variants' | 'fallback' | 'shadow'>): Promise<void>;
  /** How traces name a user. */
  userOf(user: string): string;
  traceFigures(): TraceWriterFigures;
  /** Removes traces that are older than the config keeps them; how many. */
  removeOldTraces(): Promise<number>;
  /** Waits for what is under way and writes every trace. */
  close(): Promise<void>;
}

/** Wires keys, names, limits and traces to the variants of a project. */
export async function createServing(project: ServingParts, options: ProjectOptions): Promise<Serving> {
  const serving = await import('../serving/index.ts');
  const monitoring = await import('../monitoring/index.ts');
  const database = await project.database();
  const { traces: config } = project.config;
  const secret = await projectSecret(project.stateDirectory);
  const audit = serving.createAuditLog(database);
  const limits = serving.createKeyLimits(database);
  const routes = serving.createRouteStore(database, audit);
  const traces = monitoring.createTraceStore(database);
  const writer = monitoring.createTraceWriter({ store: traces, onNotice: options.onNotice });
  const answering = serving.createAnswering({
    variants: await project.variants(),
    routes,
    limits,
    record: recorder(project, writer, secret, monitoring),
  });
  return {
    keys: serving.createApiKeyStore(database, audit),
    limits,
    audit,
    routes,
    answering,
    traces,
    feedback: monitoring.createFeedbackStore(database, traces),
    async checkRoute({ variants: chosen, fallback, shadow }) {
      const variants = await project.variants();
      const named = [
        ...chosen.map(({ variant }) => variant),
        ...(fallback ? [fallback] : []),
        ...(shadow ? [shadow.variant] : []),
      ];
      for (const name of named) {
        const { deployable } = await variants.get(name);
        if (!deployable) throw new FulcrumError('variant-not-served', { variant: name });
      }
    },
    userOf: (user) => monitoring.traceUser(user, config, secret),
    traceFigures: () => writer.figures(),
    removeOldTraces: () =>
      traces.removeBefore(new Date(Date.now() - config.days * 24 * 60 * 60_000).toISOString()),
    async close() {
      await answering.close();
      await writer.close();
    },
  };
}

type ServingParts = ProjectParts & {
  variants(): Promise<ProjectVariants>;
  knowledge(): Promise<Pick<Knowledge, 'indexVersion'>>;
};

/**
 * What a variant's answers depend on, with the version of the tenant's index as it is now: a variant that was made when the server started
 * names the version of that time, while it searches the newest.
 */
async function presentDefinition(
  project: ServingParts,
  { definition }: ServedRecord['variant'],
  tenant: string,
): Promise<ServedRecord['variant']['definition']> {
  const retriever = definition.retriever as { indexVersion?: string } | null | undefined;
  if (retriever?.indexVersion === undefined) return definition;
  const indexVersion = await (await project.knowledge()).indexVersion(tenant);
  return { ...definition, retriever: { ...retriever, indexVersion } };
}

function recorder(
  project: ServingParts,
  writer: TraceWriter,
  secret: string,
  { traceOf, newTraceId }: Pick<typeof import('../monitoring/index.ts'), 'traceOf' | 'newTraceId'>,
): (record: ServedRecord) => Promise<boolean> {
  const { traces: config } = project.config;
  return async ({
    question,
    name,
    variant,
    shadow,
    at,
    answer,
    failure,
    seconds,
    firstTextSeconds,
    spans,
    clock,
  }) => {
    if (!config.enabled) return false;
    const definition = await presentDefinition(project, variant, question.principal.tenant).catch(
      () => variant.definition,
    );
    const asked = {
      id: shadow ? newTraceId() : question.trace,
      at,
      door: shadow ? ('shadow' as const) : question.door,
      principal: question.principal,
      key: question.key?.id ?? null,
      conversation: question.conversation,
      name,
      variant: { name: variant.name, definition },
      input: question.input,
      turns: question.turns,
    };
    const own = spans.map(
      ({ name: what, start, end, attributes }): Span => ({
        id: randomBytes(8).toString('hex'),
        parent: null,
        name: what,
        startMs: Math.max(0, start - clock),
        endMs: Math.max(0, end - clock),
        attributes,
      }),
    );
    const outcome = { answer, failure: failure?.code ?? null, seconds, firstTextSeconds, spans: own };
    return writer.write(traceOf(asked, outcome, config, secret));
  };
}

/** A secret of the project's own, made once; hashes of users say nothing without it. */
async function projectSecret(stateDirectory: string): Promise<string> {
  const file = join(stateDirectory, 'trace-secret');
  try {
    await writeFile(file, randomBytes(32).toString('hex'), { flag: 'wx', mode: 0o600 });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return (await readFile(file, 'utf8')).trim();
}
