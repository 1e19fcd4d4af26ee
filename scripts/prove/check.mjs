// Checks one proof file with solc's SMT checker; runs in a process of its own, which the runner can end.
// No `timeout` key goes to the checker: it stops the compiler's WebAssembly build.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import solc from "solc";
import { root } from "../ci/process.mjs";
import { codeOnly } from "../lint/solidity-text.mjs";
import { readVerdict } from "./verdict.mjs";

const TARGETS = ["assert", "overflow", "underflow", "divByZero"];

/** Paths of the project first, packages second; never outside the repository. */
function readImport(path) {
  if (path.split("/").includes("..")) return { error: `${path} leaves the repository` };
  for (const folder of [root, join(root, "node_modules")]) {
    const file = join(folder, path);
    if (existsSync(file)) return { contents: readFileSync(file, "utf8") };
  }
  return { error: `${path} is neither in the repository nor in its packages` };
}

/** The engine that a file asks for by `/// prove-engine: bmc` or `chc`. */
function engineOf(source) {
  return /^\s*\/\/\/?\s*prove-engine:\s*(bmc|chc)\s*$/m.exec(source)?.[1];
}

/**
 * @param {string} path of the proof file, relative to the repository
 * @param {string} source
 * @returns {{ engine?: string, assertions: number, others: number, failures: string[] }}
 */
export function prove(path, source) {
  const engine = engineOf(source);
  const code = codeOnly(source);
  const contracts = [...code.matchAll(/^\s*contract\s+(\w+)/gm)].map((match) => match[1]);
  const wanted = [...code.matchAll(/\bassert\s*\(/g)].length;
  const failure = (text) => ({ engine, assertions: 0, others: 0, failures: [text] });
  if (!engine) return failure("name the engine in a line `/// prove-engine: bmc` or `/// prove-engine: chc`");
  if (contracts.length === 0) return failure("holds no contract");
  if (wanted === 0) return failure("asserts nothing");

  const output = JSON.parse(
    solc.compile(
      JSON.stringify({
        language: "Solidity",
        sources: { [path]: { content: source } },
        settings: {
          evmVersion: "cancun",
          modelChecker: {
            engine,
            targets: TARGETS,
            contracts: { [path]: contracts },
            showProvedSafe: true,
            showUnproved: true,
          },
          outputSelection: { "*": { "*": ["abi"] } },
        },
      }),
      { import: readImport },
    ),
  );
  const { assertions, others, assertionSites, failures } = readVerdict(output.errors ?? []);
  const proved = [...assertionSites].filter((site) => site.startsWith(`${path}:`)).length;
  if (failures.length === 0 && proved < wanted) {
    failures.push(`${proved} of ${wanted} assertions were proved; the checker passed over the others in silence`);
  }
  return { engine, assertions, others, failures };
}

if (process.send) {
  process.once("message", ({ path, source }) => {
    process.send(prove(path, source), () => process.disconnect());
  });
}
