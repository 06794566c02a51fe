import type { Sample } from '../../../core/index.ts';
import type { FormatWritten } from './format.ts';
import { acceptedAnswers } from './losses-of.ts';
import { createLossCounter } from './lost-fields.ts';
import { asLiteral } from './promptfoo.ts';

/** Every text in double quotes, on one line: plain scalars lose outer and uncommon white space. */
const layout = {
  aliasDuplicateObjects: false,
  lineWidth: 0,
  defaultStringType: 'QUOTE_DOUBLE',
  defaultKeyType: 'PLAIN',
} as const;

/**
 * Samples as a promptfoo file with `tests`. Facts become `icontains` and `icontains-any`, what must not be said `not-icontains`, without facts a single
 * accepted answer becomes `equals`, unanswerable samples `is-refusal`; the whole sample but its input is kept in
 * `metadata.fulcrum`, so that nothing is lost on the way back. Text that promptfoo would compute is wrapped as raw; a sample
 * with text that it would read from a file is left out.
 */
export async function writePromptfoo(samples: readonly Sample[]): Promise<FormatWritten> {
  const { stringify } = await import('yaml');
  const lost = createLossCounter();
  const tests: string[] = [];
  for (const sample of samples) {
    const { input, ...others } = sample;
    const question = asLiteral(input);
    const assertions = assertionsOf(sample);
    if (question === null || assertions === null) continue;
    const test = {
      description: sample.id,
      vars: { input: question },
      ...(assertions.length > 0 ? { assert: assertions } : {}),
      metadata: { fulcrum: others },
    };
    tests.push(stringify([test], layout).trimEnd());
  }
  const lines = tests.length === 0 ? ['tests: []'] : ['tests:', ...tests];
  return { files: [{ path: '', lines }], lost: lost.report(), leftOut: samples.length - tests.length };
}

interface Assertion {
  readonly type: string;
  readonly value?: string | string[];
}

/** Assertions of a sample; null when one cannot be written literally. */
function assertionsOf(sample: Sample): Assertion[] | null {
  const answers = acceptedAnswers(sample);
  const wanted = !sample.answerable
    ? [{ type: 'is-refusal' }]
    : sample.facts?.length
      ? assertForms('icontains', sample.facts)
      : answers.length === 1
        ? assertForms('equals', [answers])
        : [];
  const unwanted = assertForms('not-icontains', sample.mustNot ?? []);
  return wanted === null || unwanted === null ? null : [...wanted, ...unwanted];
}

/** One assertion for each list of forms: of the type for one form, of its `-any` for several. */
function assertForms(type: string, lists: readonly (readonly string[])[]): Assertion[] | null {
  const literals = lists.map((forms) => forms.map(asLiteral));
  if (literals.some((forms) => forms.includes(null))) return null;
  return (literals as string[][]).map((forms) =>
    forms.length === 1 ? { type, value: forms[0]! } : { type: `${type}-any`, value: forms },
  );
}
