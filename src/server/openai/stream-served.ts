import type { SSEStreamingApi } from 'hono/streaming';
import { type Answer, FulcrumError } from '../../core/index.ts';
import type { ServedQuestion } from '../../serving/index.ts';
import { createPieces } from '../pieces.ts';
import { publicError } from '../respond-error.ts';
import type { ServerParts } from '../server-context.ts';
import { shownText } from './chat-answer.ts';

/** How an answer is told while it comes. */
export interface StreamedShape {
  readonly piece: (text: string) => Promise<unknown>;
  /** After the last piece; `text` is all of them. */
  readonly end: (answer: Answer, text: string) => Promise<unknown>;
  readonly failure: (error: FulcrumError) => Promise<unknown>;
}

/** Streams the answer to a question in the shape of one interface; a failure is told in the stream, for its status was sent. */
export async function streamServed(
  events: SSEStreamingApi,
  { serving, onDefect }: Pick<ServerParts, 'serving' | 'onDefect'>,
  requestId: string,
  question: ServedQuestion,
  shape: StreamedShape,
): Promise<void> {
  const aborted = new AbortController();
  events.onAbort(() => aborted.abort(new FulcrumError('cancelled')));
  let streamed = '';
  const pieces = createPieces(shape.piece);
  try {
    const { answer } = await serving.answering.answer({
      ...question,
      signal: aborted.signal,
      onText(piece) {
        streamed += piece;
        pieces.push(piece);
      },
    });
    // What did not stream, or goes on after the stream, comes now.
    const text = shownText(answer);
    if (text.startsWith(streamed)) pieces.push(text.slice(streamed.length));
    await pieces.end();
    await shape.end(answer, text.startsWith(streamed) ? text : streamed);
  } catch (error) {
    await pieces.end();
    await shape.failure(publicError(error, requestId, onDefect));
  }
}
