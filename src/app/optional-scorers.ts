import {
  chooseScorers,
  createCitationSupportScorers,
  type OptionalScorers,
  optionalScorers,
  type Scorer,
} from '../evaluation/index.ts';

/** Of the two scorers of citation support, the one with this name; the check of the variants is loaded with it. */
async function citationSupportScorer(at: 0 | 1): Promise<Scorer> {
  const { judgeClaim, statementsOfAnswer, supportedScore } = await import('../variants/index.ts');
  const scorers = createCitationSupportScorers(
    statementsOfAnswer,
    (statement, quotes) => judgeClaim(statement, quotes).state !== 'unverified',
  );
  return { ...scorers[at], definition: { type: scorers[at].name, check: 1, supportedScore } };
}

/** Every optional scorer of a project: those of evaluation, and those that need the check of the variants. */
export const projectOptionalScorers: OptionalScorers = {
  ...optionalScorers,
  'citation-support-precision': () => citationSupportScorer(0),
  'citation-support-recall': () => citationSupportScorer(1),
};

/** `chooseScorers` among all optional scorers of a project. Throws `metric-unknown`. */
export function chooseProjectScorers(
  defaults: readonly Scorer[],
  names: readonly string[],
): Promise<Scorer[]> {
  return chooseScorers(defaults, names, projectOptionalScorers);
}
