import {
  type Answer,
  addCost,
  addUsage,
  type Citation,
  type Cost,
  noCost,
  noUsage,
  type Principal,
  type Sample,
  sha256,
  type Usage,
  type WorkOptions,
} from '../../core/index.ts';
import type { Evaluated } from '../evaluated.ts';
import type { SplitStatements } from '../scorers/citation-support.ts';
import { type MeanInterval, meanInterval } from '../statistics/mean-interval.ts';

/** Whether an answer still says a statement; supplied by `app`. */
export type StillSays = (statement: string, answer: string) => boolean;

export interface LeaveOneOutOptions extends WorkOptions {
  readonly variant: Evaluated;
  readonly samples: readonly Sample[];
  readonly principal: Principal;
  /** Share of the samples that are looked at, in (0, 1]. */
  readonly share: number;
  /** Chooses which; the same seed, the same samples. */
  readonly seed: number;
  /** No further question is asked once so many USD are spent; no limit by default. */
  readonly budget?: number | undefined;
  readonly split: SplitStatements;
  readonly stillSays: StillSays;
}

/** One citation whose evidence was taken away. */
export interface LeftOutCitation {
  readonly sample: string;
  readonly marker: number;
  readonly uri: string;
  readonly quote: string;
  /** The statements that it stood behind. */
  readonly statements: readonly string[];
  /** Whether the answer without that evidence still says them all: then it did not come from there. */
  readonly stillSaid: boolean;
  /** Whether the answer without it is the same word for word, markers aside. */
  readonly sameAnswer: boolean;
}

export interface LeaveOneOutReport {
  readonly variant: string;
  readonly kind: string;
  /** Samples that were chosen; of these answered with citations; refused or without any. */
  readonly samples: number;
  readonly cited: number;
  readonly uncited: number;
  readonly citations: readonly LeftOutCitation[];
  /** Share of the citations without which a statement is no longer made, among those that stand behind one, clustered by group. */
  readonly matters: MeanInterval;
  /** Share of the citations without which another answer is given, word for word. */
  readonly changes: MeanInterval;
  readonly usage: Usage;
  readonly cost: Cost;
  /** The budget ended it before all chosen samples were asked. */
  readonly stopped: boolean;
}

const confidence = 0.95;

/**
 * Takes the evidence of each citation away and asks again: does the answer rest on what it cites, or was the citation found for it
 * afterwards (post-rationalised, Wallat et al. 2025)? A citation matters when a statement that it stands behind is gone from the
 * second answer. What else in the corpus says the same is left, so a fact that stands there twice makes its citations look idle.
 */
export async function leaveOneOut(options: LeaveOneOutOptions): Promise<LeaveOneOutReport> {
  const { variant, principal, signal } = options;
  const chosen = choose(options.samples, options.share, options.seed);
  const citations: LeftOutCitation[] = [];
  const groups: string[] = [];
  let usage = noUsage;
  let cost = noCost;
  let cited = 0;
  let uncited = 0;
  let stopped = false;
  const ask = async (sample: Sample, hidden: readonly Citation[]): Promise<Answer> => {
    const { id, input, evidence } = sample;
    const hiddenEvidence = hidden.map(({ documentId, start, end }) => ({ documentId, start, end }));
    const answer = await variant.answer({ input, principal, sampleId: id, evidence, hiddenEvidence, signal });
    usage = addUsage(usage, answer.usage);
    cost = addCost(cost, answer.cost);
    return answer;
  };
  const isSpent = (): boolean =>
    options.budget !== undefined && (cost.usd ?? Number.POSITIVE_INFINITY) >= options.budget;

  for (const [done, sample] of chosen.entries()) {
    options.onProgress?.({ phase: 'leave out', done, total: chosen.length, unit: 'questions' });
    if (done > 0 && isSpent()) {
      stopped = true;
      break;
    }
    const answer = await ask(sample, []);
    if (answer.refusal !== null || answer.citations.length === 0) {
      uncited++;
      continue;
    }
    cited++;
    for (const citation of answer.citations) {
      if (isSpent()) {
        stopped = true;
        break;
      }
      const without = await ask(sample, [citation]);
      citations.push(compare(sample, answer, citation, without, options));
      groups.push(sample.group ?? sample.id);
    }
  }
  options.onProgress?.({ phase: 'leave out', done: chosen.length, total: chosen.length, unit: 'questions' });
  const shareOf = (
    test: (each: LeftOutCitation) => boolean,
    among: (each: LeftOutCitation) => boolean = () => true,
  ): MeanInterval => {
    const chosen = [...citations.entries()].filter(([, each]) => among(each));
    return meanInterval(
      chosen.map(([, each]) => (test(each) ? 1 : 0)),
      chosen.map(([at]) => groups[at]!),
      confidence,
    );
  };
  return {
    variant: variant.name,
    kind: variant.kind,
    samples: chosen.length,
    cited,
    uncited,
    citations,
    matters: shareOf(
      ({ stillSaid }) => !stillSaid,
      ({ statements }) => statements.length > 0,
    ),
    changes: shareOf(({ sameAnswer }) => !sameAnswer),
    usage,
    cost,
    stopped,
  };
}

function compare(
  sample: Sample,
  answer: Answer,
  citation: Citation,
  without: Answer,
  { split, stillSays }: LeaveOneOutOptions,
): LeftOutCitation {
  const statements = split(answer)
    .filter(({ markers }) => markers.includes(citation.marker))
    .map(({ text }) => text);
  const left = without.refusal === null ? without.answer : '';
  return {
    sample: sample.id,
    marker: citation.marker,
    uri: citation.uri,
    quote: citation.quote,
    statements,
    stillSaid: statements.length > 0 && statements.every((statement) => stillSays(statement, left)),
    sameAnswer: plainWords(left) === plainWords(answer.answer),
  };
}

/** The samples with the smallest hashes under a seed, in their own order; at least one where there are any. */
function choose(samples: readonly Sample[], share: number, seed: number): Sample[] {
  const count = Math.min(samples.length, Math.max(1, Math.round(samples.length * share)));
  const drawn = samples
    .map((sample) => ({ sample, at: sha256(`${seed}\n${sample.id}`) }))
    .sort((a, b) => (a.at < b.at ? -1 : 1))
    .slice(0, count);
  const kept = new Set(drawn.map(({ sample }) => sample));
  return samples.filter((sample) => kept.has(sample));
}

function plainWords(text: string): string {
  return (
    text
      .replace(/\[\d[\d, ]{0,30}\]/g, '')
      .toLowerCase()
      .match(/[\p{L}\p{N}]+/gu) ?? []
  ).join(' ');
}
