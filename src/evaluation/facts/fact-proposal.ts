/** Facts of a sample, each as its accepted literal forms. */
export type Facts = readonly (readonly string[])[];

/** Most facts that are proposed for one sample. */
export const mostFacts = 8;

/** Why a form was dropped, or a fact with it. */
export type FormProblem = 'empty' | 'invented' | 'in-question' | 'duplicate';

/** Why a whole fact was rejected; a form's problem where none of its forms was left. */
export type FactProblem = FormProblem | 'not-in-every-reference' | 'too-many';

/** Why nothing is proposed for a sample. */
export type NoProposal = 'invalid-output' | 'none-named' | 'none-left' | 'model-failed';

/**
 * Facts that a model or a rule proposes for a sample. They are no part of the dataset, and no scorer reads them, until a
 * person accepts them in review.
 */
export interface FactProposal {
  readonly sample: string;
  /** `sampleHash` of the sample that they were proposed for; for one that has changed since they do not count. */
  readonly sampleHash: string;
  /** Id of the model, or `rule`. */
  readonly proposer: string;
  readonly facts: Facts;
}
