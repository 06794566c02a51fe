import { createSecretKey } from 'node:crypto';
import { importSPKI, jwtVerify } from 'jose';
import { z } from 'zod';
import { FulcrumError, type Principal, principalSchema } from '../../core/index.ts';
import type { ServeConfig } from '../../serving/config.ts';

const claimsSchema = z.object({
  sub: z.string().min(1),
  tenant: z.string().optional(),
  groups: z.array(z.string().min(1)).default([]),
});

/** Reads tokens that say for whom a key acts: `sub` is the user, `groups` and `tenant` are what they are called. */
export type PrincipalTokens = (token: string, tenant: string) => Promise<Principal>;

/**
 * Verifier of the config's tokens. Issuer, audience, algorithm and an expiry are required; "none" is no algorithm. A token of another
 * tenant than the key's is refused. Throws `config-invalid` where the key is not in the environment, and
 * `principal-token-invalid` for a token that does not hold.
 */
export async function createPrincipalTokens(
  config: ServeConfig['principalTokens'],
  environment: Readonly<Record<string, string | undefined>>,
): Promise<PrincipalTokens | null> {
  if (!config) return null;
  const { issuer, audience, algorithms, keyEnv } = config;
  const material = environment[keyEnv];
  const invalid = (problem: string): FulcrumError =>
    new FulcrumError('config-invalid', { file: 'serve.principalTokens', problem });
  if (!material) throw invalid(`the environment variable ${keyEnv} is not set`);
  const shared = algorithms.filter((name) => name.startsWith('HS'));
  if (shared.length > 0 && shared.length < algorithms.length)
    throw invalid('algorithms with a shared secret (HS…) and with a public key cannot be mixed');
  if (shared.length > 0 && Buffer.byteLength(material) < 32)
    throw invalid(`the secret in ${keyEnv} has fewer than 32 bytes`);
  const key =
    shared.length > 0
      ? createSecretKey(Buffer.from(material))
      : await importSPKI(material, algorithms[0]!).catch(() => {
          throw invalid(`${keyEnv} holds no public key in PEM`);
        });
  return async (token, tenant) => {
    try {
      const { payload } = await jwtVerify(token, key, {
        issuer,
        audience,
        algorithms: [...algorithms],
        requiredClaims: ['exp', 'sub'],
      });
      const claims = claimsSchema.parse(payload);
      if ((claims.tenant ?? tenant) !== tenant) throw new Error('it is of another tenant than the key');
      return principalSchema.parse({ tenant, user: claims.sub, groups: claims.groups });
    } catch (error) {
      const problem = error instanceof z.ZodError ? 'a claim has another form' : (error as Error).message;
      throw new FulcrumError('principal-token-invalid', { problem }, { cause: error });
    }
  };
}
