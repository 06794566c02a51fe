import { type Answer, FulcrumError, localOwner, type Sample, type WorkOptions } from '../core/index.ts';
import {
  applyScorer,
  type CellVerdict,
  claimHash,
  comparePairs,
  contextTexts,
  createDatasetStore,
  createRunStore,
  evidenceHash,
  findJudge,
  findScorer,
  type MutationName,
  type MutationResult,
  type NoiseFloor,
  noiseFloor,
  type PairwiseReport,
  reasonWithout,
  type ScoredSample,
  type Scorer,
  scoredAnswers,
  selectSamples,
  stopAtBudget,
  testScorers,
} from '../evaluation/index.ts';
import type { JudgedProject, ProjectJudges } from './wire-judges.ts';

/** What is done with the judges of a project beside scoring runs. With a `budget` each stops between two samples. */
export interface Judging {
  /** Harms the answers of a run, or the references of a dataset, and counts what each metric overlooks. */
  mutate(request: MutateRequest): Promise<MutationResult[]>;
  /** Judges the answers of a run again and again, and says how far the metric moves. */
  noise(request: {
    run: string;
    metric: string;
    repeats: number;
    sample?: number | undefined;
    budget?: number | undefined;
  }): Promise<NoiseFloor | null>;
  /** Blind comparison of the answers of two runs, in both orders. */
  pairwise(request: PairwiseCommand): Promise<PairwiseReport>;
  /** Puts a person's verdict on a claim over the judge's, or takes it back (`verdict: null`). */
  overrule(request: OverruleRequest): Promise<{ claim: string; evidence: string; changed: boolean }>;
  spendingLines(): string[];
}

export interface MutateRequest {
  readonly run?: string | undefined;
  readonly dataset?: string | undefined;
  readonly metrics: readonly string[];
  readonly mutations?: readonly MutationName[] | undefined;
  readonly sample?: number | undefined;
  /** USD of judging from which on nothing more is judged (`budget-reached`); no limit by default. */
  readonly budget?: number | undefined;
}

export interface PairwiseCommand {
  readonly runs: readonly [string, string];
  readonly judge: string;
  readonly criterion: string;
  readonly sample?: number | undefined;
  readonly budget?: number | undefined;
}

export interface OverruleRequest {
  readonly run: string;
  readonly sample: string;
  readonly claim: string;
  /** `contexts` (all together), `context:N` (from 1), `reference` or `answer`. */
  readonly against: string;
  readonly verdict: CellVerdict | null;
  readonly rater: string;
  readonly note: string;
}

/** Wires what judges do beside scoring runs. */
export async function createJudging(
  project: JudgedProject,
  parts: { readonly judges: ProjectJudges; readonly scorers: readonly Scorer[] },
  options: WorkOptions,
): Promise<Judging> {
  const database = await project.database();
  const datasets = createDatasetStore(database);
  const store = createRunStore(database);
  const readDocument = async (id: string) => (await project.knowledge()).documents.read(id, localOwner);

  const answersOf = async (run: string): Promise<ScoredSample[]> => {
    const { dataset } = await store.get(run);
    const { content } = await datasets.get(dataset.name);
    return scoredAnswers(content, await store.answers(run), run);
  };

  const stopAt = (work: string, budget: number | undefined) => (): void =>
    stopAtBudget(work, parts.judges.spending.total().usd, budget ?? null);

  return {
    spendingLines: () => parts.judges.spendingLines(),
    async mutate({ run, dataset, metrics, mutations, sample, budget }) {
      const scorers = metrics.map((metric) => findScorer(parts.scorers, metric));
      const given =
        run === undefined
          ? await referenceAnswers(
              selectSamples(await datasets.get(dataset ?? ''), undefined, sample),
              readDocument,
            )
          : (await answersOf(run)).slice(0, sample);
      const beforeEach = stopAt('testing scorers', budget);
      return testScorers({ ...options, samples: given, scorers, mutations, beforeEach });
    },
    async noise({ run, metric, repeats, sample, budget }) {
      findScorer(parts.scorers, metric);
      const answers = (await answersOf(run)).slice(0, sample);
      const values: number[][] = answers.map(() => []);
      const without: Record<string, number> = {};
      const throwIfSpent = stopAt('judging again', budget);
      for (let index = 0; index < repeats; index++) {
        const scorer = findScorer(parts.judges.scorers(index), metric);
        for (const [at, judged] of answers.entries()) {
          options.signal?.throwIfAborted();
          throwIfSpent();
          const score = await applyScorer(scorer, judged);
          if (score.status === 'scored') values[at]!.push(score.value);
          else without[reasonWithout(score)] = (without[reasonWithout(score)] ?? 0) + 1;
          options.onProgress?.({
            phase: `repetition ${index + 1}`,
            done: at + 1,
            total: answers.length,
            unit: 'samples',
          });
        }
      }
      const reasons = Object.entries(without).map(([reason, count]) => `${count} ${reason}`);
      if (reasons.length > 0) options.onNotice?.(`Judgements without a number: ${reasons.join(', ')}.`);
      return noiseFloor(values);
    },
    async pairwise({ runs: [a, b], judge, criterion, sample, budget }) {
      const found = findJudge(parts.judges.judges, judge);
      const others = new Map((await answersOf(b)).map((each) => [each.sample.id, each.answer]));
      const samples = (await answersOf(a)).flatMap((each) => {
        const answer = others.get(each.sample.id);
        return answer ? [{ sample: each.sample, a: each.answer, b: answer }] : [];
      });
      if (samples.length === 0)
        throw new FulcrumError('run-mismatch', {
          problem: `${a} and ${b} share no answered sample.`,
          metric: 'pairwise',
        });
      return comparePairs({
        ...options,
        judge: found,
        criterion,
        samples: samples.slice(0, sample),
        beforeEach: stopAt('judging pairs', budget),
      });
    },
    async overrule({ run, sample, claim, against, verdict, rater, note }) {
      const judged = (await answersOf(run)).find((each) => each.sample.id === sample);
      if (!judged)
        throw new FulcrumError('usage', { problem: `The run ${run} has no answer to a sample "${sample}".` });
      const evidence = evidenceHash(await evidenceText(judged, against, readDocument));
      const hash = claimHash(judged.sample.input, claim);
      if (verdict === null)
        return { claim, evidence, changed: await parts.judges.cells.withdraw(evidence, hash) };
      const cell = {
        claim: hash,
        evidence,
        judge: rater,
        sampleIndex: 0,
        verdict,
        reason: note,
        source: 'human' as const,
      };
      await parts.judges.cells.keep([cell]);
      return { claim, evidence, changed: true };
    },
  };
}

type ReadText = (id: string) => Promise<{ text: string; version: string; uri: string } | null>;

/** The text that a claim is held against. Throws `usage` where there is none of the kind. */
async function evidenceText(judged: ScoredSample, against: string, readDocument: ReadText): Promise<string> {
  const { sample, answer } = judged;
  if (against === 'answer') return answer.answer;
  const reference = sample.reference ?? sample.references?.[0];
  if (against === 'reference' && reference !== undefined) return reference;
  const texts = (await contextTexts(judged, readDocument)) ?? [];
  if (against === 'contexts') return texts.join('\n');
  const one = /^context:(\d+)$/.exec(against)?.[1];
  const text = one === undefined ? undefined : texts[Number(one) - 1];
  if (text !== undefined) return text;
  throw new FulcrumError('usage', {
    problem: `--against takes contexts, context:N (1 to ${texts.length} here), reference or answer, not "${against}".`,
  });
}

/** The references of samples as if a variant had answered them, with their gold evidence as contexts. */
async function referenceAnswers(samples: readonly Sample[], readDocument: ReadText): Promise<ScoredSample[]> {
  const { noCost, noUsage } = await import('../core/index.ts');
  const found: ScoredSample[] = [];
  for (const sample of samples) {
    const reference = sample.reference ?? sample.references?.[0];
    if (reference === undefined) continue;
    const contexts: Answer['contexts'] = [];
    for (const { document, start, end } of sample.evidence ?? []) {
      const known = await readDocument(document);
      if (known)
        contexts.push({
          documentId: document,
          start: start ?? null,
          end: end ?? null,
          score: null,
          text: known.text.slice(start ?? 0, end),
        });
    }
    const answer: Answer = {
      answer: reference,
      citations: [],
      removedCitations: 0,
      refusal: null,
      contexts,
      usage: noUsage,
      cost: noCost,
      seconds: 0,
      confidence: null,
    };
    found.push({ sample, answer, retrieves: contexts.length > 0 ? true : undefined });
  }
  return found;
}
