import type { Region } from './arm-cost.ts';
import type { ArmInputs } from './arm-inputs.ts';
import { noLosses, today } from './arms.fixture.ts';
import { type DatedModelName, datedModels } from './dated-prices.fixture.ts';
import { usd, volumeText } from './format-figures.ts';
import { whatIf } from './what-if.ts';
import { corrected } from './worked-example.fixture.ts';

// The claims that the project began with, as cases: "under 100k requests a month RAG is usually cheaper; above a million on a
// narrow task a tuned small model often wins; between, run the numbers". All arms are of one quality, which only a measurement shows.

/** Largest volume looked at. */
export const mostRequests = 100_000_000;

const models = Object.keys(datedModels) as DatedModelName[];

/** The forms in which the tuned small model is served. */
export const tunedForms = {
  'one machine': corrected.tuned('one machine'),
  'two machines': corrected.tuned('two machines'),
  dedicated: corrected.tuned('dedicated'),
  'scale to zero': corrected.scaleToZero(),
  'per token': corrected.perToken('gemini-2.5-flash-lite'),
} as const;
export type TunedForm = keyof typeof tunedForms;
export const formNames = Object.keys(tunedForms) as TunedForm[];

/** Where which of the arms is the cheapest. */
export function regionsOf(arms: readonly ArmInputs[]): readonly Region[] {
  return whatIf({ arms, volumes: [100_000], losses: noLosses, max: mostRequests, today, draws: 1 }).regions;
}

/** One comparison: an arm without tuning against the tuned model in one form. */
export interface ClaimCase {
  readonly base: 'rag' | 'prompt';
  readonly model: DatedModelName;
  readonly form: TunedForm;
  readonly regions: readonly Region[];
  /** First volume at which the tuned one is cheaper; null when never. */
  readonly from: number | null;
}

export function claimCases(base: ClaimCase['base']): ClaimCase[] {
  return models.flatMap((model) =>
    formNames.map((form) => {
      const tuned = tunedForms[form];
      const regions = regionsOf([corrected[base](model), tuned]);
      return {
        base,
        model,
        form,
        regions,
        from: regions.find(({ arm }) => arm === tuned.name)?.from ?? null,
      };
    }),
  );
}

/** Whether one arm is the cheapest at every volume from `from` to below `to`. */
export function winsThroughout(
  { regions, form }: ClaimCase,
  who: 'base' | 'tuned',
  from: number,
  to: number,
): boolean {
  return regions.every((region) => {
    const meets = region.from < to && (region.to ?? mostRequests) > from;
    return !meets || (region.arm === tunedForms[form].name) === (who === 'tuned');
  });
}

/** First volumes at which tuning is cheaper, as a Markdown table. */
export function crossoverTable(cases: readonly ClaimCase[]): string {
  const head = `| model of the ${cases[0]?.base} | ${formNames.join(' | ')} |\n| --- | ${formNames.map(() => '---').join(' | ')} |`;
  const rows = models.map((model) => {
    const cells = formNames.map((form) => {
      const found = cases.find((each) => each.model === model && each.form === form);
      return found?.from == null ? 'never' : volumeText(found.from);
    });
    return `| ${model} | ${cells.join(' | ')} |`;
  });
  return [head, ...rows].join('\n');
}

/** The claims with the number of cases in which each holds. */
export function claimTable(): string {
  const [rag, prompt] = [claimCases('rag'), claimCases('prompt')];
  const share = (cases: readonly ClaimCase[], holds: (each: ClaimCase) => boolean): string =>
    `${cases.filter(holds).length} of ${cases.length}`;
  const alwaysOn = (each: ClaimCase): boolean => each.form !== 'scale to zero' && each.form !== 'per token';
  const under = (each: ClaimCase): boolean => winsThroughout(each, 'base', 0, 100_000);
  const over = (each: ClaimCase): boolean => winsThroughout(each, 'tuned', 1_000_000, mostRequests);
  const between = (each: ClaimCase): boolean =>
    each.regions.some(({ from }) => from >= 100_000 && from < 1_000_000);
  const rows = [
    ['RAG is cheaper at every volume under 100k, against machines always on', rag.filter(alwaysOn), under],
    ['the same, against tuned models without a standing fee', rag.filter((each) => !alwaysOn(each)), under],
    ['the tuned model is cheaper than RAG at every volume above 1M', rag, over],
    ['the tuned model is cheaper than the bare prompt at every volume above 1M', prompt, over],
    ['which of RAG and tuned is cheaper changes between 100k and 1M', rag, between],
  ] as const;
  return [
    '| claim | holds in |',
    '| --- | --- |',
    ...rows.map(([claim, cases, holds]) => `| ${claim} | ${share(cases, holds)} |`),
  ].join('\n');
}

/** Where RAG and the hybrid of the same retrieval are the cheapest, the hybrid on one rented machine at least. */
export function hybridTable(): string {
  const rows = models.map((model) => {
    const regions = regionsOf([corrected.rag(model), corrected.hybrid('one machine')]);
    const text = regions
      .slice(0, 6)
      .map(
        ({ from, to, arm }) =>
          `${arm.startsWith('rag') ? 'RAG' : 'hybrid'} ${volumeText(from)} to ${to === null ? 'any' : volumeText(to)}`,
      );
    return `| ${model} | ${text.join(', ')}${regions.length > 6 ? `, and ${regions.length - 6} more` : ''} |`;
  });
  return ['| model of the RAG | cheapest, by requests a month |', '| --- | --- |', ...rows].join('\n');
}

/** Totals of a month at the volumes of the claims. */
export function monthTable(): string {
  const arms = [
    corrected.prompt('gpt-6-luna'),
    corrected.rag('gpt-6-luna'),
    corrected.rag('gpt-6.1-terra'),
    corrected.rag('claude-opus-5-5'),
    corrected.tuned('one machine'),
    corrected.scaleToZero(),
    corrected.perToken('gemini-2.5-flash-lite'),
  ];
  const volumes = [10_000, 100_000, 1_000_000, 10_000_000];
  const { costs } = whatIf({ arms, volumes, losses: noLosses, today, draws: 1 });
  const rows = arms.map(({ name }) => {
    const cells = costs
      .filter(({ arm }) => arm === name)
      .map(({ perMonth }) => (perMonth.value === null ? 'unknown' : usd(perMonth.value)));
    return `| ${name} | ${cells.join(' | ')} |`;
  });
  const head = `| arm | ${volumes.map(volumeText).join(' | ')} |\n| --- | ${volumes.map(() => '---').join(' | ')} |`;
  return [head, ...rows].join('\n');
}
