// Facts in weights against facts in retrieval: an adapter trained on what version 6 of the package "ai" says, asked after the documentation
// moved to version 7.
//   fulcrum tune setup; node bench/stale-weights.ts

import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { withProject } from '../src/app/index.ts';
import { localOwner } from '../src/core/index.ts';

/** What both versions say, as identifiers, with other wordings of the question for training. The questions are those of examples/code-assistant/time-travel.json. */
const facts = [
  {
    asked: 'Which option throttles the UI updates of useCompletion?',
    before: 'experimental_throttle',
    after: ' throttle',
    trained: [
      'How do I slow down the UI updates of useCompletion?',
      'Name the option that throttles updates in useCompletion.',
      'useCompletion renders too often. Which option helps?',
      'What limits how often useCompletion updates the screen?',
      'Which setting of useCompletion throttles rendering?',
    ],
    answer: 'The option is experimental_throttle.',
  },
  {
    asked: 'In which callback are the messages of a chat stored on the server?',
    before: 'onFinish',
    after: 'onEnd',
    trained: [
      'Where do I store chat messages on the server?',
      'Which callback of the UI message stream saves the messages?',
      'My chat should be saved on the server. In which callback?',
      'Name the callback in which messages are persisted.',
      'Where does the server keep the messages of a chat?',
    ],
    answer: 'They are stored in onFinish.',
  },
  {
    asked: 'What is stopWhen set to by default in multi-step tool calls?',
    before: 'stepCountIs(1)',
    after: 'isStepCount(1)',
    trained: [
      'What is the default of stopWhen?',
      'Which stop condition is used when I set none?',
      'How does stopWhen stand by default for tool calls?',
      'Name the default stop condition of generateText.',
      'After which condition does a tool loop end by default?',
    ],
    answer: 'The default is stepCountIs(1).',
  },
  {
    asked:
      'Which type error is similar to a model that is not assignable to LanguageModelV1, for embedding models?',
    before: 'EmbeddingModelV3',
    after: 'EmbeddingModelV4',
    trained: [
      'Which embedding type gives the same assignability error?',
      'For embedding models, which type is named in the error?',
      'Name the embedding type that a model may not be assignable to.',
      'Which version of the embedding model type is in that error?',
      'What is the embedding counterpart of the LanguageModelV1 error?',
    ],
    answer: 'It is EmbeddingModelV3.',
  },
  {
    asked: 'Which version of Node.js do the getting started guides need?',
    before: '18',
    after: '22',
    trained: [
      'Which Node.js do I need to get started?',
      'What is the oldest Node.js for the guides?',
      'How new must Node.js be for the SDK guides?',
      'Name the Node.js version of the quickstart.',
      'Does the quickstart need a certain Node.js?',
    ],
    answer: 'You need Node.js 18 or newer.',
  },
  {
    asked: 'What is the default of requestBody when request bodies are included in step results?',
    before: 'true',
    after: 'false',
    trained: [
      'Is requestBody on by default?',
      'What does requestBody stand at when I set nothing?',
      'Name the default of requestBody.',
      'Are request bodies in step results by default?',
      'Which value has requestBody by default?',
    ],
    answer: 'The default is true.',
  },
];

const folder = mkdtempSync(join(tmpdir(), 'stale-'));
const model = 'local/smollm2-135m-instruct';
writeFileSync(
  join(folder, 'fulcrum.config.json'),
  JSON.stringify({ embedding: false, sources: {}, variants: { prompt: { reader: 'generate', model } } }),
);
const rows = facts.flatMap(({ trained, answer }, fact) =>
  trained.map((input, index) => ({ id: `${fact}-${index}`, input, target: answer })),
);
writeFileSync(join(folder, 'rows.jsonl'), rows.map((row) => JSON.stringify(row)).join('\n'));
const fulcrum = (...args: string[]): string => {
  const { stdout, stderr, status } = spawnSync(
    process.execPath,
    [join(import.meta.dirname, '../bin/fulcrum'), ...args],
    { cwd: folder, encoding: 'utf8' },
  );
  if (status !== 0) throw new Error(`${args.join(' ')}: ${stderr}${stdout}`);
  return stdout;
};
fulcrum('tune', 'data', 'import', 'rows.jsonl', '--name', 'version-6');
fulcrum(
  'tune',
  'run',
  '--provider',
  'local',
  '--data',
  'version-6',
  '--epochs',
  '10',
  '--learning-rate',
  '0.001',
);
await withProject(folder, {}, async (project) => {
  const variants = await project.variants();
  for (const name of ['prompt', 'tuned:version-6-1']) {
    const variant = await variants.get(name);
    let [old, current] = [0, 0];
    for (const { asked, before, after } of facts) {
      const { answer } = await variant.answer({ input: asked, principal: localOwner });
      const says = (text: string): boolean => answer.includes(text);
      if (says(before)) old++;
      else if (says(after)) current++;
      console.log(`  ${name}: ${asked} -> ${answer.replaceAll('\n', ' ').slice(0, 90)}`);
    }
    console.log(
      `${name}: ${old} of ${facts.length} answers say what version 6 says, ${current} what version 7 says`,
    );
  }
});
