import { FulcrumError, suggest } from '../../core/index.ts';
import type { ArmInputs, Hosting, Losses, RequestProfile, UnitPrices, UsageRows } from './arm-inputs.ts';
import { entryFigure, maintenanceOf, monthsUntil, sharedPrices, upfrontOf } from './charge-by-kind.ts';
import type { CostsConfig, FigureEntry, HypotheticalArmConfig } from './cost-config.ts';
import { type Amount, enteredFigure, isKnown, unknownFigure } from './figure.ts';
import { type MeasuredArm, type MeasuredParts, measuredParts } from './measured-arm.ts';
import { withoutBareZero } from './request-terms.ts';

export interface BuildArmsOptions {
  readonly measured: readonly MeasuredArm[];
  readonly costs: CostsConfig;
  /** Listed prices of the models that hypothetical arms name, by `provider/model`. */
  readonly listed: ReadonlyMap<string, UnitPrices>;
  /** Imported usage that hypothetical arms name. */
  readonly imported?: ReadonlyMap<string, ImportedProfile> | undefined;
  /** ISO day. */
  readonly today: string;
}

/** The mean request of imported usage and, where its requests are known one by one, these. */
export interface ImportedProfile {
  readonly profile: RequestProfile;
  readonly usage: UsageRows | null;
}

/** What errors cost, as far as it was entered. */
export function lossesOf({ losses }: CostsConfig): Losses {
  const loss = (name: 'wrong' | 'refused', what: string): Amount => {
    const entry = losses[name];
    if (entry !== undefined) return entryFigure(entry, `loss:${name}`);
    return unknownFigure(`what ${what} costs was not entered (decision.costs.losses.${name})`);
  };
  return { wrong: loss('wrong', 'a wrong answer'), refused: loss('refused', 'a refusal') };
}

/**
 * The arms of measured variants and of the config, with what the config says of all of them. Throws `cost-invalid` for an arm that is
 * to be like a variant that was not measured, or that has the name of one.
 */
export function buildArms(options: BuildArmsOptions): ArmInputs[] {
  const { measured, costs } = options;
  const parts = new Map(measured.map((each) => [each.name, measuredParts(each)]));
  const arms = measured.map((each) => measuredInputs(each, parts.get(each.name)!, options));
  for (const [name, config] of Object.entries(costs.arms)) {
    if (parts.has(name))
      throw new FulcrumError('cost-invalid', { figure: name, problem: 'a measured variant has this name' });
    arms.push(hypotheticalInputs(name, config, parts, options));
  }
  return arms;
}

function measuredInputs(
  { name, run }: MeasuredArm,
  parts: MeasuredParts,
  { costs }: BuildArmsOptions,
): ArmInputs {
  const { kind, profile, prices } = parts;
  return {
    ...parts,
    name,
    run,
    hypothetical: false,
    ...(profile ? { profile: withRequests(profile, costs.requests) } : {}),
    prices: { ...prices, ...sharedPrices(kind, costs) },
    hosting: { form: 'per-token' },
    upfront: upfrontOf(name, kind, {}, costs, null),
    maintenance: maintenanceOf(kind, costs),
  };
}

function hypotheticalInputs(
  name: string,
  config: HypotheticalArmConfig,
  parts: ReadonlyMap<string, MeasuredParts>,
  { costs, listed, imported, today }: BuildArmsOptions,
): ArmInputs {
  const { kind, like, model } = config;
  const source = like === undefined ? undefined : parts.get(like);
  if (like !== undefined && !source)
    throw new FulcrumError('cost-invalid', {
      figure: `${name}: like`,
      problem: `no measured variant is named "${like}". ${suggest(like, [...parts.keys()])}`.trim(),
    });
  const team = config.usage === undefined ? undefined : imported?.get(config.usage);
  const profile = profileOf(config, team?.profile ?? source?.profile);
  const requests = withRequests(withRequests(profile, costs.requests), config.requests);
  const own = Object.fromEntries(
    Object.entries(config.prices).flatMap(([key, entry]) =>
      entry === undefined ? [] : [[key, entryFigure(entry, `price:${name}:${key}`)]],
    ),
  ) as UnitPrices;
  const inherited = model === undefined ? source?.prices : listed.get(model);
  const { costPer1000 } = config;
  const quality = qualityOf(config) ?? source?.quality;
  return {
    name,
    kind,
    hypothetical: true,
    profile: requests,
    ...(costPer1000 === undefined
      ? {}
      : { costPer1000: withoutBareZero(entryFigure(costPer1000), 'cost of 1,000 requests') }),
    prices: { ...inherited, ...sharedPrices(kind, costs), ...own },
    hosting: hostingOf(name, config.hosting),
    upfront: upfrontOf(name, kind, config, costs, monthsUntil(config.baseModelEnds, today)),
    maintenance: maintenanceOf(kind, costs),
    ...(quality ? { quality } : {}),
    ...usageOf(team, source),
    ...(config.baseModelEnds === undefined ? {} : { endOfLife: config.baseModelEnds }),
  };
}

/** The requests that means are resampled from: those that the tokens are of. */
function usageOf(
  team: ImportedProfile | undefined,
  source: MeasuredParts | undefined,
): { usage?: UsageRows } {
  const usage = team ? team.usage : source?.usage;
  return usage ? { usage } : {};
}

/** The tokens of an arm: its own entries, else those of the variant it is like, else none. */
function profileOf(config: HypotheticalArmConfig, like: RequestProfile | undefined): RequestProfile {
  const { tokens, reranks } = config;
  const known = like !== undefined || Object.keys(tokens).length > 0;
  const amount = (name: keyof RequestProfile, entry: FigureEntry | undefined, absent = 0): Amount => {
    if (entry !== undefined) return entryFigure(entry);
    if (like) return like[name];
    return known || absent > 0
      ? enteredFigure(absent, 'nothing entered')
      : unknownFigure('its tokens were neither entered nor measured');
  };
  return {
    staticPrefix: amount('staticPrefix', tokens.staticPrefix),
    fewShot: amount('fewShot', tokens.fewShot),
    history: amount('history', tokens.history),
    query: amount('query', tokens.query),
    retrieved: amount('retrieved', tokens.retrieved),
    output: amount('output', tokens.output),
    reasoning: amount('reasoning', tokens.reasoning),
    cachedShare: amount('cachedShare', undefined),
    retryFactor: amount('retryFactor', undefined, 1),
    batchShare: like?.batchShare ?? enteredFigure(0, 'nothing is sent in batches'),
    embeddedTokens: amount('embeddedTokens', tokens.embedded),
    reranks: reranks === undefined ? (like?.reranks ?? enteredFigure(0, 'no rerank')) : entryFigure(reranks),
    coreSeconds: tokensOnly(like),
  };
}

/** Core-seconds of a variant were measured on its own model and are not those of another. */
function tokensOnly(like: RequestProfile | undefined): Amount {
  return enteredFigure(0, like ? 'local work of the measured variant is left out' : 'no local work');
}

function withRequests(profile: RequestProfile, requests: CostsConfig['requests']): RequestProfile {
  const changed = Object.entries(requests).flatMap(([key, entry]) =>
    entry === undefined ? [] : [[key, entryFigure(entry)]],
  );
  return { ...profile, ...Object.fromEntries(changed) };
}

function qualityOf({ quality }: HypotheticalArmConfig): ArmInputs['quality'] {
  if (!quality) return undefined;
  const [correct, refused] = [entryFigure(quality.correct), entryFigure(quality.refused)];
  if (!isKnown(correct) || !isKnown(refused)) return undefined;
  const wrong = 1 - correct.value - refused.value;
  return { correct, refused, wrong: enteredFigure(wrong, 'what is neither correct nor refused') };
}

function hostingOf(name: string, hosting: HypotheticalArmConfig['hosting']): Hosting {
  if (hosting.form === 'per-token') {
    const { monthlyFee } = hosting;
    return {
      form: 'per-token',
      ...(monthlyFee === undefined
        ? {}
        : { monthlyFee: entryFigure(monthlyFee, `price:${name}:monthlyFee`) }),
    };
  }
  if (hosting.form === 'scale-to-zero') {
    const { coldStartSeconds } = hosting;
    return {
      form: 'scale-to-zero',
      gpuSecond: entryFigure(hosting.gpuSecond, `price:${name}:gpuSecond`),
      gpuSecondsPerRequest: entryFigure(hosting.gpuSecondsPerRequest),
      ...(coldStartSeconds === undefined ? {} : { coldStartSeconds: entryFigure(coldStartSeconds) }),
    };
  }
  const { prefillTokensPerSecond } = hosting;
  return {
    form: 'per-hour',
    replicaHour: entryFigure(hosting.machineHour, `price:${name}:machineHour`),
    requestsPerSecond: entryFigure(hosting.requestsPerSecond),
    ...(prefillTokensPerSecond === undefined
      ? {}
      : { prefillTokensPerSecond: entryFigure(prefillTokensPerSecond) }),
    peakToMean: entryFigure(hosting.peakToMean),
    minimumReplicas: hosting.minimumMachines,
    spareReplicas: hosting.spareMachines,
  };
}
