import { fewestClusters, planPower } from '../../evaluation/index.ts';
import type { Experiment, Hypothesis } from './plan.ts';
import type { Approach, PlanAnswers } from './plan-answers.ts';
import { type Settles, type Standing, settling } from './standing.ts';

/** Money for tokens; null where the price is not known. */
export type PriceCalls = (tokens: { input: number; output: number; calls: number }) => number | null;

/** Smallest difference that matters where the answers name none. */
const assumedMargin = 0.1;
/** Share of samples on which two variants are taken to differ. */
const assumedDiscordance = 0.2;
/** Gold answers that a person writes in an hour; 15 to 30 are usual for answers that take reading. */
const labelsAnHour = 20;
/** Tokens of a request by rule of thumb: instructions and question, passages, answer. */
const assumedTokens = { prompt: 600, passages: 3_000, gold: 500, examples: 1_000, output: 300 } as const;

interface Template {
  readonly question: string;
  readonly arms: readonly string[];
  readonly ifYes: string;
  readonly ifNo: string;
  readonly commands: readonly string[];
}

/**
 * The cheapest measurement about the first hypothesis: what is open for it, in the order of `settling`, set against the next
 * hypothesis for which that is no question; else a plain comparison with the next. Null where everything is ruled out.
 */
export function chooseExperiment(
  answers: PlanAnswers,
  hypotheses: readonly Hypothesis[],
  standings: readonly Standing[],
  price: PriceCalls | undefined,
): Experiment | null {
  const possible = hypotheses.filter(({ ruledOut }) => !ruledOut);
  const first = possible[0];
  if (!first) return null;
  const isOpen = (approach: Approach, settles: Settles): boolean =>
    standings.some((each) => each.approach === approach && each.state === 'open' && each.settles === settles);
  const settles = settling.find((each) => isOpen(first.approach, each)) ?? 'quality';
  const others = possible.slice(1).map(({ approach }) => approach);
  const next =
    (settles === 'quality' ? undefined : others.find((each) => !isOpen(each, settles))) ?? others[0] ?? null;
  const template = templateFor(settles, first.approach, next);
  const { samples, detectable } = sizes(answers, template.arms.length);
  const labelsMissing = samples === null ? null : Math.max(0, samples - (answers.goldSamples ?? 0));
  const asked = samples ?? 0;
  const tokens = {
    input: asked * template.arms.reduce((sum, arm) => sum + inputTokens(arm, answers), 0),
    output: asked * template.arms.length * assumedTokens.output,
    calls: asked * template.arms.length,
  };
  return {
    settles,
    question: template.question,
    between: [first.approach, next],
    arms: [...template.arms],
    samples,
    detectable,
    labelsMissing,
    labelHours: labelsMissing === null ? null : labelsMissing / labelsAnHour,
    calls: tokens.calls,
    inputTokens: tokens.input,
    outputTokens: tokens.output,
    usd: price?.(tokens) ?? null,
    ifYes: template.ifYes,
    ifNo: template.ifNo,
    commands: [...template.commands],
  };
}

function sizes(answers: PlanAnswers, arms: number): { samples: number | null; detectable: number | null } {
  const gold = answers.goldSamples ?? 0;
  const n = Math.max(gold, 2);
  const plan = planPower({
    dataset: null,
    split: null,
    n,
    groups: n,
    typicalGroup: 1,
    icc: 0,
    discordances: [assumedDiscordance],
    margin: answers.margin ?? assumedMargin,
    variants: Math.max(arms, 2),
    confidence: 0.95,
  });
  const { needed, detectable } = plan.rows[0]!.compare;
  return { samples: needed, detectable: gold < fewestClusters ? null : detectable };
}

function inputTokens(arm: string, { corpusTokens }: PlanAnswers): number {
  const { prompt, passages, gold, examples } = assumedTokens;
  if (arm === 'rag' || arm === 'hybrid') return prompt + passages;
  if (arm === 'oracle') return prompt + gold;
  if (arm === 'few-shot') return prompt + examples;
  if (arm === 'full-context') return prompt + (corpusTokens ?? 0);
  return prompt;
}

const run = (...variants: string[]): string[] => [
  `fulcrum eval run --dataset DATASET --split dev --variants ${variants.join(',')}`,
  'fulcrum compare --view flips',
];
const recordTuned =
  'tune it with a trainer of yours on the train split, record its answers, then: fulcrum variants add tuned --recorded ANSWERS.jsonl';

function templateFor(settles: Settles | 'quality', first: Approach, next: Approach | null): Template {
  const later = next ?? 'a stronger model';
  const both = next === null ? [first] : [first, next];
  const tuning = first === 'tuned' || first === 'hybrid' || next === 'tuned' || next === 'hybrid';
  switch (settles) {
    case 'knowledge':
      return {
        question: 'Does the model answer better when it is given the right passage (knowledge lift)?',
        arms: [first, 'oracle'],
        ifYes: `It lacks knowledge: ${first} is out, go on to ${later}.`,
        ifNo: `It knows enough: reading more cannot help, so better instructions come first.`,
        commands: run(first, 'oracle'),
      };
    case 'behaviour':
      return first === 'prompt' || first === 'few-shot'
        ? {
            question:
              'Do worked examples and decoding held to a schema close the gap that instructions leave?',
            arms: ['prompt', 'few-shot'],
            ifYes: 'Stay with few-shot: nothing dearer is needed for the manner.',
            ifNo: `Instructions and examples are exhausted: ${later} is worth its trial.`,
            commands: run('prompt', 'few-shot'),
          }
        : {
            question: 'Do answers fail although the right passage is given (behaviour gap)?',
            arms: [first, 'oracle', 'oracle with examples'],
            ifYes: `The manner is at fault, not what is read: ${later} is worth its trial.`,
            ifNo: `${first} fails for want of the right passage: mend retrieval, do not tune.`,
            commands: [`fulcrum eval attribute --dataset DATASET --variant ${first}`],
          };
    case 'window':
      return {
        question: 'Is the whole corpus in the prompt as good as retrieval, and cheaper?',
        arms: ['full-context', 'rag'],
        ifYes: 'Keep the corpus in the prompt: there is nothing to index.',
        ifNo: 'Retrieve.',
        commands: [...run('full-context', 'rag'), 'fulcrum decide --bar BAR --volume VOLUME'],
      };
    case 'rows':
      return {
        question: 'Would more rows still help, or is the learning curve flat?',
        arms: [first, 'a quarter of the rows', 'half of the rows'],
        ifYes: 'Collect rows before anything is deployed.',
        ifNo: 'What it reaches now is what it will reach: compare it as it is.',
        commands: [recordTuned, ...run(first)],
      };
    case 'speed':
      return {
        question: 'Is it fast enough (95 of 100 requests)?',
        arms: [first],
        ifYes: `Compare it with ${later} on quality and cost.`,
        ifNo: `Go on to ${later}, or to a smaller model.`,
        commands: [`fulcrum eval run --dataset DATASET --split dev --variants ${first}`, 'fulcrum eval show'],
      };
    case 'cost':
      return {
        question: `Is ${later} as good as ${first} within the margin, and what do both cost at your volume?`,
        arms: both,
        ifYes: 'Take the cheaper one.',
        ifNo: 'The better one, if a wrong answer costs more than the difference in price.',
        commands: [
          ...(tuning ? [recordTuned] : []),
          ...run(...both),
          'fulcrum decide --bar BAR --volume VOLUME',
        ],
      };
    case 'quality':
      if (first === 'rag')
        return {
          question: 'Is rag good enough, and where it fails, is the passage at fault or the answer?',
          arms: ['rag', 'oracle'],
          ifYes: 'Stay with rag.',
          ifNo: `Where the right passage mends it, mend retrieval; where it does not, ${later} is worth its trial.`,
          commands: [...run('rag', 'oracle'), 'fulcrum eval attribute --dataset DATASET --variant rag'],
        };
      return {
        question:
          next === null ? `Is ${first} good enough?` : `Is ${first} good enough, and is ${next} better?`,
        arms: both,
        ifYes: `Stay with ${first}.`,
        ifNo: `Go on to ${later}.`,
        commands: [
          ...(tuning ? [recordTuned] : []),
          ...run(...both),
          'fulcrum decide --bar BAR --volume VOLUME',
        ],
      };
  }
}
