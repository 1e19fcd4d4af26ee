// Checks one proof file with solc's SMT checker, and one planted copy of it for each property; runs in a process of its
// own, which the runner can end. No `timeout` key goes to the checker: it stops the compiler's WebAssembly build.
import withCallbacks from "solc/wrapper.js";
import { loadCompiler } from "../compiler/load.ts";
import { codeOnly } from "../lint/solidity-text.mjs";
import { keepOnly, plantBug } from "./planted.mjs";
import { assertionsIn, readProof } from "./properties.mjs";
import { importer, readSource } from "./sources.mjs";
import { withWrapping } from "./unchecked.mjs";
import { readVerdict } from "./verdict.mjs";

const solc = withCallbacks(loadCompiler("solc"));
const ARITHMETIC = ["overflow", "underflow", "divByZero"];
/** Names of the contracts that assert anything. */
function contractsIn(source) {
  const starts = [...codeOnly(source).matchAll(/^\s*contract\s+(\w+)/gm)];
  const assertions = assertionsIn(source);
  return starts
    .filter(({ index }, at) => {
      const end = starts[at + 1]?.index ?? source.length;
      return assertions.some(({ start }) => start > index && start < end);
    })
    .map(([, name]) => name);
}

/**
 * Asks the checker about every contract of one source. The answer is about the assertions in their order.
 *
 * @returns {{ proved: boolean[], violated: boolean[], others: number, failures: string[] }}
 */
export function ask(path, text, engine, targets, replaced) {
  const wraps = engine === "bmc" && targets.includes("assert");
  const source = wraps ? withWrapping(text) : text;
  const contracts = contractsIn(source);
  const modelChecker = {
    engine,
    targets,
    contracts: { [path]: contracts },
    showProvedSafe: true,
    showUnproved: true,
  };
  const output = solc.compile(
    JSON.stringify({
      language: "Solidity",
      sources: { [path]: { content: source } },
      settings: { evmVersion: "cancun", modelChecker, outputSelection: { "*": { "*": ["abi"] } } },
    }),
    { import: importer(source, wraps, replaced) },
  );
  const { proved, violated, others, failures } = readVerdict(JSON.parse(output).errors ?? []);
  const sites = assertionsIn(source).map(({ start }) => `${path}:${start}`);
  return {
    proved: sites.map((site) => proved.has(site)),
    violated: sites.map((site) => violated.has(site)),
    others,
    failures,
  };
}

/**
 * Proves one property, alone: what the solver finds does not depend on the others of the file.
 *
 * @returns {{ isProved: boolean, isViolated: boolean, failures: string[] }}
 */
export function prove(path, source, property) {
  const { engine } = readProof(source);
  const { proved, violated, failures } = ask(path, keepOnly(source, property.index, engine), engine, ["assert"]);
  const isProved = proved[0] && !violated[0] && failures.length === 0;
  // The checker passes over an assertion that it cannot reach in silence: that is no proof either.
  if (!isProved && failures.length === 0) failures.push("passed over in silence");
  return { isProved, isViolated: violated[0], failures: failures.map((text) => `${property.id}: ${text}`) };
}

/**
 * Whether the planted bug of a property is refuted, for that assertion and no other.
 *
 * @returns {{ refuted: boolean, failures: string[] }}
 */
export function refute(path, source, property) {
  const { engine } = readProof(source);
  const { from, to } = property.bug;
  const name = `${property.id} with "${from}" -> "${to}"`;
  let planted;
  try {
    planted = plantBug(source, property, readSource);
  } catch (error) {
    return { refuted: false, failures: [`${name}: the bug cannot be planted: ${error.message}`] };
  }
  const { proved, violated, failures } = ask(path, planted.source, engine, ["assert"], planted.replaced);
  if (violated[0]) return { refuted: true, failures: [] };
  if (proved[0]) return { refuted: false, failures: [`${name}: still proved, so it proves too little`] };
  return { refuted: false, failures: [`${name}: not refuted: ${failures.join("\n") || "passed over in silence"}`] };
}

if (process.send) {
  process.once("message", (sources) => {
    for (const { path, source } of sources) {
      const { engine, arithmetic, properties, failures } = readProof(source);
      const checks =
        arithmetic && failures.length === 0 ? ask(path, source, engine, ARITHMETIC) : { others: 0, failures };
      process.send({ file: { engine, others: checks.others, failures: checks.failures } });
      for (const property of failures.length === 0 ? properties : []) {
        const proof = prove(path, source, property);
        process.send({ id: property.id, proof });
        if (proof.isProved) process.send({ id: property.id, refutation: refute(path, source, property) });
      }
      process.send({ isDone: true });
    }
    process.disconnect();
  });
}
