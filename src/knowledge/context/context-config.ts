import { z } from 'zod';
import { FulcrumError } from '../../core/index.ts';
import { readReaders } from '../sources/document-attributes.ts';
import { hostOf, placeholdersOf } from './fill-url.ts';
import { parametersOf } from './sql-parameters.ts';

/** Names that stand for who asks; no request can give them another value. */
export const principalNames = ['user', 'tenant', 'groups'] as const;

const valueName = z
  .string()
  .regex(/^[a-z][a-z0-9_]{0,31}$/, 'a value is named by lower-case letters, digits and _')
  .refine((name) => !(principalNames as readonly string[]).includes(name), 'it names who asks');

const commons = {
  /** Who may use it: reader tokens. There is no default. */
  readers: z
    .array(z.string())
    .min(1)
    .superRefine((tokens, context) => {
      try {
        readReaders(tokens, { path: 'the config', field: 'readers' });
      } catch (error) {
        const problem = error instanceof FulcrumError ? String(error.data.problem) : String(error);
        context.addIssue({ code: 'custom', message: problem });
      }
    }),
  /** Values that a request may give, by name; a value must match its pattern as a whole. */
  values: z
    .record(
      valueName,
      z.strictObject({ pattern: z.string().min(1).refine(isPattern, 'it is no regular expression') }),
    )
    .optional(),
  /**
   * Lets values of the request alone decide what is fetched. Without it, a provider that takes values must also say
   * who asks, so that nobody gets at what is another's by changing a value.
   */
  valuesDecide: z.boolean().optional(),
  /** What it is called in citations; the name by default. */
  title: z.string().min(1).optional(),
  timeoutSeconds: z.number().positive().max(60).optional(),
  /** More is a failure, never cut. */
  maxBytes: z.number().int().min(1).max(1_000_000).optional(),
};

const sqlProviderSchema = z.strictObject({
  type: z.literal('sql'),
  /** A SQLite file, relative to the project folder; it is opened read-only. */
  database: z.string().min(1),
  /** One `select`; `:user`, `:tenant`, `:groups` (a JSON array) and `:NAME` of a value are bound, never put into the text. */
  query: z.string().min(1),
  maxRows: z.number().int().min(1).max(1000).optional(),
  ...commons,
});

const httpProviderSchema = z.strictObject({
  type: z.literal('http'),
  /** Of a GET request; `{user}` and `{NAME}` stand for values, which are escaped. Scheme and host are fixed. */
  url: z.string().min(1),
  /** Hosts, with their port where it is not the usual one, that may be asked. */
  hosts: z.array(z.string().min(1)).min(1),
  /** `${NAME}` is an environment variable. */
  headers: z.record(z.string(), z.string()).optional(),
  ...commons,
});

const moduleProviderSchema = z.strictObject({
  type: z.literal('module'),
  /** A module that exports `getContext({ principal, values, signal })`, relative to the project folder. */
  file: z.string().min(1),
  ...commons,
});

/** One entry of `context` in the config: facts that are fetched for one question and never indexed. */
export const contextProviderSchema = z
  .discriminatedUnion('type', [sqlProviderSchema, httpProviderSchema, moduleProviderSchema])
  .superRefine((provider, context) => {
    for (const problem of problemsOf(provider)) context.addIssue({ code: 'custom', message: problem });
  });
export type ContextProviderConfig = z.infer<typeof contextProviderSchema>;
export type SqlProviderConfig = z.infer<typeof sqlProviderSchema>;
export type HttpProviderConfig = z.infer<typeof httpProviderSchema>;
export type ModuleProviderConfig = z.infer<typeof moduleProviderSchema>;

/** A module gets the principal in any case, and answers for it. */
function problemsOf(
  provider: z.infer<typeof sqlProviderSchema> | HttpProviderConfig | ModuleProviderConfig,
): string[] {
  const problems: string[] = [];
  const declared = Object.keys(provider.values ?? {});
  if (provider.type === 'module') return problems;
  const used = provider.type === 'sql' ? parametersOf(provider.query) : placeholdersOf(provider.url);
  const known = [...declared, ...principalNames] as string[];
  const form = (name: string) => (provider.type === 'sql' ? `:${name}` : `{${name}}`);
  for (const name of used) if (!known.includes(name)) problems.push(`${form(name)} is no declared value`);
  for (const name of declared) if (!used.includes(name)) problems.push(`the value "${name}" is not used`);
  const saysWho = used.includes('user') || used.includes('groups');
  if (declared.length > 0 && !saysWho && !provider.valuesDecide)
    problems.push(
      `it takes values of the request and does not say who asks: use ${form('user')} or ${form('groups')}, or set "valuesDecide"`,
    );
  if (provider.type === 'http') {
    const host = hostOf(provider.url);
    if (host === null) problems.push('the url must be http or https, with scheme and host written out');
    else if (!provider.hosts.includes(host)) problems.push(`the host "${host}" is not among "hosts"`);
  }
  return problems;
}

function isPattern(pattern: string): boolean {
  try {
    new RegExp(`^(?:${pattern})$`, 'u');
    return true;
  } catch {
    return false;
  }
}
