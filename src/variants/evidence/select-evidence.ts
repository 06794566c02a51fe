import { type Cost, noCost, noUsage, type Principal, type Usage } from '../../core/index.ts';
import { contextSource, type DocumentReader, type Hit, type StoredDocument } from '../../knowledge/index.ts';
import type { HiddenSpan } from '../variant.ts';
import { type QuotableUnit, quotableUnits } from './quotable-units.ts';
import { cosine, type SentenceVectors } from './sentence-vectors.ts';
import { informativeTerms, termCoverage, termWeights } from './terms.ts';

/** A unit of a hit with how well it bears on the question. */
export interface ScoredUnit extends QuotableUnit {
  readonly document: StoredDocument;
  /** Rank of its hit, 0 for the best. */
  readonly hit: number;
  readonly titlePath: readonly string[];
  /** Place among the units of its hit; neighbours differ by one. */
  readonly ordinal: number;
  readonly text: string;
  /** Weighted sum of cosine, term coverage and the hit's score; comparable within one question only. */
  readonly score: number;
  /** Cosine with the question, null without an embedding model. */
  readonly similarity: number | null;
  /** Weighted share of the question's terms in it, 0 to 1. */
  readonly coverage: number;
}

/** The sentences of the best hits, best first, and the raw figures that a refusal is decided on. */
export interface EvidenceSelection {
  readonly ranked: readonly ScoredUnit[];
  /** Cosine of the question with the best unit; null without vectors. */
  readonly similarity: number | null;
  /** Weighted share of the question's terms that the three best units have together with their titles. */
  readonly coverage: number;
  readonly usage: Usage;
  readonly cost: Cost;
}

/** How much each figure weighs in a unit's score; chosen as docs/variants.md says. */
export interface SentenceWeights {
  readonly similarity: number;
  readonly coverage: number;
  readonly hit: number;
}

export const defaultSentenceWeights: SentenceWeights = { similarity: 1, coverage: 0.7, hit: 0.5 };

/** Share of a term's weight that counts when it stands in the title path only. */
const titleShare = 0.3;

/** Most units that are scored for one question. */
const maxUnits = 200;

export interface SelectEvidenceOptions {
  readonly question: string;
  /** Best first; only these are read. */
  readonly hits: readonly Hit[];
  readonly documents: DocumentReader;
  readonly principal: Principal;
  /** Null for scoring on keywords alone. */
  readonly vectors: SentenceVectors | null;
  readonly queryVector: Float32Array | null;
  readonly weights?: SentenceWeights | undefined;
  /** Sentences that overlap one of these are left out. */
  readonly hidden?: readonly HiddenSpan[] | undefined;
  readonly signal?: AbortSignal | undefined;
}

/**
 * Chooses the sentences of the hits that bear on the question. A hit whose document is gone, or no longer has that
 * version, is left out. Without vectors sentences are ranked by terms and the hit's score.
 */
export async function selectEvidence(options: SelectEvidenceOptions): Promise<EvidenceSelection> {
  const { question, hits, queryVector } = options;
  const units = (await readUnits(options))
    .filter((unit) => !isHidden(unit, options.hidden))
    .slice(0, maxUnits);
  const unitTerms = units.map((unit) => new Set(informativeTerms(unit.text)));
  const weights = termWeights(question, unitTerms);
  const titleTerms = new Map(
    hits.map((hit, rank) => [rank, new Set(informativeTerms(hit.titlePath.join(' ')))]),
  );
  const embedded =
    options.vectors && queryVector && units.length > 0
      ? await options.vectors.embed(
          units.map((unit) => unit.text),
          options.signal,
          passingTexts(units),
        )
      : null;
  const best = Math.max(...hits.map((hit) => hit.score), Number.MIN_VALUE);
  const factor = options.weights ?? defaultSentenceWeights;
  const ranked = units
    .map((unit, index): ScoredUnit => {
      const vector = embedded?.vectors[index];
      const similarity = vector && queryVector ? cosine(vector, queryVector) : null;
      const own = unitTerms[index] ?? new Set<string>();
      const titles = titleTerms.get(unit.hit) ?? new Set<string>();
      const coverage = termCoverage(weights, own);
      const withTitles =
        coverage + titleShare * (termCoverage(weights, new Set([...own, ...titles])) - coverage);
      const hitScore = (hits[unit.hit]?.score ?? 0) / best;
      const score =
        factor.similarity * (similarity ?? 0) + factor.coverage * withTitles + factor.hit * hitScore;
      return { ...unit, similarity, coverage, score };
    })
    .sort((a, b) => b.score - a.score || a.hit - b.hit || a.start - b.start);
  return {
    ranked,
    similarity: ranked[0]?.similarity ?? null,
    coverage: jointCoverage(weights, ranked.slice(0, 3), titleTerms),
    usage: embedded?.usage ?? noUsage,
    cost: embedded?.cost ?? noCost,
  };
}

/** Texts that providers of request-time context gave. */
export function passingTexts(units: readonly Pick<ScoredUnit, 'document' | 'text'>[]): Set<string> {
  return new Set(units.filter(({ document }) => document.source === contextSource).map(({ text }) => text));
}

function isHidden({ document, start, end }: ReadUnit, hidden: SelectEvidenceOptions['hidden'] = []): boolean {
  return hidden.some(
    (span) => span.documentId === document.documentId && span.start < end && start < span.end,
  );
}

type ReadUnit = Omit<ScoredUnit, 'score' | 'similarity' | 'coverage'>;

async function readUnits({ hits, documents, principal }: SelectEvidenceOptions): Promise<ReadUnit[]> {
  const units: ReadUnit[] = [];
  for (const [rank, hit] of hits.entries()) {
    const document = await documents.read(hit.documentId, principal, hit.version);
    if (!document) continue;
    for (const [ordinal, unit] of quotableUnits(document.text, hit.start, hit.end).entries())
      units.push({
        ...unit,
        document,
        hit: rank,
        titlePath: hit.titlePath,
        ordinal,
        text: document.text.slice(unit.start, unit.end),
      });
  }
  return units;
}

function jointCoverage(
  weights: ReadonlyMap<string, number>,
  units: readonly ScoredUnit[],
  titles: ReadonlyMap<number, ReadonlySet<string>>,
): number {
  const present = new Set<string>();
  for (const unit of units) {
    for (const term of informativeTerms(unit.text)) present.add(term);
    for (const term of titles.get(unit.hit) ?? []) present.add(term);
  }
  return termCoverage(weights, present);
}
