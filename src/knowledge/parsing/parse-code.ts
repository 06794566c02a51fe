import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import type { Language, Node, Parser, Tree } from '@vscode/tree-sitter-wasm';
import type { Block, ParsedDocument } from '../document.ts';
import { paragraphBlocks } from './parse-plain-text.ts';
import { everyLine } from './places.ts';

/** What is a declaration in the syntax tree of a language. */
interface Grammar {
  /** Name of its file. */
  readonly file: string;
  /** Types of nodes that have a name and hold no further declarations of interest. */
  readonly functions: ReadonlySet<string>;
  /** Types of nodes that have a name and a body with declarations. */
  readonly containers: ReadonlySet<string>;
  /** Types of nodes that stand around a declaration: `export`, decorators. */
  readonly wrappers: ReadonlySet<string>;
  /** Types of nodes that declare variables, which count where their value is a function or a class. */
  readonly variables: ReadonlySet<string>;
}

const set = (words: string): ReadonlySet<string> => new Set(words.split(' ').filter(Boolean));

const script = {
  functions: set(
    'function_declaration generator_function_declaration method_definition abstract_method_signature ' +
      'type_alias_declaration function_signature',
  ),
  containers: set(
    'class_declaration abstract_class_declaration interface_declaration enum_declaration internal_module module',
  ),
  wrappers: set('export_statement expression_statement ambient_declaration'),
  variables: set('lexical_declaration variable_declaration public_field_definition field_definition'),
};

const grammars: Readonly<Record<string, Grammar>> = {
  'text/typescript': { file: 'typescript', ...script },
  'text/tsx': { file: 'tsx', ...script },
  'text/javascript': { file: 'javascript', ...script },
  'text/jsx': { file: 'javascript', ...script },
  'text/x-python': {
    file: 'python',
    functions: set('function_definition'),
    containers: set('class_definition'),
    wrappers: set('decorated_definition'),
    variables: set(''),
  },
  'text/x-go': {
    file: 'go',
    functions: set('function_declaration method_declaration type_declaration'),
    containers: set(''),
    wrappers: set(''),
    variables: set(''),
  },
  'text/x-java': {
    file: 'java',
    functions: set('method_declaration constructor_declaration compact_constructor_declaration'),
    containers: set(
      'class_declaration interface_declaration enum_declaration record_declaration annotation_type_declaration',
    ),
    wrappers: set(''),
    variables: set(''),
  },
};

/** Containers deeper than this are one block. */
const deepestContainer = 8;

/** Whether there is a grammar for a media type; other code is cut by its lines. */
export function hasGrammar(mediaType: string): boolean {
  return Object.hasOwn(grammars, mediaType);
}

/** Code in a language without a grammar: blocks are what blank lines separate. */
export function parseCodeByLines(text: string, uri: string): ParsedDocument {
  const blocks = paragraphBlocks(text).map((block): Block => ({ ...block, kind: 'code' }));
  return { text, title: uri, blocks, places: everyLine(text), attributes: {}, warnings: [] };
}

/**
 * Source code by its syntax tree. The text stays as it is; functions, classes, methods and types with the comments
 * before them are blocks, each a section with its name, inside the section of what holds it, so that a title path
 * reads file > class > method. What cannot be parsed is code without a name.
 */
export async function parseCode(text: string, mediaType: string, uri: string): Promise<ParsedDocument> {
  const grammar = grammars[mediaType];
  if (!grammar) return parseCodeByLines(text, uri);
  const parser = await parserFor(grammar.file);
  const tree = parseWithin(parser, text);
  if (!tree) {
    const problem = 'Its syntax cannot be read, so it is cut at blank lines.';
    return { ...parseCodeByLines(text, uri), warnings: [{ problem }] };
  }
  try {
    const blocks = createBlocks(text);
    addDeclarations(tree.rootNode, grammar, 1, blocks);
    blocks.addLoose(text.length, 1);
    return { text, title: uri, blocks: blocks.all, places: everyLine(text), attributes: {}, warnings: [] };
  } finally {
    tree.delete();
  }
}

/**
 * The syntax tree; null where the parser does not come to an end, as on random characters. Steps are counted, not
 * seconds, so that the same text always gives the same blocks: code takes up to 14 steps for 1,000 characters.
 */
function parseWithin(parser: Parser, text: string): Tree | null {
  let steps = 200 + Math.ceil((text.length / 1000) * 60);
  const tree = parser.parse(text, null, {
    progressCallback: () => {
      steps -= 1;
      return steps < 0;
    },
  });
  if (!tree) parser.reset();
  return tree;
}

const parsers = new Map<string, Promise<Parser>>();

function parserFor(file: string): Promise<Parser> {
  let parser = parsers.get(file);
  if (!parser) {
    parser = loadParser(file);
    parsers.set(file, parser);
  }
  return parser;
}

async function loadParser(file: string): Promise<Parser> {
  const require = createRequire(import.meta.url);
  // CommonJS whose names Node does not see when it is imported.
  const library: typeof import('@vscode/tree-sitter-wasm') = require('@vscode/tree-sitter-wasm');
  const folder = dirname(require.resolve('@vscode/tree-sitter-wasm'));
  await library.Parser.init({ locateFile: (name: string) => join(folder, name) });
  const language: Language = await library.Language.load(
    await readFile(join(folder, `tree-sitter-${file}.wasm`)),
  );
  const parser = new library.Parser();
  parser.setLanguage(language);
  return parser;
}

/** Blocks that join up: what stands between two declarations is a block without a title. */
function createBlocks(text: string) {
  const all: Block[] = [];
  let at = 0;
  const push = (start: number, end: number, level: number, title: string) => {
    const words = text.slice(start, end);
    if (words.trim() === '') return;
    const from = lineStart(text, start + (words.length - words.trimStart().length), all.at(-1)?.end ?? 0);
    all.push({ kind: 'code', start: from, end: start + words.trimEnd().length, level, title });
  };
  return {
    all,
    /** Up to `end`, what no declaration took. */
    addLoose(end: number, level: number): void {
      if (end > at) push(at, end, level, '');
      at = Math.max(at, end);
    },
    addNamed(end: number, level: number, title: string): void {
      const stop = text[end] === ';' ? end + 1 : end;
      if (stop > at) push(at, stop, level, title);
      at = Math.max(at, stop);
    },
    /** Takes what stands up to `end` into the last block, as a closing brace. */
    extendLast(end: number): void {
      const last = all.at(-1);
      if (!last || end <= at) return;
      const stop = at + text.slice(at, end).trimEnd().length;
      if (stop > last.end) all[all.length - 1] = { ...last, end: stop };
      at = end;
    },
  };
}

interface Declaration {
  readonly name: string;
  /** Holds further declarations. */
  readonly body: Node | null;
}

function addDeclarations(
  parent: Node,
  grammar: Grammar,
  level: number,
  blocks: ReturnType<typeof createBlocks>,
): void {
  /** Where the comments begin that end right before the next node; -1 for none. */
  let comments = -1;
  let last = -1;
  for (const node of parent.namedChildren) {
    if (!node) continue;
    if (node.type.endsWith('comment')) {
      const continues = comments >= 0 && node.startPosition.row <= last + 1;
      // One that follows code on its line belongs to that.
      if (!continues) comments = node.startPosition.row === last ? -1 : node.startIndex;
      last = endRow(node);
      continue;
    }
    const declaration = declarationOf(node, grammar, level);
    if (declaration) {
      const documented = comments >= 0 && node.startPosition.row <= last + 1;
      blocks.addLoose(documented ? comments : node.startIndex, level);
      addDeclaration(node, declaration, grammar, level, blocks);
    }
    comments = -1;
    last = endRow(node);
  }
}

function addDeclaration(
  node: Node,
  { name, body }: Declaration,
  grammar: Grammar,
  level: number,
  blocks: ReturnType<typeof createBlocks>,
): void {
  const first = body && firstMember(body, grammar, level + 1);
  if (!body || first === null) {
    blocks.addNamed(node.endIndex, level, name);
    return;
  }
  blocks.addNamed(first, level, name);
  addDeclarations(body, grammar, level + 1, blocks);
  const rest = node.endIndex - body.endIndex;
  // Members without a name after the last one that has one, then the closing brace.
  const closing = body.endIndex - (body.lastChild?.isNamed ? 0 : (body.lastChild?.text.length ?? 0));
  blocks.addLoose(closing, level + 1);
  blocks.extendLast(body.endIndex + rest);
}

/** Where the first declaration of a body begins, with its comments; null where it has none. */
function firstMember(body: Node, grammar: Grammar, level: number): number | null {
  let comments: number | null = null;
  for (const node of body.namedChildren) {
    if (!node) continue;
    if (node.type.endsWith('comment')) comments ??= node.startIndex;
    else if (declarationOf(node, grammar, level)) return comments ?? node.startIndex;
    else comments = null;
  }
  return null;
}

function declarationOf(node: Node, grammar: Grammar, level: number): Declaration | null {
  const { type } = node;
  if (grammar.wrappers.has(type)) {
    for (const child of node.namedChildren) {
      const inner = child && !child.type.endsWith('comment') ? declarationOf(child, grammar, level) : null;
      if (inner) return inner;
    }
    return null;
  }
  if (grammar.containers.has(type)) {
    const body = level < deepestContainer ? node.childForFieldName('body') : null;
    return { name: nameOf(node), body };
  }
  if (grammar.functions.has(type)) return { name: nameOf(node), body: null };
  if (grammar.variables.has(type)) return variableOf(node);
  return null;
}

const functionValues = set('arrow_function function_expression generator_function class');

/** `const name = () => …`, also as a field of a class. */
function variableOf(node: Node): Declaration | null {
  const holder = node.childForFieldName('value')
    ? node
    : node.namedChildren.find((child) => child?.childForFieldName('value'));
  const value = holder?.childForFieldName('value');
  if (!holder || !value || !functionValues.has(value.type)) return null;
  return { name: nameOf(holder), body: null };
}

function nameOf(node: Node): string {
  const named =
    node.childForFieldName('name') ??
    node.childForFieldName('property') ??
    node.namedChildren.find((child) => child?.childForFieldName('name'))?.childForFieldName('name');
  const name = named?.text ?? '';
  const receiver = node
    .childForFieldName('receiver')
    ?.text.match(/[A-Za-z_]\w*(?=(?:\[[^\]]*\])?\s*\)$)/)?.[0];
  return shortened(receiver ? `${receiver}.${name}` : name);
}

function shortened(name: string): string {
  return (name.length > 80 ? `${name.slice(0, 80)}…` : name).replace(/\s+/g, ' ').toWellFormed();
}

/** Row of the last character; comments of some grammars end with their line feed. */
function endRow(node: Node): number {
  return node.endPosition.column === 0 ? node.endPosition.row - 1 : node.endPosition.row;
}

/** Takes the indentation before a block into it. */
function lineStart(text: string, start: number, least: number): number {
  let at = start;
  while (at > least && (text[at - 1] === ' ' || text[at - 1] === '\t')) at -= 1;
  return at === 0 || text[at - 1] === '\n' ? at : start;
}
