import { z } from '@hono/zod-openapi';
import { FulcrumError, localOwner, type Principal, suggest } from '../../core/index.ts';
import type { ChunkFilter } from '../../knowledge/index.ts';
import type { ServerParts } from '../server-context.ts';

/** What narrows the documents that are looked at. */
export const filterShape = z
  .strictObject({
    sources: z.array(z.string()).optional(),
    metadata: z
      .record(z.string(), z.array(z.string()))
      .optional()
      .openapi({ example: { team: ['hr'] } }),
    languages: z
      .array(z.string())
      .optional()
      .openapi({ example: ['en'] }),
    from: z.string().optional().openapi({ example: '2026-01-31' }),
    to: z.string().optional(),
  })
  .openapi('Filter');

export const turnShape = z.strictObject({ role: z.enum(['user', 'assistant']), content: z.string() });

export const errorShape = z
  .object({
    error: z.object({ code: z.string(), message: z.string(), hint: z.string(), requestId: z.string() }),
  })
  .openapi('Error');

/** Responses that every route may give. */
export const errorResponses = {
  default: {
    description: 'What went wrong, by the error catalogue.',
    content: { 'application/json': { schema: errorShape } },
  },
} as const;

/** A filter that a caller named, checked against what they may read; sources of other tenants are unknown ones. Throws `source-unknown`. */
export async function checkedFilter(
  { project }: ServerParts,
  filter: z.infer<typeof filterShape> | undefined,
  principal: Principal,
): Promise<ChunkFilter | undefined> {
  if (filter === undefined) return undefined;
  const known = Object.entries(project.config.sources)
    .filter(([, { tenant = localOwner.tenant }]) => tenant === principal.tenant)
    .map(([name]) => name);
  for (const source of filter.sources ?? [])
    if (!known.includes(source))
      throw new FulcrumError('source-unknown', { source, suggestion: suggest(source, known) });
  await (await project.knowledge()).checkFilter(filter, principal);
  return filter;
}

/** Throws `request-invalid` for a text without words. */
export function wordsOf(text: string, name: string): string {
  const words = text.trim();
  if (words === '') throw new FulcrumError('request-invalid', { problem: `"${name}" is empty.` });
  return words;
}
