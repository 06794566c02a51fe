import { describe, expect, it } from 'vitest';
import { detectLanguage, languageNotice } from './query-language.ts';

const hits = [
  { text: 'The travel card has a limit of five hundred dollars for each trip, and a director can raise it.' },
  { text: 'Annual leave accrues each pay period and may be carried over to the next year.' },
];
const notice = async (query: string, found: { text: string }[] = hits): Promise<string | null> =>
  languageNotice(await detectLanguage(query), found);

describe('the language of a question', () => {
  it('is told from four words on', async () => {
    expect((await detectLanguage('Wie viele Urlaubstage habe ich im Jahr?'))?.language).toBe('de');
    expect((await detectLanguage('¿Cuántos días de vacaciones tengo al año?'))?.language).toBe('es');
    expect((await detectLanguage('how many days of leave do I have'))?.language).toBe('en');
    for (const short of ['', 'Urlaubstage', 'max_tokens 512', '12 34 56 78 90', 'a b c d e'])
      expect(await detectLanguage(short)).toBeNull();
  });

  it('is said where it is another one than that of the hits, and only then', async () => {
    expect(await notice('Wie viele Urlaubstage habe ich im Jahr?')).toMatch(
      /looks German; what was found is English/,
    );
    expect(await notice('how many days of leave do I have')).toBeNull();
    expect(await notice('vector store filter metadata')).toBeNull();
    expect(await notice('Wie viele Urlaubstage habe ich im Jahr?', [])).toBeNull();
    expect(await notice('Wie viele Urlaubstage habe ich im Jahr?', [{ text: '1 2 3' }])).toBeNull();
    const german = [{ text: 'Der Urlaub wird jedes Jahr neu berechnet und verfällt am Ende des Jahres.' }];
    expect(await notice('Wie viele Urlaubstage habe ich im Jahr?', german)).toBeNull();
  });
});
