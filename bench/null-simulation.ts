// node bench/null-simulation.ts [REPETITIONS [verdicts|few|looks [TEXT]]]: error rates of compare and decide in worlds where the
// truth is known; all three parts by default, the last one on a quarter of the data sets; only worlds with TEXT in their name.
import { type Looking, simulateCoverage, simulateLooks } from '../src/decision/false-looks.fixture.ts';
import { simulate } from '../src/decision/false-verdicts.fixture.ts';
import {
  dominatedWorlds,
  fewClusterWorlds,
  growingWorlds,
  marginWorlds,
  nullWorlds,
} from '../src/decision/simulated-worlds.fixture.ts';

const repetitions = Number(process.argv[2] ?? 2000);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(7);

const only = process.argv[3];
const named = (name: string): boolean => name.includes(process.argv[4] ?? '');

if (only === undefined || only === 'verdicts') {
  console.log(`${repetitions} data sets each; margin .05, confidence .95`);
  console.log(
    'world                          | no difference: false verdict, coverage | worse by the margin: qualified, false verdict',
  );
  for (const [name, world] of Object.entries(nullWorlds)) {
    if (!named(name)) continue;
    const equal = simulate(world, repetitions);
    const worse = simulate(marginWorlds[name]!, repetitions);
    console.log(
      `${name.padEnd(30)} | ${percent(equal.falseVerdict)} ${percent(equal.coverage)} | ${percent(worse.falseQualified)} ${percent(worse.falseVerdict)}`,
    );
  }
}

if (only === undefined || only === 'few') {
  console.log(
    '\nfew clusters                          | coverage and mean width of one 95 % interval: mean, difference',
  );
  for (const [name, world] of Object.entries({ ...fewClusterWorlds, ...dominatedWorlds })) {
    if (!named(name)) continue;
    const found = simulateCoverage(world, repetitions);
    console.log(
      `${name.padEnd(37)} | ${percent(found.mean)} ${found.meanWidth.toFixed(3)} ${percent(found.difference)} ${found.differenceWidth.toFixed(3)}`,
    );
  }
}

if (only === undefined || only === 'looks') {
  const lookings: Readonly<Record<string, Looking>> = {
    'as if each look were the first': 'naive',
    'open (no plan)': 'open',
    'plan, equal': { looks: 10, spending: 'equal' },
    'plan, pocock': { looks: 10, spending: 'pocock' },
    'plan, obrien-fleming': { looks: 10, spending: 'obrien-fleming' },
    'sequential (betting)': 'sequential',
  };
  const growing = Math.ceil(repetitions / 4);
  console.log(
    `\n${growing} data sets each, ten looks, stopping at the first verdict | no difference: false verdict | loss of .15: found, share of samples`,
  );
  for (const [name, world] of Object.entries(growingWorlds).filter(([world]) => named(world)))
    for (const [how, looking] of Object.entries(lookings)) {
      const equal = simulateLooks(world, growing, looking);
      const worse = simulateLooks({ ...world, loss: 0.15 }, growing, looking);
      console.log(
        `${`${name}: ${how}`.padEnd(66)} | ${percent(equal.falseVerdict)} | ${percent(worse.found)} ${percent(worse.spent)}`,
      );
    }
}
