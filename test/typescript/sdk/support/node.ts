// The in-process chain behind JSON-RPC over HTTP, so that programs of their own can speak to it.
import { createServer } from "node:http";
import type { IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

import type { World } from "../../support/world.ts";

interface Request {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}

export interface LocalNode {
  readonly url: string;
  close(): Promise<void>;
}

/** Serves the world's chain until it is closed. */
export async function serveNode(world: Pick<World, "provider">): Promise<LocalNode> {
  const answer = async ({ id, method, params }: Request): Promise<unknown> => {
    try {
      const result: unknown = await world.provider.request({ method, params: [...params] });
      return { jsonrpc: "2.0", id, result };
    } catch (error) {
      const { code = -32603, message = "", data } = error as { code?: number; message?: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code, message, data } };
    }
  };
  const server = createServer((request, response) => {
    void (async () => {
      const asked = JSON.parse(await bodyOf(request)) as Request | Request[];
      const answers = Array.isArray(asked) ? await Promise.all(asked.map(answer)) : await answer(asked);
      response.setHeader("Content-Type", "application/json").end(JSON.stringify(answers));
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}
