// Who may do what, once a deployment is handed over (GOV-01, FND-09). Every function that the access manager guards stands here, by a role;
// test/typescript/governance/privileges.test.ts compares the list with the sources.
import { FunctionFragment } from "ethers";

const DAY = 86_400;

/** A role of the access manager. The governor is the only member of those that do something. */
export interface Role {
  readonly id: bigint;
  readonly label: string;
  /** Seconds from a decision to its execution, on top of nothing: the access manager is the one engine of delays. */
  readonly delay: number;
}

/**
 * `administrator` is OpenZeppelin's role 0: it gives roles and delays. It and `listing` wait longer than an exit takes, cooldown + window
 * (35 days), so that whoever disagrees has left before. What `parameters` does is bounded in speed, or waits by itself. `canceller` can only
 * take back what has been scheduled.
 */
export const ROLES = {
  administrator: { id: 0n, label: "administrator", delay: 36 * DAY },
  listing: { id: 1n, label: "listing", delay: 36 * DAY },
  parameters: { id: 2n, label: "parameters", delay: 2 * DAY },
  canceller: { id: 3n, label: "canceller", delay: 0 },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof ROLES;
/** Contracts that have guarded functions. */
export type Target = "oracle" | "house" | "engine" | "vault" | "reinsurance" | "riskController" | "token";

export interface Privilege {
  /** None for a contract that the modules do not deploy yet. */
  readonly targets: readonly Target[];
  readonly signature: string;
  readonly role: Exclude<RoleName, "administrator" | "canceller">;
  /** What limits it beside the role's delay. */
  readonly limit: string;
}

export const PRIVILEGES: readonly Privilege[] = [
  {
    targets: ["oracle"],
    signature: "listFeed(uint8,(uint8,uint8,uint64,uint32,uint64),(address,address,bytes)[])",
    role: "listing",
    limit: "rules within bounds, two kinds at least, consensus at once",
  },
  {
    targets: ["house"],
    signature: "listMarket(uint8,(uint8,uint16,uint24,uint96))",
    role: "listing",
    limit: "once for each number; bounds of its class",
  },
  {
    targets: ["house"],
    signature: "listAsset(uint8,address,uint8,uint16,uint64)",
    role: "listing",
    limit: "once for each number; haircut and cap",
  },
  {
    targets: ["house"],
    signature: "link(address,address,address)",
    role: "listing",
    limit: "once, at deployment",
  },
  {
    targets: ["house"],
    signature: "linkRiskController(address)",
    role: "listing",
    limit: "once",
  },
  {
    targets: ["engine"],
    signature: "openSegment((uint16,uint16,uint16,uint16,uint16),(address,address))",
    role: "listing",
    limit: "once, at deployment",
  },
  {
    targets: ["token"],
    signature: "linkMinter(address)",
    role: "listing",
    limit: "once",
  },
  {
    targets: ["house"],
    signature: "setMaintenanceTarget(uint8,uint16)",
    role: "parameters",
    limit: "the rate walks to its target by the ramp of MRG-02, within its class",
  },
  {
    targets: ["house"],
    signature: "lowerCap(uint8,uint96)",
    role: "parameters",
    limit: "down only",
  },
  {
    targets: ["house"],
    signature: "announceClosing(uint8,uint40)",
    role: "parameters",
    limit: "a week's notice at least; once for each market",
  },
  {
    targets: ["riskController"],
    signature: "setClassParameters(uint8,(uint16,uint16,uint16,uint16,uint16,uint16,uint16,uint16))",
    role: "parameters",
    limit: "bounds of the class; away from safety by a tenth, once a week",
  },
  {
    targets: ["vault", "reinsurance"],
    signature: "announceProduct((address,bytes32,uint96,uint96,uint96,uint8,uint16,bytes32,uint32))",
    role: "parameters",
    limit: "in force after cooldown + window",
  },
  {
    targets: ["vault", "reinsurance"],
    signature: "announceCommitment(uint32,uint96)",
    role: "parameters",
    limit: "in force after cooldown + window; free capital only",
  },
  {
    targets: ["vault", "reinsurance"],
    signature: "closeProduct(uint32)",
    role: "parameters",
    limit: "no new series; what is sold stays",
  },
  {
    targets: [],
    signature: "announceVault(address)",
    role: "parameters",
    limit: "in force after cooldown + window; YieldDesk, which the modules do not deploy yet",
  },
  { targets: [], signature: "removeVault(address)", role: "parameters", limit: "YieldDesk; anyone may divest" },
  {
    targets: [],
    signature: "invest(address,uint256)",
    role: "parameters",
    limit: "YieldDesk; the fund's own limits: three tenths, a tenth by a weekly bucket, the floor",
  },
];

/** Selector of a guarded function. */
export function selectorOf({ signature }: Privilege): string {
  return FunctionFragment.from(`function ${signature}`).selector;
}
