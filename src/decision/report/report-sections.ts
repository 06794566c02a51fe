import { list, type Section } from './blocks.ts';
import { costSections } from './cost-sections.ts';
import { detailSections } from './detail-sections.ts';
import { evidenceSections } from './evidence-sections.ts';
import { outlookSections } from './outlook-sections.ts';
import { qualitySections } from './quality-sections.ts';
import { referencesOf } from './references.ts';
import type { ReportData } from './report-data.ts';
import type { ReportModel } from './report-model.ts';
import { basis, comparisonBasis } from './sentences.ts';
import { sourceSections } from './source-sections.ts';

/** All that follows from rows and settings, in the order in which it is read. */
export function reportSections(model: ReportModel, data: ReportData): Section[] {
  const { explained, settings } = model;
  const references = referencesOf(data);
  const said = explained ? basis(explained) : comparisonBasis({ ...model, ...model.basis, ...settings });
  const sections: Section[] = [
    ...qualitySections(model, references, said),
    { id: 'warnings', heading: 'Warnings', blocks: list(model.warnings) },
    {
      id: 'next',
      heading: 'What to do next',
      blocks: list(explained?.decision.next ?? []),
    },
    ...evidenceSections(model, data, references),
    ...costSections(model, references),
    ...outlookSections(model),
    ...detailSections(model, data),
    ...sourceSections(model, data, references),
  ];
  return sections.filter(({ blocks }) => blocks.length > 0);
}
