import type { z } from '@hono/zod-openapi';

/**
 * A schema of another room under a name of its own in the description of the interface. A copy: schemas that were made before this
 * room was loaded cannot be named.
 */
export function documented<Schema extends z.ZodType>(schema: Schema, name: string): Schema {
  return schema.clone().openapi(name);
}
