// Reads a deployment back from the chain and compares (GOV-02): code, links, parameters of risk control, roles and delays. Feeds, markets and
// assets are not read back yet.
import { Contract, Interface, keccak256 } from "ethers";
import type { ContractRunner, Provider } from "ethers";

import { fieldsOf, RISK_PARAMETERS } from "../../deploy/modules/defaults.ts";
import { PRIVILEGES, ROLES, selectorOf } from "../../deploy/modules/privileges.ts";
import type { RoleName, Target } from "../../deploy/modules/privileges.ts";
import { DeployError } from "./errors.ts";
import type { Manifest, Recorded } from "./manifest.ts";

/** One thing that was compared. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

const MANAGER = new Interface([
  "function getTargetFunctionRole(address, bytes4) view returns (uint64)",
  "function getTargetAdminDelay(address) view returns (uint32)",
  "function isTargetClosed(address) view returns (bool)",
  "function hasRole(uint64, address) view returns (bool, uint32)",
  "function getRoleGuardian(uint64) view returns (uint64)",
  "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
  "event RoleRevoked(uint64 indexed roleId, address indexed account)",
]);
const LINKS = new Interface([
  "function engine() view returns (address)",
  "function fund() view returns (address)",
  "function oracle() view returns (address)",
  "function riskController() view returns (address)",
  "function house() view returns (address)",
  "function authority() view returns (address)",
  "function classParameters(uint8) view returns (tuple(uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16), uint256)",
]);
/** Names that Ignition gives to the guarded contracts. */
const NAMES: Readonly<Record<Target, string>> = {
  oracle: "PriceOracle",
  house: "ClearingHouse",
  engine: "LiquidationEngine",
  vault: "CoverageVault",
  reinsurance: "ReinsuranceVault",
  riskController: "RiskController",
  token: "BulwarkToken",
};
/** Blocks that a node is asked for at once. */
const BLOCKS = 10_000;

/** Compares. Whoever the one canceller is, is accepted. */
export async function check(
  runner: Provider & ContractRunner,
  manifest: Manifest,
  recorded: readonly Recorded[],
): Promise<Finding[]> {
  const findings: Finding[] = [];
  const compare = (what: string, expected: unknown, found: unknown) =>
    findings.push({ what, expected: String(expected), found: String(found) });
  const addressOf = (name: string) => {
    const address = manifest.contracts[name]?.address;
    if (address === undefined) throw new DeployError(`the manifest has no ${name}`);
    return address;
  };
  const at = (name: string, face: Interface) => new Contract(addressOf(name), face, runner);

  compare("chain", manifest.chainId, (await runner.getNetwork()).chainId);
  for (const [name, { address, codeHash }] of Object.entries(manifest.contracts)) {
    compare(`${name}: code hash`, codeHash, keccak256(await runner.getCode(address)));
  }
  for (const { name, address, artifact } of recorded) {
    const masked = (code: string) => keccak256(withoutImmutables(code, artifact));
    compare(`${name}: code of the build`, masked(artifact.deployedBytecode), masked(await runner.getCode(address)));
  }

  const house = at("ClearingHouse", LINKS);
  const links = { engine: "LiquidationEngine", fund: "InsuranceFund", oracle: "PriceOracle" } as const;
  for (const [link, name] of Object.entries(links)) {
    compare(`house: ${link}`, addressOf(name), await house.getFunction(link)());
  }
  compare("house: riskController", addressOf("RiskController"), await house.getFunction("riskController")());
  compare(
    "riskController: house",
    addressOf("ClearingHouse"),
    await at("RiskController", LINKS).getFunction("house")(),
  );
  for (const [index, terms] of RISK_PARAMETERS.entries()) {
    const [parameters] = (await at("RiskController", LINKS).getFunction("classParameters")(index)) as [bigint[]];
    compare(`riskController: parameters of class ${index}`, fieldsOf(terms), parameters);
  }

  await checkRoles(runner, addressOf, compare);
  return findings;
}

type Compare = (what: string, expected: unknown, found: unknown) => unknown;

/** Functions, members, delays (INV-17). */
async function checkRoles(
  runner: Provider & ContractRunner,
  addressOf: (name: string) => string,
  compare: Compare,
): Promise<void> {
  const managerAddress = addressOf("AccessManager");
  const manager = new Contract(managerAddress, MANAGER, runner);
  const governor = addressOf("BulwarkGovernor");
  for (const privilege of PRIVILEGES) {
    for (const target of privilege.targets) {
      const of = [addressOf(NAMES[target]), selectorOf(privilege)];
      const role: unknown = await manager.getFunction("getTargetFunctionRole")(...of);
      compare(`${NAMES[target]}.${privilege.signature.split("(")[0]}: role`, ROLES[privilege.role].id, role);
    }
  }
  for (const name of Object.values(NAMES)) {
    compare(
      `${name}: authority`,
      managerAddress,
      await new Contract(addressOf(name), LINKS, runner).getFunction("authority")(),
    );
    compare(`${name}: closed`, false, await manager.getFunction("isTargetClosed")(addressOf(name)));
  }
  const members = await membersOf(runner, managerAddress);
  for (const name of ["administrator", "listing", "parameters"] satisfies RoleName[]) {
    const { id, delay } = ROLES[name];
    compare(`role ${name}: members`, governor, [...(members.get(id) ?? [])]);
    compare(`role ${name}: delay`, [true, delay], await manager.getFunction("hasRole")(id, governor));
    if (name !== "administrator") {
      compare(`role ${name}: canceller`, ROLES.canceller.id, await manager.getFunction("getRoleGuardian")(id));
    }
  }
  compare("role canceller: members", 1, members.get(ROLES.canceller.id)?.size ?? 0);
  compare("roles with members", Object.keys(ROLES).length, [...members.values()].filter(({ size }) => size > 0).length);
}

/** Who has a role, from all that was ever granted and revoked. */
async function membersOf(runner: Provider, address: string): Promise<Map<bigint, Set<string>>> {
  const members = new Map<bigint, Set<string>>();
  const last = await runner.getBlockNumber();
  const topics = [[MANAGER.getEvent("RoleGranted")!.topicHash, MANAGER.getEvent("RoleRevoked")!.topicHash]];
  for (let from = await firstBlockOf(runner, address, last); from <= last; from += BLOCKS) {
    const logs = await runner.getLogs({ address, topics, fromBlock: from, toBlock: Math.min(from + BLOCKS - 1, last) });
    for (const log of logs) {
      const parsed = MANAGER.parseLog(log);
      if (parsed === null) continue;
      const [role, account] = parsed.args as unknown as [bigint, string];
      const set = members.get(role) ?? new Set();
      if (parsed.name === "RoleGranted") set.add(account);
      else set.delete(account);
      members.set(role, set);
    }
  }
  return members;
}

/** The block in which a contract was created, by halving; 0 where the node keeps no old state. */
async function firstBlockOf(runner: Provider, address: string, last: number): Promise<number> {
  let [low, high] = [0, last];
  try {
    while (low < high) {
      const middle = Math.floor((low + high) / 2);
      if ((await runner.getCode(address, middle)) === "0x") low = middle + 1;
      else high = middle;
    }
    return low;
  } catch {
    return 0;
  }
}

/** Immutable values are written into the code at creation; both sides are compared with zeros in their places. */
function withoutImmutables(code: string, { immutableReferences = {} }: Recorded["artifact"]): string {
  const bytes = Buffer.from(code.slice(2), "hex");
  for (const places of Object.values(immutableReferences)) {
    // Other code may be shorter; it is another one anyway.
    for (const { start, length } of places) if (start + length <= bytes.length) bytes.fill(0, start, start + length);
  }
  return `0x${bytes.toString("hex")}`;
}

/** What differs. */
export function differences(findings: readonly Finding[]): Finding[] {
  return findings.filter(({ expected, found }) => expected !== found);
}
