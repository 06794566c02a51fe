import type { DatedPrice } from './dated-price.ts';

type Source = DatedPrice['source'];

/** Where the prices that Fulcrum notes itself were read; an address only where the page was named with one. */
export const priceSources = {
  openAiModelPage: { name: 'OpenAI model page of gpt-6-luna', url: null },
  openAiHelp: { name: 'OpenAI help centre, article 11323177', url: 'https://help.openai.com' },
  openAiDeprecations: {
    name: 'OpenAI deprecations',
    url: 'https://developers.openai.com/api/docs/deprecations',
  },
  openAiDeprecationCopies: {
    name: 'copies of the OpenAI deprecations page (w3cschool.cn, codersera.com, dev.to/importstatic, docs.apiyi.com)',
    url: null,
  },
  apidog: { name: 'apidog', url: null },
  remembered: { name: 'remembered; two of five seen in a table of 2025', url: null },
  litellm: {
    name: 'copies of the LiteLLM price map',
    url: 'https://github.com/BerriAI/litellm/blob/main/model_prices_and_context_window.json',
  },
  genaiSnapshot: {
    name: 'dated entry of a genai-prices repository snapshot',
    url: 'https://github.com/pydantic/genai-prices',
  },
  fireworks: {
    name: 'Fireworks pricing page as quoted by api-evangelist/fireworks-ai',
    url: 'https://github.com/api-evangelist/fireworks-ai',
  },
  together: { name: 'Together pricing', url: 'https://docs.together.ai' },
  tinker: {
    name: 'Tinker pricing as quoted by api-evangelist/thinking-machines',
    url: 'https://github.com/api-evangelist/thinking-machines',
  },
  azureTuning: {
    name: 'Microsoft Foundry fine-tuning cost page',
    url: 'https://github.com/MicrosoftDocs/azure-ai-docs',
  },
  azureRetirement: {
    name: 'Microsoft Foundry retirement schedule',
    url: 'https://github.com/MicrosoftDocs/azure-ai-docs',
  },
  gpuGuides: { name: 'GPU price guides', url: null },
  storeGuides: { name: 'vector store cost guides', url: null },
  cohere: { name: 'Cohere price level, secondary pages', url: null },
  cohereDocs: { name: 'Cohere documentation', url: 'https://docs.cohere.com' },
  voyage: { name: 'Voyage price level, secondary pages', url: null },
  pccvdi: { name: 'pccvdi labelling guide', url: null },
  awsModelCard: { name: 'AWS model card of Claude 3 Haiku', url: null },
  leighefford: { name: 'dev.to/leighefford', url: 'https://dev.to/leighefford' },
  vertex: { name: 'no trustworthy copy found', url: null },
} as const satisfies Record<string, Source>;
