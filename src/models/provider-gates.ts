import type { BreakerSettings, ProviderGate, RateLimitsConfig } from './provider-gate.ts';

/** Gates by provider, made at first use; one set for a process or a project. */
export interface ProviderGates {
  of(provider: string): Promise<ProviderGate>;
}

export const defaultBreaker: BreakerSettings = {
  failures: 5,
  pauseMs: 2_000,
  longestPauseMs: 30_000,
  tries: 4,
};

export function createProviderGates(
  options: { limits?: RateLimitsConfig | undefined; breaker?: BreakerSettings | undefined } = {},
): ProviderGates {
  const gates = new Map<string, Promise<ProviderGate>>();
  return {
    of(provider) {
      const known = gates.get(provider);
      if (known) return known;
      const limits = options.limits?.[provider] ?? {};
      const gate = import('./create-provider-gate.ts').then(({ createProviderGate }) =>
        createProviderGate(provider, limits, options.breaker ?? defaultBreaker),
      );
      gates.set(provider, gate);
      return gate;
    },
  };
}
