import { type Answer, type FulcrumError, type Principal, toFulcrumError } from '../core/index.ts';
import type { Question, Turn, Variant, WorkSpan } from '../variants/index.ts';
import type { ApiKey } from './keys/api-key.ts';
import type { KeyLimits } from './keys/key-limits.ts';
import { chooseVariant, isShadowed, type Route } from './routes/route.ts';
import type { RouteStore } from './routes/route-store.ts';

/** The doors that questions come by. */
export type Door = 'ask' | 'chat-completions' | 'responses' | 'mcp';

/** A question from outside. */
export interface ServedQuestion {
  /** Id of its trace. */
  readonly trace: string;
  readonly door: Door;
  /** Public name or variant that is asked. */
  readonly target: string;
  readonly input: string;
  readonly turns?: readonly Turn[] | undefined;
  readonly filter?: Question['filter'];
  readonly context?: Question['context'];
  readonly principal: Principal;
  /** Null: the person at the keyboard, who has no limits. */
  readonly key: ApiKey | null;
  /** Requests of one conversation get the same variant. */
  readonly conversation: string | null;
  readonly signal?: AbortSignal | undefined;
  readonly onText?: ((piece: string) => void) | undefined;
}

/** What became of a question. */
export interface ServedAnswer {
  readonly answer: Answer;
  /** The variant that answered in the end. */
  readonly variant: string;
  /** Whether the trace is durable; false where traces are off or it was given up. */
  readonly traced: boolean;
}

/** A question and how it went, for whoever keeps traces. */
export interface ServedRecord {
  readonly question: ServedQuestion;
  /** The public name; null where a variant was asked by its own. */
  readonly name: string | null;
  readonly variant: Variant;
  /** True where nobody saw the answer. */
  readonly shadow: boolean;
  readonly at: Date;
  readonly answer: Answer | null;
  readonly failure: FulcrumError | null;
  readonly seconds: number;
  readonly firstTextSeconds: number | null;
  /** In milliseconds of the monotonic clock. */
  readonly spans: readonly WorkSpan[];
  /** The monotonic clock at its beginning. */
  readonly clock: number;
}

export interface AnsweringParts {
  readonly variants: { get(name: string): Promise<Variant> };
  readonly routes: Pick<RouteStore, 'find'>;
  readonly limits: Pick<KeyLimits, 'reserve'>;
  /** Keeps a trace; true once it is durable. It must not throw. */
  readonly record: (record: ServedRecord) => Promise<boolean>;
  /** Shadow answers at once; more are left out. 2 by default. */
  readonly shadowsAtOnce?: number | undefined;
}

/** Answers questions from outside by public name or variant. */
export interface Answering {
  /** Throws what the variant throws, `variant-unknown`, `name-off`, `spend-limit`; a failure is traced too. */
  answer(question: ServedQuestion): Promise<ServedAnswer>;
  /** Shadow answers that were left out because enough were under way. */
  readonly shadowsLeftOut: number;
  /** Waits for answers that are under way, those that nobody listens to any more and shadows too. */
  close(): Promise<void>;
}

export function createAnswering(parts: AnsweringParts): Answering {
  const { variants, routes, limits, record, shadowsAtOnce = 2 } = parts;
  const shadows = new Set<Promise<void>>();
  const underWay = new Set<Promise<void>>();
  let shadowsLeftOut = 0;

  const shadow = (question: ServedQuestion, name: string, route: Route): void => {
    if (!route.shadow || !isShadowed(route, question.trace)) return;
    if (shadows.size >= shadowsAtOnce) {
      shadowsLeftOut++;
      return;
    }
    const { variant } = route.shadow;
    // Seen by nobody: it neither streams, nor stops with the request, nor fails it.
    const unseen: ServedQuestion = { ...question, signal: undefined, onText: undefined };
    const work = variants
      .get(variant)
      .then((found) => attempt(found, unseen))
      .then(
        async ({ ...outcome }) => void (await record({ question: unseen, name, shadow: true, ...outcome })),
      )
      .catch(() => undefined)
      .finally(() => shadows.delete(work));
    shadows.add(work);
  };

  return {
    get shadowsLeftOut() {
      return shadowsLeftOut;
    },
    answer(question) {
      const work = answer(question);
      const settled = work.then(
        () => void underWay.delete(settled),
        () => void underWay.delete(settled),
      );
      underWay.add(settled);
      return work;
    },
    async close() {
      await Promise.all([...underWay, ...shadows]);
    },
  };

  async function answer(question: ServedQuestion): Promise<ServedAnswer> {
    const { target, trace, key } = question;
    const revision = await routes.find(target);
    const route = revision?.route ?? null;
    const name = revision ? target : null;
    const chosen = route ? chooseVariant(target, route, question.conversation ?? trace) : target;
    const variant = await variants.get(chosen);
    const reservation = key ? await limits.reserve(key, await mostItMayCost(variant, question)) : null;
    let usd: number | null = 0;
    try {
      if (route) shadow(question, target, route);
      let outcome = await attempt(variant, question);
      usd = costOf(outcome.answer);
      if (route?.fallback && route.fallback !== chosen && isProvidersFault(outcome)) {
        const failed = { ...question, trace: firstTryOf(trace) };
        await record({ question: failed, name, shadow: false, ...outcome });
        outcome = await attempt(await variants.get(route.fallback), question);
        usd = costOf(outcome.answer);
      }
      const traced = await record({ question, name, shadow: false, ...outcome });
      if (!outcome.answer) throw outcome.failure;
      return { answer: outcome.answer, variant: outcome.variant.name, traced };
    } finally {
      await reservation?.settle(usd);
    }
  }
}

/** A try that failed before another variant answered has a trace of its own, whose id follows from that of the request. */
export function firstTryOf(trace: string): string {
  const last = (Number.parseInt(trace.slice(-1), 16) + 8) % 16;
  return `${trace.slice(0, -1)}${last.toString(16)}`;
}

type Attempt = Omit<ServedRecord, 'question' | 'name' | 'shadow'>;

async function attempt(variant: Variant, question: ServedQuestion): Promise<Attempt> {
  const at = new Date();
  const clock = performance.now();
  const spans: WorkSpan[] = [];
  let firstText: number | null = null;
  const { input, turns, principal, filter, context, signal, onText } = question;
  const ended = (answer: Answer | null, failure: FulcrumError | null): Attempt => ({
    variant,
    at,
    clock,
    answer,
    failure,
    seconds: (performance.now() - clock) / 1000,
    firstTextSeconds: firstText === null ? null : (firstText - clock) / 1000,
    spans,
  });
  try {
    const answer = await variant.answer({
      input,
      turns,
      principal,
      filter,
      context,
      signal,
      onText:
        onText &&
        ((piece) => {
          firstText ??= performance.now();
          onText(piece);
        }),
      onSpan: (span) => spans.push(span),
    });
    return ended(answer, null);
  } catch (error) {
    return ended(null, toFulcrumError(error));
  }
}

/** Upper bound of what the answer may cost in USD; null where nobody knows. */
async function mostItMayCost(
  variant: Variant,
  { input, turns, principal }: ServedQuestion,
): Promise<number | null> {
  return (await variant.estimate({ input, turns, principal })).usd;
}

const costOf = (answer: Answer | null): number | null => (answer === null ? 0 : answer.cost.usd);

/** A failure that another variant may not have, before anybody read a word. */
function isProvidersFault({ failure, firstTextSeconds }: Attempt): boolean {
  if (failure === null || firstTextSeconds !== null) return false;
  if (failure.code.startsWith('model-key-')) return true;
  return failure.status === 429 || (failure.status >= 500 && failure.code !== 'disk-full');
}
