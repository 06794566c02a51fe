import { FulcrumError } from '../../core/index.ts';

/** What a request template may name. */
export interface PlaceholderValues {
  readonly input: string;
  readonly id: string;
}

/**
 * Replaces `{{input}}` and `{{id}}`, each escaped by `escapeValue`. One pass: what a value contains is never looked at
 * again, and nothing is evaluated.
 */
export function fillPlaceholders(
  template: string,
  values: PlaceholderValues,
  escapeValue: (value: string) => string,
): string {
  return template.replace(/\{\{(input|id)\}\}/g, (_whole, name: 'input' | 'id') => escapeValue(values[name]));
}

/** Escapes for the inside of a JSON string, without the quotes around it. */
export function escapeJson(value: string): string {
  return JSON.stringify(value).slice(1, -1);
}

/** Escapes for one component of a URL; a lone surrogate becomes the replacement character. */
export function escapeUrl(value: string): string {
  return encodeURIComponent(value.toWellFormed());
}

/** Replaces `${NAME}` by environment variables. Throws `environment-missing` for one that is not set. */
export function fillEnvironment(
  template: string,
  place: string,
  environment: Readonly<Record<string, string | undefined>>,
): string {
  return template.replace(/\$\{([A-Za-z_]\w*)\}/g, (_whole, variable: string) => {
    const value = environment[variable];
    if (value === undefined || value === '')
      throw new FulcrumError('environment-missing', { place, variable });
    return value;
  });
}
