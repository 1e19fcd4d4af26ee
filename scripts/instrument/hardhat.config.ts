import { defineConfig } from "hardhat/config";

import project from "../../hardhat.config.ts";
import { FOLDER, variable } from "./environment.ts";
import { InstrumentError } from "./errors.ts";
import instrument from "./plugin.ts";

/*
 * The project's own settings for a build with instruments in it: in folders of its own, for contracts of any size.
 */
const folder = variable(FOLDER);

const simulated = project.networks?.["default"];
if (simulated?.type !== "edr-simulated") {
  throw new InstrumentError("the default network must be simulated in the process: only there are reports heard");
}

export default defineConfig({
  ...project,
  plugins: [...(project.plugins ?? []), instrument],
  paths: { ...project.paths, artifacts: `${folder}/artifacts`, cache: `${folder}/cache` },
  typechain: { ...project.typechain, dontOverrideCompile: true },
  networks: {
    ...project.networks,
    default: { ...simulated, allowUnlimitedContractSize: true },
  },
});
