import type { PlanAnswers } from './plan-answers.ts';
import type { Standing } from './standing.ts';

/** What follows from who may read what, and from having to name sources. */
export function boundaryRules({ access, citations }: PlanAnswers): Standing[] {
  return [...accessRules(access), ...(citations === true ? citationRules : [])];
}

function accessRules(access: PlanAnswers['access']): Standing[] {
  if (access === undefined || access === 'alike') return [];
  const personal = access === 'by-person';
  const requirement = 'access';
  return [
    {
      approach: 'rag',
      state: 'meets',
      requirement,
      reason: 'documents are filtered by reader before they are ranked',
    },
    {
      approach: 'full-context',
      state: personal ? 'fails' : 'open',
      requirement,
      reason: personal
        ? 'every person would need a prefix of their own, which no cache keeps'
        : 'every group needs a prefix of its own',
      ...(!personal && { settles: 'cost' as const }),
    },
    {
      approach: 'tuned',
      state: 'fails',
      requirement,
      reason: 'weights have no readers: who may ask the model may get at all that it was tuned on',
      againstPurpose: true,
    },
    {
      approach: 'hybrid',
      state: 'open',
      requirement,
      reason: 'it may only be tuned on rows that all of its users may read',
      settles: 'rows',
    },
  ];
}

const requirement = 'citations';
const noSource = 'it has no source to name';
const citationRules: readonly Standing[] = [
  { approach: 'prompt', state: 'fails', requirement, reason: noSource },
  { approach: 'few-shot', state: 'fails', requirement, reason: noSource },
  {
    approach: 'tuned',
    state: 'fails',
    requirement,
    reason: 'weights do not know where a fact came from',
    againstPurpose: true,
  },
  {
    approach: 'rag',
    state: 'meets',
    requirement,
    reason: 'quotes are checked against the passages that were read',
  },
  {
    approach: 'hybrid',
    state: 'meets',
    requirement,
    reason: 'quotes are checked against the passages that were read',
  },
  {
    approach: 'full-context',
    state: 'meets',
    requirement,
    reason: 'quotes can be checked against the documents in the prompt',
  },
];
