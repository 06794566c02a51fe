import type { Command } from 'commander';
import { FulcrumError } from '../../core/index.ts';
import type { ModelStage, TunedModel } from '../../tuning/index.ts';
import { runCommand } from '../command.ts';
import { withCommandProject } from '../with-command-project.ts';

const stages: readonly ModelStage[] = ['candidate', 'shadow', 'canary', 'champion', 'archived'];

/** `fulcrum models tuned|show|promote|serve-as|answer-flag|drop|calendar`: the registry of tuned models. */
export function registerTunedModels(models: Command): void {
  models
    .command('tuned')
    .description('list the tuned models of the project')
    .addHelpText('after', '\nExample:\n  fulcrum models tuned --json')
    .action(
      runCommand(async (context) => {
        const found = await withCommandProject(context, async (project) =>
          (await project.tuning()).models.list(),
        );
        const lines = found.map(
          ({ id, stage, method, base, data, flags }) =>
            `${id}  ${stage.padEnd(9)}  ${method} of ${base.id} on ${data.name}@${data.version}${flags.length > 0 ? `  flagged: ${flags.map(({ reason }) => reason).join(', ')}` : ''}`,
        );
        return {
          json: { models: found },
          text:
            lines.length === 0
              ? 'Nothing was tuned yet. Begin with: fulcrum tune data import'
              : lines.join('\n'),
        };
      }),
    );

  models
    .command('show')
    .argument('<model>', 'ID, or the name for its champion or newest')
    .description('show everything that a tuned model was made of, with its lineage to rows and documents')
    .addHelpText('after', '\nExample:\n  fulcrum models show intents-3')
    .action(
      runCommand(async (context, _options, id = '') => {
        const { lineageOf } = await import('../../app/index.ts');
        const result = await withCommandProject(context, async (project) => {
          const model = await (await project.tuning()).models.get(id);
          return { model, lineage: await lineageOf(project, model) };
        });
        return {
          json: { ...result.model, lineage: result.lineage },
          text: describeModel(result.model, result.lineage),
        };
      }),
    );

  models
    .command('promote')
    .argument('<model>', 'ID of the model')
    .requiredOption('--stage <stage>', stages.join(', '))
    .option('--force <reason>', 'promote past gates that were not passed; the reason is recorded')
    .description('move a tuned model to a stage; anything but candidate and archived needs passed gates')
    .addHelpText(
      'after',
      '\nOne model of a name is champion; the one before becomes archived.\n\nExamples:\n  fulcrum models promote intents-3 --stage champion\n  fulcrum models promote intents-3 --stage shadow --force "tried by hand"',
    )
    .action(
      runCommand<{ stage: string; force?: string }>(async (context, options, id = '') => {
        const stage = stages.find((each) => each === options.stage);
        if (!stage)
          throw new FulcrumError('usage', {
            problem: `--stage takes ${stages.join(', ')}, not "${options.stage}".`,
          });
        const { promoteModel } = await import('../../app/index.ts');
        const model = await withCommandProject(context, (project) =>
          promoteModel(project, { id, stage, force: options.force }),
        );
        return {
          json: model,
          text: `${model.id} is ${model.stage} now${options.force ? `, past its gates (${options.force})` : ''}.`,
        };
      }),
    );

  models
    .command('serve-as')
    .argument('<model>', 'ID of the model')
    .argument('<name>', 'compatible/NAME/ADAPTER: where a server has the adapter under a name')
    .description('ask a tuned model at an OpenAI-compatible server that has loaded its adapter')
    .addHelpText('after', '\nExample:\n  fulcrum models serve-as slots-1 compatible/vllm/slots')
    .action(
      runCommand(async (context, _options, id = '', name = '') => {
        if (!/^[^/\s]+\/\S+$/.test(name))
          throw new FulcrumError('usage', {
            problem: `A server's model is named compatible/NAME/ADAPTER, not "${name}".`,
          });
        const model = await withCommandProject(context, async (project) => {
          const { models: store } = await project.tuning();
          const { id: found } = await store.get(id);
          return store.update(found, (before) => ({ ...before, config: { ...before.config, served: name } }));
        });
        return {
          json: model,
          text: `${model.id} is asked as ${name} from now on. Run its gates again: fulcrum tune gates ${model.id}`,
        };
      }),
    );

  models
    .command('answer-flag')
    .argument('<model>', 'ID of the model')
    .requiredOption('--because <reason>', 'why the flags need no more attention')
    .description('answer the flags of a model, such as a deleted document that it was trained on')
    .addHelpText(
      'after',
      '\nExample:\n  fulcrum models answer-flag intents-3 --because "trained again as intents-4, archived"',
    )
    .action(
      runCommand<{ because: string }>(async (context, options, id = '') => {
        const model = await withCommandProject(context, async (project) => {
          const { models: store } = await project.tuning();
          const { id: found } = await store.get(id);
          return store.update(found, (before) => ({
            ...before,
            flags: [],
            config: {
              ...before.config,
              flagsAnswered: `${new Date().toISOString()} ${options.because}`.slice(0, 500),
            },
          }));
        });
        return { json: model, text: `The flags of ${model.id} are answered.` };
      }),
    );

  models
    .command('export')
    .argument('<model>', 'ID of the model')
    .requiredOption('--out <folder>', 'folder to write')
    .description('write a tuned model as a folder that another project can import; the rows stay behind')
    .addHelpText('after', '\nExample:\n  fulcrum models export slots-1 --out slots-model')
    .action(
      runCommand<{ out: string }>(async (context, options, id = '') => {
        const { resolve } = await import('node:path');
        const { exportModel } = await import('../../app/index.ts');
        const model = await withCommandProject(context, (project) =>
          exportModel(project, id, resolve(options.out)),
        );
        return {
          json: { model: model.id, folder: resolve(options.out) },
          text: `Wrote ${model.id} to ${options.out}.`,
        };
      }),
    );

  models
    .command('import')
    .argument('<folder>', 'folder that "models export" wrote')
    .description('take a tuned model of another project into this one')
    .addHelpText(
      'after',
      '\nIts files are checked by their hashes. It becomes a candidate with the gates that it brings.\n\nExample:\n  fulcrum models import slots-model',
    )
    .action(
      runCommand(async (context, _options, folder = '') => {
        const { inputPath } = await import('../evaluation-command.ts');
        const { importModel } = await import('../../app/index.ts');
        const path = inputPath(context, folder);
        const model = await withCommandProject(context, (project) => importModel(project, path));
        return { json: model, text: `${model.id} is the variant tuned:${model.id}.` };
      }),
    );

  models
    .command('drop')
    .argument('<model>', 'ID of the model')
    .description(
      'take a tuned model out of the registry and remove its files; its number is never used again',
    )
    .addHelpText('after', '\nExample:\n  fulcrum models drop intents-2')
    .action(
      runCommand(async (context, _options, id = '') => {
        const { dropModel } = await import('../../app/index.ts');
        const dropped = await withCommandProject(context, (project) => dropModel(project, id));
        return { json: { id: dropped }, text: `Dropped ${dropped}.` };
      }),
    );

  models
    .command('calendar')
    .option('--days <n>', 'only what ends within so many days')
    .description('what retires when, and which models, variants and decisions of the project depend on it')
    .addHelpText('after', '\nExample:\n  fulcrum models calendar --days 180')
    .action(
      runCommand<{ days?: string }>(async (context, options) => {
        const { modelCalendar } = await import('../../app/index.ts');
        const { numberOption } = await import('../evaluation-command.ts');
        const days = numberOption('--days', options.days, { whole: true, least: 0 });
        const entries = await withCommandProject(context, (project) => modelCalendar(project, days));
        const lines = entries.map(
          ({ date, model, ends, daysLeft, dependents, confidence }) =>
            `${date}  ${daysLeft < 0 ? `${-daysLeft} days ago` : `in ${daysLeft} days`}  ${model}: ${ends} ends (${confidence})${dependents.length > 0 ? `; needed by ${dependents.join(', ')}` : ''}`,
        );
        return {
          json: { entries },
          text: lines.length === 0 ? 'Nothing that this project uses has a known end.' : lines.join('\n'),
        };
      }),
    );
}

function describeModel(
  model: TunedModel,
  lineage: { rows: number; documents: readonly string[]; teachers: readonly string[] },
): string {
  const { base, data, cost, gates, readers } = model;
  return [
    `${model.id}  ${model.stage}  ${model.method} by ${model.provider}, ${model.createdAt}`,
    `  base      ${base.id} (${base.revision.slice(0, 12)}, ${base.license})${model.retiresAt ? `, withdrawn ${model.retiresAt}` : ''}`,
    `  data      ${data.name}@${data.version}, ${data.trainRows} rows (${data.hash.slice(0, 12)}), split ${data.splitHash.slice(0, 12)}`,
    `  lineage   ${lineage.rows} rows of ${lineage.documents.length} documents${lineage.teachers.length > 0 ? `, teachers: ${lineage.teachers.join(', ')}` : ''}`,
    `  readers   ${readers.map((set) => set.join(' or ')).join('; and ')}`,
    ...model.artifacts.map(
      ({ format, path, bytes, sha256 }) =>
        `  artefact  ${format}, ${(bytes / 1e6).toFixed(1)} MB, ${sha256.slice(0, 12)}, ${path}`,
    ),
    ...(model.providerModel ? [`  provider  ${model.providerModel}`] : []),
    `  settings  ${Object.entries(model.config)
      .map(
        ([name, value]) =>
          `${name} ${typeof value === 'number' && !Number.isInteger(value) ? value.toPrecision(4) : value}`,
      )
      .join(', ')}`,
    `  cost      ${cost.usd === null ? 'unknown' : `$${cost.usd.toFixed(4)}`} (${cost.basis})`,
    ...(gates.length === 0
      ? [`  gates     none were run: fulcrum tune gates ${model.id}`]
      : gates.map(
          ({ gate, passed, detail }) =>
            `  gate      ${passed === null ? 'not measured' : passed ? 'passed' : 'FAILED'}  ${gate}: ${detail}`,
        )),
    ...model.flags.map(({ reason, detail, at }) => `  flag      ${reason}: ${detail} (${at})`),
  ].join('\n');
}
