import type { DatedPrice, PriceScope } from './dated-price.ts';
import { priceSources } from './price-sources.ts';

const togetherBase = {
  kind: 'training',
  provider: 'together',
  model: null,
  unit: 'million-training-tokens',
  currency: 'USD',
  source: priceSources.together,
  checked: '2026-05-01',
  confidence: 'secondary',
} as const;

/** Brackets of the base model's size in billions of parameters. */
const fireworksBrackets: readonly (PriceScope & { readonly said: string })[] = [
  { upTo: 16, said: 'up to 16B' },
  { over: 16, upTo: 80, said: 'over 16B, up to 80B' },
  { over: 80, upTo: 300, said: 'over 80B, up to 300B' },
  { over: 300, said: 'over 300B' },
];

function fireworks(
  what: string,
  method: NonNullable<PriceScope['method']>,
  values: readonly number[],
): DatedPrice[] {
  return values.map((value, index) => {
    const { said, ...size } = fireworksBrackets[index]!;
    return {
      kind: 'training',
      provider: 'fireworks',
      model: null,
      what: `${what}, base ${said}`,
      value,
      unit: 'million-training-tokens',
      currency: 'USD',
      source: priceSources.fireworks,
      checked: '2026-10-07',
      confidence: 'secondary',
      scope: { ...size, method },
    };
  });
}

/** The source gives the ends of a range from LoRA to full training. */
function together(over: number, upTo: number, lora: number, full: number): DatedPrice[] {
  const size = over === 0 ? `up to ${upTo}B` : `over ${over}B, up to ${upTo}B`;
  const note = 'The source gives a range by model from LoRA to full training; this is one end of it.';
  const scope = { ...(over === 0 ? {} : { over }), upTo };
  const range = { low: lora, high: full, note };
  return [
    {
      ...togetherBase,
      ...range,
      what: `LoRA training, base ${size}`,
      value: lora,
      scope: { ...scope, method: 'lora' },
    },
    {
      ...togetherBase,
      ...range,
      what: `full-parameter training, base ${size}`,
      value: full,
      scope: { ...scope, method: 'full' },
    },
  ];
}

function openAi(models: readonly (readonly [string, number])[]): DatedPrice[] {
  return models.map(([model, value]) => ({
    kind: 'training',
    provider: 'openai',
    model: `openai/${model}`,
    what: 'supervised fine-tuning',
    value,
    unit: 'million-training-tokens',
    currency: 'USD',
    source: priceSources.remembered,
    checked: '2026-11-22',
    validUntil: model === 'gpt-4.1-nano' ? '2026-10-22' : '2027-01-05',
    confidence: 'unconfirmed',
    note: 'New jobs end on 2027-01-06, and only organisations with recent tuned inference may start one.',
  }));
}

/** Training, per million training tokens (epochs times the tokens of the data) unless the unit says otherwise. */
export const trainingPrices: readonly DatedPrice[] = [
  ...fireworks('LoRA supervised fine-tuning', 'lora', [0.5, 3, 6, 10]),
  ...fireworks('LoRA preference tuning (DPO)', 'lora-dpo', [1, 6, 12, 20]),
  ...fireworks('full-parameter supervised fine-tuning', 'full', [1]),
  ...fireworks('full-parameter preference tuning (DPO)', 'full-dpo', [2]),
  ...together(0, 16, 0.48, 1.35),
  ...together(16, 69, 1.5, 4.12),
  ...together(69, 100, 2.9, 8),
  {
    ...togetherBase,
    what: 'training of a base above 100B, by model and method',
    value: null,
    low: 9,
    high: 100,
    scope: { over: 100 },
    note: 'The source gives $9 to $100; ask its estimate-price endpoint.',
  },
  {
    kind: 'training',
    provider: 'tinker',
    model: 'tinker/Qwen3-8B',
    what: 'LoRA training of Qwen3-8B',
    value: 0.44,
    unit: 'million-training-tokens',
    currency: 'USD',
    source: priceSources.tinker,
    checked: '2026-10-07',
    confidence: 'secondary',
    scope: { method: 'lora' },
  },
  {
    kind: 'training',
    provider: 'openai',
    model: 'openai/o4-mini',
    what: 'reinforcement fine-tuning, an hour of core training; grader tokens extra',
    value: 100,
    unit: 'hour',
    currency: 'USD',
    source: priceSources.openAiHelp,
    checked: '2026-11-22',
    validUntil: '2026-10-22',
    confidence: 'vendor-page',
    scope: { method: 'reinforcement' },
    note: 'o4-mini was withdrawn on 2026-10-23.',
  },
  ...openAi([
    ['gpt-4.1', 25],
    ['gpt-4.1-mini', 5],
    ['gpt-4.1-nano', 1.5],
    ['gpt-4o', 25],
    ['gpt-4o-mini', 3],
  ]),
  {
    kind: 'training',
    provider: 'google',
    model: null,
    what: 'supervised fine-tuning on the Gemini Enterprise Agent Platform (Vertex)',
    value: null,
    unit: 'million-training-tokens',
    currency: 'USD',
    source: priceSources.vertex,
    checked: '2026-11-22',
    confidence: 'unconfirmed',
  },
];
