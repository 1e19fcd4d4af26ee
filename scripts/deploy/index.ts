// `npm run deploy -- --network NAME`: deploys, hands over, writes the manifest and reads everything back.
import { existsSync, rmSync } from "node:fs";
import { join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { formatEther } from "ethers";
import type { Provider } from "ethers";
import hre from "hardhat";
import type { IgnitionModule } from "@nomicfoundation/ignition-core";

import TestnetModule from "../../deploy/modules/BulwarkTestnet.ts";
import LocalGovernedModule from "../../deploy/modules/LocalGoverned.ts";
import { check, differences } from "./check.ts";
import { endAs, ExitCode } from "./command.ts";
import { DeployError, OptionError } from "./errors.ts";
import { journalFile, readJournal } from "./journal.ts";
import { manifestOf, readManifest, recordedContracts, writeManifest } from "./manifest.ts";
import { parseOptions } from "./options.ts";
import type { DeployOptions } from "./options.ts";
import { resolveOpenSteps } from "./resume.ts";
import { explorerEnvironment, verifyDeployment } from "./verify.ts";

const ROOT = fileURLToPath(new URL("../../", import.meta.url));

process.once("SIGINT", () => {
  console.error("deploy: interrupted; the same command goes on where it stopped.");
  process.exit(ExitCode.Interrupted);
});

const moduleOf = (network: string): IgnitionModule => (network === "localhost" ? LocalGovernedModule : TestnetModule);

async function main(argv: readonly string[]): Promise<ExitCode> {
  const options = parseOptions(
    argv,
    Object.keys(hre.config.networks).filter((name) => hre.config.networks[name]?.type === "http"),
  );
  const file = options.manifest ?? join(ROOT, "deployments", options.network, "manifest.json");
  if (options.dryRun) return dryRun(options);
  const connection = await hre.network.create({ network: options.network });
  const chainId = Number(await connection.provider.request({ method: "eth_chainId" }));
  const deploymentId = options.deployment ?? `${options.network}-${chainId}`;
  const folder = join(hre.config.paths.ignition, "deployments", deploymentId);
  const module = moduleOf(options.network);
  if (!options.check) {
    const resumes =
      existsSync(journalFile(folder)) && !(await forget(connection.ethers.provider, options.network, folder));
    console.log(`deploy: ${module.id} on ${options.network} (chain ${chainId})${resumes ? ", going on" : ""}.`);
    for (const { step, hash } of resumes ? await resolveOpenSteps(connection.provider, folder) : []) {
      console.log(`deploy: ${step} ${hash === undefined ? "was not sent" : `was sent as ${hash}`} by the last run.`);
    }
    const parameters = options.parameters === undefined ? {} : { parameters: options.parameters };
    await connection.ignition.deploy(module, { deploymentId, ...parameters, displayUi: process.stdout.isTTY });
  }
  const recorded = recordedContracts(folder);
  const request = (method: string, params: readonly unknown[]) =>
    connection.provider.request({ method, params: [...params] });
  if (!options.check) {
    writeManifest(file, await manifestOf(request, { network: options.network, module: module.id, recorded }));
    console.log(`deploy: ${recorded.length} contracts, manifest in ${relative(process.cwd(), file)}.`);
  }
  const { calls } = readJournal(folder);
  const findings = await check(connection.ethers.provider, { manifest: readManifest(file), recorded, calls });
  const wrong = differences(findings);
  for (const { what, expected, found } of wrong) console.error(`deploy: ${what}: expected ${expected}, found ${found}`);
  console.log(
    `deploy: ${findings.length - wrong.length} of ${findings.length} things read back are as they should be.`,
  );
  if (wrong.length > 0) return ExitCode.Broken;
  return options.verify ? publish(options, { chainId, folder }) : ExitCode.Fine;
}

/** Sources at the explorer. The deployment is whole by now, whatever comes of this. */
async function publish(options: DeployOptions, about: { chainId: number; folder: string }): Promise<ExitCode> {
  const { network, explorer: apiUrl } = options;
  const environment = await explorerEnvironment({
    network,
    apiUrl,
    chainId: about.chainId,
    buildProfile: "production",
  });
  const results = await verifyDeployment(environment, about.folder, ({ contract, outcome, reason }) => {
    console.log(`deploy: ${contract}: ${outcome}${reason === undefined ? "" : `: ${reason}`}`);
  });
  const refused = results.filter(({ outcome }) => outcome === "refused").length;
  console.log(`deploy: ${results.length - refused} of ${results.length} contracts are published.`);
  return refused === 0 ? ExitCode.Fine : ExitCode.Broken;
}

/** A local chain that was started anew knows nothing of the last deployment; what was written down of it goes. */
async function forget(provider: Provider, network: string, folder: string): Promise<boolean> {
  if (network !== "localhost") return false;
  const [first] = recordedContracts(folder);
  if (first === undefined || (await provider.getCode(first.address)) !== "0x") return false;
  rmSync(folder, { recursive: true });
  console.log("deploy: the local chain is a new one; the last deployment is forgotten.");
  return true;
}

/** The same transactions on a fork in memory. Nothing is sent to the network, and no key is needed. */
async function dryRun(options: DeployOptions): Promise<ExitCode> {
  const config = hre.config.networks[options.network];
  if (config?.type !== "http") throw new OptionError(`--network "${options.network}" has no URL to fork`);
  const url = await config.url.getUrl();
  const connection = await hre.network.create({ override: { forking: { enabled: true, url } } });
  const { ethers, ignition, provider } = connection;
  const before = await ethers.provider.getBlockNumber();
  const parameters = options.parameters === undefined ? {} : { parameters: options.parameters };
  await ignition.deploy(moduleOf(options.network), { ...parameters, displayUi: false });
  const last = await ethers.provider.getBlockNumber();
  let [gas, transactions] = [0n, 0];
  for (let number = before + 1; number <= last; number++) {
    const block = await ethers.provider.getBlock(number);
    gas += block?.gasUsed ?? 0n;
    transactions += block?.transactions.length ?? 0;
  }
  const price = BigInt(String(await provider.request({ method: "eth_gasPrice" })));
  console.log(
    `deploy: dry run on a fork of ${options.network} at block ${before}: ${transactions} transactions, ${gas} gas,`,
  );
  console.log(`deploy: ${formatEther(gas * price)} ether at ${price} wei, the fork's price of gas. Nothing was sent.`);
  return ExitCode.Fine;
}

await endAs("deploy", main, (error) => {
  if (!(error instanceof DeployError)) return undefined;
  return error instanceof OptionError ? ExitCode.WrongInput : ExitCode.Broken;
});
