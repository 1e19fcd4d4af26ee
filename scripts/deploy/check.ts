// Reads a deployment back from the chain and compares (GOV-02): code, links, parameters of risk control, feeds, markets, assets, products, the
// fund's segment, roles and delays, and what the code hash does not show of settings.
import { Contract, Interface, keccak256 } from "ethers";
import type { ContractRunner, Provider } from "ethers";

import { fieldsOf, RISK_PARAMETERS } from "../../deploy/modules/defaults.ts";
import { MEMBERS, PRIVILEGES, ROLES, selectorOf } from "../../deploy/modules/privileges.ts";
import type { RoleName, Target } from "../../deploy/modules/privileges.ts";
import { checkConstructed } from "./constructed.ts";
import { DeployError } from "./errors.ts";
import type { RecordedCall } from "./journal.ts";
import { checkListings } from "./listings.ts";
import { eventsOf } from "./logs.ts";
import type { Manifest, Recorded } from "./manifest.ts";
import { checkSettings } from "./settings.ts";

/** One thing that was compared. */
export interface Finding {
  readonly what: string;
  readonly expected: string;
  readonly found: string;
}

const MANAGER = new Interface([
  "function getTargetFunctionRole(address, bytes4) view returns (uint64)",
  "function isTargetClosed(address) view returns (bool)",
  "function getAccess(uint64, address) view returns (uint48 since, uint32 delay, uint32 pendingDelay, uint48 effect)",
  "function getRoleAdmin(uint64) view returns (uint64)",
  "function getRoleGuardian(uint64) view returns (uint64)",
  "event RoleGranted(uint64 indexed roleId, address indexed account, uint32 delay, uint48 since, bool newMember)",
  "event RoleRevoked(uint64 indexed roleId, address indexed account)",
  "event TargetAdminDelayUpdated(address indexed target, uint32 delay, uint48 since)",
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
  yieldDesk: "YieldDesk",
  token: "BulwarkToken",
  guardian: "Guardian",
  steward: "Steward",
  recapAuction: "RecapAuction",
};

/** What is expected: the manifest, the contracts of the build, and the calls that the deployment made. */
export interface Expected {
  readonly manifest: Manifest;
  readonly recorded: readonly Recorded[];
  readonly calls: readonly RecordedCall[];
}

/** Compares. Whoever the one canceller is, is accepted. */
export async function check(
  runner: Provider & ContractRunner,
  { manifest, recorded, calls }: Expected,
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

  await checkConstructed(runner, recorded, compare);

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

  await checkListings({ runner, addressOf, calls, compare });
  await checkSettings({ runner, addressOf, recorded, calls, compare });
  await checkRoles(runner, addressOf, compare);
  return findings;
}

export type Compare = (what: string, expected: unknown, found: unknown) => unknown;

/** Functions, members, delays (INV-17). */
async function checkRoles(
  runner: Provider & ContractRunner,
  addressOf: (name: string) => string,
  compare: Compare,
): Promise<void> {
  const managerAddress = addressOf("AccessManager");
  const manager = new Contract(managerAddress, MANAGER, runner);
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
  // The manager says a target's delay only once it counts, five days after it was set.
  const delays = new Map(
    (await eventsOf(runner, managerAddress, MANAGER, ["TargetAdminDelayUpdated"])).map(({ args }) => [
      String(args.target),
      BigInt(args.delay as bigint),
    ]),
  );
  for (const name of Object.values(NAMES)) {
    compare(`${name}: delay of its roles`, ROLES.administrator.delay, delays.get(addressOf(name)) ?? 0);
  }
  const members = await membersOf(runner, managerAddress);
  for (const [name, expected] of Object.entries(MEMBERS) as [RoleName, (typeof MEMBERS)[RoleName]][]) {
    const { id } = ROLES[name];
    const known = expected.flatMap(({ contract }) => (contract === undefined ? [] : [addressOf(contract)]));
    const found = [...(members.get(id) ?? [])];
    const others = found.filter((member) => !known.includes(member));
    // Whom the parameters name is not known here: one of the others for each of them.
    const named = others.slice(0, expected.length - known.length);
    const present = known.filter((member) => found.includes(member));
    compare(`role ${name}: members`, [...known, ...named].join(","), [...present, ...others].join(","));
    compare(`role ${name}: members whom the parameters name`, expected.length - known.length, named.length);
    for (const { contract, delay } of expected) {
      if (contract === undefined) continue;
      const member = addressOf(contract);
      const [, now, pending, effect] = (await manager.getFunction("getAccess")(id, member)) as bigint[];
      compare(`role ${name}: delay of ${contract}`, delay, now);
      compare(`role ${name}: another delay to come`, "none", effect === 0n ? "none" : `${pending} s from ${effect}`);
    }
    const admin = name === "guardian" ? ROLES.parameters.id : ROLES.administrator.id;
    compare(`role ${name}: who gives it`, admin, await manager.getFunction("getRoleAdmin")(id));
    if (name === "listing" || name === "parameters") {
      compare(`role ${name}: canceller`, ROLES.canceller.id, await manager.getFunction("getRoleGuardian")(id));
    }
  }
  compare("roles with members", Object.keys(ROLES).length, [...members.values()].filter(({ size }) => size > 0).length);
}

/** Who has a role, from all that was ever granted and revoked. */
async function membersOf(runner: Provider, address: string): Promise<Map<bigint, Set<string>>> {
  const members = new Map<bigint, Set<string>>();
  for (const { name, args } of await eventsOf(runner, address, MANAGER, ["RoleGranted", "RoleRevoked"])) {
    const [role, account] = args as unknown as [bigint, string];
    const set = members.get(role) ?? new Set();
    if (name === "RoleGranted") set.add(account);
    else set.delete(account);
    members.set(role, set);
  }
  return members;
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
