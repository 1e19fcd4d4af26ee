// Running the project's tools from scripts: by the Node that runs this script, output passed on line by line.
import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";

export const root = fileURLToPath(new URL("../../", import.meta.url));

/** The script behind a command of an installed package. */
function scriptOf(packageName, command) {
  const folder = join(root, "node_modules", packageName);
  const { bin } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  return join(folder, typeof bin === "string" ? bin : bin[command]);
}

/**
 * Leaves out the compiler's warnings about packages, which come by the hundred and are not ours to mend.
 *
 * @param {(line: string) => void} pass gets every other line
 * @returns {(line: string) => void}
 */
export function withoutPackageWarnings(pass) {
  let held; // a warning whose place is not known yet
  let isDropping = false;
  return (line) => {
    const text = stripVTControlCharacters(line);
    if (isDropping) {
      if (text.trim() === "") isDropping = false;
      return;
    }
    if (held === undefined && !text.startsWith("Warning: ")) return pass(line);
    held = [...(held ?? []), line];
    const place = /^\s*--> (.*)/.exec(text)?.[1];
    if (place === undefined && text.trim() !== "") return;
    isDropping = place !== undefined && /^(\.\/)?node_modules\//.test(place);
    if (!isDropping) held.forEach((each) => pass(each));
    held = undefined;
  };
}

/** Room for what lives shortly: suites make little else, and a larger room is swept less often. */
const NODE_OPTIONS = ["--max-semi-space-size=64"];

/**
 * Runs a tool to its end.
 *
 * @param {[packageName: string, command: string]} tool
 * @param {string[]} args
 * @param {{ onLine?: (line: string) => void, env?: Record<string, string> }} [options] `onLine` gets each line of output; without it, lines are
 *   printed. `env` is added to the environment.
 * @returns {Promise<{ code: number, output: string }>} `output` has no colour codes.
 */
export function run([packageName, command], args, { onLine = (line) => console.log(line), env: more = {} } = {}) {
  const env = { ...process.env, ...more };
  if (process.stdout.isTTY) env.FORCE_COLOR ??= "1";
  const child = spawn(process.execPath, [...NODE_OPTIONS, scriptOf(packageName, command), ...args], {
    cwd: root,
    env,
    stdio: ["ignore", "pipe", "pipe"],
  });
  const lines = [];
  for (const stream of [child.stdout, child.stderr]) {
    const keep = withoutPackageWarnings((line) => {
      lines.push(stripVTControlCharacters(line));
      onLine(line);
    });
    createInterface({ input: stream, crlfDelay: Infinity })
      .on("line", keep)
      .on("close", () => keep(""));
  }
  return new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (code) => resolve({ code: code ?? 1, output: lines.join("\n") }));
  });
}

export const hardhat = (args, options) => run(["hardhat", "hardhat"], args, options);
