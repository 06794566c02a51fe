import type { Message } from '../../models/index.ts';
import { linkTargets } from '../citations/link-filter.ts';

/** Targets by message; a long prefix that all questions share is read once. */
const known = new WeakMap<Message, ReadonlySet<string>>();

/** The links that an answer may name: those that the model was shown. */
export function allowedTargets(messages: readonly Message[]): ReadonlySet<string> {
  const all = new Set<string>();
  for (const message of messages) {
    const targets = known.get(message) ?? linkTargets(message.content);
    known.set(message, targets);
    for (const target of targets) all.add(target);
  }
  return all;
}
