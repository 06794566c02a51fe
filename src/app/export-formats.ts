/** Forms that a run is exported in. */
export const exportFormats = ['jsonl', 'csv', 'junit', 'markdown', 'html'] as const;
export type ExportFormat = (typeof exportFormats)[number];
