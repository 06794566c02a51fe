import type { Cell, Link } from './cell.ts';
import type { ReportData } from './report-data.ts';

/** Links to the row of a variant among the sources, and to how its cost is computed. */
export interface References {
  scores(variant: string, text?: string): Link;
  cost(variant: string, text: string): Link;
}

/** Ids of elements go by number, since a name may hold anything. Costs are computed of what can be deployed. */
export function referencesOf({ variants }: Pick<ReportData, 'variants'>): References {
  const numbers = new Map(variants.map(({ name }, index) => [name, index]));
  const deployed = new Set(variants.flatMap(({ name, deployable }) => (deployable ? [name] : [])));
  const at = (kind: string, variant: string): string | null => {
    const number = numbers.get(variant);
    return number === undefined ? null : `${kind}-${number}`;
  };
  return {
    scores: (variant, text = variant) => ({ text, to: at('scores', variant) }),
    cost: (variant, text) => ({ text, to: deployed.has(variant) ? at('cost', variant) : null }),
  };
}

/** Links to the variants whose names a text holds as words, such as "rag - prompt". */
export function variantsIn(text: string, data: ReportData, { scores }: References): Cell {
  const words = new Set(text.split(/[\s(),]+/));
  const found = data.variants.filter(({ name }) => words.has(name));
  return found.flatMap(({ name }, index) => (index === 0 ? [scores(name)] : [', ', scores(name)]));
}
