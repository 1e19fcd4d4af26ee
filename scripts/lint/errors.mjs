// Checks that every custom error of the contracts is named in a test, and one with parameters together with its values:
// by chai's `withArgs`, or by an encoding of the selector and what follows it.
import { withoutComments } from "./solidity-text.mjs";

/** Errors that no test can bring about, each with its reason. */
const UNREACHED = {};

const DECLARATION = /\berror\s+(\w+)\s*\(([^)]*)\)\s*;/g;
/** In Solidity a selector is named, kept in a variable, or handed on with values; a variable keeps the last selector it was given. */
const SELECTOR = /(\b\w+)\s*=\s*(?:\w+\.)?(\w+)\.selector\s*;|\w\(\s*(?:(?:\w+\.)?(\w+)\.selector|(\w+))\s*,/g;
const WITH_ARGUMENTS = /"(\w+)",?\s*\)\s*\.withArgs\(/g;

/** Parameters of each error, by name. */
function declaredIn(contracts) {
  const declared = new Map();
  for (const source of contracts.values())
    for (const [, name, parameters] of withoutComments(source).matchAll(DECLARATION))
      declared.set(name, parameters.trim());
  return declared;
}

/** Names of errors whose values a test file asserts. `code` is without comments, which assert nothing. */
function assertedIn(path, code) {
  if (!path.endsWith(".sol")) return [...code.matchAll(WITH_ARGUMENTS)].map((match) => match[1]);
  const kept = new Map();
  const asserted = [];
  for (const [, variable, kind, direct, indirect] of code.matchAll(SELECTOR)) {
    if (variable !== undefined) kept.set(variable, kind);
    else if (direct !== undefined) asserted.push(direct);
    else if (kept.has(indirect)) asserted.push(kept.get(indirect));
  }
  return asserted;
}

/**
 * @param {Map<string, string>} contracts sources without mocks, by path
 * @param {Map<string, string>} tests test files, by path
 * @param {Record<string, string>} unreached errors without a test, and why
 */
export function checkErrors(contracts, tests, unreached = UNREACHED) {
  const codes = new Map([...tests].map(([path, text]) => [path, withoutComments(text)]));
  const words = new Set([...codes.values()].flatMap((code) => code.match(/\b[A-Z]\w*_\w+/g) ?? []));
  const asserted = new Set([...codes].flatMap(([path, code]) => assertedIn(path, code)));
  const declared = declaredIn(contracts);
  const complaints = [];
  for (const [name, parameters] of declared) {
    const problem = !words.has(name)
      ? "no test names it"
      : parameters !== "" && !asserted.has(name)
        ? `no test asserts its values (${parameters.replaceAll(/\s+/g, " ")})`
        : undefined;
    const isListed = Object.hasOwn(unreached, name);
    if (problem !== undefined && !isListed) complaints.push(`error ${name}: ${problem}`);
    if (problem === undefined && isListed) complaints.push(`error ${name}: has a test now, take it off the list`);
  }
  for (const name of Object.keys(unreached))
    if (!declared.has(name)) complaints.push(`error ${name}: is on the list and in no contract`);
  return { complaints, note: `${declared.size} errors` };
}
