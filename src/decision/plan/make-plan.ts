import type { HalfLife } from '../half-life/half-life.ts';
import { behaviourRules } from './behaviour-rules.ts';
import { boundaryRules } from './boundary-rules.ts';
import { chooseExperiment, type PriceCalls } from './choose-experiment.ts';
import { cheapPrefix, knowledgeRules } from './knowledge-rules.ts';
import { loadRules } from './load-rules.ts';
import type { Hypothesis, Plan } from './plan.ts';
import { type Approach, approaches, type PlanAnswers, planQuestions } from './plan-answers.ts';
import type { Standing } from './standing.ts';

export interface PlanOptions {
  /** Prices the experiment's tokens; absent where no model was named. */
  readonly price?: PriceCalls | undefined;
  /** How fast the evidence of a dataset changes, where that was measured. */
  readonly halfLife?: HalfLife | null | undefined;
}

/**
 * Hypotheses from what a team knows of its problem, before any data. There is no scoring: an approach is ruled out by an
 * answer, meets it, or has to be measured; of those that remain the cheapest comes first, since it has to be shown not to
 * suffice before a dearer one is paid for.
 */
export function makePlan(answers: PlanAnswers, options: PlanOptions = {}): Plan {
  const standings = standingsOf(answers);
  const hypotheses = rank(answers, standings);
  return {
    answers,
    hypotheses,
    conflicts: conflictsOf(answers, standings),
    experiment: chooseExperiment(answers, hypotheses, standings, options.price),
    wouldChange: changesOf(answers),
    unanswered: planQuestions
      .filter(({ key, when }) => answers[key] === undefined && (when?.(answers) ?? true))
      .map(({ key }) => key),
    halfLife: options.halfLife ?? null,
    notes: notesOf(answers),
  };
}

function standingsOf(answers: PlanAnswers): Standing[] {
  return [
    ...knowledgeRules(answers),
    ...boundaryRules(answers),
    ...behaviourRules(answers),
    ...loadRules(answers),
  ];
}

/** By what a request costs: a corpus in the prompt is cheaper than passages of it only while it is small. */
function costOrder({ corpusTokens }: PlanAnswers): readonly Approach[] {
  if (corpusTokens !== undefined && corpusTokens <= cheapPrefix) return approaches;
  return ['prompt', 'few-shot', 'rag', 'full-context', 'tuned', 'hybrid'];
}

function rank(answers: PlanAnswers, standings: readonly Standing[]): Hypothesis[] {
  const found = costOrder(answers).map((approach) => {
    const of = (state: Standing['state']) =>
      standings
        .filter((standing) => standing.approach === approach && standing.state === state)
        .map(({ requirement, reason }) => ({ requirement, reason }));
    const fails = of('fails');
    return { approach, ruledOut: fails.length > 0, meets: of('meets'), open: of('open'), fails };
  });
  return found
    .map((hypothesis, cost) => ({ hypothesis, cost }))
    .sort(
      (a, b) =>
        Number(a.hypothesis.ruledOut) - Number(b.hypothesis.ruledOut) ||
        (a.hypothesis.ruledOut ? a.hypothesis.fails.length - b.hypothesis.fails.length : 0) ||
        a.cost - b.cost,
    )
    .map(({ hypothesis }, index) => ({ ...hypothesis, rank: index + 1 }));
}

function conflictsOf(answers: PlanAnswers, standings: readonly Standing[]): Plan['conflicts'] {
  return (answers.considering ?? []).flatMap((approach) =>
    standings
      .filter((standing) => standing.approach === approach && standing.state === 'fails')
      .sort((a, b) => Number(b.againstPurpose ?? false) - Number(a.againstPurpose ?? false))
      .map(({ reason, againstPurpose }) => ({
        approach,
        message: `${againstPurpose ? 'This fights its purpose' : 'This cannot meet what is asked'}: ${reason}.`,
      })),
  );
}

/** Every answer that is one of a set, changed alone: which approach would come first then. */
function changesOf(answers: PlanAnswers): Plan['wouldChange'] {
  const first = firstOf(answers);
  return planQuestions.flatMap(({ key, kind, choices, when }) => {
    if (key === 'considering' || key === 'hosted' || key === 'pipeline' || !(when?.(answers) ?? true))
      return [];
    const values: readonly unknown[] =
      kind === 'yes-no' ? [true, false] : kind === 'choice' ? (choices ?? []).map(([value]) => value) : [];
    return values
      .filter((value) => value !== answers[key])
      .map((value) => ({ value, first: firstOf({ ...answers, [key]: value }) }))
      .filter((changed) => changed.first !== first)
      .map((changed) => ({ answer: key, value: sayValue(changed.value), first: changed.first }));
  });
}

function firstOf(answers: PlanAnswers): Approach | null {
  const leader = rank(answers, standingsOf(answers))[0];
  return leader && !leader.ruledOut ? leader.approach : null;
}

function sayValue(value: unknown): string {
  return value === true ? 'yes' : value === false ? 'no' : String(value);
}

function notesOf({ goldSamples, questions, pipeline, hosted, budgetUsd, volume }: PlanAnswers): string[] {
  const notes: string[] = [];
  if (goldSamples === undefined || goldSamples < 100)
    notes.push(
      `Make the test set first: most projects fail for want of one. ${questions ? `Start from your ${questions.toLocaleString('en-US')} questions` : '"fulcrum dataset generate" proposes questions from your documents'}; 100 to 500 with gold answers are usual.`,
    );
  if (pipeline)
    notes.push(
      'Run the pipeline that answers today as a variant ("external") on the same samples: it is what any other has to beat.',
    );
  if (hosted === false)
    notes.push(
      'Texts stay with you: local models, local tuning, or a server of your own that speaks the OpenAI protocol.',
    );
  if (budgetUsd !== undefined && volume !== undefined)
    notes.push(
      `$${budgetUsd.toLocaleString('en-US')} a month for ${volume.toLocaleString('en-US')} requests is $${((1000 * budgetUsd) / volume).toPrecision(2)} per 1,000: "fulcrum cost" tells which arms stay below it.`,
    );
  return notes;
}
