// All checks that need no test run. Every step runs, also after one has failed.
import { existsSync, statSync } from "node:fs";
import { join } from "node:path";
import { hardhat, root, run } from "../ci/process.mjs";
import { tableProblems } from "../prove/table.mjs";
import { checkErrors } from "./errors.mjs";
import { readSources } from "./files.mjs";
import { checkSolidityImports, checkTypeScriptImports } from "./imports.mjs";
import { referenceProblems } from "./references.mjs";
import { requirementProblems } from "./requirements.mjs";
import { selfTest } from "./selftest.mjs";
import { checkSolidityRules } from "./solidity-rules.mjs";

const solidity = readSources(["contracts/**/*.sol", "test/**/*.sol"]);
const script = readSources(["{sdk,scripts,deploy,app,test}/**/*.{ts,tsx,mts,js,mjs}"]);

const silently = { onLine: () => {} };

const only = (sources, pattern) => new Map([...sources].filter(([path]) => pattern.test(path)));

/** A step that is a tool: it passes when the tool says so. */
async function tool(name, args, start = (a, options) => run([name, name], a, options)) {
  const { code, output } = await start(args, silently);
  return { complaints: code === 0 ? [] : [output.trim() || `${name} ended with exit code ${code}`] };
}

/** Whether the generated types are as new as the contracts they describe. */
function hasFreshTypes() {
  const types = join(root, "typechain-types", "index.ts");
  if (!existsSync(types)) return false;
  const made = statSync(types).mtimeMs;
  const contracts = [...solidity.keys()].filter((path) => path.startsWith("contracts/"));
  return contracts.every((path) => statSync(join(root, path)).mtimeMs <= made);
}

const STEPS = {
  "own checks can fail": () => {
    const { count, complaints } = selfTest();
    return { complaints, note: `${count} cases` };
  },
  "import direction": () => ({ complaints: [...checkSolidityImports(solidity), ...checkTypeScriptImports(script)] }),
  "solidity rules": () => {
    const { complaints, warnings } = checkSolidityRules(solidity);
    return { complaints, warnings, note: `${solidity.size} files` };
  },
  requirements: () => ({ complaints: requirementProblems() }),
  "tests named in documents": () => ({ complaints: referenceProblems() }),
  "errors have tests": () =>
    checkErrors(
      only(solidity, /^contracts\/(?!mocks\/)/),
      only(new Map([...solidity, ...script]), /^test\/(solidity|typescript)\//),
    ),
  "table of proofs": async () => ({ complaints: await tableProblems() }),
  prettier: () => tool("prettier", ["--check", "--log-level", "warn", "**/*.{sol,ts,tsx,mts,js,mjs,json,md,css,html}"]),
  solhint: () => tool("solhint", ["--disc", "--noPoster", "-w", "0", "contracts/**/*.sol"]),
  types: () =>
    hasFreshTypes() ? { complaints: [], note: "up to date" } : tool("build", ["build", "--no-tests"], hardhat),
  tsc: () => runTsc(),
  eslint: () => tool("eslint", ["--max-warnings", "0", "."]),
};

/** The page and its tests know a browser, the rest does not. */
const PROJECTS = [".", "app", "test/browser"];

async function runTsc() {
  const complaints = [];
  for (const project of PROJECTS) {
    const { code, output } = await run(
      ["typescript", "tsc"],
      ["--noEmit", "--pretty", "false", "-p", project],
      silently,
    );
    if (code !== 0) complaints.push(output);
  }
  return { complaints };
}

const failed = [];
for (const [name, step] of Object.entries(STEPS)) {
  const started = performance.now();
  const { complaints, warnings = [], note } = await step();
  const seconds = ((performance.now() - started) / 1000).toFixed(1);
  console.log(`${complaints.length === 0 ? "ok  " : "FAIL"} ${name} (${note ? `${note}, ` : ""}${seconds} s)`);
  for (const text of warnings) console.log(`     warning: ${text}`);
  for (const text of complaints) console.log(text.replace(/^/gm, "     "));
  if (complaints.length > 0) failed.push(name);
}

console.log(failed.length === 0 ? "lint: clean" : `lint: ${failed.join(", ")} failed`);
process.exitCode = failed.length === 0 ? 0 : 1;
