import picocolors from 'picocolors';
import type { Answer } from '../../core/index.ts';

/** Tells the story of the demo to a person. With `--json` it goes to stderr, so that stdout holds the document only. */
export interface Say {
  heading(text: string): void;
  line(text?: string): void;
  answer(question: string, answer: Answer): void;
}

export function createSay(json: boolean): Say {
  const stream = json ? process.stderr : process.stdout;
  const colours = picocolors.createColors(stream.isTTY === true && process.env.NO_COLOR === undefined);
  const line = (text = ''): void => void stream.write(`${text}\n`);
  let step = 0;
  return {
    line,
    heading(text) {
      step++;
      line(`\n${colours.bold(`${step}. ${text}`)}`);
    },
    answer(question, answer) {
      line(`\n  ${colours.bold('Q')} ${question}`);
      if (answer.refusal) line(`  ${colours.yellow('No answer')} (${answer.refusal.reason})`);
      else for (const row of answer.answer.trim().split('\n')) line(`  ${colours.cyan('|')} ${row}`);
      for (const citation of answer.citations)
        line(
          colours.dim(
            `    [${citation.marker}] ${citation.uri}, characters ${citation.start} to ${citation.end}`,
          ),
        );
    },
  };
}
