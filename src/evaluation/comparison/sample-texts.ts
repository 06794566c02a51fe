import type { Answer, Sample } from '../../core/index.ts';
import type { Run, SampleResult } from '../runs/run.ts';
import { variantNames } from '../runs/score-rows.ts';
import type { ScoreRow } from '../score-row.ts';

/** What a variant said to one sample. */
export interface AnswerText {
  readonly output: string | null;
  readonly refusal: string | null;
  readonly error: string | null;
  readonly quotes: readonly { readonly source: string; readonly quote: string }[];
}

/** One sample as a person reads it. Everything in it is somebody else's text. */
export interface SampleTexts {
  readonly input: string | null;
  /** What a right answer holds: facts, reference or label. */
  readonly expected: readonly string[];
  /** Quotes of the gold evidence. */
  readonly evidence: readonly { readonly source: string; readonly quote: string }[];
  /** By variant. */
  readonly answers: Readonly<Record<string, AnswerText>>;
}

/** A run with what is kept of its samples. */
export interface AnsweredRun {
  readonly run: Run;
  readonly results: readonly SampleResult[];
  readonly answers: ReadonlyMap<string, Answer>;
}

/** Texts of the samples of runs, by sample id. Recorded runs have no answers; their texts are null. */
export function textsOfRuns(
  runs: readonly AnsweredRun[],
  samples: readonly Sample[],
): Map<string, SampleTexts> {
  const names = variantNames(runs.map(({ run }) => run));
  const known = new Map(samples.map((sample) => [sample.id, sample]));
  const answers = new Map<string, Record<string, AnswerText>>();
  for (const [index, { results, answers: given }] of runs.entries())
    for (const result of results) {
      const answer = given.get(result.sample);
      const own = answers.get(result.sample) ?? {};
      answers.set(result.sample, own);
      own[names[index]!] = {
        output: answer?.answer ?? null,
        refusal: answer?.refusal?.reason ?? result.refusal,
        error: result.error?.message ?? null,
        quotes: (answer?.citations ?? []).map(({ uri, quote }) => ({ source: uri, quote })),
      };
    }
  return new Map(
    [...answers].map(([id, own]) => {
      const sample = known.get(id);
      return [id, { ...expectedOf(sample), input: sample?.input ?? null, answers: own }];
    }),
  );
}

/** Texts that score rows from a file bring along, by sample id; empty where they bring none. */
export function textsOfRows(rows: readonly ScoreRow[]): Map<string, SampleTexts> {
  const texts = new Map<string, SampleTexts>();
  for (const row of rows) {
    if (row.input === undefined && row.output === undefined) continue;
    const known = texts.get(row.sample);
    const own: AnswerText = { output: row.output ?? null, refusal: null, error: null, quotes: [] };
    texts.set(row.sample, {
      input: row.input ?? known?.input ?? null,
      expected: [],
      evidence: [],
      answers: { ...known?.answers, ...(row.output === undefined ? {} : { [row.variant]: own }) },
    });
  }
  return texts;
}

function expectedOf(sample: Sample | undefined): Pick<SampleTexts, 'expected' | 'evidence'> {
  if (!sample) return { expected: [], evidence: [] };
  const facts = (sample.facts ?? []).map((forms) => forms.join(' | '));
  const references = [sample.reference, ...(sample.references ?? []), sample.label];
  const expected = [...facts, ...references.filter((text) => text !== undefined)];
  return {
    expected: sample.answerable ? expected : ['no answer: the question cannot be answered', ...expected],
    evidence: (sample.evidence ?? []).flatMap(({ document, quote }) =>
      quote === undefined ? [] : [{ source: document, quote }],
    ),
  };
}
