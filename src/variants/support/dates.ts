/** A date or a time of day of a text; a part that is not said is null. */
export interface StatedDate {
  readonly shown: string;
  readonly start: number;
  readonly end: number;
  readonly year: number | null;
  /** From 1. */
  readonly month: number | null;
  readonly day: number | null;
  /** Minutes since midnight. */
  readonly minutes: number | null;
}

const months = 'january february march april may june july august september october november december'.split(
  ' ',
);
const monthPattern = `(?:${months.map((name) => `${name.slice(0, 3)}${name.length > 3 ? `(?:${name.slice(3)})?` : ''}`).join('|')}|sept)\\.?`;
const yearPattern = '(\\d{4})';
const dayPattern = '(\\d{1,2})(?:st|nd|rd|th)?';
const edge = '(?<![\\p{L}\\p{N}_.,-])';
const close = '(?![\\p{L}\\p{N}_])';

const iso = new RegExp(`${edge}${yearPattern}-(\\d{2})(?:-(\\d{2}))?(?:T[\\d:.]+Z?)?${close}(?!-\\d)`, 'gu');
const dayFirst = new RegExp(
  `${edge}${dayPattern}(?: of)? (${monthPattern})(?:,? ${yearPattern})?${close}`,
  'giu',
);
const monthFirst = new RegExp(`${edge}(${monthPattern}) ${dayPattern}(?:,? ${yearPattern})?${close}`, 'giu');
const monthYear = new RegExp(`${edge}(${monthPattern})(?: of|,)? ${yearPattern}${close}`, 'giu');
const clock = /(?<![\p{L}\p{N}_.:,])(\d{1,2}):(\d{2})(?::\d{2})?(?:\s?([ap])(?:m\b|\.m\.))?(?![\p{N}_:])/giu;
const clockHour = /(?<![\p{L}\p{N}_.:,])(\d{1,2})\s?([ap])(?:m\b|\.m\.)(?![\p{N}_:])/giu;

/** Whether a word is the name of a month, in full or cut to three letters. */
export function isMonthName(word: string): boolean {
  return monthOf(word) !== null && word.length >= 3;
}

/** Dates and times of day of a text, in order, none inside another. Dates of digits and slashes are left as numbers. */
export function datesOf(text: string): StatedDate[] {
  const found: StatedDate[] = [];
  const taken = new Uint8Array(text.length);
  const add = (match: RegExpExecArray | RegExpMatchArray, parts: Partial<StatedDate>): void => {
    const start = match.index ?? 0;
    const end = start + match[0].length;
    if (taken.subarray(start, end).includes(1)) return;
    const date = { shown: match[0], start, end, year: null, month: null, day: null, minutes: null, ...parts };
    if ((date.month ?? 1) > 12 || (date.month ?? 1) < 1 || (date.day ?? 1) > 31 || (date.day ?? 1) < 1)
      return;
    taken.fill(1, start, end);
    found.push(date);
  };
  const number = (digits: string | undefined): number | null =>
    digits === undefined ? null : Number(digits);
  for (const match of text.matchAll(iso))
    add(match, { year: number(match[1]), month: number(match[2]), day: number(match[3]) });
  for (const match of text.matchAll(dayFirst))
    add(match, { day: number(match[1]), month: monthOf(match[2]), year: number(match[3]) });
  for (const match of text.matchAll(monthFirst))
    add(match, { month: monthOf(match[1]), day: number(match[2]), year: number(match[3]) });
  for (const match of text.matchAll(monthYear))
    add(match, { month: monthOf(match[1]), year: number(match[2]) });
  for (const match of text.matchAll(clock)) addTime(match, match[1], match[2], match[3]);
  for (const match of text.matchAll(clockHour)) addTime(match, match[1], '0', match[2]);
  return found.sort((a, b) => a.start - b.start);

  function addTime(match: RegExpMatchArray, hours = '0', minutes = '0', half?: string): void {
    const hour = Number(hours);
    if (hour > 23 || Number(minutes) > 59 || (half !== undefined && (hour > 12 || hour === 0))) return;
    const from = half === undefined ? hour : (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0);
    add(match, { minutes: from * 60 + Number(minutes) });
  }
}

/** Whether a stated date says nothing that `evidence` does not say: every part that it has is the same there. */
export function datesAgree(claim: StatedDate, evidence: StatedDate): boolean {
  return (['year', 'month', 'day', 'minutes'] as const).every(
    (part) => claim[part] === null || claim[part] === evidence[part],
  );
}

function monthOf(name: string | undefined): number | null {
  const cut = (name ?? '').toLowerCase().replace(/\.$/, '');
  const at = months.findIndex(
    (month) => month === cut || cut === month.slice(0, 3) || (cut === 'sept' && month === 'september'),
  );
  return at === -1 ? null : at + 1;
}
