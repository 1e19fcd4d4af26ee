// Metrics and health, on this machine only.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import type { IncomingMessage, ServerResponse } from "node:http";

import { KeeperError } from "./errors.ts";
import type { Metrics } from "./metrics.ts";

const HOST = "127.0.0.1";

export interface Health {
  readonly isHealthy: boolean;
  readonly block: number;
  /** Since the last round that came to its end, undefined before the first. */
  readonly secondsSinceRound: number | undefined;
  readonly isSending: boolean;
}

export interface Server {
  readonly url: string;
  close(): Promise<void>;
}

/** @param port 0 for any free one */
export async function serve(port: number, metrics: Metrics, health: () => Health): Promise<Server> {
  const server = createServer((request, response) => void answer(request, response, metrics, health));
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause) => reject(new KeeperError(`port ${port} cannot be listened on: ${cause.message}`)));
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
}

async function answer(
  { url, method }: IncomingMessage,
  response: ServerResponse,
  { registry }: Metrics,
  health: () => Health,
): Promise<void> {
  if (method !== "GET" || (url !== "/metrics" && url !== "/health")) {
    response.writeHead(404).end("/metrics and /health\n");
  } else if (url === "/health") {
    const found = health();
    response.writeHead(found.isHealthy ? 200 : 503, { "content-type": "application/json" });
    response.end(`${JSON.stringify(found)}\n`);
  } else {
    const text = await registry.metrics();
    response.writeHead(200, { "content-type": registry.contentType }).end(text);
  }
}
