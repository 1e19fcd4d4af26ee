import { globSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

import { AnalysisError } from "./errors.ts";
import { ROOT } from "./root.ts";
import { rewrite } from "./rewrite.ts";
import type { Edit } from "./rewrite.ts";
import { SWITCH_IMPORT } from "./switch.ts";
import { fromBytes } from "./tree.ts";
import type { Source, Sources } from "./tree.ts";

/** Code with decisions of our own: interfaces have none, mocks are for tests. */
export const isMeasured = (file: string) => /^contracts\/(?!mocks\/|interfaces\/)/.test(file);

/** The contracts and all that they import, by path: of a file from the project's root, of a package's file from its name. */
export function readSources(): Sources {
  const found: Record<string, { content: string }> = {};
  const waiting = globSync("contracts/**/*.sol", { cwd: ROOT })
    .map((file) => file.replaceAll("\\", "/"))
    .filter((file) => !file.startsWith("contracts/mocks/"))
    .sort();
  for (let file = waiting.shift(); file !== undefined; file = waiting.shift()) {
    if (found[file] !== undefined) continue;
    const content = readFileSync(join(ROOT, file.startsWith("contracts/") ? "" : "node_modules", file), "utf8");
    found[file] = { content };
    for (const [, imported] of content.matchAll(/^\s*import\b[^;]*?["']([^"']+)["'];/gm)) {
      if (imported === undefined) throw new AnalysisError(`${file}: an import without a path`);
      waiting.push(imported.startsWith(".") ? posix.join(posix.dirname(file), imported) : imported);
    }
  }
  return found;
}

/** What the build calls a file: `project/contracts/A.sol`, `npm/package@1.2.3/B.sol`. */
export function fileOf(name: string): string {
  return name.replace(/^project\//, "").replace(/^npm\/(@[^/]+\/[^/@]+|[^/@]+)@[^/]+\//, "$1/");
}

/** The sources that have edits, rewritten; `edits` by file. */
export function rewritten(
  parsed: ReadonlyMap<string, Source>,
  edits: ReadonlyMap<string, readonly Edit[]>,
): Record<string, { content: string }> {
  const changed: Record<string, { content: string }> = {};
  for (const [file, changes] of edits) {
    const source = parsed.get(file);
    if (source === undefined) throw new AnalysisError(`there is no ${file} to rewrite`);
    changed[file] = { content: `${fromBytes(rewrite(source.bytes, changes)).trimEnd()} ${SWITCH_IMPORT}\n` };
  }
  return changed;
}
