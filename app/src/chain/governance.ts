// Parameters with their bounds, who may change them, what is pending: read from the contracts and from what they have said.
import type { Log } from "ethers";

import type { Deployment } from "./deployment.ts";
import { bindFace, faceOf } from "./abi.ts";
import { CLASS_FIELDS, CLASS_NAMES } from "./classFields.ts";

export async function readClasses({ client }: Deployment) {
  return Promise.all(
    CLASS_NAMES.map(async (name, index) => {
      const [parameters, loosenedFrom] = await client.contracts.riskController.classParameters(index);
      const values = CLASS_FIELDS.map(({ key }) => (parameters as unknown as Record<string, bigint>)[key] ?? 0n);
      return { name, values, loosenedFrom };
    }),
  );
}

export interface RoleView {
  readonly id: bigint;
  readonly label: string;
  readonly members: readonly { readonly account: string; readonly delay: bigint }[];
  /** What the role may call: contract and four bytes. */
  readonly rights: readonly { readonly target: string; readonly selector: string }[];
}

export interface Operation {
  readonly id: string;
  readonly target: string;
  readonly data: string;
  readonly executableAt: bigint;
  readonly caller: string;
  readonly hash: string;
}

export interface AccessView {
  readonly roles: readonly RoleView[];
  readonly pending: readonly Operation[];
}

/** Who may do what, and what is scheduled, from the access manager's own events. */
export async function readAccess({ provider, manifest, network }: Deployment): Promise<AccessView | undefined> {
  const address = manifest.contracts.AccessManager?.address;
  if (address === undefined) return undefined;
  const face = faceOf("AccessManager");
  const logs = await provider.getLogs({ address, fromBlock: network.fromBlock, toBlock: "latest" });
  const roles = new Map<
    bigint,
    { label: string; members: Map<string, bigint>; rights: { target: string; selector: string }[] }
  >();
  const pending = new Map<string, Operation>();
  const roleOf = (id: bigint) => {
    const known = roles.get(id) ?? {
      label: id === 0n ? "administrator" : `role ${id}`,
      members: new Map<string, bigint>(),
      rights: [],
    };
    roles.set(id, known);
    return known;
  };
  for (const log of logs) {
    const parsed = face.parseLog(log);
    if (parsed === null) continue;
    const args = parsed.args.toObject() as Record<string, unknown>;
    const role = (): ReturnType<typeof roleOf> => roleOf(args.roleId as bigint);
    if (parsed.name === "RoleLabel") role().label = String(args.label);
    else if (parsed.name === "RoleGranted") role().members.set(String(args.account), args.delay as bigint);
    else if (parsed.name === "RoleRevoked") role().members.delete(String(args.account));
    else if (parsed.name === "TargetFunctionRoleUpdated")
      role().rights.push({ target: String(args.target), selector: String(args.selector) });
    else if (parsed.name === "OperationScheduled") pending.set(String(args.operationId), operationOf(args, log));
    else pending.delete(String(args.operationId));
  }
  return {
    roles: [...roles]
      .map(([id, { label, members, rights }]) => ({
        id,
        label,
        rights,
        members: [...members].map(([account, delay]) => ({ account, delay })),
      }))
      .filter(({ members, rights }) => members.length + rights.length > 0)
      .sort((a, b) => Number(a.id - b.id)),
    pending: [...pending.values()],
  };
}

function operationOf(args: Readonly<Record<string, unknown>>, log: Log): Operation {
  return {
    id: String(args.operationId),
    target: String(args.target),
    data: String(args.data),
    executableAt: args.schedule as bigint,
    caller: String(args.caller),
    hash: log.transactionHash,
  };
}

/** Settings of the governor; undefined where the deployment has none. */
export async function readGovernor({ manifest, provider }: Deployment) {
  const address = manifest.contracts.BulwarkGovernor?.address;
  if (address === undefined) return undefined;
  const governor = bindFace("BulwarkGovernor", address, provider);
  const ask = async (name: string): Promise<bigint> => (await governor.getFunction(name)()) as bigint;
  const [votingDelay, votingPeriod, proposalThreshold, numerator, denominator] = await Promise.all(
    ["votingDelay", "votingPeriod", "proposalThreshold", "quorumNumerator", "quorumDenominator"].map(ask),
  );
  return { votingDelay, votingPeriod, proposalThreshold, numerator, denominator } as Record<
    "votingDelay" | "votingPeriod" | "proposalThreshold" | "numerator" | "denominator",
    bigint
  >;
}

/** The steward's mandate, and pauses that run. */
export async function readStewards({ manifest, provider, client }: Deployment) {
  const [steward, guardian] = [manifest.contracts.Steward?.address, manifest.contracts.Guardian?.address];
  const mandate =
    steward === undefined
      ? undefined
      : ((await bindFace("Steward", steward, provider).getFunction("mandate")()) as { key: string; expiry: bigint });
  const listed = await client.contracts.house.listedMarkets();
  const bits = [
    ...Array.from({ length: 48 }, (_, bit) => bit).filter((bit) => (listed >> BigInt(bit)) & 1n),
    48,
    49,
    50,
  ];
  const bound = guardian === undefined ? undefined : bindFace("Guardian", guardian, provider);
  const pauses =
    bound === undefined
      ? []
      : await Promise.all(
          bits.map(async (bit) => ({ bit, until: (await bound.getFunction("pausedUntil")(bit)) as bigint })),
        );
  return { mandate, pauses };
}
