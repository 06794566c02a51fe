import { escapeMarkdown } from '../../evaluation/index.ts';
import type { Block, Section, TableBlock } from './blocks.ts';
import { type Cell, piecesOf } from './cell.ts';
import type { Verdict } from './verdict.ts';

/** A report as Markdown: what the page says, with the figures of each chart in place of its drawing. */
export function renderMarkdown(report: {
  readonly title: string;
  readonly verdict: Verdict;
  readonly sections: readonly Section[];
  readonly footer: string;
}): string {
  const { title, verdict, sections, footer } = report;
  const anchors = new Set(sections.flatMap(({ blocks }) => blocks.flatMap(idsOf)));
  return `${[
    `# ${escapeMarkdown(title)}`,
    ...verdict.sentences.map((sentence) => `**${escapeMarkdown(sentence)}**`),
    ...(verdict.glance.length === 0
      ? []
      : [
          verdict.glance
            .map(({ label, cell }) => `- ${escapeMarkdown(label)}: ${cellText(cell, anchors)}`)
            .join('\n'),
        ]),
    ...sections
      .filter(({ blocks }) => blocks.length > 0)
      .map(({ heading, blocks }) =>
        [`## ${escapeMarkdown(heading)}`, ...blocks.map((block) => blockText(block, anchors))].join('\n\n'),
      ),
    ...(footer === '' ? [] : [escapeMarkdown(footer)]),
  ].join('\n\n')}\n`;
}

function idsOf(block: Block): string[] {
  return block.kind === 'table' ? block.rows.flatMap(({ id }) => id ?? []) : [];
}

function blockText(block: Block, anchors: ReadonlySet<string>): string {
  switch (block.kind) {
    case 'text':
      return escapeMarkdown(block.text);
    case 'list':
      return block.items.map((item) => `- ${cellText(item, anchors)}`).join('\n');
    case 'table':
      return tableText(block, anchors);
    case 'forest': {
      const rows = block.rows.map(({ label, name, cells }) => ({ cells: [label ?? name, ...cells] }));
      return tableText({ kind: 'table', label: '', head: block.head, rows }, anchors);
    }
    case 'chart':
      return `${tableText(block.table, anchors)}\n\n${escapeMarkdown(block.caption)}`;
  }
}

function tableText({ head, rows }: TableBlock, anchors: ReadonlySet<string>): string {
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  return [
    line(head.map(escapeMarkdown)),
    line(head.map(() => '---')),
    ...rows.map(({ id, cells }) => {
      const [first = '', ...rest] = cells.map((cell) => cellText(cell, anchors));
      return line([id === undefined ? first : `<a id="${id}"></a>${first}`, ...rest]);
    }),
  ].join('\n');
}

function cellText(cell: Cell, anchors: ReadonlySet<string>): string {
  return piecesOf(cell)
    .map(({ text, to }) =>
      to === null || !anchors.has(to) || text === ''
        ? escapeMarkdown(text)
        : `[${escapeMarkdown(text)}](#${to})`,
    )
    .join('');
}
