/** A question that any instruct model is asked before and after tuning, with what a right answer holds. */
export interface GeneralItem {
  readonly id: string;
  /** Kind of item, which counts as one cluster of its own questions. */
  readonly kind: 'arithmetic' | 'knowledge' | 'instruction' | 'format' | 'language';
  readonly input: string;
  /** Texts of which one must stand in the answer, as whole words, whatever the case. */
  readonly accepted: readonly string[];
}

const pairs = (from: number, count: number): (readonly [number, number])[] =>
  Array.from({ length: count }, (_, index) => [from + ((index * 7) % 11), 2 + ((index * 5) % 9)] as const);

const arithmetic = (): Omit<GeneralItem, 'id' | 'kind'>[] => [
  ...pairs(3, 24).map(([a, b]) => ({ input: `What is ${a} plus ${b}?`, accepted: [String(a + b)] })),
  ...pairs(14, 14).map(([a, b]) => ({ input: `What is ${a} minus ${b}?`, accepted: [String(a - b)] })),
  ...pairs(2, 12).map(([a, b]) => ({ input: `What is ${a} times ${b}?`, accepted: [String(a * b)] })),
];

const facts: readonly (readonly [string, ...string[]])[] = [
  ['What is the capital of France?', 'Paris'],
  ['What is the capital of Italy?', 'Rome'],
  ['What is the capital of Spain?', 'Madrid'],
  ['What is the capital of Germany?', 'Berlin'],
  ['What is the capital of Japan?', 'Tokyo'],
  ['What is the capital of Egypt?', 'Cairo'],
  ['What is the capital of Canada?', 'Ottawa'],
  ['What is the capital of Russia?', 'Moscow'],
  ['What is the capital of China?', 'Beijing'],
  ['What is the capital of Greece?', 'Athens'],
  ['Which planet do people live on?', 'Earth'],
  ['Which planet is known for its rings?', 'Saturn'],
  ['Which planet is the largest of the solar system?', 'Jupiter'],
  ['What do bees make?', 'honey'],
  ['Which animal barks?', 'dog', 'dogs'],
  ['Which animal gives us wool?', 'sheep'],
  ['How many legs does a spider have?', '8', 'eight'],
  ['How many days are there in a week?', '7', 'seven'],
  ['How many months are there in a year?', '12', 'twelve'],
  ['How many hours are there in a day?', '24', 'twenty-four'],
  ['How many minutes are there in an hour?', '60', 'sixty'],
  ['How many wheels does a bicycle have?', '2', 'two'],
  ['What is frozen water called?', 'ice'],
  ['What gas do people need to breathe?', 'oxygen'],
  ['What is the chemical symbol of water?', 'H2O'],
  ['What is the chemical symbol of gold?', 'Au'],
  ['Which ocean lies between Europe and America?', 'Atlantic'],
  ['Which continent is Brazil in?', 'South America'],
  ['Which continent is Kenya in?', 'Africa'],
  ['Which continent is India in?', 'Asia'],
  ['Who wrote Romeo and Juliet?', 'Shakespeare'],
  ['Who painted the Mona Lisa?', 'Leonardo', 'da Vinci'],
  ['Which language is spoken in Portugal?', 'Portuguese'],
  ['Which language is spoken in Mexico?', 'Spanish'],
  ['Which currency is used in Japan?', 'yen'],
  ['Which currency is used in the United States?', 'dollar', 'dollars', 'USD'],
  ['What is the opposite of hot?', 'cold'],
  ['What is the opposite of up?', 'down'],
  ['What is the opposite of big?', 'small', 'little'],
  ['What is the opposite of fast?', 'slow'],
  ['What is the opposite of day?', 'night'],
  ['What is the opposite of open?', 'closed', 'close', 'shut'],
  ['Which colour is the sky on a clear day?', 'blue'],
  ['Which colour is grass?', 'green'],
  ['Which colour is a ripe banana?', 'yellow'],
  ['Which colour do you get from red and white?', 'pink'],
  ['Which season comes after winter?', 'spring'],
  ['Which month comes after March?', 'April'],
  ['Which day comes after Monday?', 'Tuesday'],
  ['Which day comes before Friday?', 'Thursday'],
  ['What is the first letter of the alphabet?', 'A'],
  ['What is the plural of child?', 'children'],
  ['What is the plural of mouse?', 'mice'],
  ['What is the past tense of go?', 'went'],
  ['What is the past tense of eat?', 'ate'],
  ['How many sides does a triangle have?', '3', 'three'],
  ['How many sides does a square have?', '4', 'four'],
  ['At how many degrees Celsius does water boil?', '100'],
  ['Which organ pumps blood through the body?', 'heart'],
  ['Which star is nearest to the Earth?', 'Sun'],
];

const words = [
  'apple',
  'river',
  'candle',
  'garden',
  'window',
  'pencil',
  'yellow',
  'market',
  'silver',
  'planet',
  'button',
  'castle',
  'orange',
  'bridge',
  'winter',
];

const instruction = (): Omit<GeneralItem, 'id' | 'kind'>[] => [
  ...words.map((word) => ({ input: `Repeat this word and nothing else: ${word}`, accepted: [word] })),
  ...words
    .slice(0, 10)
    .map((word) => ({ input: `Write the word ${word} in capital letters.`, accepted: [word.toUpperCase()] })),
  ...words.slice(0, 10).map((word, index) => ({
    input: `Which of these two words is longer: ${word} or ${words[(index + 1) % 10]!.slice(0, 3)}?`,
    accepted: [word],
  })),
  ...words.slice(5).map((word) => ({
    input: `Does the word ${word} have more than three letters? Answer yes or no.`,
    accepted: ['yes'],
  })),
];

const format = (): Omit<GeneralItem, 'id' | 'kind'>[] =>
  words.slice(0, 15).map((word, index) => ({
    input: `Write a JSON object with the key "name" and the value "${word}${index}".`,
    accepted: [`"name": "${word}${index}"`, `"name":"${word}${index}"`],
  }));

const language: readonly (readonly [string, ...string[]])[] = [
  ['How do you say "thank you" in French?', 'merci'],
  ['How do you say "good morning" in Spanish?', 'buenos días', 'buenos dias'],
  ['How do you say "yes" in German?', 'ja'],
  ['How do you say "no" in French?', 'non'],
  ['How do you say "water" in Spanish?', 'agua'],
  ['How do you say "hello" in Italian?', 'ciao', 'salve'],
  ['How do you say "dog" in German?', 'Hund'],
  ['How do you say "cat" in French?', 'chat'],
  ['How do you say "red" in Spanish?', 'rojo'],
  ['How do you say "one" in German?', 'eins', 'ein'],
  ['Wie heißt die Hauptstadt von Frankreich?', 'Paris'],
  ['Wie viele Tage hat eine Woche?', '7', 'sieben'],
  ['¿Cuál es la capital de España?', 'Madrid'],
  ['¿Cuántos meses tiene un año?', '12', 'doce'],
  ['Quelle est la capitale de la France ?', 'Paris'],
  ['Combien de jours y a-t-il dans une semaine ?', '7', 'sept'],
  ['What does the Spanish word "casa" mean?', 'house', 'home'],
  ['What does the French word "rouge" mean?', 'red'],
  ['What does the German word "Buch" mean?', 'book'],
  ['What does the Italian word "sole" mean?', 'sun'],
  ['What does the Latin word "aqua" mean?', 'water'],
  ['What does the Spanish word "libro" mean?', 'book'],
  ['What does the French word "pain" mean?', 'bread'],
  ['What does the German word "Katze" mean?', 'cat'],
  ['How do you say "five" in Spanish?', 'cinco'],
  ['How do you say "ten" in French?', 'dix'],
  ['How do you say "please" in German?', 'bitte'],
  ['How do you say "goodbye" in Spanish?', 'adiós', 'adios'],
  ['How do you say "bread" in Italian?', 'pane'],
  ['How do you say "moon" in Spanish?', 'luna'],
];

const fromList = (list: readonly (readonly [string, ...string[]])[]) =>
  list.map(([input, ...accepted]) => ({ input, accepted }));

/** 200 items of our own, of five kinds; rules decide what is right. */
export const generalItems: readonly GeneralItem[] = (
  [
    ['arithmetic', arithmetic()],
    ['knowledge', fromList(facts)],
    ['instruction', instruction()],
    ['format', format()],
    ['language', fromList(language)],
  ] as const
).flatMap(([kind, items]) => items.map((item, index) => ({ ...item, kind, id: `${kind}-${index + 1}` })));

/** Whether an answer holds an accepted text as whole words. */
export function isAccepted({ accepted }: Pick<GeneralItem, 'accepted'>, answer: string): boolean {
  const text = answer.toLowerCase().normalize('NFC');
  return accepted.some((form) => {
    const wanted = form.toLowerCase().normalize('NFC');
    for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) {
      const [before, after] = [text[at - 1], text[at + wanted.length]];
      if (!isWordPart(before) && !isWordPart(after)) return true;
    }
    return false;
  });
}

function isWordPart(character: string | undefined): boolean {
  return character !== undefined && /[\p{L}\p{N}]/u.test(character);
}
