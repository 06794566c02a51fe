import type { Approach, PlanAnswers } from './plan-answers.ts';

/** What a requirement means for an approach: it meets it, that has to be measured, or it cannot meet it. */
export interface Standing {
  readonly approach: Approach;
  readonly state: 'meets' | 'open' | 'fails';
  /** What was answered that this follows from. */
  readonly requirement: keyof PlanAnswers;
  readonly reason: string;
  /** The approach is used for what it is not made for. */
  readonly againstPurpose?: true;
  /** What would settle an open one. */
  readonly settles?: Settles;
}

/** Measurements that settle open questions, the cheapest first. */
export const settling = ['knowledge', 'window', 'behaviour', 'speed', 'rows', 'cost'] as const;
export type Settles = (typeof settling)[number];
