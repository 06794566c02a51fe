import type { Random } from './random.ts';

/** An input with what its canonical text must say, where that is known. */
export interface FuzzInput {
  readonly mediaType: string;
  readonly content: Uint8Array | string;
  /** Words that the text must have, each exactly this often, and no others; null where only the invariants count. */
  readonly words: readonly string[] | null;
}

const letters = 'abcdefghijklmnopqrstuvwxyzäöüßéñçøłжяמא中文日本語한국ก'.split('');
const graphemes = [
  '😀',
  '👨‍👩‍👧',
  'e\u0301',
  'นี้',
  '🇩🇪',
  '\u200d',
  '\u00ad',
  '\u202e',
  '\ud800',
  '\u0000',
  '\u2028',
  '\u00a0',
];

/** A word that no other draw is likely to give. */
export function word(random: Random): string {
  return `${random.pick(letters)}${random.below(36 ** 5).toString(36)}${random.pick(letters)}`;
}

function words(random: Random, most: number): string {
  return random.list(most, () => (random.chance(0.05) ? random.pick(graphemes) : word(random))).join(' ');
}

const markdownPieces: readonly ((random: Random) => string)[] = [
  (random) => `${'#'.repeat(1 + random.below(7))} ${words(random, 6)}\n\n`,
  (random) => `${words(random, 60)}. ${words(random, 20)}!\n\n`,
  (random) =>
    `${'  '.repeat(random.below(5))}${random.pick(['-', '*', '1.', '+', '10)'])} ${words(random, 8)}\n`,
  (random) => `> ${words(random, 8)}\n`,
  (random) =>
    `| ${words(random, 2)} | ${words(random, 2)} |\n| - | -: |\n| ${words(random, 3)} | ${words(random, 1)} |\n\n`,
  (random) =>
    `\`\`\`${random.pick(['ts', '', 'x y'])}\n${words(random, 30)}\n${random.chance(0.8) ? '```\n' : ''}`,
  (random) => `    ${words(random, 6)}\n`,
  (random) => `${words(random, 3)}\n${random.pick(['===', '---'])}\n`,
  (random) =>
    `<Tag\n  a={[{ b: '${words(random, 2)}' }]}\n  c="${words(random, 1)}"\n${random.pick(['/>', '>', ''])}\n`,
  (random) => `<div>${words(random, 4)}${random.pick(['</div>', ''])}\n\n`,
  (random) =>
    `[${words(random, 2)}](${word(random)} "${words(random, 1)}") ![${word(random)}](x) \`${words(random, 2)}\`\n`,
  (random) => `---\n${random.pick(['title', 'date', 'x'])}: ${words(random, 3)}\n---\n`,
  (random) => random.pick(['\r\n', '\r', '\t', '\n\n\n', '{', '<!--', '-->', '***', '[^1]: x\n', '\uFEFF']),
  (random) =>
    random
      .pick(['[', '*a ', '> ', '- ', '<a', '`', '![', '{'])
      .repeat(1 + random.below(random.chance(0.1) ? 400 : 12)),
];

export function markdownInput(random: Random): FuzzInput {
  const content = random.list(25, () => random.pick(markdownPieces)(random)).join('');
  return { mediaType: random.pick(['text/markdown', 'text/mdx', 'text/plain']), content, words: null };
}

/** A page of nested elements, some of which are not shown. */
export function htmlInput(random: Random): FuzzInput {
  const expected: string[] = [];
  const text = (visible: boolean): string => {
    const said = random.list(6, () => word(random));
    if (visible) expected.push(...said);
    return said.join(random.pick([' ', '\n', '&nbsp; ', '<!-- no -->\n ']));
  };
  const element = (depth: number, visible: boolean): string => {
    if (depth === 0 || random.chance(0.3)) return ` ${text(visible)} `;
    const inner = (show = visible): string => random.list(3, () => element(depth - 1, show)).join('');
    switch (random.below(10)) {
      case 0:
        return `<p>${text(visible)} <b>${text(visible)}</b></p>`;
      case 1:
        return `<ul>${random.list(3, () => `<li>${inner()}</li>`).join('')}</ul>`;
      case 2:
        return `<table>${random.list(3, () => `<tr>${random.list(3, () => `<td>${inner()}</td>`).join('')}</tr>`).join('')}</table>`;
      case 3:
        return `<h${1 + random.below(6)}>${text(visible)}</h2>`;
      case 4:
        return `<pre>\n ${text(visible)}\n   ${text(visible)}\n</pre>`;
      case 5:
        return `<blockquote>${inner()}</blockquote>`;
      case 6:
        return `<${random.pick(['script', 'style'])}>${word(random)}</script></style>`;
      case 7:
        return `<nav>${inner(false)}</nav>`;
      case 8:
        return `<div hidden>${inner(false)}</div>`;
      default:
        return `<${random.pick(['div', 'section', 'span', 'article', 'x-y'])} title="${word(random)}">${inner()}</div>`;
    }
  };
  const body = random.list(8, () => element(5, true)).join('');
  // Closing tags that do not match are part of the game, but where they decide what is shown nobody knows the words.
  const isPlain = !/<(?:script|style|x-y|section|article|span|h\d)/.test(body) || random.chance(0);
  return { mediaType: 'text/html', content: `<body>${body}`, words: isPlain ? expected : null };
}

export function csvInput(random: Random): FuzzInput {
  const mark = random.pick([',', ';', '\t', '|']);
  const columns = 1 + random.below(6);
  const cell = (): string => {
    const said = words(random, 4);
    if (random.chance(0.2)) return `"${said.replaceAll('"', '""')}${random.pick(['', '\n', mark, '""'])}"`;
    return random.chance(0.1) ? random.pick(['"', '', ' ', "'", `${random.below(1000)}`, `${said}"x`]) : said;
  };
  const rows = random.list(20, () =>
    Array.from({ length: random.chance(0.1) ? random.below(9) : columns }, cell).join(mark),
  );
  const content = rows.join(random.pick(['\n', '\r\n', '\n\n']));
  return { mediaType: random.pick(['text/csv', 'text/tab-separated-values']), content, words: null };
}

type Json = null | boolean | number | string | Json[] | { [key: string]: Json };

export function jsonInput(random: Random): FuzzInput {
  const expected: string[] = [];
  const value = (depth: number): Json => {
    const kind = random.below(depth === 0 ? 4 : 7);
    if (kind === 0) {
      expected.push('null');
      return null;
    }
    if (kind === 1) {
      const number = random.below(1e9);
      expected.push(String(number));
      return number;
    }
    if (kind < 4) {
      const said = random.list(random.chance(0.1) ? 120 : 8, () => word(random));
      expected.push(...said);
      return said.join(random.pick([' ', '\n', ', ', '\t', ' - ']));
    }
    if (kind === 4) return random.list(6, () => value(depth - 1));
    const entries = random.list(6, (): [string, Json] => {
      const key = word(random);
      expected.push(key);
      return [key, value(depth - 1)];
    });
    return Object.fromEntries(entries);
  };
  const indent = random.pick([0, 2, '\t']);
  if (random.chance(0.3)) {
    const rows = random.list(8, () => JSON.stringify(value(3)));
    return { mediaType: 'application/jsonl', content: rows.join('\n'), words: expected };
  }
  const content = JSON.stringify(value(6), null, indent);
  return { mediaType: 'application/json', content, words: expected };
}

const codePieces: Readonly<Record<string, readonly ((random: Random) => string)[]>> = {
  'text/typescript': [
    (random) =>
      `/** ${words(random, 6)} */\nexport function ${word(random)}(a: string) { return \`${words(random, 3)}\`; }\n`,
    (random) =>
      `class ${word(random)} extends B {\n  x = 1;\n  // ${words(random, 3)}\n  m(): void {}\n  ${random.pick(['}', '', 'static { y(); } }'])}\n`,
    (random) => `const ${word(random)} = async () => {\n  ${words(random, 30)}\n};\n`,
    (random) => `namespace N { interface ${word(random)} { a: 1 } }\n`,
  ],
  'text/x-python': [
    (random) =>
      `# ${words(random, 6)}\n@dec\ndef ${word(random)}(a):\n    """${words(random, 9)}"""\n    return a\n\n`,
    (random) =>
      `class ${word(random)}:\n    x = 1\n    def m(self):\n        pass\n    # ${word(random)}\n    async def n(self): ...\n`,
    (random) => `if x:\n\t${words(random, 20)}\n`,
  ],
  'text/x-go': [
    (random) =>
      `// ${words(random, 6)}\nfunc (p *Pot) ${word(random)}() string { return "${words(random, 4)}" }\n`,
    (random) => `type ${word(random)} struct {\n\ta int // ${word(random)}\n}\n`,
    (random) => `var ${word(random)} = 1\n`,
  ],
  'text/x-java': [
    (random) =>
      `/** ${words(random, 6)} */\npublic class ${word(random)} {\n  int a;\n  void m() { ${words(random, 5)}; }\n  enum E { A }\n${random.pick(['}', ''])}\n`,
    (random) => `record ${word(random)}(int a) { record B() {} }\n`,
  ],
};

export function codeInput(random: Random): FuzzInput {
  const [mediaType, pieces] = random.pick(Object.entries(codePieces));
  const content = random.list(12, () => random.pick(pieces)(random)).join(random.pick(['', '\n', '\r\n']));
  return { mediaType: random.chance(0.1) ? 'text/x-source' : mediaType, content, words: null };
}

/** Any characters at all. */
export function noiseInput(random: Random): FuzzInput {
  const characters = random.list(2000, () => {
    if (random.chance(0.1)) return random.pick(graphemes);
    if (random.chance(0.3))
      return random.pick(['\n', ' ', '<', '>', '{', '"', '|', '#', '-', '`', ',', '&', '\\', '[', '*']);
    return String.fromCharCode(random.below(random.chance(0.2) ? 0x10000 : 0x80));
  });
  const mediaType = random.pick([
    'text/markdown',
    'text/mdx',
    'text/html',
    'text/plain',
    'text/csv',
    'application/json',
    'application/jsonl',
    'text/typescript',
    'text/x-python',
    'text/x-go',
    'text/x-java',
    'text/javascript',
    'text/tsx',
  ]);
  return { mediaType, content: characters.join(''), words: null };
}
