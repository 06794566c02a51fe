const model = 'local/smollm2-135m-instruct';
const instructions =
  'You answer for a booking desk. Say in one to three short sentences what is known about the house, from what guests said, and help with the booking.';
const brief = { reader: 'generate', model, maxOutputTokens: 90, contextTokens: 1600 };

export default {
  sources: {},
  variants: {
    'zero-shot': { ...brief, instructions },
    'few-shot': { ...brief, instructions, fewShot: { dataset: 'replies', k: 4, choose: 'fixed' } },
  },
  scorers: {
    // The rules of the voice, written down after reading training replies, before any reply of a model was seen.
    voice: {
      type: 'phrases',
      mustNot: [
        '- *',
        '1. *',
        'as an AI*',
        'sure, *',
        'here is*',
        'here are*',
        'dear *',
        'sincerely*',
        'Known about*',
        'Customer:*',
        'my wife*',
        'my husband*',
        'the text*',
        'the sentences*',
      ],
    },
    brevity: { type: 'length', words: { min: 5, max: 45 }, sentences: { min: 1, max: 4 } },
    likeness: { type: 'similar', measure: 'embedding' },
  },
  decision: { metric: 'likeness', bar: 0.75, margin: 0.02, volume: 20_000 },
};
