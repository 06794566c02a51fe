import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { validateConfig } from '../../src/app/config.ts';
import { banking77, readLabels } from './banking77.ts';
import { answer } from './constant.ts';

describe.skipIf(!existsSync(banking77))('triage on banking77 (skipped where it is absent)', () => {
  it('has 77 labels, the constant answer among them, and all of them in the instructions', async () => {
    const labels = readLabels();
    expect(new Set(labels).size).toBe(77);
    expect(labels).toContain(answer().answer);
    const { default: given } = await import('./fulcrum.config.ts');
    const { variants, decision } = validateConfig(given, 'fulcrum.config.ts');
    expect(decision.metric).toBe('accuracy');
    for (const label of labels) expect(JSON.stringify(variants['zero-shot'])).toContain(label);
  });
});
