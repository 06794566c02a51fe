import { errorScore, type Score, scored, undefinedScore } from '../../../core/index.ts';

/** Prefix of the names of these metrics. */
export const trulensVersion = 'trulens-2.16.0';

/** Lowest and highest rating that a judge may give; TruLens' default is 0 to 3. */
export interface RatingScale {
  readonly lowest: number;
  readonly highest: number;
}

const likert: RatingScale = { lowest: 0, highest: 3 };

/**
 * A rating on its scale, brought to [0, 1]. Outside the scale it is an error: a judge that does not keep to its scale
 * has not measured.
 */
export function trulensRating(rating: number, scale: RatingScale = likert): Score {
  const { lowest, highest } = scale;
  if (!(rating >= lowest && rating <= highest))
    return errorScore(`the judge rated ${rating} on a scale from ${lowest} to ${highest}`);
  return scored((rating - lowest) / (highest - lowest));
}

/**
 * The rating in a judge's free text, brought to [0, 1]: of the numbers inside the scale, cut to whole ones, the
 * smallest ("1 out of 3"), after a statement of the scale itself ("from 0 to 3", "3 = perfect") has been left out.
 * An error where there is no such number.
 */
export function trulensRatingInText(text: string, scale: RatingScale = likert): Score {
  const { lowest, highest } = scale;
  const stripped = withoutScale(text, scale);
  const found = numbersInside(stripped, scale);
  const ratings = found.length > 0 ? found : numbersInside(text, scale);
  if (ratings.length === 0) return errorScore(`no rating from ${lowest} to ${highest} in the judge's answer`);
  return trulensRating(Math.min(...ratings), scale);
}

function numbersInside(text: string, { lowest, highest }: RatingScale): number[] {
  const matches = text.match(/[+-]?[0-9]+\.[0-9]*|[1-9][0-9]*|0/g) ?? [];
  return matches
    .map((match) => Math.trunc(Number.parseFloat(match)))
    .filter((rating) => rating >= lowest && rating <= highest);
}

function withoutScale(text: string, { lowest, highest }: RatingScale): string {
  const low = escapeNumber(lowest);
  const high = escapeNumber(highest);
  return [
    new RegExp(`\\b${low}\\s*(?:to|through|and|up to|\\.\\.\\.?|[-\u2012-\u2015])\\s*${high}\\b`, 'gi'),
    new RegExp(`\\b${low}\\s*=`, 'gi'),
    new RegExp(`\\b${high}\\s*=`, 'gi'),
  ].reduce((rest, pattern) => rest.replace(pattern, ' '), text);
}

const escapeNumber = (value: number): string => String(value).replace(/[.+-]/g, '\\$&');

/**
 * Groundedness: mean of the ratings of the answer's sentences, those that could not be read left out.
 * @param ratings one score per sentence, as `trulensRating` or `trulensRatingInText` gives it.
 */
export function trulensGroundedness(ratings: readonly Score[]): Score {
  const values = ratings.flatMap((rating) => (rating.status === 'scored' ? [rating.value] : []));
  if (values.length > 0) return scored(values.reduce((total, value) => total + value, 0) / values.length);
  return ratings.length === 0 ? undefinedScore('no-claims') : errorScore('no sentence could be rated');
}
