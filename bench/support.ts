/**
 * What the states of a cited claim are worth: claims that people (BEGIN) or their makers (HaluEval) judged, against the one or two
 * sentences that would be cited for them. Fits the score from which a claim counts as supported, and prints for every set the share of
 * quoted and of supported claims that are right, how many of the right ones are so called, and how often a hard failure is wrong.
 * Usage: node bench/support.ts [--json]
 * Data: FULCRUM_SHARED_DATA (default ../shared/data). Fitted on begin/wow dev and every other question of HaluEval one-turn; held out
 * are begin topicalchat, begin cmu-dog and the other questions in HaluEval multi-turn. Intervals are 95 %, clustered by evidence.
 */
import { parseArgs } from 'node:util';
import { clusterLayout, meanIntervalOf } from '../src/evaluation/index.ts';
import { bestSupport } from '../src/variants/citations/support.ts';
import {
  checkSupport,
  judgeClaim,
  quotableUnits,
  supportedPrecision,
  supportedScore,
} from '../src/variants/index.ts';
import { fittedSets, type JudgedText, readJudgedTexts, testedSets } from './groundedness/judged-texts.ts';

const { values: options } = parseArgs({ options: { json: { type: 'boolean', default: false } } });

/** Least share of right claims among those called supported on BEGIN, and among all called quoted or supported on HaluEval. */
const wanted = { begin: 0.95, halueval: 0.9 };

interface CitedClaim extends JudgedText {
  readonly quote: string;
  readonly state: 'quoted' | 'supported' | 'unverified';
  readonly score: number;
  readonly failed: boolean;
}

function cite(text: JudgedText): CitedClaim {
  const document = {
    documentId: 'd',
    version: '',
    source: '',
    key: '',
    uri: '',
    title: null,
    readers: [],
    text: text.evidence,
  };
  const units = quotableUnits(text.evidence).map((unit, ordinal) => ({
    ...unit,
    ordinal,
    document,
    hit: 0,
    titlePath: [],
    text: text.evidence.slice(unit.start, unit.end),
    score: 0,
    similarity: null,
    coverage: 0,
  }));
  const span = bestSupport(text.claim, units);
  const quote = span ? text.evidence.slice(span.start, span.end) : '';
  const { score, hardFailures } = checkSupport(text.claim, quote);
  return {
    ...text,
    quote,
    state: judgeClaim(text.claim, [{ quote }]).state,
    score,
    failed: hardFailures.length > 0,
  };
}

const claims = readJudgedTexts({ disjoint: true }).map(cite);

/**
 * The lowest score at which enough is right on both fitted sets. In HaluEval nearly every right answer stands in its evidence word for
 * word, so that what is called supported there is almost all made up; BEGIN alone says what `supported` by itself is worth.
 */
function fitScore(): number {
  const rightOf = (set: string, called: (claim: CitedClaim) => boolean): number => {
    const chosen = claims.filter((claim) => claim.set === set && called(claim));
    return chosen.filter(({ supported }) => supported).length / chosen.length;
  };
  for (let step = 1; step < 100; step++) {
    const least = step / 100;
    const isSupported = (claim: CitedClaim): boolean =>
      claim.state !== 'quoted' && !claim.failed && claim.score >= least;
    const enough =
      rightOf('begin/wow', isSupported) >= wanted.begin &&
      rightOf('halueval/one-turn', (claim) => claim.state === 'quoted' || isSupported(claim)) >=
        wanted.halueval;
    if (enough) return least;
  }
  return 1;
}

function share(of: readonly CitedClaim[], test: (claim: CitedClaim) => boolean) {
  const values = of.map((claim) => (test(claim) ? 1 : 0));
  const layout = clusterLayout(of.map(({ evidence }) => evidence));
  const { mean, low, high, clusters } = meanIntervalOf(values, layout, 0.025, { low: 0, high: 1 });
  return { n: of.length, clusters, share: mean, low, high };
}

function measure(name: string, sets: readonly string[]) {
  const own = claims.filter(({ set }) => sets.includes(set));
  const of = (...states: string[]) => own.filter(({ state }) => states.includes(state));
  const right = own.filter(({ supported }) => supported);
  return {
    name,
    n: own.length,
    supported: right.length,
    quotedRight: share(of('quoted'), ({ supported }) => supported),
    supportedRight: share(of('supported'), ({ supported }) => supported),
    eitherRight: share(of('quoted', 'supported'), ({ supported }) => supported),
    recall: share(right, ({ state }) => state !== 'unverified'),
    falseFailures: share(
      right,
      ({ claim, evidence }) => checkSupport(claim, evidence).hardFailures.length > 0,
    ),
  };
}

const fitted = fitScore();
const begin = testedSets.filter((set) => set.startsWith('begin'));
const report = [
  ...fittedSets.map((set) => measure(`${set} (fitted)`, [set])),
  ...testedSets.map((set) => measure(`${set} (held out)`, [set])),
  measure('BEGIN (held out)', begin),
  measure('all held out', testedSets),
];
if (options.json)
  console.log(
    JSON.stringify({ fitted, inTheCode: supportedScore, printed: supportedPrecision, report }, null, 2),
  );
else {
  console.log(`fitted score ${fitted}, in the code ${supportedScore}`);
  const show = ({ n, share: value, low, high }: ReturnType<typeof share>): string =>
    value === null ? `- of ${n}` : `${value.toFixed(3)} [${low?.toFixed(3)}, ${high?.toFixed(3)}] of ${n}`;
  for (const row of report) {
    console.log(`${row.name}: n ${row.n}, ${row.supported} right`);
    console.log(`  quoted right       ${show(row.quotedRight)}`);
    console.log(`  supported right    ${show(row.supportedRight)}`);
    console.log(`  either right       ${show(row.eitherRight)}`);
    console.log(`  recall             ${show(row.recall)}`);
    console.log(`  false hard failure ${show(row.falseFailures)}`);
  }
}
