import type { Gate } from '../comparison/gate.ts';
import { gateSentence } from '../comparison/gate.ts';
import type { Run } from '../runs/run.ts';
import { escapeHtml } from './escape-html.ts';
import { answerText, expectedText, scoreText, type ViewedResult } from './run-view.ts';

/**
 * JUnit XML, for the test report of a CI: a test case for each result, failed where the metric is below `threshold`,
 * in error where there is no answer, skipped where there is no number by definition; and one for the gate where there
 * is a baseline. Characters that XML cannot hold are replaced.
 */
export async function* exportJunit(
  run: Run,
  pages: AsyncIterable<readonly ViewedResult[]>,
  options: { metric: string; threshold: number; gate: Gate | null },
): AsyncGenerator<string> {
  const { XMLBuilder } = await import('fast-xml-parser');
  const builder = new XMLBuilder({ ignoreAttributes: false, attributeNamePrefix: '@', format: true });
  const { metric, threshold, gate } = options;
  const element = (name: string, content: unknown): string => builder.build({ [name]: content });
  const attributes = `name="${escapeAttribute(`fulcrum ${run.variant} on ${run.dataset.name}`)}"`;
  yield `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites>\n<testsuite ${attributes}>\n`;
  if (gate)
    yield element('testcase', {
      '@name': `gate: ${metric} not worse than ${plain(gate.baseline.name)} by ${gate.margin}`,
      '@classname': plain(run.variant),
      ...(gate.outcome === 'passed'
        ? {}
        : { failure: { '@message': plain(gateSentence(gate)), '@type': gate.outcome } }),
    });
  for await (const page of pages)
    yield page.map((viewed) => element('testcase', testCase(viewed, run, { metric, threshold }))).join('');
  yield '</testsuite>\n</testsuites>\n';
}

function testCase(
  viewed: ViewedResult,
  run: Run,
  { metric, threshold }: { metric: string; threshold: number },
): Record<string, unknown> {
  const { result, sample } = viewed;
  const score = result.scores[metric];
  const shown = `${metric}: ${scoreText(result, metric)}`;
  const text = plain(
    [
      `question: ${sample?.input ?? '(not at hand)'}`,
      `expected: ${sample ? expectedText(sample) : '(not at hand)'}`,
      `answer: ${answerText(viewed)}`,
    ].join('\n'),
  );
  const broken = result.error !== null || score?.status === 'error';
  return {
    '@name': plain(run.repeats === 1 ? result.sample : `${result.sample} #${result.repetition + 1}`),
    '@classname': plain(run.variant),
    '@time': String(result.seconds ?? 0),
    ...(broken ? { error: { '@message': plain(shown), '#text': text } } : {}),
    ...(!broken && score?.status === 'scored' && score.value < threshold
      ? { failure: { '@message': plain(shown), '#text': text } }
      : {}),
    ...(!broken && score?.status !== 'scored' ? { skipped: { '@message': plain(shown) } } : {}),
  };
}

/** Text without what XML 1.0 cannot hold. */
function plain(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are the characters that must go.
  return text.toWellFormed().replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, '\ufffd');
}

function escapeAttribute(text: string): string {
  return escapeHtml(plain(text));
}
