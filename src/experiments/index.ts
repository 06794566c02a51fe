export { asItIs, instructionChoices } from './prompt-search/instruction-choices.ts';
export type { MeasuredPrompt } from './prompt-search/measured-prompt.ts';
export { type PromptReport, promptReportSchema, reportPrompts } from './prompt-search/prompt-report.ts';
export { nameSettings, type PromptSettings } from './prompt-search/prompt-settings.ts';
export { renderPromptReport } from './prompt-search/render-prompt-report.ts';
export { isBudgetUsedUp, type SearchStep, searchPrompts } from './prompt-search/search-prompts.ts';
