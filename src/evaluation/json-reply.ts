/**
 * Parses the reply of a model that was asked for JSON: the whole text must be one JSON document, a code fence around all of it
 * aside. JSON with prose around it is not dug out, since the prose may take back what the JSON says. Throws a `SyntaxError`.
 */
export function parseJsonReply(text: string): unknown {
  return JSON.parse(/^\s*```(?:json)?[ \t]*\n([\s\S]*?)\n?```\s*$/.exec(text)?.[1] ?? text);
}
