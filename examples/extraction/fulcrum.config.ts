const model = 'local/smollm2-135m-instruct';
const instructions =
  'Copy the details of a restaurant booking from the message into JSON with the keys people, date, time, first_name, last_name. Leave out keys that the message does not say. Answer with JSON only; {} if it says none.';
const brief = { reader: 'generate', model, maxOutputTokens: 60, contextTokens: 1200, instructions };

export default {
  sources: {},
  variants: {
    constant: { external: { module: 'constant.ts' } },
    dictionary: { external: { module: 'dictionary.ts' } },
    'zero-shot': brief,
    'few-shot-fixed': { ...brief, fewShot: { dataset: 'restaurant8k', k: 4 } },
    'few-shot-keyword': { ...brief, fewShot: { dataset: 'restaurant8k', k: 4, choose: 'keyword' } },
    'few-shot-embedding': { ...brief, fewShot: { dataset: 'restaurant8k', k: 4, choose: 'embedding' } },
    // Decoding held to the schema: every answer is JSON with known keys.
    'few-shot-schema': {
      ...brief,
      fewShot: { dataset: 'restaurant8k', k: 5, choose: 'keyword' },
      outputSchema: 'slots.schema.json',
    },
  },
  scorers: {
    // The metric that decides: an output that is no JSON is worth nothing.
    slots: { type: 'json-fields', invalid: 'zero', fields: { '*': 'normalised' } },
    exact: { type: 'json-exact', invalid: 'zero' },
    schema: { type: 'json-schema', schemaFile: 'slots.schema.json', invalid: 'zero' },
  },
  // Named before anything was run: below this a person fills the form again.
  decision: {
    metric: 'slots',
    bar: 0.8,
    margin: 0.05,
    volume: 20_000,
    // Entered, not measured: somebody asks the guest again.
    costs: {
      losses: {
        wrong: { value: 1, low: 0.5, high: 3, basis: 'two minutes of an agent, 30 USD an hour' },
        refused: 1,
      },
    },
  },
};
