import { fileURLToPath } from "node:url";
import hardhatToolboxMochaEthers from "@nomicfoundation/hardhat-toolbox-mocha-ethers";
import { configVariable, defineConfig } from "hardhat/config";

import compilerOutput from "./scripts/compiler/plugin.ts";

// The compiler comes with the dependencies, so that a build needs no download.
const compiler = {
  version: "0.8.37",
  path: fileURLToPath(new URL("./scripts/compiler/soljson.ts", import.meta.url)),
};

const settings = {
  evmVersion: "cancun",
  optimizer: { enabled: true, runs: 200 },
  outputSelection: { "*": { "*": ["storageLayout"] } },
};

export default defineConfig({
  plugins: [hardhatToolboxMochaEthers, compilerOutput],

  solidity: {
    profiles: {
      // Tests and coverage: every function must compile without the IR pipeline.
      default: { ...compiler, settings },
      // What is deployed and measured. One compilation for all contracts: one for each takes many times as long.
      production: { isolated: false, ...compiler, settings: { ...settings, viaIR: true } },
    },
    // Deployed as it is.
    npmFilesToBuild: ["@openzeppelin/contracts/access/manager/AccessManager.sol"],
  },

  paths: {
    sources: "contracts",
    tests: { solidity: "test/solidity", mocha: "test/typescript" },
    ignition: "deploy",
  },

  // Generated code keeps to no style: it is used for its types, and not checked itself.
  typechain: { outDir: "typechain-types", tsNocheck: true },

  test: {
    // Depth is chosen beside each test by inline `/// forge-config:` comments.
    solidity: {
      // The same inputs for every run of the tests; `npm run test:deep` plays on with others.
      fuzz: { runs: 256, seed: process.env.BULWARK_FUZZ_SEED ?? "0xb01da4c" },
      invariant: { runs: 64, depth: 50, failOnRevert: true },
    },
    // Long: tests that start commands share two cores with other suites.
    mocha: { timeout: 300_000, forbidOnly: process.env.CI !== undefined },
  },

  coverage: { skipFiles: ["contracts/mocks/**"] },

  ignition: { requiredConfirmations: 1, blockPollingInterval: 100 },

  // Lets a fork of a local node know which rules its blocks follow.
  chainDescriptors: {
    31337: {
      name: "local",
      chainType: "generic",
      hardforkHistory: { cancun: { blockNumber: 0 } },
    },
  },

  networks: {
    // The same start for every run: what counts weeks or quarters of an hour is where it was in the run before. Gas is given, as an estimate
    // would play every transaction several times over; code with counters in it takes more than that to deploy.
    default: {
      type: "edr-simulated",
      chainType: "generic",
      initialDate: "2026-01-05T00:00:00Z",
      gas: process.argv.includes("--coverage") ? "auto" : 16_000_000,
    },
    // A node of one's own, elsewhere than `hardhat node` puts it when the variable says so.
    localhost: {
      type: "http",
      chainType: "generic",
      url: process.env.LOCALHOST_RPC_URL ?? "http://127.0.0.1:8545",
    },
    // Both variables are read only when this network is used.
    testnet: {
      type: "http",
      chainType: "generic",
      url: configVariable("TESTNET_RPC_URL"),
      accounts: [configVariable("TESTNET_PRIVATE_KEY")],
    },
  },
});
