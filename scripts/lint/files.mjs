// The source files that our own checks read.
import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../ci/process.mjs";

/**
 * @param {string[]} patterns
 * @returns {Map<string, string>} text by path, paths relative to the repository and with forward slashes
 */
export function readSources(patterns) {
  const paths = globSync(patterns, {
    cwd: root,
    exclude: (path) =>
      /(^|[\\/])(node_modules|deployments|dist)([\\/]|$)/.test(typeof path === "string" ? path : path.name),
  });
  return new Map(
    paths
      .map((path) => path.replaceAll("\\", "/"))
      .sort()
      .map((path) => [path, readFileSync(join(root, path), "utf8")]),
  );
}
