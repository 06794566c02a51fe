import { z } from 'zod';

/** Config "serve": how the project is reached from outside. */
export const serveConfigSchema = z.strictObject({
  /** Address that is listened on. Another than a loopback address needs keys. */
  host: z.string().default('127.0.0.1'),
  port: z.number().int().min(0).max(65_535).default(4040),
  /** Largest body of a request, in bytes. */
  maxBodyBytes: z.number().int().positive().default(1_000_000),
  /** Longest time for an answer that is not streamed, in seconds. */
  timeoutSeconds: z.number().positive().default(120),
  /** Who signs the tokens by which a key acts for others; absent: nobody. */
  principalTokens: z
    .strictObject({
      issuer: z.string().min(1),
      audience: z.string().min(1),
      /** Signature algorithms that are taken; never "none". */
      algorithms: z
        .array(
          z.enum(['HS256', 'HS384', 'HS512', 'RS256', 'RS384', 'RS512', 'PS256', 'ES256', 'ES384', 'EdDSA']),
        )
        .min(1),
      /** Environment variable with the shared secret (HS) or the public key in PEM (all others). */
      keyEnv: z.string().min(1),
    })
    .optional(),
});
export type ServeConfig = z.infer<typeof serveConfigSchema>;
