import { type ErrorEntry, entry } from './entry.ts';

/** Who may ask the server what, and how much. */
export const servingErrors = {
  'key-missing': entry(
    'This request carries no key.',
    'Send one as "Authorization: Bearer fk_…". "fulcrum keys create" makes one.',
    { status: 401 },
  ),
  'key-invalid': entry(
    'This key is not known, was revoked or has expired.',
    'Ask for a new one: "fulcrum keys create". A key is shown once, when it is made.',
    { status: 401 },
  ),
  'key-unknown': entry('There is no key "{key}".', '"fulcrum keys list" shows the keys.', { status: 404 }),
  'key-required': entry(
    'The address {host} can be reached from other machines, and there is no key yet.',
    'Make one first: fulcrum keys create --name NAME --scope ask. Or serve on 127.0.0.1.',
    { exit: 2 },
  ),
  'scope-missing': entry(
    'This key may not do that: it has the scopes {scopes}, and this needs "{needed}".',
    'Use a key that has the scope.',
    { status: 403 },
  ),
  'guessing-slowed': entry(
    'Too many wrong keys came from this address.',
    'Wait {seconds} s, then send the right one.',
    { status: 429, retryable: true },
  ),
  'rate-limited': entry(
    'This key may send {limit} requests a minute, and has sent them.',
    'Wait {seconds} s, or give the key another limit.',
    { status: 429, retryable: true },
  ),
  'spend-limit': entry(
    'This key may spend {limit} USD a day; {spent} are spent and this request may cost {next}.',
    'The limit starts anew at midnight UTC. Another limit: fulcrum keys rotate KEY --usd-per-day N.',
    { status: 429, retryable: true },
  ),
  'principal-token-invalid': entry(
    'The token that says for whom this request is made is not valid: {problem}.',
    'It must be a JWT that "serve.principalTokens" of the config can verify.',
    { status: 401 },
  ),
  'acting-not-allowed': entry(
    'This key may not act for others.',
    'Leave out "X-Fulcrum-Principal", or make a key with --acts-for-others.',
    { status: 403 },
  ),
  'origin-refused': entry(
    'Requests of other web sites ({origin}) are refused.',
    'Call the server from your own back end; browsers of other sites may not.',
    { status: 403 },
  ),
  'request-invalid': entry('{problem}', 'The description of the interface is at /openapi.json.', {
    status: 400,
  }),
  'request-too-large': entry('The body of this request is larger than {limit} bytes.', 'Send less at once.', {
    status: 413,
  }),
  'request-slow': entry('This request took longer than {seconds} s.', 'Ask for less, or stream the answer.', {
    status: 504,
    retryable: true,
  }),
  'variant-not-served': entry(
    'The variant "{variant}" is for diagnosis: it is shown what no request has, so that it cannot be served.',
    '"fulcrum variants list" shows those that can.',
  ),
  'name-unknown': entry(
    'There is no public name "{name}". {suggestion}',
    '"fulcrum names list" shows them.',
    {
      status: 404,
    },
  ),
  'revision-unknown': entry(
    'The public name "{name}" has no revision {revision} to go back to.',
    '"fulcrum names show {name}" lists its revisions.',
    { status: 404 },
  ),
  'name-off': entry(
    'The public name "{name}" is switched off.',
    'Turn it on again: fulcrum names on {name}.',
    { status: 503, retryable: true },
  ),
  'path-unknown': entry(
    'There is nothing at {path}.',
    'The description of the interface is at /openapi.json.',
    {
      status: 404,
    },
  ),
  'document-not-found': entry('There is no document "{document}" here.', 'List them: GET /api/documents.', {
    status: 404,
  }),
  'address-in-use': entry(
    'The port {port} of {host} is taken.',
    'Stop what listens there, or choose another: fulcrum serve --port N.',
    { exit: 2 },
  ),
} as const satisfies Record<string, ErrorEntry>;
