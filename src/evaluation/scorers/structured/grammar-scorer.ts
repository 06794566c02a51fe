import type { Grammar, Node, Semantics } from 'ohm-js';
import { FulcrumError, scored, undefinedScore } from '../../../core/index.ts';
import { oncePerSample } from '../once-per-sample.ts';
import type { Scorer } from '../scorer.ts';
import { needOf } from './json-scorers.ts';
import type { GoldPlace, Output } from './output-text.ts';
import { type InvalidPolicy, type Reading, readGold, readingOf, scoreInvalid } from './reading.ts';

/** A text longer than this is invalid: a packrat parser remembers every place of it. */
const longestText = 50_000;

export interface GrammarOptions {
  readonly fenced: boolean;
  readonly gold: GoldPlace;
  readonly invalid: InvalidPolicy;
}

/** A grammar ready for use: reads a text as the form in which two programs are compared. */
export type ParseText = (text: string) => Output<string>;

/**
 * Compiles an Ohm grammar (a parsing expression grammar; nothing in it is run as code). The form that a text is read as
 * is its parse tree without the white space that syntactic rules skip. Throws `scorer-invalid`.
 */
export async function compileGrammar(scorer: string, source: string): Promise<ParseText> {
  const ohm = await import('ohm-js');
  let grammar: Grammar;
  try {
    grammar = ohm.grammar(source);
  } catch (error) {
    throw new FulcrumError(
      'scorer-invalid',
      { scorer, problem: (error as Error).message.split('\n').slice(0, 4).join(' ') },
      { cause: error },
    );
  }
  const semantics = treeSemantics(grammar);
  return (text) => {
    if (text.length > longestText) return { status: 'invalid', reason: 'too-long' };
    try {
      const match = grammar.match(text);
      if (match.failed())
        return { status: 'invalid', reason: 'no-parse', problem: match.shortMessage.slice(0, 200) };
      return { status: 'read', value: JSON.stringify(semantics(match).tree()) };
    } catch (error) {
      // The parser and the walk over its tree are recursive; what nests beyond their stack is no program.
      if (error instanceof RangeError) return { status: 'invalid', reason: 'too-deep' };
      throw error;
    }
  };
}

function treeSemantics(grammar: Grammar): Semantics {
  return grammar.createSemantics().addOperation<unknown>('tree', {
    _terminal() {
      return this.sourceString;
    },
    _iter: (...children) => children.map((child) => child.tree() as unknown),
    _nonterminal(this: Node, ...children: Node[]) {
      // The name of a lexical rule begins with a small letter; inside it white space counts.
      const isLexical = this.ctorName.charAt(0) !== this.ctorName.charAt(0).toUpperCase();
      return isLexical
        ? [this.ctorName, this.sourceString]
        : [this.ctorName, children.map((child) => child.tree() as unknown)];
    },
  });
}

/**
 * Whether the answer is in the language of a grammar (`NAME`), and whether it is the same program as the gold
 * (`NAME.exact`): equal parse trees, however white space is set.
 */
export function grammarScorer(
  name: string,
  options: GrammarOptions,
  compile: () => Promise<ParseText>,
): Scorer[] {
  const reading = oncePerSample(async (judged): Promise<Reading<string>> => {
    const parse = await compile();
    return readingOf(judged, options.fenced, parse);
  });
  return [
    {
      name,
      description: 'the answer is in the language of the grammar',
      direction: 'higher',
      needs: [],
      prepare: async () => void (await compile()),
      async score(judged) {
        const found = await reading(judged);
        if (found.status === 'refused') return undefinedScore('abstained');
        return found.status === 'read' ? scored(1) : scoreInvalid(found, 'zero');
      },
    },
    {
      name: `${name}.exact`,
      description: `the answer has the parse tree of the ${options.gold}`,
      direction: 'higher',
      needs: [needOf(options.gold)],
      async score(judged) {
        const found = await reading(judged);
        if (!judged.sample.answerable) return scored(found.status === 'refused' ? 1 : 0);
        const gold = readGold(judged.sample, options.gold, await compile());
        if (gold === null) return undefinedScore('no-gold');
        if (found.status === 'refused') return scored(0, { wrongAbstention: true });
        if (found.status === 'invalid') return scoreInvalid(found, options.invalid);
        return scored(gold.includes(found.value) ? 1 : 0);
      },
    },
  ];
}
