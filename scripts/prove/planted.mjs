// A copy of a proof with one bug in it, made by a named change of text: the proof must fail for the very assertion.
import { codeOnly, withoutComments } from "../lint/solidity-text.mjs";
import { closingOf } from "./unchecked.mjs";
import { assertionsIn, readProof } from "./properties.mjs";

/**
 * Changes the one place of the code (not of a comment) where `from` stands.
 *
 * @param {string} source
 * @param {{ from: string, to: string, place?: number }} change `place` counts from 1, for a text that stands more than once
 */
export function changeText(source, { from, to, place }) {
  const code = withoutComments(source);
  const found = [];
  for (let at = code.indexOf(from); at >= 0; at = code.indexOf(from, at + 1)) found.push(at);
  if (found.length === 0) throw new Error(`"${from}" stands nowhere in the code`);
  if (place === undefined && found.length > 1) throw new Error(`"${from}" stands ${found.length} times: say which`);
  const at = found[(place ?? 1) - 1];
  if (at === undefined) throw new Error(`"${from}" stands only ${found.length} times`);
  if (from === to) throw new Error(`"${from}" is changed into itself`);
  return source.slice(0, at) + to + source.slice(at + from.length);
}

/** Blanks a stretch; nothing moves. */
const blanked = (source, start, end, put = "") =>
  source.slice(0, start) + put + source.slice(start + put.length, end).replace(/[^\n]/g, " ") + source.slice(end);

/** The external functions of a source, from their first letter to behind their closing brace. */
function externalFunctions(source) {
  const code = codeOnly(source);
  return [...code.matchAll(/\bfunction\s+\w+\([^)]*\)\s*external\b[^{;]*\{/g)].map((match) => {
    return { start: match.index, end: closingOf(code, match.index + match[0].length - 1) };
  });
}

/** The source with one assertion; a proof by bmc loses the functions around it, a state machine keeps them. */
export function keepOnly(source, index, engine) {
  const assertions = assertionsIn(source);
  const { start: kept } = assertions[index];
  let left = source;
  assertions.forEach(({ start, end }, other) => {
    if (other !== index) left = blanked(left, start, end, "{}");
  });
  if (engine !== "bmc") return left;
  for (const { start, end } of externalFunctions(source)) {
    if (kept < start || kept >= end) left = blanked(left, start, end);
  }
  return left;
}

/**
 * @param {string} source of the proof
 * @param {ReturnType<typeof import("./properties.mjs").readProof>["properties"][number]} property
 * @param {(path: string) => string} read
 * @returns {{ source: string, replaced: Map<string, string> }} `source` has this one assertion
 */
export function plantBug(source, property, read) {
  const { engine } = readProof(source);
  const { index, bug } = property;
  const claim = ({ start, end }, text) => codeOnly(text.slice(start, end));
  const before = claim(assertionsIn(source)[index], source);
  const replaced = new Map();
  let planted = source;
  if (bug.target === undefined) planted = changeText(source, bug);
  else replaced.set(bug.target, changeText(read(bug.target), bug));
  const assertion = assertionsIn(planted)[index];
  if (assertion === undefined || claim(assertion, planted) !== before) {
    throw new Error("the bug changes the assertion that it must break");
  }
  return { source: keepOnly(planted, index, engine), replaced };
}
