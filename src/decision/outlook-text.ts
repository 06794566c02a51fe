import Table from 'cli-table3';
import type { Decision } from './decision.ts';
import { restStratum } from './label-strata.ts';
import { dollars, whole } from './report/figures.ts';

/** What stands under the verdict of a decision in a terminal: the ladder, what labels are worth, and what would change the advice. */
export function renderOutlook(decision: Decision): string {
  return [
    ...ladderText(decision),
    ...waterfallText(decision),
    ...tenfoldText(decision),
    ...labelText(decision),
    ...list('Risks', decision.risks),
    ...list('Not tested', decision.notTested),
    ...list('What would change it', decision.tipping.map(tippingText)),
    ...list('Look again', [
      ...(decision.lookAgain.by === null ? [] : [`by ${decision.lookAgain.by}`]),
      `earlier when ${decision.lookAgain.when.join('; or ')}`,
    ]),
    ...(decision.seal === null ? [] : ['', `Sealed: ${decision.seal}`]),
  ].join('\n');
}

function ladderText({ ladder }: Decision): string[] {
  const tested = ladder.filter(({ outcome }) => outcome !== 'not-tested');
  if (tested.length === 0) return [];
  const drawn = new Table({
    head: ['step', 'figure', 'mean', 'interval', 'needs', 'n', 'outcome', 'stop sign'],
    style: { head: [], border: [], compact: true },
    colWidths: [null, 40, null, null, null, null, null, 44],
    wordWrap: true,
  });
  for (const step of tested)
    drawn.push([
      step.step,
      step.figure ?? '',
      signed(step.estimate),
      `[${signed(step.low)}, ${signed(step.high)}]`,
      `> ${signed(step.needed)}`,
      String(step.n),
      step.outcome,
      step.stopped === true ? `STOP: ${step.stop}` : step.stopped === false ? 'not seen' : 'not looked at',
    ]);
  return ['', 'Ladder, from what costs least:', drawn.toString()];
}

function waterfallText({ waterfalls }: Decision): string[] {
  return waterfalls.flatMap(({ title, order, from, to, steps }) => [
    '',
    `${title} (${order}):`,
    `  ${from.variant} ${from.mean.toFixed(3)}`,
    ...steps.map(
      ({ name, estimate, low, high }) => `  ${signed(estimate)} ${name} [${signed(low)}, ${signed(high)}]`,
    ),
    `  ${to.variant} ${to.mean.toFixed(3)}`,
  ]);
}

function tenfoldText({ variants, volume }: Decision): string[] {
  const known = variants.filter(({ deployable, monthlyUsd }) => deployable && monthlyUsd !== null);
  const told = known.some(({ perAcceptedUsd }) => perAcceptedUsd !== null);
  const accepted = (usd: number | null): string =>
    usd !== null
      ? `; ${dollars(usd)} per accepted answer`
      : told
        ? '; unknown per accepted answer: none was accepted, or what its refusals cost was not given (--refused-usd)'
        : '';
  return list(
    'Cost a month, at this volume and at ten times of it',
    known.map(
      ({ variant, monthlyUsd, monthlyUsdTenfold, perAcceptedUsd }) =>
        `${variant}: ${dollars(monthlyUsd)} at ${whole(volume)}, ${dollars(monthlyUsdTenfold)} at ${whole(volume * 10)}${accepted(perAcceptedUsd)}`,
    ),
  );
}

function labelText({ labels }: Decision): string[] {
  return list(
    'Worth of more labels',
    labels.map(({ stratum: tag, n, stopAt, usdPerMonth, share }) => {
      const stratum = tag === restStratum ? 'all others' : tag;
      return stopAt === 0
        ? `${stratum} (${n} now): more are not worth it`
        : `${stratum} (${n} now, ${(share * 100).toFixed(0)} % of the samples): ${stopAt} more are worth ${dollars(usdPerMonth)} a month; stop at ${stopAt}`;
    }),
  );
}

function tippingText({ parameter, now, flipsAt, direction, to }: Decision['tipping'][number]): string {
  const [kind, name] = [parameter.split(':')[0], parameter.slice(parameter.indexOf(':') + 1)];
  const value = (number: number): string => String(Number(number.toPrecision(4)));
  const what = kind === 'quality' ? `the mean of ${name}` : parameterText(parameter);
  return `${what} ${direction} ${value(flipsAt)} (now ${value(now)}): ${to ?? 'nothing else has qualified'}`;
}

/** The name of a tipping parameter in words: `price:rag:request` is the price of 1,000 requests of rag. */
function parameterText(parameter: string): string {
  const [kind, ...names] = parameter.split(':');
  if (kind === 'loss') return `the cost of ${names[0] === 'wrong' ? 'a wrong answer' : 'a refusal'}`;
  if (kind !== 'price') return parameter;
  const last = names.at(-1);
  return `the price of ${names.length > 1 && last === 'request' ? `1,000 requests of ${names.slice(0, -1).join(':')}` : names.join(', ')}`;
}

function list(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ['', `${title}:`, ...lines.map((line) => `  ${line}`)];
}

function signed(value: number | null): string {
  return value === null ? '-' : `${value < 0 ? '-' : '+'}${Math.abs(value).toFixed(3)}`;
}
