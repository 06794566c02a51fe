import type { Sample } from '../../core/index.ts';
import { sampleHash } from '../review/review.ts';
import type { FactProposal } from './fact-proposal.ts';

/** Samples as a reviewer judges them. */
export interface SamplesUnderReview {
  /** Where facts are proposed for a sample that has none, with these facts. */
  readonly samples: readonly Sample[];
  /** Proposer by id of each sample whose facts are proposed only. */
  readonly proposedBy: ReadonlyMap<string, string>;
}

/**
 * Puts proposed facts to the samples that they were made for. A decision is then on the sample with these facts, so
 * accepting it confirms them, and it counts no longer when other facts are proposed.
 */
export function samplesUnderReview(
  samples: readonly Sample[],
  proposals: readonly FactProposal[],
): SamplesUnderReview {
  const byId = new Map(proposals.map((proposal) => [proposal.sample, proposal]));
  const proposedBy = new Map<string, string>();
  const shown = samples.map((sample) => {
    const proposal = byId.get(sample.id);
    if (!proposal || sample.facts?.length || proposal.sampleHash !== sampleHash(sample)) return sample;
    proposedBy.set(sample.id, proposal.proposer);
    return { ...sample, facts: proposal.facts.map((forms) => [...forms]) };
  });
  return { samples: shown, proposedBy };
}
