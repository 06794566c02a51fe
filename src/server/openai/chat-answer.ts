import type { Answer } from '../../core/index.ts';

/** A citation as clients of the chat interface read it: where its marker stands in the text, and what it points at. */
export interface UrlCitation {
  readonly type: 'url_citation';
  readonly url_citation: {
    readonly start_index: number;
    readonly end_index: number;
    readonly url: string;
    readonly title: string;
  };
}

/** What a person reads where there is no answer. */
export const refusalTexts: Readonly<Record<NonNullable<Answer['refusal']>['reason'], string>> = {
  'not-in-corpus': 'The documents do not seem to hold an answer.',
  'no-documents': 'There are no documents to answer from.',
  'model-declined': 'The documents do not hold an answer.',
  'label-rejected': 'No class is probable enough.',
};

/** The text of an answer; of a refusal without words the sentence that says so. */
export function shownText({ answer, refusal }: Pick<Answer, 'answer' | 'refusal'>): string {
  return answer !== '' || !refusal ? answer : refusalTexts[refusal.reason];
}

/** One annotation for each place of the text where a citation's number stands. */
export function annotationsOf({ answer, citations }: Pick<Answer, 'answer' | 'citations'>): UrlCitation[] {
  return citations.flatMap(({ marker, uri, documentId, quote }) =>
    [...answer.matchAll(new RegExp(`\\[${marker}\\]`, 'g'))].map((match) => ({
      type: 'url_citation' as const,
      url_citation: {
        start_index: match.index,
        end_index: match.index + match[0].length,
        url: uri === '' ? documentId : uri,
        title: quote,
      },
    })),
  );
}

/** Tokens as the chat interface counts them. */
export function usageOf({ usage }: Pick<Answer, 'usage'>) {
  const { inputTokens, outputTokens, cachedInputTokens, reasoningTokens } = usage;
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: cachedInputTokens },
    completion_tokens_details: { reasoning_tokens: reasoningTokens },
  };
}
