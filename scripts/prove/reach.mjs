// Which functions of the libraries a proof can reach. The checker encodes every function that it reads, called or not, and
// that is most of its work: what nothing reaches is read without its body.
import { globSync } from "node:fs";
import { codeOnly } from "../lint/solidity-text.mjs";
import { root } from "../ci/process.mjs";
import { closingOf } from "./unchecked.mjs";

const FUNCTION = /\bfunction\s+(\w+)\s*\([^;{]*\{/g;
const FOLDERS = ["contracts/libraries/*.sol", "contracts/types/*.sol", "test/proofs/given/*.sol"];

const wordsIn = (code) => code.match(/\b[A-Za-z_]\w*\b/g) ?? [];

/** Every function of a source: its name, and where its body is. */
function functionsIn(source) {
  const code = codeOnly(source);
  return [...code.matchAll(FUNCTION)].map((match) => {
    const open = match.index + match[0].length - 1;
    const end = closingOf(code, open);
    return { name: match[1], open, end, body: code.slice(open, end) };
  });
}

/**
 * Names of all functions that a source may call, by itself or through others: every word that stands in a body counts as a call.
 *
 * @param {string} source
 * @param {(path: string) => string} read
 */
export function reachableFrom(source, read) {
  const bodies = new Map();
  for (const path of globSync(FOLDERS, { cwd: root })) {
    for (const { name, body } of functionsIn(read(path.replaceAll("\\", "/")))) {
      bodies.set(name, [...(bodies.get(name) ?? []), body]);
    }
  }
  const reached = new Set();
  const waiting = wordsIn(codeOnly(source));
  for (let word = waiting.pop(); word !== undefined; word = waiting.pop()) {
    if (reached.has(word)) continue;
    reached.add(word);
    for (const body of bodies.get(word) ?? []) waiting.push(...wordsIn(body));
  }
  return reached;
}

/** The source with the bodies of all other functions emptied. */
export function withoutUnreached(source, reached) {
  let left = source;
  for (const { name, open, end } of functionsIn(source).reverse()) {
    if (!reached.has(name)) left = `${left.slice(0, open)}{}${left.slice(end)}`;
  }
  return left;
}
