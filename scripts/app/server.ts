// Serves the built page with its headers, the list of networks, the manifest, the board, and a way to the node: the browser asks one host only.
import { existsSync, readFileSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { extname, join, normalize, sep } from "node:path";

import { BulwarkError } from "../../sdk/errors.ts";
import type { OrderBook } from "../../sdk/orders.ts";
import type { Board } from "./board.ts";
import { StartError } from "./errors.ts";

const HOST = "127.0.0.1";
const TYPES: Readonly<Record<string, string>> = {
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript; charset=utf-8",
  ".css": "text/css; charset=utf-8",
  ".svg": "image/svg+xml",
  ".json": "application/json",
};
const HEADERS = {
  "X-Content-Type-Options": "nosniff",
  "Referrer-Policy": "no-referrer",
  "Cross-Origin-Opener-Policy": "same-origin",
  "Cross-Origin-Resource-Policy": "same-origin",
  "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
} as const;
/** Most bytes of a request: an order or a batch of calls. */
const MOST_BYTES = 2_000_000;

export interface PageSource {
  /** Where the built page lies. */
  readonly folder: string;
  /** What networks.json says. */
  readonly networks: unknown;
  /** Read with every request: a chain that is started afresh has another one. */
  readonly manifest: () => string;
  readonly rpc: string;
  readonly board?: { readonly orders: Board; readonly book: () => OrderBook } | undefined;
}

export interface PageServer {
  readonly url: string;
  close(): Promise<void>;
}

export async function servePage(source: PageSource, port: number): Promise<PageServer> {
  const policy = policyOf(readFileSync(join(source.folder, "index.html"), "utf8"));
  const server = createServer((request, response) => {
    answer(source, { request, response, policy }).catch((error: unknown) => {
      const isRefused = error instanceof BulwarkError;
      send(
        response,
        isRefused ? 400 : 502,
        "text/plain; charset=utf-8",
        isRefused ? error.message : "the node does not answer",
      );
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", (cause: NodeJS.ErrnoException) => {
      const why =
        cause.code === "EADDRINUSE"
          ? `port ${port} is in use; choose another one with --port`
          : "the page cannot be served";
      reject(new StartError(why, { cause }));
    });
    server.listen(port, HOST, resolve);
  });
  return {
    url: `http://${HOST}:${(server.address() as AddressInfo).port}/`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

/** The page says what it needs; only headers can forbid to frame it. */
function policyOf(page: string): string {
  const policy = /http-equiv="Content-Security-Policy" content="([^"]+)"/.exec(page)?.[1];
  if (policy === undefined) throw new StartError("the built page has no content security policy: build it again");
  return `${policy.replaceAll("&#39;", "'")}; frame-ancestors 'none'`;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly policy: string;
}

async function answer(source: PageSource, { request, response, policy }: Exchange): Promise<void> {
  const { pathname } = new URL(request.url ?? "/", "http://page");
  const isPost = request.method === "POST";
  if (!isOwn(request)) return send(response, 403, "text/plain", "this server answers its own page only");
  if (pathname === "/rpc" && isPost) return passOn(source.rpc, request, response);
  if (pathname === "/orders" && source.board !== undefined) {
    const { orders, book } = source.board;
    if (isPost) orders.post(await bodyOf(request), book());
    return send(response, 200, "application/json", JSON.stringify(orders.texts));
  }
  if (isPost || !["GET", "HEAD"].includes(request.method ?? "")) return send(response, 405, "text/plain", "not here");
  if (pathname === "/networks.json") return send(response, 200, "application/json", JSON.stringify(source.networks));
  if (pathname === "/manifest.json") return send(response, 200, "application/json", source.manifest());
  const path = normalize(pathname === "/" ? "index.html" : pathname.slice(1));
  const file = join(source.folder, path);
  if (path.startsWith("..") || path.includes(`..${sep}`) || !existsSync(file) || extname(file) === "") {
    return send(response, 404, "text/plain", "there is nothing here");
  }
  response.setHeader("Content-Security-Policy", policy);
  response.setHeader("Cache-Control", path.startsWith("assets") ? "public, max-age=31536000, immutable" : "no-store");
  send(response, 200, TYPES[extname(file)] ?? "application/octet-stream", readFileSync(file));
}

/** Another site in the same browser could ask, too, or come under a name of its own that leads here. */
function isOwn({ headers: { host = "", origin } }: IncomingMessage): boolean {
  const isHere = /^(127\.0\.0\.1|localhost):\d+$/.test(host);
  return isHere && (origin === undefined || origin === `http://${host}`);
}

/** Asks the node what the page asks. */
async function passOn(rpc: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = await bodyOf(request);
  const asked = await fetch(rpc, { method: "POST", body, headers: { "Content-Type": "application/json" } });
  send(response, asked.status, "application/json", Buffer.from(await asked.arrayBuffer()));
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) {
    text += String(chunk);
    if (text.length > MOST_BYTES) throw new BulwarkError(`A request has at most ${MOST_BYTES} bytes.`);
  }
  return text;
}

function send(response: ServerResponse, status: number, type: string, body: string | Buffer): void {
  for (const [name, value] of Object.entries(HEADERS)) response.setHeader(name, value);
  response.statusCode = status;
  response.setHeader("Content-Type", type);
  response.end(body);
}
