import { noUsage } from '../../core/index.ts';
import { openDatabase } from '../../database/index.ts';
import { createJudge, type Judge } from './judge.ts';
import type { JudgeModel, JudgeReply, JudgeRequest } from './judge-model.ts';
import { createJudgeStore, judgeMigrations } from './judge-store.ts';

/** Material of a call of `judgeEach`. */
export interface AskedItems {
  readonly items: readonly { readonly number: number; readonly text: string }[];
  readonly alone?: boolean;
  readonly [more: string]: unknown;
}

/** What a script gives back: text, a value that becomes JSON, or parts of a reply. It may throw or never end. */
export type Script = (
  material: AskedItems,
  call: number,
  request: JudgeRequest,
) => string | object | Promise<string | object>;

/** A reply in parts, told from a value by its `text`. */
function toReply(given: string | object): JudgeReply {
  const base = {
    finishReason: 'stop' as const,
    usage: { ...noUsage, inputTokens: 100, outputTokens: 10, calls: 1 },
    cost: { usd: 0.001, source: 'price-list' as const, priceDate: '2026-01-01', basis: 'scripted' },
  };
  if (typeof given === 'string') return { ...base, text: given };
  if ('text' in given) return { ...base, ...(given as Partial<JudgeReply>), text: String(given.text) };
  return { ...base, text: JSON.stringify(given) };
}

/** A judge by script over a database in memory, with the requests that reached it. */
export async function scriptedJudge(
  script: Script,
  options: { timeoutSeconds?: number; id?: string; signal?: AbortSignal } = {},
): Promise<{ judge: Judge; requests: JudgeRequest[]; close(): Promise<void> }> {
  const database = await openDatabase(':memory:', [judgeMigrations]);
  const requests: JudgeRequest[] = [];
  const model: JudgeModel = {
    id: options.id ?? 'scripted/judge',
    async ask(request) {
      requests.push(request);
      return toReply(await script(request.material as AskedItems, requests.length - 1, request));
    },
  };
  const judge = createJudge({ name: 'scripted', model, store: createJudgeStore(database), ...options });
  return { judge, requests, close: () => database.close() };
}

/** Verdicts in the shape that `judgeEach` asks for. */
export function verdictsOn(material: AskedItems, label: (text: string) => string): object {
  return {
    verdicts: material.items.map(({ number, text }) => ({
      item: number,
      reason: 'by script',
      label: label(text),
    })),
  };
}
