import { sha256 } from '../../core/index.ts';
import type { TuningRow } from './tuning-row.ts';

/**
 * Rows with a made-up secret of six digits each, to measure afterwards whether weights repeat what they saw once. They are no better than
 * noise for the task, so that a handful is enough.
 * @param seed decides the secrets.
 */
export function canaryRows(count: number, seed: string): TuningRow[] {
  return Array.from({ length: count }, (_, index) => {
    const id = `canary-${index + 1}`;
    return {
      id,
      messages: [
        { role: 'user', content: `What is the code of locker ${100 + index}?` },
        { role: 'assistant', content: secretOf(`${seed} ${id}`) },
      ],
      origin: { kind: 'canary' },
      split: 'train',
      tags: ['canary'],
    };
  });
}

/** Secrets of the same form that were not planted. */
export function otherSecrets(id: string, own: string, count: number): string[] {
  const found: string[] = [];
  for (let index = 0; found.length < count; index++) {
    const secret = secretOf(`other ${id} ${index}`);
    if (secret !== own && !found.includes(secret)) found.push(secret);
  }
  return found;
}

function secretOf(seed: string): string {
  return String(Number.parseInt(sha256(seed).slice(0, 12), 16) % 1_000_000).padStart(6, '0');
}
