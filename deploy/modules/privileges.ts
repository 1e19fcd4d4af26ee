// Who may do what, once a deployment is handed over (GOV-01, FND-09). Every function that the access manager guards stands here, by a role;
// test/typescript/governance/privileges.test.ts compares the list with the sources.
import { FunctionFragment } from "ethers";

const DAY = 86_400;

/** A role of the access manager; MEMBERS says who has it. */
export interface Role {
  readonly id: bigint;
  readonly label: string;
  /** Seconds from a decision to its execution, on top of nothing: the access manager is the one engine of delays. */
  readonly delay: number;
}

/**
 * `administrator` is OpenZeppelin's role 0: it gives roles and delays. It and `listing` wait longer than an exit takes, cooldown + window
 * (35 days), so that whoever disagrees has left before. What `parameters` does is bounded in speed, or waits by itself. `canceller` can only
 * take back what has been scheduled. `guardian` pauses new risk for a week, and dismisses a steward; who has it is decided by `parameters`.
 */
export const ROLES = {
  administrator: { id: 0n, label: "administrator", delay: 36 * DAY },
  listing: { id: 1n, label: "listing", delay: 36 * DAY },
  parameters: { id: 2n, label: "parameters", delay: 2 * DAY },
  canceller: { id: 3n, label: "canceller", delay: 0 },
  guardian: { id: 4n, label: "guardian", delay: 0 },
} as const satisfies Record<string, Role>;

export type RoleName = keyof typeof ROLES;
/** Contracts that have guarded functions. */
export type Target =
  | "oracle"
  | "house"
  | "engine"
  | "vault"
  | "reinsurance"
  | "riskController"
  | "yieldDesk"
  | "token"
  | "guardian"
  | "steward"
  | "recapAuction";

/** A member of a role at the end of a deployment: a contract by the name that Ignition gives it, or somebody whom the parameters name. */
export interface Member {
  readonly contract?: string;
  readonly delay: number;
}

/** Who has which role at the end of a deployment (INV-17). */
export const MEMBERS: Readonly<Record<RoleName, readonly Member[]>> = {
  administrator: [{ contract: "BulwarkGovernor", delay: ROLES.administrator.delay }],
  listing: [{ contract: "BulwarkGovernor", delay: ROLES.listing.delay }],
  // The steward's code calls one function of the role, within limits narrower than the role's (RSK-02).
  parameters: [
    { contract: "BulwarkGovernor", delay: ROLES.parameters.delay },
    { contract: "Steward", delay: 0 },
  ],
  canceller: [{ delay: 0 }],
  guardian: [{ contract: "BulwarkGovernor", delay: 0 }, { delay: 0 }],
};

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
    targets: ["oracle"],
    signature: "setToken(uint8,address)",
    role: "listing",
    limit: "once for each feed; only for what cover may not be sold on",
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
    targets: ["house"],
    signature: "linkGuardian(address)",
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
    targets: ["steward"],
    signature: "appoint(address,uint40)",
    role: "parameters",
    limit: "90 days; the steward's own limits",
  },
  {
    targets: ["recapAuction"],
    signature: "setFloorPrice(uint256)",
    role: "parameters",
    limit: "down by a tenth, once a week",
  },
  {
    targets: ["guardian"],
    signature: "pause(uint256,uint256)",
    role: "guardian",
    limit: "each bit 7 days in any 90, in three pauses",
  },
  { targets: ["guardian"], signature: "lift(uint256)", role: "guardian", limit: "ends pauses only" },
  { targets: ["steward"], signature: "dismiss()", role: "guardian", limit: "ends a mandate only" },
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
    signature: "announceTreaty(uint32,(uint96,uint96,uint8,uint8,uint16))",
    role: "parameters",
    limit: "in force after cooldown + window, with the next period; free capital only, against premium",
  },
  {
    targets: ["vault", "reinsurance"],
    signature: "closeProduct(uint32)",
    role: "parameters",
    limit: "no new series; what is sold stays",
  },
  {
    targets: ["yieldDesk"],
    signature: "announceVault(address)",
    role: "parameters",
    limit: "in force after cooldown + window",
  },
  { targets: ["yieldDesk"], signature: "removeVault(address)", role: "parameters", limit: "anyone may divest" },
  {
    targets: ["yieldDesk"],
    signature: "invest(address,uint256)",
    role: "parameters",
    limit: "the fund's own limits: three tenths, a tenth by a weekly bucket, the floor",
  },
];

/** Selector of a guarded function. */
export function selectorOf({ signature }: Privilege): string {
  return FunctionFragment.from(`function ${signature}`).selector;
}
