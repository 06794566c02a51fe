import Table from 'cli-table3';
import { type Comparison, winnersCurse } from '../../evaluation/index.ts';
import type { PriceNote } from '../cost.ts';
import type { ExplainedDecision } from '../decide.ts';
import { dollars, figure, interval, samplesToSettleText, whole } from './figures.ts';
import { armSentence, basis, comparisonBasis, headline, priceSentence } from './sentences.ts';

/** A decision as text for a terminal: verdict, figures of every variant, differences, denominators, prices, what to do. */
export function renderDecision(explained: ExplainedDecision, prices: readonly PriceNote[] = []): string {
  const { decision, evidence } = explained;
  const variants = table(
    ['variant', 'n', decision.metric, 'interval', 'USD / 1,000', 'USD / month', 'qualifies'],
    decision.variants.map((found) => [
      found.deployable ? found.variant : `${found.variant} (diagnostic)`,
      whole(found.n),
      figure(found.mean),
      interval(found.low, found.high),
      dollars(found.costPer1000Usd),
      dollars(found.monthlyUsd),
      found.qualifies ? 'yes' : 'no',
    ]),
  );
  const pairs = evidence.bounds?.pairs ?? [];
  const differences = table(
    ['difference', 'mean', 'interval'],
    pairs.map((pair) => [
      `${pair.variant} - ${pair.against}`,
      figure(pair.difference),
      interval(pair.low, pair.high),
    ]),
  );
  return [
    headline(explained),
    '',
    basis(explained),
    '',
    variants,
    ...(pairs.length > 0 ? ['', differences] : []),
    ...list('Samples', evidence.arms.map(armSentence)),
    ...list('Prices', prices.map(priceSentence)),
    ...list('Next', decision.next),
  ].join('\n');
}

/** A comparison as text for a terminal. */
export function renderComparison(comparison: Comparison): string {
  const means = table(
    ['variant', 'n', comparison.metric, 'interval'],
    comparison.variants.map((found) => [
      found.variant,
      whole(found.n),
      figure(found.mean),
      interval(found.low, found.high),
    ]),
  );
  const verdicts = table(
    ['difference', 'mean', 'interval', 'verdict', 'differ', 'detectable', 'samples to settle'],
    comparison.comparisons.map((pair) => [
      `${pair.variant} - ${pair.against}`,
      figure(pair.difference),
      interval(pair.low, pair.high),
      pair.verdict,
      `${whole(pair.differingSamples)} of ${whole(comparison.n)}`,
      figure(pair.smallestDetectable),
      samplesToSettleText(pair.samplesNeeded, comparison.n),
    ]),
  );
  return [
    comparisonBasis(comparison),
    '',
    means,
    '',
    verdicts,
    detectableLegend,
    ...list('Samples', comparison.excluded.map(armSentence)),
    ...list('Warnings', [...comparison.warnings, ...winnersCurse(comparison)]),
  ].join('\n');
}

const detectableLegend =
  'detectable: the smallest true difference that so many samples like these show 4 times in 5; "-": not even the largest that there can be.';

function table(head: string[], rows: string[][]): string {
  const drawn = new Table({ head, style: { head: [], border: [], compact: true } });
  drawn.push(...rows);
  return drawn.toString();
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}
