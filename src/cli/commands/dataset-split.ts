import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { SplitMethod } from '../../evaluation/index.ts';
import { runCommand } from '../command.ts';
import { shown, splitsText } from '../dataset-text.ts';
import { withEvaluation } from '../evaluation-command.ts';

interface SplitFlags {
  by: string;
  shares: string;
  stratify?: string;
  timeTag?: string;
  seed: string;
  as?: string;
}

/** Strata that the text shows; `--json` has all. */
const strataShown = 20;

/** `fulcrum dataset split|looks`. */
export function registerDatasetSplit(dataset: Command): void {
  dataset
    .command('split')
    .argument('<name>', 'name of the dataset')
    .option('--by <method>', 'group (whole groups at random), time (the newest to test) or given', 'group')
    .option('--shares <shares>', 'train/dev/test in per cent', '60/20/20')
    .option('--stratify <by>', 'label or tag:PREFIX: share each label or tag out alike')
    .option('--time-tag <prefix>', 'prefix of the tag that says when, or in which order (default: time:)')
    .option('--seed <seed>', 'another one gives another random split', 'fulcrum')
    .option('--as <name>', 'freeze it under another name and leave this one as it is')
    .description('give every sample train, dev or test and freeze that for good')
    .addHelpText(
      'after',
      '\nSamples of one group never get different splits. A frozen dataset cannot be changed or split again, and every look\nat its test samples is logged (fulcrum dataset looks NAME).\n\nExamples:\n  fulcrum dataset split questions\n  fulcrum dataset split intents --stratify label --shares 70/10/20 --as intents-1\n  fulcrum dataset split tickets --by time',
    )
    .action(
      runCommand<SplitFlags>(async (context, options, name = '') => {
        const method = await methodOf(options);
        const result = await withEvaluation(context, ({ datasetTools }) =>
          datasetTools.split({ dataset: name, as: options.as, method }),
        );
        const { counts, groups, strata = {}, reachingBack = 0, frozen } = result;
        const lines = Object.entries(strata).map(
          ([stratum, split]) => `  ${shown(stratum, 40)}  ${splitsText(split)}`,
        );
        const text = [
          `Froze "${frozen.dataset}": ${splitsText(counts)}, in ${groups} groups. Hash ${frozen.hash.slice(0, 12)}.`,
          ...lines.slice(0, strataShown),
          ...(lines.length > strataShown
            ? [`  and ${lines.length - strataShown} more; --json has them`]
            : []),
          ...(reachingBack > 0
            ? [`${reachingBack} groups of a later split have samples from before its boundary.`]
            : []),
          `Next: fulcrum dataset check ${frozen.dataset}, fulcrum dataset power ${frozen.dataset} --split test`,
        ].join('\n');
        return { json: result, text };
      }),
    );

  dataset
    .command('looks')
    .argument('<name>', 'name of the dataset')
    .description('list every look that was taken at the test samples of a frozen dataset')
    .addHelpText('after', '\nExample:\n  fulcrum dataset looks questions')
    .action(
      runCommand(async (context, _options, name = '') => {
        const result = await withEvaluation(context, async ({ datasets, datasetTools }) => {
          await datasets.get(name);
          return { dataset: name, ...(await datasetTools.seal(name)) };
        });
        const { frozen, looks } = result;
        const text =
          frozen === null
            ? `The splits of "${name}" are not frozen, so looks are not logged. Freeze them: fulcrum dataset split ${name}`
            : [
                `"${name}" was frozen on ${frozen.frozenAt} (hash ${frozen.hash.slice(0, 12)}); ${looks.length} looks at its test samples.`,
                ...looks.map(
                  ({ takenAt, reason, detail, samples }) =>
                    `  ${takenAt}  ${reason} (${shown(detail, 60)})  ${samples} samples`,
                ),
              ].join('\n');
        return { json: result, text };
      }),
    );
}

async function methodOf(options: SplitFlags): Promise<SplitMethod> {
  const { parseShares, parseStratify } = await import('../../evaluation/index.ts');
  const { by, stratify, timeTag, seed } = options;
  if (by !== 'group' && by !== 'time' && by !== 'given')
    throw new FulcrumError('usage', { problem: `--by takes group, time or given, not "${by}".` });
  if (stratify !== undefined && by !== 'group')
    throw new FulcrumError('usage', { problem: `--stratify goes with --by group, not with --by ${by}.` });
  return {
    by,
    shares: parseShares(options.shares),
    stratify: stratify === undefined ? undefined : parseStratify(stratify),
    timeTag,
    seed,
  };
}
