// Rules for Solidity that no linter brings. Each reads text, so that it also sees code that no build reaches.
import { argumentsAt, codeOnly, importsOf, lineAt } from "./solidity-text.mjs";

const MAX_LINES = 400;
const MANY_LINES = 300;
const PRAGMA = "pragma solidity 0.8.37;";
const ERROR_NAME = /^[A-Z][A-Za-z0-9]*_[A-Z][A-Za-z0-9]*$/;
/** The one place where a foreign contract is called with its answer, its gas and its failure in hand. */
const LOW_LEVEL_CALLS_IN = "contracts/libraries/GuardedCall.sol";
/** Goes on in another piece of its own code, by delegatecall. */
const NEXT_PIECE_IN = "contracts/libraries/CodePiece.sol";

const isContract = (path) => path.startsWith("contracts/");
const isMock = (path) => path.startsWith("contracts/mocks/");
const isProduction = (path) => isContract(path) && !isMock(path);

/** Complaints at every match of a pattern in the code. */
function atEach({ code }, pattern, message) {
  return [...code.matchAll(pattern)].flatMap((match) => {
    const text = typeof message === "function" ? message(match) : message;
    return text ? [{ line: lineAt(code, match.index), text }] : [];
  });
}

/** One rule each: where it holds, and what it finds. */
const RULES = [
  {
    name: "no-wildcard-imports",
    appliesTo: () => true,
    find: ({ source }) =>
      importsOf(source)
        .filter(({ names }) => !names.includes("{") || names.includes("*"))
        .map(({ line, path }) => ({ line, text: `name what is imported from "${path}"` })),
  },
  {
    name: "no-revert-strings",
    appliesTo: isContract,
    find: (file) =>
      atEach(file, /\b(require|revert)\s*\(/g, (match) => {
        const found = argumentsAt(file.code, match.index + match[0].length - 1);
        if (match[1] === "revert") {
          return found.length < 2 && "revert with a custom error"; // `revert(offset, size)` is assembly's
        }
        return (found.length < 2 || /^(unicode)?["']/.test(found[1])) && "require with a custom error";
      }),
  },
  {
    name: "exact-pragma",
    appliesTo: isContract,
    find: ({ code }) => {
      const found = [...code.matchAll(/\bpragma\s+solidity[^;]*;/g)].map((match) => match[0]);
      return found.length === 1 && found[0] === PRAGMA ? [] : [{ line: 1, text: `write exactly \`${PRAGMA}\` once` }];
    },
  },
  {
    name: "error-names",
    appliesTo: isContract,
    find: (file) =>
      atEach(file, /\berror\s+([A-Za-z_$][\w$]*)\s*\(/g, ([, name]) =>
        ERROR_NAME.test(name) ? undefined : `error ${name} should be called Contract_Problem`,
      ),
  },
  {
    name: "guarded-calls-only",
    appliesTo: (path) => isProduction(path) && path !== LOW_LEVEL_CALLS_IN && path !== NEXT_PIECE_IN,
    find: (file) => [
      ...atEach(file, /\.\s*(call|delegatecall|callcode)\s*[({]/g, ([, name]) => `.${name} belongs in GuardedCall`),
      ...atEach(file, /(?<![.\w])(delegatecall|callcode|selfdestruct)\s*\(/g, ([, name]) => `${name} is not used here`),
      ...atEach(file, /\b(try|catch)\b/g, ([, name]) => `${name} belongs in GuardedCall`),
    ],
  },
  {
    name: "file-length",
    appliesTo: isContract,
    find: ({ source }) => {
      const lines = source.trimEnd().split("\n").length;
      if (lines > MAX_LINES) return [{ line: lines, text: `${lines} lines; the limit is ${MAX_LINES}` }];
      if (lines > MANY_LINES)
        return [{ line: lines, text: `${lines} lines; aim below ${MANY_LINES}`, isWarning: true }];
      return [];
    },
  },
  {
    name: "no-leftovers",
    appliesTo: () => true,
    find: ({ source }) =>
      [...source.matchAll(/\b(TODO|FIXME|XXX)\b/g)].map((match) => ({
        line: lineAt(source, match.index),
        text: `${match[1]} left behind`,
      })),
  },
];

/**
 * @param {Map<string, string>} sources
 * @returns {{ complaints: string[], warnings: string[] }}
 */
export function checkSolidityRules(sources) {
  const complaints = [];
  const warnings = [];
  for (const [path, source] of sources) {
    if (!path.endsWith(".sol")) continue;
    const file = { path, source, code: codeOnly(source) };
    for (const { name, appliesTo, find } of RULES) {
      if (!appliesTo(path)) continue;
      for (const { line, text, isWarning } of find(file)) {
        (isWarning ? warnings : complaints).push(`${path}:${line}: ${text} (${name})`);
      }
    }
  }
  return { complaints, warnings };
}
