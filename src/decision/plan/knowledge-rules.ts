import type { PlanAnswers } from './plan-answers.ts';
import type { Standing } from './standing.ts';

/** Tokens that many models take in one prompt; the least that "fits" can mean. */
const commonWindow = 200_000;
/** Tokens above which few models take the corpus at all. */
const largestWindow = 1_000_000;
/** Tokens up to which a cached prefix costs no more than passages do, at a discount of ten on cached input. */
export const cheapPrefix = 30_000;

/** What the need for knowledge means: whether it is there, how it changes, whether it fits in a prompt. */
export function knowledgeRules(answers: PlanAnswers): Standing[] {
  const { needs } = answers;
  if (needs === 'behaviour' || needs === 'general') return withoutKnowledge(needs);
  return [...presence(answers), ...freshness(answers), ...size(answers)];
}

function withoutKnowledge(needs: 'behaviour' | 'general'): Standing[] {
  const reason =
    needs === 'behaviour'
      ? 'retrieval changes what a model reads, not how it answers: it does not change form or voice'
      : 'nothing has to be looked up, so there is nothing to retrieve';
  const without: Standing = {
    approach: 'rag',
    state: 'fails',
    requirement: 'needs',
    reason,
    ...(needs === 'behaviour' && { againstPurpose: true }),
  };
  const tuned: Standing[] =
    needs === 'general'
      ? [
          {
            approach: 'tuned',
            state: 'open',
            requirement: 'needs',
            reason:
              'only a smaller bill speaks for it: the small tuned model must not be worse than the large one',
            settles: 'cost',
          },
        ]
      : [];
  return [without, { ...without, approach: 'full-context' }, { ...without, approach: 'hybrid' }, ...tuned];
}

function presence({ needs, public: isPublic }: PlanAnswers): Standing[] {
  const known = needs !== undefined;
  const bare = (approach: 'prompt' | 'few-shot'): Standing =>
    known && isPublic === false
      ? {
          approach,
          state: 'fails',
          requirement: 'public',
          reason: 'no model has read your documents, and nothing here gives it them',
        }
      : {
          approach,
          state: 'open',
          requirement: known ? 'public' : 'needs',
          reason:
            'the model may know enough already: give it the gold evidence and see whether it gets better',
          settles: 'knowledge',
        };
  return [
    bare('prompt'),
    bare('few-shot'),
    { approach: 'rag', state: 'meets', requirement: 'needs', reason: 'reads the documents when asked' },
    {
      approach: 'full-context',
      state: 'meets',
      requirement: 'needs',
      reason: 'reads all the documents each time',
    },
    {
      approach: 'tuned',
      state: known ? 'fails' : 'open',
      requirement: 'needs',
      reason:
        'tuning teaches manner; facts are learned slowly, are forgotten beside others, and rows that teach new facts make a model invent more',
      ...(known ? { againstPurpose: true } : { settles: 'knowledge' }),
    },
    { approach: 'hybrid', state: 'meets', requirement: 'needs', reason: 'retrieval brings the facts' },
  ];
}

function freshness({ changes }: PlanAnswers): Standing[] {
  if (changes === undefined) return [];
  const rag: Standing = {
    approach: 'rag',
    state: 'meets',
    requirement: 'changes',
    reason: 'a sync brings in what has changed, and nothing else is done again',
  };
  if (changes === 'never') return [rag];
  const often = changes !== 'yearly';
  return [
    rag,
    {
      approach: 'tuned',
      state: often ? 'fails' : 'open',
      requirement: 'changes',
      reason: often
        ? `what was learned is out of date within the ${changes === 'daily' ? 'day' : changes === 'weekly' ? 'week' : 'month'}; it cannot be tuned anew that often`
        : 'it has to be tuned anew every year, and cannot tell old from new in between',
      ...(often ? { againstPurpose: true } : { settles: 'knowledge' }),
    },
    ...(changes === 'daily'
      ? [
          {
            approach: 'full-context',
            state: 'open',
            requirement: 'changes',
            reason: 'every change writes the cached prefix anew, at more than the price of input',
            settles: 'cost',
          } as const,
        ]
      : []),
  ];
}

function size({ corpusTokens }: PlanAnswers): Standing[] {
  if (corpusTokens === undefined)
    return [
      {
        approach: 'full-context',
        state: 'open',
        requirement: 'corpusTokens',
        reason: 'it is not known whether the documents fit in a prompt',
        settles: 'window',
      },
    ];
  const tokens = corpusTokens.toLocaleString('en-US');
  if (corpusTokens > largestWindow)
    return [
      {
        approach: 'full-context',
        state: 'fails',
        requirement: 'corpusTokens',
        reason: `${tokens} tokens are more than a model takes`,
      },
    ];
  if (corpusTokens > cheapPrefix)
    return [
      {
        approach: 'full-context',
        state: 'open',
        requirement: 'corpusTokens',
        reason:
          corpusTokens > commonWindow
            ? `${tokens} tokens fit in the largest windows only, and each request pays for them`
            : `${tokens} tokens fit, but each request pays for them even when cached`,
        settles: 'window',
      },
    ];
  return [
    {
      approach: 'full-context',
      state: 'meets',
      requirement: 'corpusTokens',
      reason: `${tokens} tokens fit in a cached prefix for about the price of retrieved passages`,
    },
    {
      approach: 'rag',
      state: 'open',
      requirement: 'corpusTokens',
      reason: `with only ${tokens} tokens it has to beat the whole corpus in the prompt`,
      settles: 'window',
    },
  ];
}
