// node bench/demo-search.ts: library search over the corpus of the code assistant, its query's embedding included,
// beside a brute-force scan of as many vectors in the same run. Run "fulcrum demo" or "sync" there first.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { openProject } from '../src/app/index.ts';
import { localOwner, type Sample } from '../src/core/index.ts';

const directory = join(import.meta.dirname, '..', 'examples', 'code-assistant');
const questions = readFileSync(join(directory, 'questions.jsonl'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => (JSON.parse(line) as Sample).input);
const median = (times: number[]): number => times.sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;

const project = await openProject(directory);
const { retriever, documents } = await project.knowledge();
const chunks = (await documents.list(localOwner)).reduce((sum, document) => sum + document.chunks, 0);
const model = (await project.embeddingModel())!;
const scanned = Float32Array.from({ length: chunks * model.dimensions }, (_, index) => Math.sin(index));
for (const question of questions.slice(0, 10)) await retriever.retrieve(question, localOwner);

const searches: number[] = [];
const scans: number[] = [];
for (const question of questions) {
  const startedAt = performance.now();
  await retriever.retrieve(question, localOwner);
  searches.push(performance.now() - startedAt);
  const scanStartedAt = performance.now();
  const [vector] = (await model.embedQueries([question])).vectors;
  let best = Number.NEGATIVE_INFINITY;
  for (let row = 0; row < chunks; row++) {
    let product = 0;
    for (let axis = 0; axis < model.dimensions; axis++)
      product += scanned[row * model.dimensions + axis]! * vector![axis]!;
    if (product > best) best = product;
  }
  scans.push(performance.now() - scanStartedAt);
}
const [search, scan] = [median(searches), median(scans)];
console.log(
  `${chunks} chunks, ${questions.length} queries: hybrid p50 ${search.toFixed(1)} ms, brute force p50 ${scan.toFixed(1)} ms, ratio ${(search / scan).toFixed(2)}`,
);
await project.close();
