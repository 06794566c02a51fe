import { withProject } from '../src/app/index.ts';

/**
 * `node ../score-rows.ts METRIC RUN...` in the folder of a project: the score rows of runs as JSON Lines, without
 * questions and answers. `fulcrum compare --scores FILE` and `decide --scores FILE` take them anywhere.
 */
const [metric = 'correct', ...runs] = process.argv.slice(2);
await withProject(process.cwd(), {}, async (project) => {
  const evaluation = await project.evaluation();
  for (const { input: _input, output: _output, ...row } of await evaluation.scoreRows(runs, metric))
    console.log(JSON.stringify(row));
});
