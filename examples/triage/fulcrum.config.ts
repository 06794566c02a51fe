import { readLabels } from './banking77.ts';

const model = 'local/smollm2-135m-instruct';
const listed = `You sort questions of a bank's customers. Answer with the one name from this list that fits best, and nothing else: ${readLabels().join(', ')}`;
const asShown =
  "You sort questions of a bank's customers. Answer with the name of the category only, written as in the examples.";
const brief = { reader: 'generate', model, maxOutputTokens: 16, contextTokens: 1600 };

export default {
  sources: {},
  variants: {
    constant: { external: { module: 'constant.ts' } },
    nearest: { external: { module: 'nearest.ts', concurrency: 1, timeoutSeconds: 900 } },
    'zero-shot': { ...brief, instructions: listed },
    'few-shot-fixed': { ...brief, instructions: listed, fewShot: { dataset: 'banking77', k: 4 } },
    'few-shot-keyword': {
      ...brief,
      instructions: asShown,
      fewShot: { dataset: 'banking77', k: 4, choose: 'keyword' },
    },
    'few-shot-embedding': {
      ...brief,
      instructions: asShown,
      fewShot: { dataset: 'banking77', k: 4, choose: 'embedding' },
    },
  },
  // Named before anything was run: with less than three of four right, every question is read by a person anyway.
  decision: {
    metric: 'accuracy',
    bar: 0.75,
    margin: 0.05,
    volume: 50_000,
    // Entered, not measured: somebody at the wrong desk reads the question and passes it on.
    costs: {
      losses: {
        wrong: { value: 0.5, low: 0.25, high: 1, basis: 'one minute of an agent, 30 USD an hour' },
        refused: 0.5,
      },
    },
  },
};
