import type { JudgeModel } from '../evaluation/index.ts';
import type { LanguageModel } from '../models/index.ts';
import type { Config } from './config.ts';

/** Temperature of a second attempt, so that the model does not say the same again. */
const secondAttempt = 0.3;

/** A language model as a judge. It is resolved at the first question; texts to judge go to it as JSON. */
export function createJudgeModel(
  { model: id, temperature, maxOutputTokens }: Config['judges'][string],
  languageModel: (id: string) => Promise<LanguageModel>,
): JudgeModel {
  return {
    id: `${id} t=${temperature} max=${maxOutputTokens}`,
    async ask({ instructions, material, schema, sampleIndex, attempt, signal }) {
      const model = await languageModel(id);
      const { text, finishReason, usage, cost } = await model.generate({
        messages: [
          { role: 'system', content: instructions },
          { role: 'user', content: JSON.stringify(material) },
        ],
        schema,
        maxOutputTokens,
        temperature: attempt === 0 ? temperature : Math.max(temperature, secondAttempt),
        seed: 2 * sampleIndex + attempt,
        signal,
      });
      return { text, finishReason, usage, cost };
    },
  };
}
