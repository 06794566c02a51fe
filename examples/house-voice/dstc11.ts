import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';

const shared = process.env.FULCRUM_SHARED_DATA ?? join(import.meta.dirname, '../../../shared/data');
export const dstc11 = join(shared, 'dstc11-sktod');
export const isHere = existsSync(dstc11);

/** A turn that takes knowledge: what a customer asked, what is known, and what a person at the desk wrote. */
export interface SupportTurn {
  readonly id: string;
  readonly entity: string;
  readonly question: string;
  /** Sentences of guests' reviews, and answers of the house. */
  readonly known: readonly string[];
  readonly reply: string;
}

interface Snippet {
  readonly domain: string;
  readonly entity_id: number;
  readonly doc_type: 'review' | 'faq';
  readonly doc_id: number;
  readonly sent_id?: number;
}
interface Entity {
  readonly name: string;
  readonly reviews: Readonly<Record<string, { readonly sentences: Readonly<Record<string, string>> }>>;
  readonly faqs: Readonly<Record<string, { readonly question: string; readonly answer: string }>>;
}

/** Turns of the validation part about one hotel or restaurant, in the order of the file. */
export function readSupportTurns(): SupportTurn[] {
  const read = <T>(path: string): T =>
    JSON.parse(gunzipSync(readFileSync(join(dstc11, path))).toString('utf8')) as T;
  const logs = read<{ speaker: string; text: string }[][]>('val/logs.json.gz');
  const labels = read<{ target: boolean; knowledge?: Snippet[]; response?: string }[]>('val/labels.json.gz');
  const entities = read<Record<string, Record<string, Entity>>>('knowledge.json.gz');
  return labels.flatMap(({ target, knowledge = [], response }, index) => {
    const about = new Set(knowledge.map(({ domain, entity_id }) => `${domain}-${entity_id}`));
    if (!target || response === undefined || about.size !== 1) return [];
    const entity = entities[knowledge[0]!.domain]![knowledge[0]!.entity_id]!;
    return [
      {
        id: `val-${index}`,
        entity: entity.name,
        question: logs[index]!.at(-1)!.text,
        known: knowledge.map((snippet) => textOf(entity, snippet)),
        reply: response.replace(/\s+/g, ' ').trim(),
      },
    ];
  });
}

function textOf({ reviews, faqs }: Entity, { doc_type, doc_id, sent_id }: Snippet): string {
  if (doc_type === 'faq') return faqs[doc_id]!.answer;
  return reviews[doc_id]!.sentences[sent_id!]!;
}

/** What a model is given: the sentences, then the question. */
export function inputOf({ entity, known, question }: SupportTurn): string {
  return `Known about ${entity}:\n${known.map((sentence) => `- ${sentence}`).join('\n')}\n\nCustomer: ${question}`;
}
