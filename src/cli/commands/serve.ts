import type { Command } from 'commander';
import { runCommand } from '../command.ts';
import { numberOption } from '../evaluation-command.ts';

interface ServeOptions {
  host?: string;
  port?: string;
  requireKey?: boolean;
}

/** `fulcrum serve`: the project over HTTP, until it is stopped. */
export function registerServe(program: Command): void {
  program
    .command('serve')
    .option('--host <address>', 'address to listen at (default: "serve.host" of the config, 127.0.0.1)')
    .option('--port <n>', 'port; 0 takes a free one (default: "serve.port" of the config, 4040)')
    .option('--require-key', 'take requests of this machine with a key only')
    .description('serve the project over HTTP: search, cited answers, traces, and the interface of OpenAI')
    .addHelpText(
      'after',
      '\nOnly this machine reaches it by default; any other address needs keys ("fulcrum keys create"). Ctrl-C lets answers that are\nunder way end first. The description of the interface is at /openapi.json.\n\nExamples:\n  fulcrum serve\n  fulcrum serve --port 8080 --require-key\n  curl -s localhost:4040/api/ask -H "content-type: application/json" -d \'{"question": "How do I stream text?"}\'',
    )
    .action(
      runCommand<ServeOptions>(async (context, options) => {
        const { openServer } = await import('../../server/index.ts');
        const port = numberOption('--port', options.port, { whole: true, least: 0 });
        const server = await openServer(context.projectDirectory, {
          ...(options.host !== undefined && { host: options.host }),
          ...(port !== undefined && { port }),
          requireKey: options.requireKey === true,
          onNotice: context.terminal.notice,
        });
        if (context.json) process.stdout.write(`${JSON.stringify({ url: server.url })}\n`);
        else process.stdout.write(`Serving at ${server.url} (stop with Ctrl-C)\n`);
        await new Promise<void>((resolve) => {
          if (context.signal.aborted) resolve();
          context.signal.addEventListener('abort', () => resolve(), { once: true });
        });
        context.terminal.notice('Stopping: answers that are under way may end.');
        await server.close();
        return { json: undefined };
      }),
    );
}
