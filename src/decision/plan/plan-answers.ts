import { z } from 'zod';

/** Ways to solve the problem, the cheapest to try first. */
export const approaches = ['prompt', 'few-shot', 'full-context', 'rag', 'tuned', 'hybrid'] as const;
export type Approach = (typeof approaches)[number];

const count = z.number().int().nonnegative();

/**
 * What a team knows before it has measured anything. Every answer may be left out; what is not known is planned for as an
 * open question. The file of `fulcrum plan --answers` (JSON or YAML) has these keys.
 */
export const planAnswersSchema = z.strictObject({
  /** One line that says what the thing is to do. */
  task: z.string().min(1).optional(),
  /** `knowledge`: it must know what your documents say; `behaviour`: it must answer in a certain manner; `both`; `general`: neither. */
  needs: z.enum(['knowledge', 'behaviour', 'both', 'general']).optional(),
  /** Whether a general model may have read it: public, and older than a year. */
  public: z.boolean().optional(),
  /** How often what is asked about changes. */
  changes: z.enum(['never', 'yearly', 'monthly', 'weekly', 'daily']).optional(),
  /** Size of the documents in tokens (about four characters each). */
  corpusTokens: count.optional(),
  /** Who may see what: everybody the same, by group, or each person something else. */
  access: z.enum(['alike', 'by-group', 'by-person']).optional(),
  /** Whether an answer must name its source. */
  citations: z.boolean().optional(),
  /** Form of the answer. */
  output: z.enum(['text', 'label', 'json', 'sql', 'code', 'dsl']).optional(),
  /** Voice: none in particular, one that rules describe, or one that is known from examples only. */
  tone: z.enum(['none', 'rules', 'examples']).optional(),
  /** Requests a month. */
  volume: z.number().positive().optional(),
  /** Longest answer time that is accepted for 95 of 100 requests, in milliseconds. */
  maxP95Ms: z.number().positive().optional(),
  /** Money for a month in USD. */
  budgetUsd: z.number().positive().optional(),
  /** Rows at hand that show a request and the right answer to it. */
  labelledRows: count.optional(),
  /** Real questions at hand, answered or not. */
  questions: count.optional(),
  /** Of these, the ones whose right answer is known: the beginnings of a test set. */
  goldSamples: count.optional(),
  /** Whether a pipeline already answers. */
  pipeline: z.boolean().optional(),
  /** Whether texts may be sent to a vendor. */
  hosted: z.boolean().optional(),
  /** What the team is inclined to do; checked against its purpose. */
  considering: z.array(z.enum(approaches)).optional(),
  /** Smallest difference in quality that matters, as a share. */
  margin: z.number().gt(0).lt(1).optional(),
});
export type PlanAnswers = z.infer<typeof planAnswersSchema>;

/** A question of the questionnaire, for a terminal and for the documentation. */
export interface PlanQuestion {
  readonly key: keyof PlanAnswers;
  readonly ask: string;
  readonly kind: 'text' | 'yes-no' | 'count' | 'choice' | 'choices';
  /** Value and what it means; of `choice` and `choices`. */
  readonly choices?: readonly (readonly [value: string, meaning: string])[];
  /** Asked only where this holds for what was answered before. */
  readonly when?: (answers: PlanAnswers) => boolean;
}

const wantsKnowledge = ({ needs }: PlanAnswers): boolean => needs !== 'behaviour' && needs !== 'general';

/** In the order in which they are asked. */
export const planQuestions: readonly PlanQuestion[] = [
  { key: 'task', ask: 'What is it to do, in one line?', kind: 'text' },
  {
    key: 'needs',
    ask: 'What does a good answer need?',
    kind: 'choice',
    choices: [
      ['knowledge', 'what your documents say'],
      ['behaviour', 'a certain manner: form, voice, labels'],
      ['both', 'both of these'],
      ['general', 'neither: what a good model can do anyway'],
    ],
  },
  {
    key: 'public',
    ask: 'May a general model have read it (public, and older than a year)?',
    kind: 'yes-no',
    when: wantsKnowledge,
  },
  {
    key: 'changes',
    ask: 'How often does it change?',
    kind: 'choice',
    choices: [
      ['never', 'never'],
      ['yearly', 'about once a year'],
      ['monthly', 'every month'],
      ['weekly', 'every week'],
      ['daily', 'every day'],
    ],
    when: wantsKnowledge,
  },
  {
    key: 'corpusTokens',
    ask: 'How many tokens do the documents have (characters divided by four)?',
    kind: 'count',
    when: wantsKnowledge,
  },
  {
    key: 'access',
    ask: 'Who may see what?',
    kind: 'choice',
    choices: [
      ['alike', 'everybody the same'],
      ['by-group', 'groups see different documents'],
      ['by-person', 'each person sees something else'],
    ],
  },
  { key: 'citations', ask: 'Must an answer name its source?', kind: 'yes-no' },
  {
    key: 'output',
    ask: 'What form has the answer?',
    kind: 'choice',
    choices: [
      ['text', 'free text'],
      ['label', 'one of a set of labels'],
      ['json', 'JSON of a schema'],
      ['sql', 'SQL'],
      ['code', 'code'],
      ['dsl', 'a language of your own'],
    ],
  },
  {
    key: 'tone',
    ask: 'Is there a voice to keep?',
    kind: 'choice',
    choices: [
      ['none', 'none in particular'],
      ['rules', 'one that rules can describe'],
      ['examples', 'one that only examples show'],
    ],
  },
  { key: 'volume', ask: 'How many requests a month?', kind: 'count' },
  { key: 'maxP95Ms', ask: 'Longest time for an answer in milliseconds (95 of 100)?', kind: 'count' },
  { key: 'budgetUsd', ask: 'Money for a month, in USD?', kind: 'count' },
  { key: 'labelledRows', ask: 'How many rows with request and right answer are at hand?', kind: 'count' },
  { key: 'questions', ask: 'How many real questions are at hand?', kind: 'count' },
  { key: 'goldSamples', ask: 'For how many of them is the right answer known?', kind: 'count' },
  { key: 'pipeline', ask: 'Does a pipeline of yours already answer?', kind: 'yes-no' },
  { key: 'hosted', ask: 'May texts be sent to a vendor?', kind: 'yes-no' },
  {
    key: 'considering',
    ask: 'What are you inclined to do?',
    kind: 'choices',
    choices: [
      ['prompt', 'instructions to a model'],
      ['few-shot', 'instructions and worked examples'],
      ['full-context', 'all documents in the prompt'],
      ['rag', 'retrieval'],
      ['tuned', 'fine-tuning'],
      ['hybrid', 'fine-tuning and retrieval'],
    ],
  },
];
