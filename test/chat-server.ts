import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A request to a chat model, as far as scripts look at it. */
export interface AskedChat {
  readonly messages: readonly { readonly role: string; readonly content: string }[];
}

/** A model by script behind an OpenAI-compatible door on the loopback. */
export interface ChatServer {
  readonly baseUrl: string;
  /** Requests that were answered. */
  calls(): number;
  close(): void;
}

/** Starts it. Words count as tokens; answers are streamed, which is how variants ask. */
export async function startChatServer(say: (asked: AskedChat) => string): Promise<ChatServer> {
  let calls = 0;
  const server = createServer(async (request, response) => {
    let raw = '';
    for await (const piece of request) raw += piece;
    calls++;
    const asked: AskedChat = JSON.parse(raw);
    const text = say(asked);
    const words = (content: string): number => content.split(/\s+/).length;
    const prompt = asked.messages.reduce((sum, { content }) => sum + words(content), 0);
    const usage = {
      prompt_tokens: prompt,
      completion_tokens: words(text),
      total_tokens: prompt + words(text),
    };
    const chunk = (choices: unknown[], more = {}): string =>
      `data: ${JSON.stringify({ id: 'c', created: 1, model: 'm', object: 'chat.completion.chunk', choices, ...more })}\n\n`;
    response.writeHead(200, { 'content-type': 'text/event-stream' });
    response.write(chunk([{ index: 0, delta: { content: text } }]));
    response.write(chunk([{ index: 0, delta: {}, finish_reason: 'stop' }]));
    response.end(`${chunk([], { usage })}data: [DONE]\n\n`);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return { baseUrl: `http://127.0.0.1:${port}/v1`, calls: () => calls, close: () => void server.close() };
}
