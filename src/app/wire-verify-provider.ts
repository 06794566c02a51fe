import { existsSync } from 'node:fs';
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { FulcrumError, newId, type WorkOptions } from '../core/index.ts';
import type { TuningEvent, TuningRow } from '../tuning/index.ts';
import { writeAtomically } from './config.ts';
import type { Project } from './project.ts';
import { serviceOf, verifiedFile } from './wire-tuning.ts';

export interface VerifyProviderRequest extends WorkOptions {
  readonly provider: string;
  readonly base: string;
  readonly maxUsd: number;
  readonly onEvent?: ((event: TuningEvent) => void) | undefined;
}

/** Rows of the smallest job that a provider takes; nothing in them is anybody's. */
function smallestRows(count: number): TuningRow[] {
  return Array.from({ length: count }, (_, index) => ({
    id: `verify-${index + 1}`,
    messages: [
      { role: 'user', content: `Say the word number ${index + 1}.` },
      { role: 'assistant', content: `word ${index + 1}` },
    ],
    origin: { kind: 'human' },
  }));
}

/**
 * Runs the smallest job at a provider for real, and notes the day when it succeeds. Throws `tuning-over-budget`, `tuning-cost-unknown` and what the
 * provider throws.
 */
export async function verifyProvider(
  project: Project,
  request: VerifyProviderRequest,
): Promise<{ verified: string; model: string | null }> {
  const { provider: providerOf } = await project.tuning();
  const provider = await providerOf(request.provider);
  const service = serviceOf(project.config, request.provider);
  if (!service || !provider.capabilities.sendsRows)
    throw new FulcrumError('usage', {
      problem: `"${request.provider}" runs on this machine; there is nothing to verify.`,
    });
  const rows = smallestRows(provider.capabilities.minimumRows);
  async function* stream(of: readonly TuningRow[]): AsyncGenerator<TuningRow> {
    yield* of;
  }
  const key = newId('verify');
  const directory = join(project.stateDirectory, 'tuning', key);
  const asked = {
    key,
    name: 'verify',
    method: 'sft' as const,
    base: request.base,
    settings: { epochs: 1 },
    dataHash: key,
    train: () => stream(rows),
    validation: () => stream([]),
    directory,
  };
  const { cost } = await provider.estimate(asked, request);
  if (cost.usd === null) throw new FulcrumError('tuning-cost-unknown', { base: request.base });
  if (cost.usd > request.maxUsd)
    throw new FulcrumError('tuning-over-budget', { estimate: cost.usd.toFixed(2), limit: request.maxUsd });
  await mkdir(directory, { recursive: true });
  const { providerJob } = await provider.start(asked, request);
  const { setTimeout: wait } = await import('node:timers/promises');
  for (let seen = 0; ; ) {
    for (const event of await provider.events(providerJob, seen, request)) {
      seen = event.sequence;
      request.onEvent?.(event);
    }
    const status = await provider.status(providerJob, request);
    if (status.state === 'failed' || status.state === 'cancelled')
      throw new FulcrumError('tuning-vendor-failed', {
        provider: provider.name,
        problem: status.failure?.message ?? status.providerState,
      });
    if (status.state === 'succeeded') {
      await provider.checkpoints(providerJob, request);
      const verified = new Date().toISOString().slice(0, 10);
      await noteVerified(project.stateDirectory, request.provider, service.baseUrl, verified);
      return { verified, model: status.product?.providerModel ?? null };
    }
    await wait(service.baseUrl.startsWith('http://127.0.0.1') ? 20 : 20_000, undefined, {
      signal: request.signal,
    });
  }
}

async function noteVerified(
  stateDirectory: string,
  name: string,
  baseUrl: string,
  at: string,
): Promise<void> {
  const file = join(stateDirectory, verifiedFile);
  const known = existsSync(file) ? (JSON.parse(await readFile(file, 'utf8')) as Record<string, unknown>) : {};
  await writeAtomically(file, `${JSON.stringify({ ...known, [name]: { baseUrl, at } }, null, 2)}\n`);
}
