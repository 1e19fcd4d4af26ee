// `npm run app:test`: the page in a real browser against a real local chain. Where there is no browser it says so, and that nothing was tried.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";

import { ExitCode } from "../deploy/command.ts";
import { findBrowser } from "../sdk/browser.ts";
import { NoBrowserError } from "../sdk/errors.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const MOCHA = fileURLToPath(new URL("../../node_modules/mocha/bin/mocha.js", import.meta.url));
const TESTS = "test/browser/*.test.ts";
const SECONDS_FOR_ONE = 90;

/** The browser to test with, or undefined where none is installed. One that is named must be there. */
function browser(named: string | undefined): string | undefined {
  try {
    return findBrowser(named);
  } catch (error) {
    if (!(error instanceof NoBrowserError)) throw error;
    return undefined;
  }
}

const named = process.env.APP_BROWSER;
const found = browser(named);
if (found === undefined && named !== undefined) {
  console.error(`app:test: APP_BROWSER names ${named}, and there is no such file`);
  process.exitCode = ExitCode.WrongInput;
} else if (found === undefined) {
  console.log(
    "app:test: there is no Chromium on this machine, so the page was not tried in a browser; nothing else was tested. APP_BROWSER names one.",
  );
} else {
  const started = performance.now();
  const args = [MOCHA, "--timeout", String(SECONDS_FOR_ONE * 1_000), ...process.argv.slice(2), TESTS];
  const child = spawn(process.execPath, args, {
    cwd: ROOT,
    stdio: "inherit",
    env: { ...process.env, APP_BROWSER: found },
  });
  // Ctrl-C comes to the tests as well; they close what they have opened.
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => child.kill(signal));
  const [code] = (await once(child, "exit")) as [number | null];
  console.log(
    `app:test: ${code === 0 ? "all passed" : "failed"} in ${((performance.now() - started) / 1_000).toFixed(0)} s`,
  );
  process.exitCode = code ?? 1;
}
