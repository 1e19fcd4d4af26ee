import { fileURLToPath } from "node:url";
import { defineConfig } from "hardhat/config";

import project from "../../hardhat.config.ts";
import { FOLDER, REPORTS, variable } from "./environment.ts";
import { InstrumentError } from "./errors.ts";
import instrument from "./plugin.ts";

/*
 * The project's own settings for a build with instruments in it: in folders of its own, for contracts of any size.
 */
const folder = variable(FOLDER);

/** Mocha loads it by its path. */
const REPORTER = fileURLToPath(new URL("reporter.ts", import.meta.url));

const simulated = project.networks?.["default"];
if (simulated?.type !== "edr-simulated") {
  throw new InstrumentError("the default network must be simulated in the process: only there are reports heard");
}

export default defineConfig({
  ...project,
  plugins: [...(project.plugins ?? []), instrument],
  paths: { ...project.paths, artifacts: `${folder}/artifacts`, cache: `${folder}/cache` },
  typechain: { ...project.typechain, dontOverrideCompile: true },
  test: {
    ...project.test,
    // Who listens wants all tests to run, and to know whose reports come; who looks for a failure wants the first.
    mocha: {
      ...project.test?.mocha,
      ...(process.env[REPORTS] === undefined ? { bail: true } : { reporter: REPORTER }),
    },
  },
  networks: {
    ...project.networks,
    default: { ...simulated, allowUnlimitedContractSize: true },
  },
});
