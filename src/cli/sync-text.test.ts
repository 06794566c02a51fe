import { describe, expect, it } from 'vitest';
import type { SyncReport } from '../knowledge/index.ts';
import { saysNothingNew, syncText } from './sync-text.ts';

const failure = {
  uri: 'plan.pdf',
  code: 'document-damaged',
  message: 'plan.pdf cannot be parsed: it is cut off.',
};
const report = (changes: Partial<SyncReport>): SyncReport => ({
  added: 0,
  changed: 0,
  unchanged: 4,
  removed: 0,
  renamed: 0,
  suppressed: 0,
  failed: [failure],
  chunks: 9,
  embedded: 0,
  version: null,
  seconds: 0.2,
  ...changes,
});

describe('what a sync says', () => {
  it('names the code of each failure, and where to look it up', () => {
    expect(syncText(report({})).split('\n').slice(1)).toEqual([
      '9 chunks in the index, 0 embedded now, 0.2 s',
      '  plan.pdf (document-damaged): plan.pdf cannot be parsed: it is cut off.',
      'What to do: fulcrum errors CODE',
    ]);
    expect(syncText(report({ failed: [] }))).not.toContain('What to do');
  });

  it('is not said again by a watch while nothing happens', () => {
    expect(saysNothingNew(report({}), undefined)).toBe(false);
    expect(saysNothingNew(report({ seconds: 0.9 }), report({ version: 3, added: 1 }))).toBe(true);
    expect(saysNothingNew(report({ failed: [] }), report({}))).toBe(false);
    expect(saysNothingNew(report({ version: 4 }), report({}))).toBe(false);
    expect(saysNothingNew(report({ embedded: 2 }), report({}))).toBe(false);
  });
});
