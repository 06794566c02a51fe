import type { DecisionWorld, ScriptedArm } from './scripted-models.fixture.ts';

type Ability = Partial<Omit<ScriptedArm, 'name'>>;

/** The seven arms with usual costs; `abilities` says what differs from a model that has neither facts nor form. */
function arms(abilities: Readonly<Record<string, Ability>>): ScriptedArm[] {
  const costs = {
    prompt: 0.0002,
    'few-shot': 0.0003,
    tuned: 0.0004,
    rag: 0.0005,
    hybrid: 0.0007,
    cascade: 0.0008,
    'full-context': 0.002,
  };
  return Object.entries(costs).map(([name, costUsd]) => ({
    name,
    facts: 0,
    form: 0,
    costUsd,
    ...abilities[name],
  }));
}

const common = { hard: 0.04, discordance: 0.17, bar: 0.65, samples: 300 } as const;
const able = { facts: 1, form: 1 } as const;

/** Scores that are what they should be: `decide` should name the right arm. */
export const plainWorlds: Readonly<Record<string, DecisionWorld>> = {
  'pure knowledge': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    right: 'rag',
    arms: arms({
      'few-shot': { facts: 0.1 },
      tuned: { facts: 0.3 },
      rag: { facts: 1 },
      hybrid: { facts: 1 },
      cascade: { facts: 1 },
      'full-context': { facts: 0.5 },
    }),
  },
  'pure behaviour': {
    ...common,
    knowledge: 0,
    behaviour: 0.5,
    right: 'tuned',
    arms: arms({
      'few-shot': { form: 0.6 },
      tuned: { form: 1 },
      hybrid: { form: 1 },
      cascade: { form: 1 },
    }),
  },
  both: {
    ...common,
    knowledge: 0.35,
    behaviour: 0.35,
    right: 'hybrid',
    arms: arms({
      'few-shot': { form: 0.4 },
      tuned: { form: 1, facts: 0.2 },
      rag: { facts: 1, form: 0.1 },
      hybrid: able,
      cascade: able,
      'full-context': { facts: 0.6, form: 0.1 },
    }),
  },
  'prompt suffices': {
    ...common,
    knowledge: 0,
    behaviour: 0,
    right: 'prompt',
    arms: arms({}),
  },
  'corpus fits the window': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    right: 'full-context',
    arms: arms({
      tuned: { facts: 0.3 },
      rag: { facts: 1 },
      hybrid: { facts: 1 },
      cascade: { facts: 1 },
      // Read from the cache, it costs less than passages that are found for every request.
      'full-context': { facts: 1, costUsd: 0.00025 },
    }),
  },
  'nothing is good enough': {
    ...common,
    hard: 0.3,
    knowledge: 0.3,
    behaviour: 0.3,
    bar: 0.762,
    right: null,
    arms: arms({
      'few-shot': { form: 0.4 },
      tuned: { form: 0.9 },
      rag: { facts: 0.9 },
      hybrid: { facts: 0.94, form: 0.94 },
      cascade: { facts: 0.7, form: 0.7 },
      'full-context': { facts: 0.5 },
    }),
  },
};

const three = (abilities: Readonly<Record<string, Ability>>): ScriptedArm[] =>
  arms(abilities).filter(({ name }) => name in abilities);

/** Share of the facts that makes an arm worse by exactly `loss` where `knowledge` of the samples need one. */
function factsForLoss(loss: number, knowledge: number): number {
  return 1 - loss / (knowledge * (1 - common.hard) * Math.sqrt(1 - 2 * common.discordance));
}

const worseByTheMargin = { facts: factsForLoss(0.1, 0.45) };

/** Worlds that lead into temptation: the cheapest arm is worse than the best by the margin or more, and may look as good. */
export const nastyWorlds: Readonly<Record<string, DecisionWorld>> = {
  'worse by exactly the margin': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    right: 'rag',
    arms: arms({
      prompt: worseByTheMargin,
      'few-shot': worseByTheMargin,
      tuned: worseByTheMargin,
      rag: { facts: 1 },
      hybrid: { facts: 1 },
      cascade: { facts: 1 },
      'full-context': worseByTheMargin,
    }),
  },
  'retrieval and tuning in each other’s way': {
    ...common,
    knowledge: 0.25,
    behaviour: 0.25,
    bar: 0.5,
    right: 'rag',
    arms: arms({
      'few-shot': { form: 0.4 },
      tuned: { form: 1 },
      rag: { facts: 1, form: 0.5 },
      // Cheaper here, and worse than rag by the margin: it is thrown off by what it finds.
      hybrid: { ...able, spoils: 0.2533, costUsd: 0.00045 },
      cascade: { facts: 1, form: 0.5 },
      'full-context': { facts: 0.5 },
    }),
  },
  'clustered questions': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    groupSize: 5,
    right: 'rag',
    arms: three({ prompt: worseByTheMargin, rag: { facts: 1 }, hybrid: { facts: 1 } }),
  },
  'unequal error rates': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    right: 'rag',
    arms: arms({
      // What it cannot answer ends in an error, so that its mean over what is scored is as high as that of the best.
      prompt: { ...worseByTheMargin, errors: 0.6 },
      'few-shot': { ...worseByTheMargin, errors: 0.3 },
      tuned: { facts: 0.3 },
      rag: { facts: 1, errors: 0.02 },
      hybrid: { facts: 1 },
      cascade: { facts: 1 },
    }),
  },
  'incomplete gold': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    labelled: 120,
    right: 'rag',
    // The gold knows one wording; the better arms have others, and lose as much by it as they are better.
    arms: three({
      prompt: worseByTheMargin,
      rag: { facts: 1, wronged: 0.12 },
      hybrid: { facts: 1, wronged: 0.12 },
    }),
  },
  'a judge biased to one arm': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    labelled: 120,
    right: 'rag',
    arms: three({
      prompt: { ...worseByTheMargin, flattered: 0.6 },
      rag: { facts: 1 },
      hybrid: { facts: 1 },
    }),
  },
  'wrong labels': {
    ...common,
    knowledge: 0.45,
    behaviour: 0,
    labelled: 120,
    right: 'rag',
    // Labels that call right what is wrong, and the other way round, blur every difference.
    arms: three({
      prompt: { ...worseByTheMargin, flattered: 0.35, wronged: 0.15 },
      rag: { facts: 1, flattered: 0.35, wronged: 0.25 },
      hybrid: { facts: 1, flattered: 0.35, wronged: 0.25 },
    }),
  },
};
