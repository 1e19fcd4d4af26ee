import { readFileSync } from "node:fs";
import { registerHooks } from "node:module";
import { fileURLToPath, pathToFileURL } from "node:url";
import { join } from "node:path";
import { transformSync } from "esbuild";

import { ROOT } from "./root.ts";

/*
 * Modules are loaded once for each process, and test modules remember what they have deployed. Here every module below `test` is another
 * one for each run: its address carries the run's number, and so do those of all that it imports.
 */

const TESTS = pathToFileURL(join(ROOT, "test/")).href;
const RUN = /\?run=\d+$/;
const stripped = new Map<string, string>();

function source(url: string): string {
  const file = fileURLToPath(url.replace(RUN, ""));
  const known = stripped.get(file);
  if (known !== undefined) return known;
  const { code } = transformSync(readFileSync(file, "utf8"), { loader: "ts", target: "esnext" });
  stripped.set(file, code);
  return code;
}

/** Called once, before the first import. */
export function loadTestsFresh(): void {
  registerHooks({
    resolve(specifier, context, next) {
      const resolved = next(specifier, context);
      const run = RUN.exec(context.parentURL ?? "")?.[0];
      if (run === undefined || !resolved.url.startsWith(TESTS) || RUN.test(resolved.url)) return resolved;
      return { ...resolved, url: resolved.url + run };
    },
    load(url, context, next) {
      if (!RUN.test(url) || !url.replace(RUN, "").endsWith(".ts")) return next(url, context);
      return { format: "module", source: source(url), shortCircuit: true };
    },
  });
}

/** Where a run finds its own copy of a file. */
export const addressIn = (run: number, file: string) => `${pathToFileURL(join(ROOT, file)).href}?run=${run}`;
