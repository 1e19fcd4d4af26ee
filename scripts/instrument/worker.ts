import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  CollectStackTraces,
  EdrContext,
  L1_CHAIN_TYPE,
  l1GenesisState,
  l1HardforkLatest,
  l1HardforkToString,
  l1SolidityTestRunnerFactory,
  TestStatus,
} from "@nomicfoundation/edr";
import type { Artifact, SolidityTestRunnerConfigArgs, SuiteResult } from "@nomicfoundation/edr";

import { cpuMilliseconds } from "./cpu.ts";
import { forgetCourses } from "./courses.ts";
import { isCampaign } from "./learn.ts";
import type { Said } from "./resident.ts";
import { ROOT } from "./root.ts";
import { choose } from "./switch.ts";

/*
 * Runs Solidity suites of one build, again and again, with another number chosen each time. A process of its own, so that a test that
 * never ends can be stopped.
 */

/** What is asked of the process. */
export interface SuiteOrder {
  readonly suites: readonly string[];
  readonly chosen: number;
  /** Whether the numbers that are reported are wanted. */
  readonly isListening: boolean;
}

/** What came of one suite. */
export interface SuiteAnswer {
  readonly failures: readonly string[];
  /** Of computing. */
  readonly milliseconds: number;
  readonly reports: readonly number[];
}

/** Draws of a fuzz test, and runs and calls of a campaign: enough to find what is wrong for many inputs. */
const FUZZ_RUNS = 256;
const CAMPAIGN = { runs: 6, depth: 50, failOnRevert: true, shrinkRunLimit: 0 };
const SEED = "0xb01da4c";
/** A loop that a mutant keeps from ending fills the memory with what the runner notes of it, long before its time is up. */
const MOST_BYTES = 6 * 2 ** 30;
const LOOK_EVERY = 200;
/** Of no consequence: without build information nothing is looked up by it. */
const SOLC_VERSION = "0.8.37";

interface StoredArtifact {
  readonly contractName: string;
  readonly sourceName: string;
  readonly inputSourceName?: string;
  readonly abi: readonly { readonly type: string; readonly name?: string }[];
  readonly bytecode: string;
  readonly deployedBytecode: string;
}

const isSuite = ({ abi, bytecode }: StoredArtifact) =>
  bytecode !== "0x" && abi.some(({ type, name }) => type === "function" && /^(test|invariant)/.test(name ?? ""));

/** All artifacts of a build by name: `test/solidity/Foo.t.sol:FooTest`; and which of them are suites. */
function readArtifacts(folder: string): { artifacts: Map<string, Artifact>; suites: string[] } {
  const artifacts = new Map<string, Artifact>();
  const suites: string[] = [];
  for (const file of globSync(join(ROOT, folder, "artifacts/{contracts,test}/**/*.json"))) {
    const artifact = JSON.parse(readFileSync(file, "utf8")) as StoredArtifact;
    const { contractName: name, sourceName, inputSourceName, abi, bytecode, deployedBytecode } = artifact;
    artifacts.set(`${sourceName}:${name}`, {
      id: { name, solcVersion: SOLC_VERSION, source: inputSourceName ?? sourceName },
      contract: {
        abi: JSON.stringify(abi),
        bytecode,
        deployedBytecode,
        linkReferences: {},
        deployedLinkReferences: {},
      },
    });
    if (sourceName.startsWith("test/") && isSuite(artifact)) suites.push(`${sourceName}:${name}`);
  }
  return { artifacts, suites };
}

const withNumber = ({ id, contract }: Artifact, number: number): Artifact => ({
  id,
  contract: {
    ...contract,
    bytecode: choose(contract.bytecode ?? "", number),
    deployedBytecode: choose(contract.deployedBytecode ?? "", number),
  },
});

async function main(folder: string): Promise<void> {
  const context = new EdrContext();
  await context.registerSolidityTestRunnerFactory(L1_CHAIN_TYPE, l1SolidityTestRunnerFactory());
  const { artifacts: all, suites } = readArtifacts(folder);
  const hardfork = l1HardforkLatest();

  const run = async ({ suites: names, chosen, isListening }: SuiteOrder): Promise<SuiteAnswer> => {
    forgetCourses();
    // A campaign recognises what it may call by its code, so it needs all artifacts; for the others their own is enough.
    const needed = names.some(isCampaign) ? [...all.keys()] : names;
    const artifacts = needed.flatMap((name) => all.get(name) ?? []).map((artifact) => withNumber(artifact, chosen));
    const reports = new Set<number>();
    const config: SolidityTestRunnerConfigArgs = {
      projectRoot: ROOT,
      hardfork: l1HardforkToString(hardfork),
      localPredeploys: l1GenesisState(hardfork),
      disableBlockGasLimit: true,
      disableTransactionGasCap: true,
      collectStackTraces: CollectStackTraces.OnFailure,
      fuzz: { runs: FUZZ_RUNS, seed: SEED },
      invariant: CAMPAIGN,
    };
    if (isListening) {
      config.observability = {
        codeCoverage: {
          onCollectedCoverageCallback: (tags) => {
            for (const tag of tags) reports.add(Number(`0x${Buffer.from(tag).toString("hex")}`));
            return Promise.resolve();
          },
        },
      };
    }
    const failures: string[] = [];
    const ids = names.flatMap((name) => all.get(name)?.id ?? []);
    const used = cpuMilliseconds();
    // Results arrive on a way of their own, also after the run has ended.
    let left = ids.length;
    await new Promise<void>((resolve, reject) => {
      const keep = ({ id, testResults }: SuiteResult) => {
        for (const { name, status, reason } of testResults) {
          if (status === TestStatus.Failure) failures.push(`${id.name}.${name}: ${reason ?? ""}`);
        }
        if (--left === 0) resolve();
      };
      context.runSolidityTests(L1_CHAIN_TYPE, artifacts, ids, config, { buildInfos: [] }, keep).catch(reject);
    });
    return { failures, milliseconds: Math.round(cpuMilliseconds() - used), reports: [...reports] };
  };

  process.on("message", (order: SuiteOrder) => {
    run(order).then(
      (answer) => process.send?.({ answer } satisfies Said<SuiteAnswer>),
      (error: unknown) => {
        throw error;
      },
    );
  });
  process.on("disconnect", () => process.exit(0));
  setInterval(() => process.memoryUsage.rss() > MOST_BYTES && process.exit(1), LOOK_EVERY).unref();
  process.send?.({ answer: suites } satisfies Said<readonly string[]>);
}

await main(process.argv[2] ?? "");
