const placeholder = /\{([a-z][a-z0-9_]*)\}/g;

/** Names between braces in a template. */
export function placeholdersOf(template: string): string[] {
  return [...new Set([...template.matchAll(placeholder)].map(([, name]) => name ?? ''))];
}

/** Host (with its port) of a template whose scheme and host hold no placeholder and no credentials; null for any other. */
export function hostOf(template: string): string | null {
  const [, origin] = /^(https?:\/\/[^/?#{}\\@\s]+)(?:[/?]|$)/i.exec(template) ?? [];
  if (origin === undefined) return null;
  try {
    return new URL(origin).host;
  } catch {
    return null;
  }
}

/**
 * A template with its values, escaped. Null where a value would lead elsewhere than the template says: one with a slash or
 * a dot segment in the path (servers undo escapes before they look at a path), or with control characters.
 */
export function fillUrl(template: string, values: Readonly<Record<string, string>>): URL | null {
  const queryAt = template.indexOf('?');
  let refused = false;
  const filled = template.replace(placeholder, (_whole, name: string, at: number) => {
    const value = values[name] ?? '';
    const inPath = queryAt < 0 || at < queryAt;
    if (/\p{Cc}/u.test(value) || !value.isWellFormed()) refused = true;
    else if (inPath && (value === '' || /[/\\%]/.test(value) || /^\.+$/.test(value))) refused = true;
    return refused ? '' : encodeURIComponent(value);
  });
  if (refused) return null;
  // A value may complete a dot segment of the template; the parser would resolve it.
  const path = filled.replace(/^https?:\/\/[^/?#]+/i, '').split(/[?#]/)[0] ?? '';
  const url = new URL(filled);
  return url.host === hostOf(template) && !hasDotSegment(path) ? url : null;
}

function hasDotSegment(path: string): boolean {
  return path.split('/').some((segment) => /^(?:\.|%2e){1,2}$/i.test(segment));
}
