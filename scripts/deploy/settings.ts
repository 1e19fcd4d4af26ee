// Settings that a contract keeps for itself, read back from the chain (GOV-02): what votes need, what vaults never draw, how cover is priced,
// which sequencer is watched. Most are immutable, so they stand where the comparison of code with the build leaves room for what a constructor
// was given; what it was given is in the journal.
import { Contract, Interface, ZeroAddress } from "ethers";
import type { ContractRunner } from "ethers";

import { GOVERNOR_SETTINGS, HOUSE_SETTINGS, VAULT_FLOOR } from "../../deploy/modules/defaults.ts";
import { modelIdOf } from "../../sdk/models.ts";
import type { ModelTerms } from "../../sdk/models.ts";
import type { Compare } from "./check.ts";
import { DeployError } from "./errors.ts";
import type { RecordedCall } from "./journal.ts";
import type { Recorded } from "./manifest.ts";

const GOVERNOR = new Interface([
  ...Object.keys(GOVERNOR_SETTINGS).map((name) => `function ${name}() view returns (uint256)`),
  "function token() view returns (address)",
  "function accessManager() view returns (address)",
]);
/** Kept in storage by the house's constructor. */
const HOUSE_KEEPS = ["bandBps", "takerFeeBps"] as const;
const HOUSE = new Interface(HOUSE_KEEPS.map((name) => `function ${name}() view returns (uint256)`));
const VAULT = new Interface([
  "function floor() view returns (uint256)",
  "function verifier() view returns (address)",
  "function premiumModel() view returns (address)",
  "function extension() view returns (address)",
  "function house() view returns (address)",
]);
const MODELS = new Interface([
  "function termsOf(bytes32) view returns (tuple(uint8 kind, uint8 feed, bool isBelow, uint64 hazardRate, uint64 volatilityFloor, " +
    "uint112 level, uint112 lowerLevel))",
  "error PremiumModel_UnknownModel(bytes32 model)",
]);
const UNKNOWN_MODEL = MODELS.getError("PremiumModel_UnknownModel")!.selector;
const ORACLE = new Interface([
  "function sequencerStatus() view returns (tuple(address feed, uint256 graceSeconds, bool isLive, uint256 since, uint256 graceEnds))",
]);
/** By Ignition's names. */
const VAULTS = ["CoverageVault", "ReinsuranceVault"];

export interface Settings {
  readonly runner: ContractRunner;
  readonly addressOf: (name: string) => string;
  readonly recorded: readonly Recorded[];
  readonly calls: readonly RecordedCall[];
  readonly compare: Compare;
}

/** Compares all of it. */
export async function checkSettings(about: Settings): Promise<void> {
  await checkGovernor(about);
  await checkHouse(about);
  for (const vault of VAULTS) await checkVault(about, vault);
  await checkModels(about);
  await checkSequencer(about);
}

async function checkGovernor({ runner, addressOf, compare }: Settings): Promise<void> {
  const governor = new Contract(addressOf("BulwarkGovernor"), GOVERNOR, runner);
  for (const [name, expected] of Object.entries(GOVERNOR_SETTINGS)) {
    compare(`governor: ${name}`, expected, await governor.getFunction(name)());
  }
  compare("governor: token", addressOf("BulwarkToken"), await governor.getFunction("token")());
  compare("governor: accessManager", addressOf("AccessManager"), await governor.getFunction("accessManager")());
}

async function checkHouse({ runner, addressOf, compare }: Settings): Promise<void> {
  const house = new Contract(addressOf("ClearingHouse"), HOUSE, runner);
  for (const name of HOUSE_KEEPS)
    compare(`house: ${name}`, BigInt(HOUSE_SETTINGS[name]), await house.getFunction(name)());
}

async function checkVault({ runner, addressOf, compare }: Settings, name: string): Promise<void> {
  const vault = new Contract(addressOf(name), VAULT, runner);
  const links = {
    house: "ClearingHouse",
    verifier: "ClaimVerifier",
    premiumModel: "PremiumModel",
    extension: "CoverageVaultExtension",
  };
  for (const [link, linked] of Object.entries(links)) {
    compare(`${name}: ${link}`, addressOf(linked), await vault.getFunction(link)());
  }
  compare(`${name}: floor`, VAULT_FLOOR, await vault.getFunction("floor")());
}

/** A model's name is a hash of its terms, which anyone may write down and nobody change: those that products name must be there. */
async function checkModels({ runner, addressOf, calls, compare }: Settings): Promise<void> {
  const models = new Contract(addressOf("PremiumModel"), MODELS, runner);
  for (const { args } of calls.filter(({ method }) => method === "defineModel")) {
    const terms = wordsOf(args[0] as ModelTerms);
    const id = modelIdOf(args[0] as ModelTerms);
    compare(`premium model ${id}`, terms, await termsOf(models, id));
  }
}

async function termsOf(models: Contract, id: string): Promise<unknown> {
  try {
    return wordsOf((await models.getFunction("termsOf")(id)) as ModelTerms);
  } catch (error) {
    // A node's answer carries the revert's data, whichever library asked.
    const { data } = error as { data?: unknown };
    if (typeof data === "string" && data.startsWith(UNKNOWN_MODEL)) return "none";
    throw error;
  }
}

const wordsOf = ({ kind, feed, isBelow, hazardRate, volatilityFloor, level, lowerLevel }: ModelTerms): unknown[] => [
  kind,
  feed,
  isBelow,
  hazardRate,
  volatilityFloor,
  level,
  lowerLevel,
];

/** Both are immutable. On a chain without a sequencer both are zero. */
async function checkSequencer({ runner, addressOf, recorded, compare }: Settings): Promise<void> {
  const oracle = recorded.find(({ name }) => name === "PriceOracle");
  if (oracle === undefined) throw new DeployError("the deployment has no PriceOracle");
  const [, feed = ZeroAddress, grace = 0n] = oracle.constructed;
  const status = (await new Contract(addressOf("PriceOracle"), ORACLE, runner).getFunction("sequencerStatus")()) as {
    feed: string;
    graceSeconds: bigint;
  };
  compare("oracle: feed of the sequencer", feed, status.feed);
  compare("oracle: seconds of grace after the sequencer's return", grace, status.graceSeconds);
}
