import { z } from 'zod';
import { decisionSchema } from '../decision.ts';
import type { Block } from './blocks.ts';
import { type Cell, piecesOf } from './cell.ts';
import { referencesOf } from './references.ts';
import { renderMarkdown } from './render-markdown.ts';
import { packReport, type ReportData, type ReportInput, surroundingsOf, unpackRows } from './report-data.ts';
import { modelReport, type ReportModel } from './report-model.ts';
import { reportSections } from './report-sections.ts';
import { verdictOfReport } from './verdict.ts';

/** Pieces of text; one with `to` leads to the row of that id. */
const cellSchema = z.array(z.strictObject({ text: z.string(), to: z.string().optional() }));

const tableSchema = z.strictObject({
  kind: z.literal('table'),
  label: z.string(),
  head: z.array(z.string()),
  rows: z.array(z.strictObject({ id: z.string().optional(), cells: z.array(cellSchema) })),
});

const blockSchema = z.union([
  z.strictObject({ kind: z.literal('text'), text: z.string() }),
  z.strictObject({ kind: z.literal('list'), items: z.array(cellSchema) }),
  tableSchema,
  /** A drawing, by the figures that it is drawn of. */
  z.strictObject({
    kind: z.literal('chart'),
    label: z.string(),
    caption: z.string(),
    table: tableSchema,
  }),
]);

/** What a report says, as JSON: the numbers of the decision, and the sections of the page in words. */
export const reportDocumentSchema = z.strictObject({
  kind: z.literal('fulcrum-report'),
  version: z.literal(1),
  title: z.string(),
  verdict: z.strictObject({
    tone: z.enum(['qualified', 'none-good-enough', 'not-enough-evidence', 'open']),
    sentences: z.array(z.string()),
    glance: z.array(z.strictObject({ label: z.string(), cell: cellSchema, note: z.string() })),
  }),
  /** As `decide --json` prints it; null for a comparison. */
  decision: decisionSchema.nullable(),
  sections: z.array(z.strictObject({ id: z.string(), heading: z.string(), blocks: z.array(blockSchema) })),
  footer: z.string(),
});
export type ReportDocument = z.infer<typeof reportDocumentSchema>;

/** The same content as the page. Throws what `modelReport` throws. */
export function reportDocument(input: ReportInput): ReportDocument {
  const { data, model } = computed(input);
  const { tone, sentences, glance } = verdictOfReport(model, referencesOf(data));
  return reportDocumentSchema.parse({
    kind: 'fulcrum-report',
    version: 1,
    title: data.title,
    verdict: {
      tone,
      sentences,
      glance: glance.map(({ label, cell, note }) => ({ label, cell: cellOf(cell), note })),
    },
    decision: model.explained?.decision ?? null,
    sections: reportSections(model, data).map(({ id, heading, blocks }) => ({
      id,
      heading,
      blocks: blocks.map(blockOf),
    })),
    footer: data.footer,
  });
}

/** The same content as the page, as Markdown. Throws what `modelReport` throws. */
export function reportMarkdown(input: ReportInput): string {
  const { data, model } = computed(input);
  return renderMarkdown({
    ...data,
    verdict: verdictOfReport(model, referencesOf(data)),
    sections: reportSections(model, data),
  });
}

/** Through what a page carries, so that all forms of a report are computed of the same. */
function computed(input: ReportInput): { data: ReportData; model: ReportModel } {
  const data = packReport(input);
  return { data, model: modelReport(unpackRows(data), data.basis, data.settings, surroundingsOf(data)) };
}

function cellOf(cell: Cell): z.infer<typeof cellSchema> {
  return piecesOf(cell).map(({ text, to }) => (to === null ? { text } : { text, to }));
}

function blockOf(block: Block): z.infer<typeof blockSchema> {
  switch (block.kind) {
    case 'text':
      return block;
    case 'list':
      return { kind: 'list', items: block.items.map(cellOf) };
    case 'table':
      return tableOf(block);
    case 'forest':
      return tableOf({
        kind: 'table',
        label: '',
        head: block.head,
        rows: block.rows.map(({ label, name, cells }) => ({ cells: [label ?? name, ...cells] })),
      });
    case 'chart':
      return { kind: 'chart', label: block.label, caption: block.caption, table: tableOf(block.table) };
  }
}

function tableOf({ label, head, rows }: Extract<Block, { kind: 'table' }>): z.infer<typeof tableSchema> {
  return {
    kind: 'table',
    label,
    head: [...head],
    rows: rows.map(({ id, cells }) => ({
      ...(id === undefined ? {} : { id }),
      cells: cells.map(cellOf),
    })),
  };
}
