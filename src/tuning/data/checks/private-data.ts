import type { TuningRow } from '../tuning-row.ts';

/** Something in a text that should not be trained on or sent. */
export interface PrivateSpan {
  readonly kind: 'email' | 'phone' | 'card' | 'iban' | 'ip' | 'secret';
  readonly start: number;
  readonly end: number;
}

const patterns: readonly {
  readonly kind: PrivateSpan['kind'];
  readonly pattern: RegExp;
  readonly check?: (text: string) => boolean;
}[] = [
  {
    kind: 'secret',
    pattern:
      /\b(?:sk-[A-Za-z0-9_-]{20,200}|AKIA[0-9A-Z]{16}|gh[pousr]_[A-Za-z0-9]{36,100}|github_pat_[A-Za-z0-9_]{22,120}|[sr]k_(?:live|test)_[A-Za-z0-9]{16,120}|hf_[A-Za-z0-9]{30,60}|xox[abprs]-[A-Za-z0-9-]{10,100}|AIza[0-9A-Za-z_-]{35}|eyJ[A-Za-z0-9_-]{10,1000}\.eyJ[A-Za-z0-9_-]{10,2000}\.[A-Za-z0-9_-]{10,1000})|-----BEGIN (?:[A-Z]{2,12} ){0,2}PRIVATE KEY-----/g,
  },
  {
    kind: 'secret',
    pattern:
      /\b(?:aws_secret_access_key|api[_-]?key|secret|password|passwd|token)["']?\s{0,3}[:=]\s{0,3}["']?(?=[^\s"']{0,40}[\d\W])[^\s"',;]{8,120}/gi,
  },
  { kind: 'secret', pattern: /\b[a-z][a-z0-9+.-]{1,20}:\/\/[^\s:/@]{1,64}:[^\s:/@]{1,64}@/gi },
  {
    kind: 'email',
    pattern: /\b[A-Za-z0-9._%+-]{1,64}@[A-Za-z0-9-]{1,63}(?:\.[A-Za-z0-9-]{1,63}){0,5}\.[A-Za-z]{2,24}\b/g,
  },
  { kind: 'iban', pattern: /\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,4})?\b/g, check: isIban },
  { kind: 'card', pattern: /\b\d(?:[ -]?\d){12,18}\b/g, check: isCard },
  {
    kind: 'phone',
    pattern: /(?<![\w.])\+\d{1,3}[ .-]?(?:\(\d{1,4}\)[ .-]?)?\d{2,4}(?:[ .-]?\d{2,4}){1,4}(?![\w])/g,
  },
  {
    kind: 'ip',
    pattern: /\b(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d|1?\d?\d)\b/g,
    check: (text) => !/^(?:127\.|0\.|10\.0\.0\.|192\.168\.)/.test(text),
  },
];

/** Everything that a person could read of a row: turns, arguments of tool calls, and the rejected answer. */
export function textsOfRow(row: Pick<TuningRow, 'messages' | 'rejected'>): string[] {
  return [
    ...row.messages.flatMap(({ content, toolCalls = [] }) => [
      content,
      ...toolCalls.map((call) => JSON.stringify(call.arguments)),
    ]),
    ...(row.rejected === undefined ? [] : [row.rejected]),
  ];
}

/** Spans in the order of their places, none inside another. Patterns are bounded, so that no text makes them slow. */
export function findPrivateData(text: string): PrivateSpan[] {
  const found: PrivateSpan[] = [];
  for (const { kind, pattern, check } of patterns)
    for (const match of text.matchAll(pattern)) {
      const [start, end] = [match.index, match.index + match[0].length];
      if (check && !check(match[0])) continue;
      if (!found.some((other) => start < other.end && end > other.start)) found.push({ kind, start, end });
    }
  return found.sort((a, b) => a.start - b.start);
}

/** The text with every span replaced by its kind: `[email]`. */
export function redact(text: string): string {
  let out = '';
  let at = 0;
  for (const { kind, start, end } of findPrivateData(text)) {
    out += `${text.slice(at, start)}[${kind}]`;
    at = end;
  }
  return out + text.slice(at);
}

/** Luhn's check over the digits of a card number. */
function isCard(text: string): boolean {
  const digits = text.replace(/\D/g, '');
  if (/^(\d)\1+$/.test(digits)) return false;
  let sum = 0;
  for (const [index, digit] of [...digits].reverse().entries()) {
    const value = Number(digit) * (index % 2 === 1 ? 2 : 1);
    sum += value > 9 ? value - 9 : value;
  }
  return sum % 10 === 0;
}

/** ISO 13616: the number of the rearranged text is 1 modulo 97. */
function isIban(text: string): boolean {
  const compact = text.replace(/ /g, '');
  if (compact.length < 15 || compact.length > 34) return false;
  const turned = compact.slice(4) + compact.slice(0, 4);
  let rest = 0;
  for (const character of turned) {
    const value = Number.parseInt(character, 36);
    rest = (rest * (value > 9 ? 100 : 10) + value) % 97;
  }
  return rest === 1;
}

/** A value with every text inside it redacted. */
export function redactInside<T>(value: T): T {
  if (typeof value === 'string') return redact(value) as T;
  if (Array.isArray(value)) return value.map(redactInside) as T;
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, member]) => [name, redactInside(member)])) as T;
}
