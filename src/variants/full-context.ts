import { addCost, addUsage, contentHash, noCost, noUsage, type Principal } from '../core/index.ts';
import { combineFilters, passesFilter, type StoredDocument } from '../knowledge/index.ts';
import type { LanguageModel, Message } from '../models/index.ts';
import { timed } from './answering.ts';
import type { GenerateConfig } from './config.ts';
import { quotableUnits } from './evidence/quotable-units.ts';
import type { ScoredUnit } from './evidence/select-evidence.ts';
import type { FewShot } from './few-shot.ts';
import { countPrompt, type Passage } from './readers/fit-context.ts';
import { readMessages } from './readers/generate.ts';
import { generationDefaults } from './readers/prompting.ts';
import { groundedInstructions, groundedPrompt, refusalPhrase } from './readers/prompts.ts';
import type { Question, Variant } from './variant.ts';

/** Tokens kept free for the question itself. */
const questionTokens = 200;

/** Principals whose whole corpus is kept in memory. */
const keptPrefixes = 8;

/** Fewest tokens that a text of so many characters can have, so that a corpus far too large need not be counted. */
const mostCharactersPerToken = 12;

/** The documents that a principal may read, in a fixed order. Supplied by `app`. */
export type AllDocuments = (principal: Principal) => Promise<readonly StoredDocument[]>;

/**
 * A language model that reads the whole corpus with each question: one prefix, the same for all questions of a
 * principal, so that a provider's prompt cache can keep it; the question comes last. It says of itself when the corpus
 * does not fit.
 * @param indexVersion changes whenever what can be read does; without it a prefix is made once for each principal.
 * @param corpus hash of the documents and their versions, for the definition.
 */
export function createFullContextVariant(options: {
  readonly name: string;
  readonly config: GenerateConfig;
  readonly model: LanguageModel;
  readonly documents: AllDocuments;
  readonly indexVersion?: ((tenant: string) => Promise<string>) | undefined;
  readonly corpus: string;
  readonly fewShot: FewShot | null;
}): Variant {
  const { name, config, model, documents, fewShot } = options;
  const defaults = model.local ? generationDefaults.local : generationDefaults.hosted;
  const maxOutputTokens = config.maxOutputTokens ?? defaults.maxOutputTokens;
  const contextTokens = config.contextTokens ?? model.contextTokens;
  const instructions = config.instructions ?? groundedInstructions;
  const prefixes = new Map<string, { readonly version: string; readonly made: Promise<Prefix> }>();
  const prefixOf = async (principal: Principal): Promise<Prefix> => {
    const key = contentHash(principal);
    // What was deleted, or may no longer be read, must not be shown from memory.
    const version = (await options.indexVersion?.(principal.tenant)) ?? '';
    const known = prefixes.get(key);
    if (known?.version === version) return known.made;
    const made = documents(principal).then((all) => makePrefix(all, instructions));
    prefixes.delete(key);
    prefixes.set(key, { version, made });
    made.catch(() => prefixes.delete(key));
    if (prefixes.size > keptPrefixes) prefixes.delete(prefixes.keys().next().value ?? '');
    return made;
  };
  /** With fewer documents it is a prefix of that question alone, which no cache can keep. */
  const prefixFor = async (question: Question): Promise<Prefix> => {
    const { principal, hiddenDocuments, sources } = question;
    const filter = combineFilters({ sources, exceptDocuments: hiddenDocuments }, question.filter);
    if (Object.keys(filter).length === 0) return prefixOf(principal);
    return makePrefix(
      (await documents(principal)).filter((document) => passesFilter(document, filter)),
      instructions,
    );
  };
  const counted = new WeakMap<Prefix, Promise<number>>();
  const tokensOf = (prefix: Prefix): Promise<number> => {
    const known = counted.get(prefix);
    if (known) return known;
    const count = countPrompt(model, prefix.messages);
    counted.set(prefix, count);
    return count;
  };
  const reserved = maxOutputTokens + questionTokens + Math.ceil((fewShot?.mostCharacters ?? 0) / 3);

  return {
    name,
    kind: 'full-context',
    deployable: true,
    retrieves: false,
    concurrency: model.local ? 1 : 8,
    learnedFrom: fewShot?.pool,
    definition: {
      kind: 'full-context',
      model: model.id,
      promptHash: contentHash([instructions, refusalPhrase]),
      maxOutputTokens,
      contextTokens,
      corpus: options.corpus,
      ...(fewShot ? { fewShot: fewShot.definition } : {}),
    },
    async cannotRun(principal) {
      const prefix = await prefixOf(principal);
      if (prefix.passages.length === 0) return 'nothing is indexed that could be read';
      if (contextTokens === null)
        return `the context of ${model.id} is not known; set "contextTokens" in the variant`;
      const room = contextTokens - reserved;
      const characters = prefix.messages.reduce((sum, { content }) => sum + content.length, 0);
      const least = Math.ceil(characters / mostCharactersPerToken);
      const tokens = least > room ? least : await tokensOf(prefix);
      if (tokens <= room) return null;
      return `the corpus has ${least > room ? 'more than ' : ''}${tokens} tokens; ${model.id} has room for ${Math.max(0, room)} of its ${contextTokens}`;
    },
    async estimate(question) {
      const prefix = await tokensOf(await prefixOf(question.principal));
      const shown = Math.ceil((fewShot?.mostCharacters ?? 0) / 3);
      const inputTokens = prefix + shown + (await model.countTokens(question.input)) + 16;
      const usage = addUsage({ inputTokens, outputTokens: maxOutputTokens, calls: 1 });
      return { inputTokens, outputTokens: maxOutputTokens, usd: model.local ? 0 : model.price(usage).usd };
    },
    answer: (question) =>
      timed(question, async () => {
        const { messages, passages } = await prefixFor(question);
        const shown = (await fewShot?.turns(question.input)) ?? {
          messages: [],
          usage: noUsage,
          cost: noCost,
        };
        const reading = await readMessages({
          model,
          maxOutputTokens,
          messages: [
            ...messages,
            ...shown.messages,
            { role: 'user', content: `Question: ${question.input}` },
          ],
          passages,
          vectors: null,
          question,
          onText: question.onText,
          signal: question.signal,
        });
        return {
          answer: reading.answer,
          citations: [...reading.citations],
          ...(reading.claims ? { claims: [...reading.claims] } : {}),
          ...(reading.notices && reading.notices.length > 0 ? { notices: [...reading.notices] } : {}),
          removedCitations: reading.removedCitations,
          refusal: reading.refusal,
          contexts: [],
          usage: addUsage(reading.usage, shown.usage),
          cost: addCost(reading.cost, shown.cost),
          confidence: null,
        };
      }),
    close: async () => {},
  };
}

/** What is the same for every question: instructions, then every document under its number. */
interface Prefix {
  readonly messages: readonly Message[];
  readonly passages: readonly Passage[];
}

function makePrefix(documents: readonly StoredDocument[], instructions: string): Prefix {
  const shown = documents.map(({ title, key, text }, index) => ({
    number: index + 1,
    title: title ?? key,
    text,
  }));
  const [system, user] = groundedPrompt('', shown, instructions);
  const corpus = (user?.content ?? '').replace(/\n\nQuestion: $/, '');
  return {
    messages: [{ role: 'system', content: `${system?.content ?? ''}\n\n${corpus}`, cache: true }],
    passages: documents.map((document, index) => {
      let units: ScoredUnit[] | null = null;
      return {
        number: index + 1,
        // Cut into sentences only when the document is cited.
        get units() {
          units ??= unitsOf(document, index);
          return units;
        },
      };
    }),
  };
}

function unitsOf(document: StoredDocument, hit: number): ScoredUnit[] {
  return quotableUnits(document.text).map((unit, ordinal) => ({
    ...unit,
    document,
    hit,
    titlePath: [],
    ordinal,
    text: document.text.slice(unit.start, unit.end),
    score: 0,
    similarity: null,
    coverage: 0,
  }));
}
