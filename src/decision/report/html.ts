import { escapeHtml } from '../../evaluation/index.ts';

/** A section with its heading; nothing without content. */
export function section(heading: string, content: string): string {
  return content === '' ? '' : `<section><h2>${escapeHtml(heading)}</h2>${content}</section>`;
}

/** A section that is opened by those who want it; nothing without content. */
export function folded(heading: string, content: string): string {
  if (content === '') return '';
  return `<details class="folded"><summary><h2>${escapeHtml(heading)}</h2></summary>${content}</details>`;
}

/** A list of sentences; nothing without any. */
export function bullets(lines: readonly string[]): string {
  if (lines.length === 0) return '';
  return `<ul>${lines.map((line) => `<li>${escapeHtml(line)}</li>`).join('')}</ul>`;
}

/** A paragraph of plain text. */
export function paragraph(text: string, kind = 'note'): string {
  return `<p class="${kind}">${escapeHtml(text)}</p>`;
}

/** A table of text whose first column names the rows. */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const body = rows.map(([first, ...rest]) => {
    const cells = rest.map((value) => `<td>${escapeHtml(value)}</td>`).join('');
    return `<tr><th scope="row">${escapeHtml(first ?? '')}</th>${cells}</tr>`;
  });
  const heads = head.map((value) => `<th scope="col">${escapeHtml(value)}</th>`).join('');
  return `<div class="scroll" tabindex="0" role="region" aria-label="Table"><table><thead><tr>${heads}</tr></thead><tbody>${body.join('')}</tbody></table></div>`;
}
