import { describe, expect, it } from 'vitest';
import { parseText } from './parse-text.ts';

const parse = (content: string | Uint8Array, mediaType: string, title?: string) =>
  parseText({ key: 'k', uri: 'k', content, mediaType, title });
const shown = (content: string, mediaType: string) => {
  const { text, blocks } = parse(content, mediaType);
  return blocks.map(({ kind, start, end }) => [kind, text.slice(start, end)]);
};

describe('canonical text', () => {
  it('has no byte order mark, one kind of line end, and only whole characters', () => {
    expect(parse('\uFEFFa\r\nb\rc\n', 'text/plain').text).toBe('a\nb\nc\n');
    expect(parse('a\uD800b\0c', 'text/plain').text).toBe('a\uFFFDb\uFFFDc');
    expect(parse(new TextEncoder().encode('\uFEFFé'), 'text/plain').text).toBe('é');
    expect(() => parse(new Uint8Array([0xc3]), 'text/plain')).toThrow('is not UTF-8 text');
  });
});

describe('plain text', () => {
  it('has paragraphs between blank lines', () => {
    expect(shown('\n one\ntwo \n \n\nthree', 'text/plain')).toEqual([
      ['paragraph', ' one\ntwo'],
      ['paragraph', 'three'],
    ]);
  });
});

describe('Markdown', () => {
  it('keeps its source and tells blocks apart', () => {
    const source =
      '---\ntitle: "A: b"\n---\n\n# *One* `two` &amp; [three](x)\n\nText\nmore.\n\n- a\n  - b\n\n    c\n- d\n\n' +
      '> quoted\n\n| x |\n| - |\n| y |\n\n```js\n# no heading\n```\n\n    indented\n\nTitle\n=====\n';
    const parsed = parse(source, 'text/markdown');
    expect(parsed.text).toBe(source);
    expect(parsed.title).toBe('A: b');
    expect(shown(source, 'text/markdown')).toEqual([
      ['front-matter', '---\ntitle: "A: b"\n---'],
      ['heading', '# *One* `two` &amp; [three](x)'],
      ['paragraph', 'Text\nmore.'],
      ['list-item', '- a'],
      ['list-item', '  - b'],
      ['list-item', '    c'],
      ['list-item', '- d'],
      ['quote', '> quoted'],
      ['table', '| x |\n| - |\n| y |'],
      ['code', '```js\n# no heading\n```'],
      ['code', '    indented'],
      ['heading', 'Title\n====='],
    ]);
    const headings = parsed.blocks.filter(({ kind }) => kind === 'heading');
    expect(headings.map(({ level, title }) => [level, title])).toEqual([
      [1, 'One two & three'],
      [1, 'Title'],
    ]);
  });

  it('takes the title from the source, the front matter, the first heading, or has none', () => {
    expect(parse('---\ntitle: b\n---\n# c', 'text/markdown', ' a ').title).toBe('a');
    expect(parse('## b\n\n# c', 'text/markdown').title).toBe('c');
    expect(parse('---\ntitle: [broken\n---\n', 'text/markdown').title).toBe('[broken');
    expect(parse('---\nother: 1\n---\nText', 'text/markdown').title).toBeNull();
  });

  it('is cut at blank lines where it is nested beyond reason', () => {
    expect(shown(`${'- '.repeat(200)}x\n\nnext`, 'text/markdown')).toEqual([
      ['paragraph', `${'- '.repeat(200)}x`],
      ['paragraph', 'next'],
    ]);
  });
});

describe('MDX', () => {
  it('takes tags over several lines as one block and indented text as text', () => {
    const table =
      "<Props\n  content={[\n    {\n      name: 'a > b',\n\n      text: \"it's\",\n    },\n  ]}\n/>";
    const source = `import { A } from 'a'\n\n${table}\n\n<Note>\n    Inside *this*.\n\n    And this.\n</Note>\n\n# End\n`;
    expect(shown(source, 'text/mdx')).toEqual([
      ['paragraph', "import { A } from 'a'"],
      ['html', table],
      ['html', '<Note>\n    Inside *this*.'],
      ['paragraph', '    And this.\n</Note>'],
      ['heading', '# End'],
    ]);
  });

  it('parses what is broken, and leaves tags in code alone', () => {
    expect(shown('<Open\n  a={\n\ntext } >', 'text/mdx').map(([, text]) => text)).toEqual([
      '<Open\n  a={\n\ntext } >',
    ]);
    expect(shown('```tsx\n<A\n  b\n/>\n```', 'text/mdx')).toEqual([['code', '```tsx\n<A\n  b\n/>\n```']]);
    expect(shown('<Never\n  a="b\n\n# Still', 'text/mdx').at(-1)).toEqual(['heading', '# Still']);
  });
});

describe('HTML', () => {
  it('becomes its readable text', () => {
    const page =
      '<!doctype html><html><head><title> My\n page </title><style>p{}</style></head><body>' +
      '<header>Logo</header><nav>Menu</nav><main><h1>Big <em>news</em></h1><p>A&nbsp;b &amp; c<br>next   line</p>' +
      '<script>x()</script><ul><li>one<ul><li>inner</li></ul></li><li><p>two</p></li></ul>' +
      '<ol start=3><li>three</li><li>four</li></ol><blockquote><p>said</p></blockquote>' +
      '<table><thead><tr><th>h1</th><th>h2</th></tr></thead><tr><td>a</td><td><p>b</p><p>c</p></td></tr></table>' +
      '<pre>\n  keep\n   this\n</pre>loose text</main><aside>Ad</aside><footer>Imprint</footer></body></html>';
    const { text, title } = parse(page, 'text/html');
    expect(title).toBe('My page');
    expect(text).toBe(
      'Big news\n\nA\u00a0b & c\nnext line\n\n- one\n  - inner\n- two\n3. three\n4. four\n\nsaid\n\n' +
        'h1 | h2\na | b c\n\n  keep\n   this\n\nloose text',
    );
    expect(shown(page, 'text/html').map(([kind]) => kind)).toEqual(
      'heading paragraph list-item list-item list-item list-item list-item quote table code paragraph'.split(
        ' ',
      ),
    );
  });

  it('keeps tables, notes and lists beside a long article, which extractors of a main article drop', () => {
    const long = (word: string) =>
      `<p>${Array.from({ length: 60 }, (_, index) => word + index).join(' ')}, and more.</p>`;
    const page =
      '<nav><ul><li><a href="/">Home</a></li></ul></nav><main><h1>Prices</h1><p>Short intro sentence.</p>' +
      '<table><tr><th>Plan</th><th>Price</th></tr><tr><td>Basic</td><td>9</td></tr><tr><td>Team</td><td>29</td></tr></table>' +
      '<section class="sidebar-notes"><h2>Notes</h2><p>Refunds within thirty days.</p></section>' +
      `<article><h2>Long</h2>${long('aa')}${long('bb')}${long('cc')}</article>` +
      '<section id="contact-footer"><h2>Contact</h2><p>Write to us.</p><ul><li><a href="m">Mail</a></li><li><a href="p">Phone</a></li></ul></section>' +
      '<dl><dt>Hours</dt><dd>nine to five</dd></dl></main><footer>Imprint</footer>';
    const { text } = parse(page, 'text/html');
    const passages = [
      'Prices',
      'Short intro',
      'Basic | 9',
      'Team | 29',
      'Refunds',
      'aa1 ',
      'Write to us',
      'Phone',
      'nine to five',
    ];
    expect(passages.filter((passage) => !text.includes(passage))).toEqual([]);
    expect(text).not.toMatch(/Home|Imprint/);
  });

  it('keeps the header of an article, and takes its first heading where there is no title', () => {
    const { text, title } = parse('<article><header><h1>T</h1></header>x</article>', 'text/html');
    expect([text, title]).toEqual(['T\n\nx', 'T']);
  });
});
