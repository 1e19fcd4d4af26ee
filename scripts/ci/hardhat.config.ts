import { defineConfig } from "hardhat/config";

import project from "../../hardhat.config.ts";

/*
 * The project's own settings, the suites in Solidity compiled by themselves and in folders of their own: so both compilers run at the same
 * time, and the suites in TypeScript begin when the contracts are there.
 */
const solidity = project.solidity;
if (typeof solidity !== "object" || !("profiles" in solidity))
  throw new TypeError("the project's settings have profiles");

export default defineConfig({
  ...project,
  solidity: { ...solidity, splitTestsCompilation: true },
  paths: { ...project.paths, cache: "cache/suites" },
});
