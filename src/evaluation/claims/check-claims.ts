import { addCost, addUsage, type Cost, noCost, noUsage, type Usage } from '../../core/index.ts';
import type { CellStore } from './cell-store.ts';
import { type ClaimCell, claimHash, evidenceHash } from './claim-cell.ts';
import type { ClaimVerifier, WrittenQuestion } from './claim-verifier.ts';

/** Claims with one cell each, held against one text. */
export interface CheckedClaims {
  readonly claims: readonly string[];
  readonly cells: readonly ClaimCell[];
  /** Whether the text supports each claim. */
  readonly supported: readonly boolean[];
}

/** Holds claims against texts, asking only for cells that are not kept. */
export interface ClaimChecker {
  readonly verifier: ClaimVerifier;
  claimsOf(question: string, text: string): Promise<readonly string[]>;
  /** Throws the fault of the first claim that the judge failed on, after the others have been kept. */
  check(question: string, claims: readonly string[], evidence: string): Promise<CheckedClaims>;
  /** Whether a passage helps to arrive at an answer; kept like a cell. Null as in `ClaimVerifier.useful`. */
  useful(question: string, answer: string, passage: string): Promise<boolean | null>;
  /** Questions that a text answers, each from a repetition of its own; null as in `ClaimVerifier.questionsFrom`. */
  readonly questionsFrom: ((text: string, count: number) => Promise<readonly WrittenQuestion[]>) | null;
  /** Counts embeddings with what this checker has taken; work done here is not priced by the clock. */
  embedded(tokens: number, cost: Cost): void;
  /** What this checker has taken. */
  taken(): { readonly usage: Usage; readonly cost: Cost };
}

/** A checker for one answer; make a new one for each, so that `taken` speaks of that answer alone. */
export function createClaimChecker(verifier: ClaimVerifier, store: CellStore): ClaimChecker {
  let usage = noUsage;
  let cost = noCost;
  const count = <T>(part: { readonly value: T; readonly usage: Usage; readonly cost: Cost }): T => {
    usage = addUsage(usage, part.usage);
    cost = addCost(cost, part.cost);
    return part.value;
  };
  const { identity, sampleIndex, source } = verifier;
  const cellOf = (
    claim: string,
    evidence: string,
    finding: { verdict: ClaimCell['verdict']; reason: string },
  ) => ({
    claim,
    evidence,
    judge: identity,
    sampleIndex,
    source,
    ...finding,
  });
  const { questionsFrom } = verifier;
  return {
    verifier,
    questionsFrom:
      questionsFrom === null ? null : async (text, wanted) => count(await questionsFrom(text, wanted)),
    taken: () => ({ usage, cost }),
    embedded(tokens, price) {
      usage = addUsage(usage, { embeddedTokens: tokens });
      if (price.source !== 'core-hours') cost = addCost(cost, price);
    },
    claimsOf: async (question, text) => count(await verifier.claimsOf(question, text)),
    async check(question, claims, evidence) {
      const text = evidenceHash(evidence);
      const hashes = claims.map((claim) => claimHash(question, claim));
      const known = await store.find(text, hashes, identity, sampleIndex);
      const open = claims.filter((_claim, index) => !known.has(hashes[index]!));
      const findings = open.length === 0 ? [] : count(await verifier.verify(question, open, evidence));
      const fresh: ClaimCell[] = [];
      for (const [index, finding] of findings.entries())
        if ('verdict' in finding) fresh.push(cellOf(claimHash(question, open[index]!), text, finding));
      await store.keep(fresh);
      for (const finding of findings) if ('fault' in finding) throw finding.fault;
      for (const cell of fresh) known.set(cell.claim, cell);
      const cells = hashes.map((hash) => known.get(hash)!);
      return { claims, cells, supported: cells.map(({ verdict }) => verdict === 'supported') };
    },
    async useful(question, answer, passage) {
      if (verifier.useful === null) return null;
      const evidence = evidenceHash(passage);
      // Its own kind of cell: the passage is asked about, not a claim.
      const hash = claimHash(`useful: ${question}`, answer);
      const kept = (await store.find(evidence, [hash], identity, sampleIndex)).get(hash);
      if (kept) return kept.verdict === 'supported';
      const finding = count(await verifier.useful(question, answer, passage));
      if ('fault' in finding) throw finding.fault;
      await store.keep([cellOf(hash, evidence, finding)]);
      return finding.verdict === 'supported';
    },
  };
}
