// What the checker gets to read: the project's own code, and for two packages what we take of them as given.
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "../ci/process.mjs";
import { reachableFrom, withoutUnreached } from "./reach.mjs";
import { withWrapping } from "./unchecked.mjs";

/** Assembly and the revert statement say nothing to the checker; the stand-ins say what is known of these functions. */
const STAND_INS = new Map([
  ["solady/src/utils/FixedPointMathLib.sol", "test/proofs/given/FixedPointMathLib.sol"],
  ["@openzeppelin/contracts/utils/math/SafeCast.sol", "test/proofs/given/SafeCast.sol"],
]);

/**
 * Places that proofs read in other words. Expressions on bits, which the solver cannot decide together with arithmetic, are
 * written as the arithmetic that they are: `agree` evaluates both, and the self-tests compare them. Structs in memory are
 * built at once and not field by field: the checker takes a write to one for a write to any other of its kind.
 * A reading that no longer applies is an error.
 */
export const READINGS = [
  {
    file: "contracts/libraries/WadMath.sol",
    from: "(a | b) >> 128 == 0",
    to: "a < 2 ** 128 && b < 2 ** 128",
    agree: (a, b) => ((a | b) >> 128n === 0n) === (a < 2n ** 128n && b < 2n ** 128n),
  },
  {
    file: "contracts/libraries/TokenUnits.sol",
    from: "return 10 ** exponent;",
    to: `return ${Array.from({ length: 18 }, (_, power) => `exponent == ${power} ? 1e${power} : `).join("")}1e18;`,
  },
  ...["reserve", "junior", "senior"].map((layer) => ({
    file: "contracts/libraries/Waterfall.sol",
    from: `part.${layer} = WadMath`,
    to: `uint256 ${layer} = WadMath`,
  })),
  {
    file: "contracts/libraries/Waterfall.sol",
    from: "part.reinsurance = WadMath.mulWadDown(amounts.reinsurance, fraction);",
    to: "part = LayerAmounts(reserve, junior, senior, WadMath.mulWadDown(amounts.reinsurance, fraction));",
  },
];

/** The text of a file as the checker reads it. Private functions of libraries can be called by proofs. */
function asRead(path, text, { wraps, reached }) {
  let read = text;
  for (const { file, from, to } of READINGS) {
    if (file !== path) continue;
    if (!read.includes(from)) throw new Error(`${path}: "${from}", which proofs read as "${to}", stands nowhere`);
    read = read.replaceAll(from, to);
  }
  if (path.startsWith("contracts/libraries/")) read = read.replace(/\bprivate\b/g, "internal");
  // Types keep all their functions: an operator calls one without naming it.
  if (!path.startsWith("contracts/types/")) read = withoutUnreached(read, reached);
  return wraps && path.startsWith("contracts/") ? withWrapping(read) : read;
}

export const readSource = (path) => readFileSync(join(root, path), "utf8");

/**
 * Finds imports: paths of the project first, packages second; never outside the repository.
 *
 * @param {string} source that imports; what it cannot reach is read without its body
 * @param {boolean} wraps whether arithmetic of the project's code is read as wrapping
 * @param {Map<string, string>} [replaced] files that are read with another text
 * @returns {(path: string) => { contents: string } | { error: string }}
 */
export function importer(source, wraps, replaced) {
  const textOf = (path, place = path) => replaced?.get(path) ?? readSource(place);
  const reached = reachableFrom(source, textOf);
  return (path) => {
    if (path.split("/").includes("..")) return { error: `${path} leaves the repository` };
    const place = [STAND_INS.get(path), path, join("node_modules", path)].find(
      (candidate) => candidate !== undefined && existsSync(join(root, candidate)),
    );
    if (place === undefined) return { error: `${path} is neither in the repository nor in its packages` };
    try {
      return { contents: asRead(path, textOf(path, place), { wraps, reached }) };
    } catch (error) {
      return { error: error.message };
    }
  };
}
