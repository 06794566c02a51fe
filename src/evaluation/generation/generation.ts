import type { z } from 'zod';
import type { Cost, Sample, Usage } from '../../core/index.ts';

/** Kinds of question that are made, in the order of reports. */
export const questionKinds = [
  'single-fact',
  'multi-document',
  'how-to',
  'comparison',
  'unanswerable',
  'follow-up',
] as const;
export type QuestionKind = (typeof questionKinds)[number];

/** A language model as generation sees it; structurally a `LanguageModel` of the models room. Supplied by `app`. */
export interface QuestionModel {
  readonly id: string;
  /** Local models cost no money beside the time of this machine. */
  readonly local: boolean;
  generate(request: {
    messages: readonly { role: 'system' | 'user' | 'assistant'; content: string }[];
    schema?: z.ZodType | undefined;
    maxOutputTokens?: number | undefined;
    signal?: AbortSignal | undefined;
  }): Promise<{ text: string; usage: Usage; cost: Cost }>;
  countTokens(text: string): Promise<number>;
  price(usage: Usage): Cost;
}

/** A stretch of a document: `[start, end)` of its canonical text, and exactly that slice. */
export interface CorpusPassage {
  readonly documentId: string;
  /** Titles above it, outermost first; empty where they are not known. */
  readonly titlePath: readonly string[];
  readonly start: number;
  readonly end: number;
  readonly text: string;
}

/** The corpus as generation sees it. Supplied by `app`. */
export interface GenerationCorpus {
  /** Ids of the documents that questions are made from, with the version of each. */
  documents(): Promise<readonly { documentId: string; version: string }[]>;
  /** Sections of a document in order. */
  sections(documentId: string): Promise<readonly CorpusPassage[]>;
  findPassages: FindPassages;
}

/** Best passages for a query over the whole corpus; `exceptDocuments` are left out before ranking. */
export type FindPassages = (
  query: string,
  options: { limit: number; exceptDocuments?: readonly string[] | undefined },
) => Promise<readonly CorpusPassage[]>;

/** What is checked of every candidate. `closed-book` passes when a model without the evidence does not hold the facts. */
export const gateNames = [
  'verbatim',
  'facts-in-evidence',
  'self-contained',
  'answerable',
  'closed-book',
  'distinct',
] as const;
export type GateName = (typeof gateNames)[number];

/** `unmeasured`: an earlier gate had failed, or measuring it needs a model that is not there. */
export type GateResult = 'passed' | 'failed' | 'unmeasured';

/** Why a candidate became no sample. */
export type RejectionReason =
  | 'invalid-output'
  | 'no-usable-sentence'
  | 'no-related-passage'
  | 'evidence-not-verbatim'
  | 'one-document-enough'
  | 'no-facts'
  | 'fact-not-in-evidence'
  | 'fact-in-question'
  | 'not-self-contained'
  | 'not-answerable-with-evidence'
  | 'answerable-after-all'
  | 'known-without-evidence'
  | 'near-duplicate'
  | 'model-failed';

/** What became of one attempt at a question. */
export interface Candidate {
  readonly kind: QuestionKind;
  /** The passage that it started from. */
  readonly origin: { readonly documentId: string; readonly start: number; readonly end: number };
  /** Null where not even a draft could be read. */
  readonly sample: Sample | null;
  readonly gates: Readonly<Partial<Record<GateName, GateResult>>>;
  /** Null for one that passed all gates that reject. */
  readonly rejected: RejectionReason | null;
}
