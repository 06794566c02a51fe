import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The documentation is read where npm put it; nothing of it is copied.
const documentation = join(dirname(createRequire(import.meta.url).resolve('ai/package.json')), 'docs');
const model = 'local/smollm2-135m-instruct';
// An adapter on the same model, trained on training.jsonl; the folder adapter/ is imported when the demo starts.
const tuned = 'tuned/assistant-1';
const instructions =
  'Use the passages to answer the question in one short sentence. Write the number of the passage at the end, like [1].';

/** A hosted model joins the comparison when its key is in the environment; the demo asks before it spends. */
const hosted = [
  ['OPENAI_API_KEY', 'rag-openai', 'openai/gpt-5-mini'],
  ['ANTHROPIC_API_KEY', 'rag-anthropic', 'anthropic/claude-haiku-4-5'],
  ['GOOGLE_GENERATIVE_AI_API_KEY', 'rag-google', 'google/gemini-2.5-flash'],
]
  .filter(([variable]) => process.env[variable])
  .map(([, name, id]) => [name, { reader: 'generate', model: id, retriever: true }]);

export default {
  sources: {
    'ai-docs': {
      type: 'files',
      directory: documentation,
      glob: '**/*.mdx',
      // For the part of the demo where two people ask the same; the owner of the project folder reads everything.
      rules: [{ match: '08-migration-guides/**', readers: ['group:maintainers'] }],
    },
  },
  variants: {
    extract: { reader: 'extract', sentences: 6, retriever: { limit: 8 } },
    prompt: { reader: 'generate', model },
    rag: { reader: 'generate', model, retriever: true },
    tuned: { reader: 'generate', model: tuned },
    hybrid: { reader: 'generate', model: tuned, retriever: true, instructions },
    oracle: { reader: 'generate', model, evidence: 'oracle' },
    ...Object.fromEntries(hosted),
  },
  // Named before anything was run: a coding assistant that is right less often than this is switched off again.
  decision: { bar: 0.6, margin: 0.05, volume: 10_000 },
};
