import { type Answer, type Citation, type Score, scored, undefinedScore } from '../../core/index.ts';
import type { ScoredSample } from '../evaluated.ts';
import { oncePerSample } from './once-per-sample.ts';
import type { Scorer } from './scorer.ts';

/** The statements of an answer, each with the markers of what it cites; supplied by `app`. */
export type SplitStatements = (
  answer: Pick<Answer, 'answer' | 'citations'>,
) => readonly { readonly text: string; readonly markers: readonly number[] }[];

/** Whether quotes together bear a statement out; supplied by `app`. */
export type QuotesSupport = (statement: string, quotes: readonly Citation[]) => boolean;

/** What of an answer's statements and citations holds. */
export interface CitationSupport {
  readonly statements: number;
  /** Statements that their citations bear out together. */
  readonly supported: number;
  /** Citations, each counted once for every statement that it stands behind. */
  readonly citations: number;
  /** Of these: the statement is borne out, and not without this citation unless this one bears it out alone. */
  readonly relevant: number;
}

/**
 * Citation recall and precision of ALCE (Gao et al. 2023, section 4.2), with a check in place of its entailment model: a statement is
 * recalled when its citations bear it out together; a citation is irrelevant when it does not bear its statement out alone and
 * the others do without it. Nothing of the gold is looked at.
 */
export function judgeCitationSupport(
  answer: Pick<Answer, 'answer' | 'citations'>,
  split: SplitStatements,
  supports: QuotesSupport,
): CitationSupport {
  const counts = { statements: 0, supported: 0, citations: 0, relevant: 0 };
  for (const { text, markers } of split(answer)) {
    const cited = answer.citations.filter(({ marker }) => markers.includes(marker));
    counts.statements++;
    counts.citations += cited.length;
    if (cited.length === 0 || !supports(text, cited)) continue;
    counts.supported++;
    counts.relevant += cited.filter((citation) => {
      const others = cited.filter((other) => other !== citation);
      return others.length === 0 || supports(text, [citation]) || !supports(text, others);
    }).length;
  }
  return counts;
}

/** The two metrics of `judgeCitationSupport`. */
export function createCitationSupportScorers(
  split: SplitStatements,
  supports: QuotesSupport,
): readonly [precision: Scorer, recall: Scorer] {
  const judge = oncePerSample(({ answer }) => judgeCitationSupport(answer, split, supports));
  const withoutNumber = (judged: ScoredSample): Score | null => {
    if (judged.answer.refusal !== null) return undefinedScore('abstained');
    return judge(judged).statements === 0 ? undefinedScore('no-statements') : null;
  };
  return [
    {
      name: 'citation-support-precision',
      description: 'share of the citations that their statement needs and that bear it out',
      direction: 'higher',
      needs: ['citations'],
      score(judged) {
        const reason = withoutNumber(judged);
        if (reason) return reason;
        const { citations, relevant } = judge(judged);
        return citations === 0 ? undefinedScore('no-citations') : scored(relevant / citations);
      },
    },
    {
      name: 'citation-support-recall',
      description: 'share of the statements that their citations bear out',
      direction: 'higher',
      needs: ['citations'],
      score(judged) {
        const { statements, supported } = judge(judged);
        return withoutNumber(judged) ?? scored(supported / statements);
      },
    },
  ];
}
