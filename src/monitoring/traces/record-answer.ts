import { randomBytes } from 'node:crypto';
import { type Answer, contentHash, noCost, noUsage, type Principal, sha256 } from '../../core/index.ts';
import { redactInside } from '../../tuning/index.ts';
import type { Turn, Variant } from '../../variants/index.ts';
import type { TracesConfig } from '../config.ts';
import type { Span, Trace } from './trace.ts';

/** Id of a trace: 16 random bytes, as OpenTelemetry has them. */
export const newTraceId = (): string => randomBytes(16).toString('hex');

/** What is known of a request before it is answered. */
export interface AskedRequest {
  readonly id: string;
  readonly at: Date;
  readonly door: Trace['door'];
  readonly principal: Principal;
  readonly key: string | null;
  readonly conversation: string | null;
  readonly name: string | null;
  readonly variant: Pick<Variant, 'name' | 'definition'>;
  readonly input: string;
  readonly turns?: readonly Turn[] | undefined;
}

/** How it went. */
export interface RequestOutcome {
  readonly answer: Answer | null;
  /** Code of the failure where there is no answer. */
  readonly failure: string | null;
  readonly seconds: number;
  readonly firstTextSeconds: number | null;
  readonly spans: readonly Span[];
}

/** Who asked, as traces name them: the name, or a hash with the secret of this project. */
export function traceUser(user: string, config: Pick<TracesConfig, 'principal'>, secret: string): string {
  return config.principal === 'named' ? user : sha256(`${secret}:${user}`).slice(0, 24);
}

/** The trace of a request, with what the config says is kept of it. */
export function traceOf(
  asked: AskedRequest,
  outcome: RequestOutcome,
  config: TracesConfig,
  secret: string,
): Trace {
  const { answer, failure } = outcome;
  const { definition, name: variant } = asked.variant;
  const { retriever } = definition as { retriever?: { indexVersion?: string } | null };
  const content = {
    input: asked.input,
    ...(asked.turns && asked.turns.length > 0 && { turns: [...asked.turns] }),
    answer: answer?.answer ?? '',
    citations: answer?.citations ?? [],
    contexts: answer?.contexts ?? [],
  };
  return {
    id: asked.id,
    at: asked.at.toISOString(),
    door: asked.door,
    tenant: asked.principal.tenant,
    user: traceUser(asked.principal.user, config, secret),
    key: asked.key,
    conversation: asked.conversation,
    name: asked.name,
    variant,
    definitionHash: contentHash(definition),
    indexVersion: retriever?.indexVersion ?? null,
    status: failure !== null ? 'failed' : answer?.refusal ? 'refused' : 'answered',
    reason: failure ?? answer?.refusal?.reason ?? null,
    usage: answer?.usage ?? noUsage,
    cost: answer?.cost ?? noCost,
    seconds: outcome.seconds,
    firstTextSeconds: outcome.firstTextSeconds,
    confidence: answer?.confidence ?? null,
    spans: [...outcome.spans],
    content: config.texts ? (config.redact ? redactContent(content) : content) : null,
    erased: null,
  };
}

/** Ids and offsets of citations stay; what people and documents said is redacted. */
function redactContent(content: NonNullable<Trace['content']>): NonNullable<Trace['content']> {
  return {
    ...redactInside({
      input: content.input,
      answer: content.answer,
      ...(content.turns && { turns: content.turns }),
    }),
    citations: content.citations.map((citation) => ({ ...citation, quote: redactInside(citation.quote) })),
    contexts: content.contexts.map((context) =>
      context.text === undefined ? context : { ...context, text: redactInside(context.text) },
    ),
  };
}
