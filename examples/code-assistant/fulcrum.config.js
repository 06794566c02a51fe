import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';

// The documentation is read where npm put it; nothing of it is copied.
const documentation = join(dirname(createRequire(import.meta.url).resolve('ai/package.json')), 'docs');
const model = 'local/smollm2-135m-instruct';

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
    oracle: { reader: 'generate', model, evidence: 'oracle' },
    ...Object.fromEntries(hosted),
  },
  // Named before anything was run: a coding assistant that is right less often than this is switched off again.
  decision: { bar: 0.6, margin: 0.05, volume: 10_000 },
};
