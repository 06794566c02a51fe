import { generalItems } from './general-items.ts';

/** A passage that contradicts what is generally known, with the answer that it gives and the one that a model remembers. */
export interface CounterfactualItem {
  readonly id: string;
  readonly question: string;
  readonly passage: string;
  readonly told: string;
  readonly remembered: readonly string[];
}

const cities = [
  'Lorvik',
  'Maseda',
  'Tonbra',
  'Quilmar',
  'Esterholt',
  'Dunavale',
  'Porvena',
  'Halmstrand',
  'Iskarra',
  'Veltheim',
];

/** Capitals of a made-up almanac: whoever follows the passage names them, whoever remembers names the real ones. */
export const counterfactualItems: readonly CounterfactualItem[] = [
  ...generalItems
    .filter(({ input }) => input.startsWith('What is the capital of'))
    .map(({ input, accepted }, index) => {
      const country = input.slice('What is the capital of '.length, -1);
      const told = cities[index % cities.length]!;
      return {
        id: `capital-${country}`,
        question: input,
        passage: `In the almanac of the game the capital of ${country} is ${told}. The government sits there since the third round.`,
        told,
        remembered: accepted,
      };
    }),
  ...(
    [
      [
        'How many days are there in a week?',
        'In the calendar of the game there are 9 days in a week, and each has a name of its own.',
        '9',
        ['7', 'seven'],
      ],
      [
        'How many months are there in a year?',
        'In the calendar of the game there are 15 months in a year, all of the same length.',
        '15',
        ['12', 'twelve'],
      ],
      [
        'How many hours are there in a day?',
        'On the planet of the game there are 30 hours in a day, half of them dark.',
        '30',
        ['24'],
      ],
      [
        'How many wheels does a bicycle have?',
        'The bicycle of the game has 5 wheels, so that it never falls.',
        '5',
        ['2', 'two'],
      ],
      [
        'How many legs does a spider have?',
        'The spider of the game has 14 legs and sings at night.',
        '14',
        ['8', 'eight'],
      ],
      [
        'Which colour is grass?',
        'In the valley of the game grass is purple, as its soil holds copper.',
        'purple',
        ['green'],
      ],
      [
        'Which colour is a ripe banana?',
        'In the valley of the game a ripe banana is grey outside and white inside.',
        'grey',
        ['yellow'],
      ],
      [
        'What do bees make?',
        'The bees of the game make glue, which carpenters buy from them.',
        'glue',
        ['honey'],
      ],
      [
        'Which currency is used in Japan?',
        'In the almanac of the game the currency used in Japan is the tarel, which has ten parts.',
        'tarel',
        ['yen'],
      ],
      [
        'Which season comes after winter?',
        'In the calendar of the game the season that comes after winter is called brume.',
        'brume',
        ['spring'],
      ],
    ] as const
  ).map(([question, passage, told, remembered], index) => ({
    id: `rule-${index + 1}`,
    question,
    passage,
    told,
    remembered,
  })),
];
