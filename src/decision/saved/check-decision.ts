import { daysBetween, endOfLifeNear, oldAfterDays, priceChange } from '../outlook.ts';
import type { SavedDecision } from './decision-store.ts';

/** What is known now of what a decision was made on. */
export interface DecisionNow {
  /** ISO day. */
  readonly today: string;
  /** Requests a month; absent where nobody says. */
  readonly volume?: number | undefined;
  /** Prices by the ids that the figures of a decision have; absent where they cannot be looked up. */
  readonly prices?: ReadonlyMap<string, number> | undefined;
  /** Days on which models are withdrawn, by variant; absent where nobody can tell. */
  readonly endOfLife?: readonly { readonly variant: string; readonly model: string; readonly day: string }[];
  /** As in `SavedDecision`; absent where there is no corpus to look at. */
  readonly corpus?: readonly string[] | undefined;
}

/** One reason to decide again. */
export interface Trigger {
  readonly trigger: 'price' | 'retirement' | 'volume' | 'corpus' | 'age';
  /** Null where it cannot be told. */
  readonly fired: boolean | null;
  readonly detail: string;
}

/** Share of documents that are new, changed or gone, from which the corpus counts as another one. */
export const corpusChange = 0.2;

/** Which reasons to decide again there are. Pure: what is known now is supplied. */
export function checkDecision(saved: Omit<SavedDecision, 'id'>, now: DecisionNow): Trigger[] {
  return [
    priceTrigger(saved, now),
    retirementTrigger(saved, now),
    volumeTrigger(saved, now),
    corpusTrigger(saved, now),
    ageTrigger(saved, now),
  ];
}

/** Figures that have the id of a price, by id, anywhere in a value. */
export function pricesIn(value: unknown, found = new Map<string, number>()): Map<string, number> {
  if (typeof value !== 'object' || value === null) return found;
  const { id, value: amount } = value as { id?: unknown; value?: unknown };
  if (typeof id === 'string' && id.startsWith('price:') && typeof amount === 'number') found.set(id, amount);
  for (const member of Object.values(value)) pricesIn(member, found);
  return found;
}

function priceTrigger({ settings }: Omit<SavedDecision, 'id'>, { prices }: DecisionNow): Trigger {
  const trigger = 'price' as const;
  if (!prices) return { trigger, fired: null, detail: 'the prices of today are not known here' };
  const compared = [...pricesIn(settings.costing?.arms)].flatMap(([id, before]) => {
    const after = prices.get(id);
    return after === undefined ? [] : [{ id, before, after }];
  });
  if (compared.length === 0)
    return { trigger, fired: null, detail: 'no price of the decision can be looked up' };
  const moved = compared.filter(({ before, after }) =>
    before === 0 ? after > 0 : Math.abs(after / before - 1) > priceChange,
  );
  return {
    trigger,
    fired: moved.length > 0,
    detail:
      moved.length === 0
        ? `none of ${compared.length} prices has moved by more than ${priceChange * 100} %`
        : moved.map(({ id, before, after }) => `${id} was ${before}, is ${after}`).join('; '),
  };
}

function retirementTrigger(
  { decision }: Omit<SavedDecision, 'id'>,
  { endOfLife, today }: DecisionNow,
): Trigger {
  const trigger = 'retirement' as const;
  if (!endOfLife) return { trigger, fired: null, detail: 'end-of-life dates are not known here' };
  const own = endOfLife.filter(({ variant }) => variant === decision.recommended);
  const near = own.filter(({ day }) => daysBetween(today, day) <= endOfLifeNear);
  const say = (list: typeof own): string =>
    list.map(({ model, day }) => `${model} is withdrawn on ${day}`).join('; ');
  if (near.length > 0) return { trigger, fired: true, detail: say(near) };
  return {
    trigger,
    fired: false,
    detail: own.length > 0 ? say(own) : `no end of ${decision.recommended ?? 'a model'} is known`,
  };
}

function volumeTrigger({ decision }: Omit<SavedDecision, 'id'>, { volume }: DecisionNow): Trigger {
  const trigger = 'volume' as const;
  if (volume === undefined) return { trigger, fired: null, detail: 'the volume of today is not known here' };
  const beyond = decision.tipping.filter(
    ({ parameter, direction, flipsAt }) =>
      parameter === 'volume' && (direction === 'above' ? volume >= flipsAt : volume <= flipsAt),
  );
  const [first] = beyond;
  return {
    trigger,
    fired: beyond.length > 0,
    detail: first
      ? `${volume} requests a month: ${first.direction} ${first.flipsAt} ${first.to ?? 'another variant'} is the cheapest`
      : `${volume} requests a month, decided at ${decision.volume}: the same variant is the cheapest of those that qualified`,
  };
}

function corpusTrigger({ corpus: before }: Omit<SavedDecision, 'id'>, { corpus }: DecisionNow): Trigger {
  const trigger = 'corpus' as const;
  if (!before || !corpus) return { trigger, fired: null, detail: 'there is no corpus to compare' };
  const known = new Set(before);
  const kept = corpus.filter((version) => known.has(version)).length;
  const changed = 1 - kept / Math.max(1, before.length, corpus.length);
  return {
    trigger,
    fired: changed > corpusChange,
    detail: `${(changed * 100).toFixed(0)} % of the documents are new, changed or gone`,
  };
}

function ageTrigger({ decidedAt, decision }: Omit<SavedDecision, 'id'>, { today }: DecisionNow): Trigger {
  const days = daysBetween(decidedAt.slice(0, 10), today);
  const { by } = decision.lookAgain;
  const due = by !== null && today >= by;
  return {
    trigger: 'age',
    fired: days > oldAfterDays || due,
    detail: `decided ${days} days ago${by === null ? '' : `, to be looked at again by ${by}`}`,
  };
}
