// A headless browser that runs one script from an address of its own and tells what it printed.
import { spawn } from "node:child_process";
import type { ChildProcess } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:http";
import type { IncomingMessage, Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { CheckError, NoBrowserError } from "./errors.ts";

const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/usr/bin/microsoft-edge",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
];
/** Without a screen, and as root in a container, where its sandbox cannot be set up. */
const FLAGS = ["--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run"];
const PATIENCE = 120_000;
const PAGE = `<!doctype html><meta charset="utf-8"><script src="/program.js"></script><script>
const lines = [];
const text = (item) => (typeof item === "string" ? item : String(item));
const tell = (path) => fetch(path, { method: "POST", body: lines.join("\\n") });
bulwarkProgram
  .default({ log: (...items) => lines.push(items.map(text).join(" ")) })
  .then(() => tell("/done"), (error) => (lines.push(error.stack ?? String(error)), tell("/failed")));
</script>`;

/** The browser that is there. */
export function findBrowser(wanted: string | undefined): string {
  const places = wanted === undefined ? PLACES : [wanted];
  const found = places.find((place) => existsSync(place));
  if (found === undefined) throw new NoBrowserError(places);
  return found;
}

/** Runs a script that defines `bulwarkProgram.default`, and answers what it printed. */
export async function runInBrowser(browser: string, script: string): Promise<string> {
  const profile = mkdtempSync(join(tmpdir(), "bulwark-browser-"));
  const { server, answer } = serve(script);
  const port = await listen(server);
  let child: ChildProcess | undefined;
  try {
    child = spawn(browser, [...FLAGS, `--user-data-dir=${profile}`, `http://127.0.0.1:${port}/`], { stdio: "ignore" });
    return await Promise.race([answer, ended(child), tooLate()]);
  } finally {
    child?.kill("SIGKILL");
    server.close();
    server.closeAllConnections();
    rmSync(profile, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}

function serve(script: string): { server: Server; answer: Promise<string> } {
  const server = createServer();
  const answer = new Promise<string>((resolve, reject) => {
    server.on("request", (request, response) => {
      if (request.method === "POST") {
        void bodyOf(request).then((text) => {
          response.end();
          if (request.url === "/done") resolve(text);
          else reject(new CheckError(`in the browser it failed:\n${text}`));
        });
        return;
      }
      const isScript = request.url === "/program.js";
      response.setHeader("Content-Type", isScript ? "text/javascript; charset=utf-8" : "text/html; charset=utf-8");
      response.end(isScript ? script : PAGE);
    });
  });
  return { server, answer };
}

async function bodyOf(request: IncomingMessage): Promise<string> {
  let text = "";
  for await (const chunk of request.setEncoding("utf8")) text += String(chunk);
  return text;
}

function listen(server: Server): Promise<number> {
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => resolve((server.address() as AddressInfo).port));
  });
}

function ended(child: ChildProcess): Promise<never> {
  return new Promise((_, reject) => {
    child.once("error", (cause) => reject(new CheckError("the browser did not start", { cause })));
    child.once("close", (code) => reject(new CheckError(`the browser ended with exit code ${code ?? "none"}`)));
  });
}

function tooLate(): Promise<never> {
  return new Promise((_, reject) => {
    setTimeout(() => reject(new CheckError(`the browser told nothing in ${PATIENCE / 1_000} s`)), PATIENCE).unref();
  });
}
