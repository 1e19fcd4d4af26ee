// The in-process chain behind a URL, for a keeper that is a process of its own.
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { text } from "node:stream/consumers";

import type { BadNode } from "./node.ts";

interface Asked {
  readonly id: number;
  readonly method: string;
  readonly params?: readonly unknown[];
}

const HOST = "127.0.0.1";

export interface Endpoint {
  readonly url: string;
  /** Every request is taken, and none is answered. */
  isSilent: boolean;
  /** Requests that were taken so. */
  unanswered: number;
  /** Raw transactions in the order in which they were sent. */
  readonly raw: string[];
  close(): Promise<void>;
}

export async function openEndpoint(node: BadNode): Promise<Endpoint> {
  const raw: string[] = [];
  const answer = async ({ id, method, params = [] }: Asked) => {
    if (method === "eth_sendRawTransaction") raw.push(String(params[0]));
    try {
      return { jsonrpc: "2.0", id, result: await node.ask({ method, params }) };
    } catch (error) {
      const { code = -32_603, message = "", data } = error as { code?: number; message?: string; data?: unknown };
      return { jsonrpc: "2.0", id, error: { code, message, data } };
    }
  };
  const server = createServer((request, response) => {
    void text(request).then(async (body) => {
      const asked = JSON.parse(body) as Asked | Asked[];
      if (endpoint.isSilent) {
        endpoint.unanswered++;
        return;
      }
      const answers = Array.isArray(asked) ? await Promise.all(asked.map(answer)) : await answer(asked);
      response.setHeader("content-type", "application/json").end(JSON.stringify(answers));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  const endpoint: Endpoint = {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    isSilent: false,
    unanswered: 0,
    raw,
    close: () =>
      new Promise((resolve) => {
        server.closeAllConnections();
        server.close(() => resolve());
      }),
  };
  return endpoint;
}

/** A node that says which chain it is of, and fails at everything else. */
export async function openDeafNode(): Promise<{ url: string; close: () => void }> {
  const server = createServer((request, response) => {
    void text(request).then((body) => {
      const { id, method } = JSON.parse(body) as Asked;
      const answer =
        method === "eth_chainId" ? { result: "0x7a69" } : { error: { code: -32_603, message: "out of order" } };
      response.setHeader("content-type", "application/json").end(JSON.stringify({ jsonrpc: "2.0", id, ...answer }));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, HOST, resolve));
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}`,
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}
