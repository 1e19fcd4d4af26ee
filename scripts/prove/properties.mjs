// Reading a proof file: what it claims, and which planted bug must break each claim.
//
//   // P-WATER-01: Every wei of the loss is paid by exactly one layer or left over.
//   // bounds: all uint256
//   // bug in libraries/Waterfall: "residual -= junior;" -> ""
//   assert(...);
import { codeOnly, lineAt } from "../lint/solidity-text.mjs";

const SAYS = /^\/\/ (P-[A-Z]+-\d\d): (\S.*)$/;
const BOUNDS = /^\/\/ bounds: (\S.*)$/;
/** `at 2` is the second place at which the text stands, of several. */
const BUG = /^\/\/ bug(?: in ([\w/]+))?(?: at (\d+))?: "(.+?)" -> "(.*)"$/;

/** The engine that a file asks for by `/// prove-engine: bmc` or `chc`. */
const engineOf = (source) => /^\s*\/\/\/?\s*prove-engine:\s*(bmc|chc)\s*$/m.exec(source)?.[1];

/** Whether checked arithmetic is to be proved as well: `/// prove-arithmetic`. */
const provesArithmetic = (source) => /^\s*\/\/\/?\s*prove-arithmetic\s*$/m.test(source);

/**
 * The assertions of a source, in their order.
 *
 * @returns {{ start: number, end: number }[]} from the `a` of assert to behind its closing parenthesis and semicolon
 */
export function assertionsIn(source) {
  const code = codeOnly(source);
  return [...code.matchAll(/\bassert\s*\(/g)].map((match) => {
    const open = match.index + match[0].length - 1;
    let depth = 0;
    let end = open;
    do {
      if (code[end] === "(") depth++;
      if (code[end] === ")") depth--;
      end++;
    } while (depth > 0 && end < code.length);
    while (end < code.length && code[end - 1] !== ";") end++;
    return { start: match.index, end };
  });
}

/** The three comment lines straight above an offset, trimmed, last one first. */
function linesAbove(source, offset) {
  const lines = source.slice(0, offset).split("\n").slice(0, -1);
  return lines
    .slice(-3)
    .map((line) => line.trim())
    .reverse();
}

/**
 * @param {string} path
 * @param {string} source
 * @returns {{ title: string, engine?: string, arithmetic: boolean, failures: string[], properties: {
 *   id: string, says: string, bounds: string, index: number, line: number,
 *   bug: { target?: string, place?: number, from: string, to: string } }[] }}
 */
export function readProof(source) {
  const engine = engineOf(source);
  const failures = [];
  const properties = [];
  const title = /^\/\/\/ @title (.*)$/m.exec(source)?.[1] ?? "";
  if (!engine) failures.push("name the engine in a line `/// prove-engine: bmc` or `/// prove-engine: chc`");
  if (title === "") failures.push("say in a line `/// @title` what is proved");
  // The compiler counts bytes and we count characters.
  if (/[^\x00-\x7f]/.test(source)) failures.push("holds a character that is not ASCII"); // eslint-disable-line no-control-regex
  const code = codeOnly(source);
  if (!/^\s*contract\s+\w+/m.test(code)) failures.push("holds no contract");
  assertionsIn(source).forEach(({ start }, index) => {
    const [bugLine, boundsLine, saysLine] = linesAbove(source, start);
    const line = lineAt(source, start);
    const says = SAYS.exec(saysLine ?? "");
    const bounds = BOUNDS.exec(boundsLine ?? "");
    const bug = BUG.exec(bugLine ?? "");
    if (!says) failures.push(`line ${line}: write \`// P-NAME-01: what it says\` three lines above the assertion`);
    if (!bounds) failures.push(`line ${line}: write \`// bounds: for which inputs\` two lines above the assertion`);
    if (!bug) failures.push(`line ${line}: write \`// bug in FILE: "old" -> "new"\` straight above the assertion`);
    if (!says || !bounds || !bug) return;
    const [, target, place, from, to] = bug;
    if (engine === "bmc" && target === undefined) {
      failures.push(`line ${line}: a bug of a proof by bmc stands in the project's code: write \`// bug in FILE:\``);
    }
    properties.push({
      id: says[1],
      says: says[2],
      bounds: bounds[1],
      index,
      line,
      bug: { target: target && `contracts/${target}.sol`, place: place && Number(place), from, to },
    });
  });
  if (assertionsIn(source).length === 0) failures.push("asserts nothing");
  return { title, engine, arithmetic: provesArithmetic(source), failures, properties };
}

/** Ids that stand more than once. */
export function repeatedIds(proofs) {
  const seen = new Map();
  const problems = [];
  for (const [path, { properties }] of proofs) {
    for (const { id, line } of properties) {
      if (seen.has(id)) problems.push(`${path}:${line}: ${id} stands in ${seen.get(id)} already`);
      else seen.set(id, `${path}:${line}`);
    }
  }
  return problems;
}
