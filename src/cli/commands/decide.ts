import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import type { DecideFlags } from '../decide-command.ts';
import { registerDecideCheck } from './decide-check.ts';
import { registerDecideSeal } from './decide-seal.ts';

/** `fulcrum decide`: the cheapest variant that is good enough, or what is missing. */
export function registerDecide(program: Command): void {
  const decide = program
    .command('decide')
    .argument('[runs...]', 'ids of runs of one dataset; without any the newest of each variant')
    .option(
      '--bar <b>',
      'lowest mean of the metric that is good enough (default: decision.bar of the config)',
    )
    .option(
      '--margin <m>',
      'largest loss against another variant that does not matter (default: config, else 0.05)',
    )
    .option(
      '--margin-usd <usd>',
      'margin from money: net cost of 1,000 requests that does not matter; needs the cost of a wrong answer',
    )
    .option('--wrong-usd <usd>', 'what a wrong answer costs (default: decision.costs.losses.wrong)')
    .option('--refused-usd <usd>', 'what a refusal costs (default: decision.costs.losses.refused)')
    .option('--label-usd <usd>', 'what one more labelled sample costs; says where to stop labelling')
    .option('--max-p95 <seconds>', '95 of 100 answers must be shown to come within it')
    .option(
      '--half-life',
      'also follow the evidence of the questions through the git history of their documents',
    )
    .option('--volume <v>', 'requests a month (default: config, else 10000)')
    .option('--metric <name>', 'primary metric (default: decision.metric of the config, else correct)')
    .option('--confidence <c>', 'confidence of everything stated together (default: 0.95)')
    .option('--with-cascades', 'also every cascade of two of the runs, made of their stored results')
    .option('--scores <file>', 'JSON Lines of scores made by anything; needs no project')
    .option('--looks <k>', 'declare, at the first look, that there will be so many looks')
    .option('--spending <name>', 'error over declared looks: obrien-fleming (default), pocock or equal')
    .option('--weight <tag=w...>', 'how much the samples of a tag count; 0 leaves them out')
    .option('--price <variant=usd...>', 'USD per 1,000 requests in place of what was measured')
    .option('--report <file>', 'write a self-contained HTML report that recomputes itself')
    .option(
      '--format <format>',
      'of the report: html, markdown or json (default: by the ending of its name, else html)',
    )
    .option('--run', 'first run what is missing, cheapest first, on --dataset; cost printed before')
    .option('--dataset <name>', 'with --run: the dataset')
    .option('--split <split>', 'with --run: only this split: train, dev or test')
    .option('--variants <names>', 'with --run: variants, separated by commas (default: all of the project)')
    .option('--budget <usd>', 'with --run: most that may be spent, over all looks')
    .option('--seal <hash>', 'decide as it was sealed ("decide seal"); nothing that it fixes can be changed')
    .option('--bundle <file>', 'write everything that "decide verify" needs to recheck it offline')
    .description('name the cheapest variant that is good enough, or say what evidence is missing')
    .addHelpText(
      'after',
      '\nExamples:\n  fulcrum decide --bar 0.8 --volume 50000 --report report.html\n  fulcrum decide --scores scores.jsonl --bar 0.7\n  fulcrum decide --bar 0.8 --max-p95 3 --wrong-usd 0.5 --margin-usd 2\n  fulcrum decide --run --dataset questions --split test --bar 0.8 --looks 3 --budget 5',
    )
    .action(
      runCommand<DecideFlags>(async (context, options, ...runs) => {
        const { decideCommand } = await import('../decide-command.ts');
        return decideCommand(context, options, runs);
      }),
    );
  registerDecideSeal(decide);
  registerDecideCheck(decide);
}
