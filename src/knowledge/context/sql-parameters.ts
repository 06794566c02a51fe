/** Names of the parameters (`:name`) of a statement, those in texts, quoted names and comments left out. */
export function parametersOf(sql: string): string[] {
  const code = sql.replace(
    /'(?:[^']|'')*'|"(?:[^"]|"")*"|`[^`]*`|\[[^\]]*\]|--[^\n]*|\/\*[\s\S]*?(?:\*\/|$)/g,
    ' ',
  );
  return [...new Set([...code.matchAll(/(?<![:\w]):([A-Za-z_]\w*)/g)].map(([, name]) => name ?? ''))];
}
