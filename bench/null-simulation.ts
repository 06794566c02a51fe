// node bench/null-simulation.ts [REPETITIONS]: error rates of compare and decide in worlds where the truth is known.
import { simulate } from '../src/decision/false-verdicts.fixture.ts';
import { marginWorlds, nullWorlds } from '../src/decision/simulated-worlds.fixture.ts';

const repetitions = Number(process.argv[2] ?? 2000);
const percent = (share: number): string => `${(share * 100).toFixed(1)} %`.padStart(7);

console.log(`${repetitions} data sets each; margin .05, confidence .95`);
console.log(
  'world                          | no difference: false verdict, coverage | worse by the margin: qualified, false verdict',
);
for (const [name, world] of Object.entries(nullWorlds)) {
  const equal = simulate(world, repetitions);
  const worse = simulate(marginWorlds[name]!, repetitions);
  console.log(
    `${name.padEnd(30)} | ${percent(equal.falseVerdict)} ${percent(equal.coverage)} | ${percent(worse.falseQualified)} ${percent(worse.falseVerdict)}`,
  );
}
