import type { z } from 'zod';
import { type Sample, sha256 } from '../../core/index.ts';
import { findAskable, sentenceEvidence } from './cloze.ts';
import {
  closedBookRequest,
  draftRequest,
  draftSchema,
  followUpSchema,
  isNoAnswer,
  openBookRequest,
  sentenceRequest,
  unanswerableSchema,
} from './draft-prompts.ts';
import { holdsFacts, isSelfContained, locateQuote } from './gates.ts';
import type {
  Candidate,
  CorpusPassage,
  FindPassages,
  GateName,
  GateResult,
  RejectionReason,
} from './generation.ts';
import { type ModelCaller, readJson } from './model-caller.ts';
import type { Slot } from './plan-slots.ts';

/** Passages of the whole corpus that an unanswerable question is held against, beside its own. */
const passagesSearched = 4;

type Draft = z.infer<typeof draftSchema> & { firstQuestion?: string; firstAnswer?: string };

/** What a candidate is made with. */
export interface CandidateTools {
  readonly caller: ModelCaller;
  readonly findPassages: FindPassages;
  /** Number of documents of the corpus that hold each word. */
  readonly frequency: ReadonlyMap<string, number>;
  /** Rejects what the model knows without the evidence, instead of tagging it. */
  readonly dropKnown: boolean;
}

/**
 * Drafts one question with a model and puts it through the gates, cheapest first; what stands after the first failed one is
 * not measured. Throws what the model throws.
 */
export async function makeCandidate(slot: Slot, tools: CandidateTools): Promise<Candidate> {
  if (slot.kind === 'unanswerable') return makeUnanswerable(slot, tools);
  if (slot.kind === 'single-fact' && tools.caller.model.local) return makeFromSentence(slot, tools);
  const passages = await passagesFor(slot, tools.findPassages);
  const outcome = outcomesOf(slot);
  if (passages === null) return outcome('no-related-passage');
  const said = await tools.caller.ask(draftRequest(slot.kind, passages));
  const draft: Draft | null = readJson(said, slot.kind === 'follow-up' ? followUpSchema : draftSchema);
  if (draft === null) return outcome('invalid-output');
  const facts = [...new Set(draft.facts.map((fact) => fact.trim()).filter(Boolean))].map((fact) => [fact]);
  const evidence = draft.quotes.map((quote) => locateQuote(quote, passages));
  const located = evidence.filter((piece) => piece !== null);
  const first = draft.firstQuestion ?? draft.question;
  const input =
    draft.firstQuestion === undefined
      ? draft.question
      : `User: ${first}\nAssistant: ${draft.firstAnswer}\nUser: ${draft.question}`;
  const sample: Sample = {
    id: idOf(slot, input),
    input,
    reference: draft.answer,
    facts,
    answerable: true,
    evidence: located,
    group: slot.passage.documentId,
  };
  const verbatim = located.length === evidence.length && located.length > 0;
  if (!verbatim) return outcome('evidence-not-verbatim', sample, { verbatim: 'failed' });
  const gates: Partial<Record<GateName, GateResult>> = { verbatim: 'passed' };
  if (slot.kind === 'multi-document' && new Set(located.map(({ document }) => document)).size < 2)
    return outcome('one-document-enough', sample, gates);
  const shown = evidencePassages(located, passages);
  const factProblem = judgeFacts(draft.question, facts, shown);
  if (factProblem) return outcome(factProblem, sample, { ...gates, 'facts-in-evidence': 'failed' });
  gates['facts-in-evidence'] = 'passed';
  const standsAlone = isSelfContained(first);
  gates['self-contained'] = standsAlone ? 'passed' : 'failed';
  if (!standsAlone) return outcome('not-self-contained', sample, gates);
  return judgeByModel(slot, sample, gates, shown, tools);
}

/** The gates that ask the model: with the evidence it must hold the facts; without, it should not. */
async function judgeByModel(
  slot: Slot,
  sample: Sample,
  gates: Partial<Record<GateName, GateResult>>,
  shown: readonly CorpusPassage[],
  { caller, dropKnown }: CandidateTools,
): Promise<Candidate> {
  const outcome = outcomesOf(slot);
  const facts = sample.facts ?? [];
  const openBook = await caller.ask(openBookRequest(sample.input, shown));
  gates.answerable = !isNoAnswer(openBook) && holdsFacts(openBook, facts) ? 'passed' : 'failed';
  if (gates.answerable === 'failed') return outcome('not-answerable-with-evidence', sample, gates);
  const closedBook = await caller.ask(closedBookRequest(sample.input));
  gates['closed-book'] = isNoAnswer(closedBook) || !holdsFacts(closedBook, facts) ? 'passed' : 'failed';
  if (gates['closed-book'] === 'failed' && dropKnown) return outcome('known-without-evidence', sample, gates);
  return outcome(null, sample, gates);
}

/** The rule chooses sentence and fact, the model only words the question; for small models. */
async function makeFromSentence(slot: Slot, tools: CandidateTools): Promise<Candidate> {
  const outcome = outcomesOf(slot);
  const { passage } = slot;
  const sentence = findAskable(passage, tools.frequency);
  if (!sentence) return outcome('no-usable-sentence');
  const said = await tools.caller.ask(sentenceRequest(sentence.text, sentence.fact));
  const input = said.trim().split('\n')[0]?.trim() ?? '';
  if (!/\p{L}.*\?$/u.test(input)) return outcome('invalid-output');
  const evidence = sentenceEvidence(passage, sentence);
  const facts = [[sentence.fact]];
  const sample: Sample = {
    id: idOf(slot, input),
    input,
    reference: sentence.text,
    facts,
    answerable: true,
    evidence: [evidence],
    group: passage.documentId,
  };
  const gates: Partial<Record<GateName, GateResult>> = { verbatim: 'passed', 'facts-in-evidence': 'passed' };
  if (holdsFacts(input, facts)) return outcome('fact-in-question', sample, gates);
  gates['self-contained'] = isSelfContained(input) ? 'passed' : 'failed';
  if (gates['self-contained'] === 'failed') return outcome('not-self-contained', sample, gates);
  return judgeByModel(slot, sample, gates, evidencePassages([evidence], [passage]), tools);
}

/** A question that the corpus should not answer: the model must refuse with its passage and the best others before it. */
async function makeUnanswerable(slot: Slot, { caller, findPassages }: CandidateTools): Promise<Candidate> {
  const outcome = outcomesOf(slot);
  const draft = readJson(await caller.ask(draftRequest('unanswerable', [slot.passage])), unanswerableSchema);
  if (draft === null) return outcome('invalid-output');
  const input = draft.question;
  const sample: Sample = {
    id: idOf(slot, input),
    input,
    answerable: false,
    group: slot.passage.documentId,
  };
  if (!isSelfContained(input)) return outcome('not-self-contained', sample, { 'self-contained': 'failed' });
  const others = await findPassages(input, { limit: passagesSearched });
  const said = await caller.ask(openBookRequest(input, [slot.passage, ...others]));
  const refused = isNoAnswer(said);
  const gates = { 'self-contained': 'passed', answerable: refused ? 'passed' : 'failed' } as const;
  if (!refused) return outcome('answerable-after-all', sample, gates);
  return outcome(null, sample, gates);
}

/** The passages that a kind needs; null where the corpus has no second one on the subject. */
async function passagesFor(
  { kind, passage }: Slot,
  findPassages: FindPassages,
): Promise<CorpusPassage[] | null> {
  if (kind !== 'multi-document' && kind !== 'comparison') return [passage];
  const query = `${passage.titlePath.join(' ')} ${passage.text.slice(0, 300)}`;
  const exceptDocuments = kind === 'multi-document' ? [passage.documentId] : undefined;
  const found = await findPassages(query, { limit: 5, exceptDocuments });
  const other = found.find(
    ({ documentId, start, end }) =>
      documentId !== passage.documentId || end <= passage.start || start >= passage.end,
  );
  return other ? [passage, other] : kind === 'comparison' ? [passage] : null;
}

function judgeFacts(
  question: string,
  facts: readonly (readonly string[])[],
  shown: readonly CorpusPassage[],
): RejectionReason | null {
  if (facts.length === 0) return 'no-facts';
  const text = shown.map((piece) => piece.text).join('\n');
  if (!holdsFacts(text, facts)) return 'fact-not-in-evidence';
  return facts.some((fact) => holdsFacts(question, [fact])) ? 'fact-in-question' : null;
}

/** The quotes themselves under the titles of their passages: nothing else may be needed for the answer. */
function evidencePassages(
  located: readonly NonNullable<ReturnType<typeof locateQuote>>[],
  passages: readonly CorpusPassage[],
): CorpusPassage[] {
  return located.flatMap(({ document, start = 0, end = 0 }) => {
    const from = passages.find(
      (passage) => passage.documentId === document && passage.start <= start && end <= passage.end,
    );
    return from ? [{ ...from, start, end, text: from.text.slice(start - from.start, end - from.start) }] : [];
  });
}

/** Makes candidates of a slot; null for one that is not rejected. */
function outcomesOf({ kind, passage }: Slot) {
  const { documentId, start, end } = passage;
  return (
    rejected: RejectionReason | null,
    sample: Sample | null = null,
    gates: Candidate['gates'] = {},
  ): Candidate => ({ kind, origin: { documentId, start, end }, sample, gates, rejected });
}

function idOf({ kind, passage }: Slot, input: string): string {
  return `${kind}-${sha256(`${passage.documentId} ${passage.start} ${input}`).slice(0, 12)}`;
}
