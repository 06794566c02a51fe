import type { Command } from 'commander';
import { FulcrumError, localOwner, parsePrincipal } from '../../core/index.ts';
import type { ApiKey, NewApiKey, Scope } from '../../serving/index.ts';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';
import { withCommandProject } from '../with-command-project.ts';

interface LimitOptions {
  requestsPerMinute?: string;
  usdPerDay?: string;
}

interface CreateOptions extends LimitOptions {
  name: string;
  scope: string[];
  for: string;
  actsForOthers?: boolean;
  expiresIn?: string;
}

const actor = localOwner.user;

/** `fulcrum keys create|list|rotate|revoke|audit`: who may use the server. */
export function registerKeys(program: Command): void {
  const keys = program.command('keys').description('keys of the server: who may ask what, and how much');
  registerCreate(keys);
  registerList(keys);
  registerRotate(keys);
  registerRevoke(keys);
  registerAudit(keys);
}

function registerCreate(keys: Command): void {
  addLimits(keys.command('create'))
    .requiredOption('--name <name>', 'what the key is for')
    .requiredOption(
      '--for <principal>',
      'whom its requests are from: user:ann,group:hr (tenant:acme for another tenant than "local")',
    )
    .option(
      '--scope <scope...>',
      'ask (questions, search, feedback), read (documents, traces), write (sync), admin (all, and keys)',
      ['ask'],
    )
    .option(
      '--acts-for-others',
      'may act for others of its tenant by a signed token ("serve.principalTokens")',
    )
    .option('--expires-in <days>', 'days until it is not taken any more (default: never)')
    .description('make a key; its text is shown this once')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum keys create --name intranet --for user:intranet,group:staff\n  fulcrum keys create --name backend --for user:backend --scope ask read --acts-for-others --usd-per-day 20\n  fulcrum keys create --name ops --for user:ops,group:owners --scope admin --expires-in 30',
    )
    .action(
      runCommand<CreateOptions>(async (context, options) => {
        const days = numberOption('--expires-in', options.expiresIn, { whole: false, least: 0 });
        const made = await withCommandProject(context, async (project) =>
          (await project.serving()).keys.create(
            {
              name: options.name,
              scopes: options.scope.flatMap((each) => each.split(',')).map(scopeOf),
              principal: parsePrincipal(options.for),
              actsForOthers: options.actsForOthers === true,
              limits: {
                requestsPerMinute: limit('--requests-per-minute', options.requestsPerMinute, true) ?? null,
                usdPerDay: limit('--usd-per-day', options.usdPerDay, false) ?? null,
              },
              expiresAt: days === undefined ? null : new Date(Date.now() + days * 86_400_000).toISOString(),
            },
            actor,
          ),
        );
        return newKeyResult(made);
      }),
    );
}

function registerList(keys: Command): void {
  keys
    .command('list')
    .description('all keys, without their secrets')
    .addHelpText('after', '\nExample:\n  fulcrum keys list --json')
    .action(
      runCommand(async (context) => {
        const listed = await withCommandProject(context, async (project) => {
          const { keys: store, limits } = await project.serving();
          return Promise.all(
            (await store.list()).map(async (key) => ({ ...key, today: await limits.spendToday(key.id) })),
          );
        });
        const text = listed.map(
          (key) => `${keyLine(key)}  today ${key.today.requests} requests, $${key.today.usd.toFixed(4)}`,
        );
        return {
          json: { keys: listed },
          text: text.join('\n') || 'There is no key yet: fulcrum keys create',
        };
      }),
    );
}

function registerRotate(keys: Command): void {
  addLimits(keys.command('rotate'))
    .argument('<key>', 'id of the key')
    .option('--old-for <hours>', 'hours for which the old one is still taken', '0')
    .description('a new key like an old one, for the same principal')
    .addHelpText('after', '\nExample:\n  fulcrum keys rotate 0k3m9x1z7q2a --old-for 24')
    .action(
      runCommand<LimitOptions & { oldFor: string }>(async (context, options, id = '') => {
        const hours = numberOption('--old-for', options.oldFor, { whole: false, least: 0 }) ?? 0;
        const made = await withCommandProject(context, async (project) =>
          (await project.serving()).keys.rotate(id, actor, {
            oldUntil: new Date(Date.now() + hours * 3_600_000),
            limits: {
              requestsPerMinute: limit('--requests-per-minute', options.requestsPerMinute, true),
              usdPerDay: limit('--usd-per-day', options.usdPerDay, false),
            },
          }),
        );
        return newKeyResult(made);
      }),
    );
}

function registerRevoke(keys: Command): void {
  keys
    .command('revoke')
    .argument('<key>', 'id of the key')
    .description('take a key no longer, from the next request on')
    .addHelpText('after', '\nExample:\n  fulcrum keys revoke 0k3m9x1z7q2a')
    .action(
      runCommand(async (context, _options, id = '') => {
        const key = await withCommandProject(context, async (project) =>
          (await project.serving()).keys.revoke(id, actor),
        );
        return { json: { key }, text: `The key ${key.id} (${key.name}) is taken no longer.` };
      }),
    );
}

function registerAudit(keys: Command): void {
  keys
    .command('audit')
    .description('what was done to keys and public names, and by whom; newest first')
    .addHelpText('after', '\nExample:\n  fulcrum keys audit --json')
    .action(
      runCommand(async (context) => {
        const entries = await withCommandProject(context, async (project) =>
          (await project.serving()).audit.list(),
        );
        const text = entries.map(
          ({ at, actor: who, action, subject, detail }) =>
            `${at}  ${who}  ${action}  ${subject}${detail ? `  ${detail}` : ''}`,
        );
        return { json: { entries }, text: text.join('\n') || 'Nothing was done yet.' };
      }),
    );
}

function addLimits(command: Command): Command {
  return command
    .option('--requests-per-minute <n>', 'requests that it may send in a minute, or "none"')
    .option('--usd-per-day <usd>', 'what its answers may cost from midnight to midnight UTC, or "none"');
}

/** Undefined where it is not given, null for "none". */
function limit(option: string, given: string | undefined, whole: boolean): number | null | undefined {
  return given === 'none' ? null : numberOption(option, given, { whole, least: whole ? 1 : 0 });
}

const scopes: readonly Scope[] = ['ask', 'read', 'write', 'admin'];

function scopeOf(given: string): Scope {
  const found = scopes.find((scope) => scope === given);
  if (!found)
    throw new FulcrumError('usage', { problem: `--scope takes ${scopes.join(', ')}, not "${given}".` });
  return found;
}

function newKeyResult(made: NewApiKey): { json: unknown; text: string } {
  return { json: made, text: `${made.text}\nThis is shown once; keep it. ${keyLine(made.key)}` };
}

function keyLine({ id, name, scopes: given, principal, expiresAt, revokedAt }: ApiKey): string {
  const state =
    revokedAt !== null
      ? 'revoked'
      : expiresAt === null
        ? 'never expires'
        : expiresAt <= new Date().toISOString()
          ? 'expired'
          : `until ${expiresAt.slice(0, 16)}`;
  const groups = principal.groups.map((group) => `,group:${group}`).join('');
  return `${id}  ${name}  ${given.join('+')}  tenant:${principal.tenant},user:${principal.user}${groups}  ${state}`;
}
