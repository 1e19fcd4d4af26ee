// Logs by name: what a contract of the deployment has said.
import { Interface } from "ethers";

import { abis } from "../abi.ts";
import type { AbiName } from "../abi.ts";
import { BulwarkError } from "../errors.ts";
import { targetOf } from "../contracts.ts";
import type { BulwarkContracts } from "../contracts.ts";
import { plain } from "../plain.ts";
import type { RawLog } from "./source.ts";

/** A log with its name and its values by name. */
export interface NamedLog {
  readonly contract: keyof BulwarkContracts;
  readonly event: string;
  readonly values: Readonly<Record<string, unknown>>;
  readonly log: RawLog;
}

const PLACES: Readonly<Partial<Record<keyof BulwarkContracts, AbiName>>> = {
  house: "IClearingHouse",
  orderBook: "ISignedOrders",
  engine: "ILiquidationEngine",
  fund: "IInsuranceFund",
  vault: "ICoverageVault",
  verifier: "IClaimVerifier",
  oracle: "IPriceOracle",
};

/** Contracts whose events a stream of everything follows. */
export const EVENT_CONTRACTS = Object.keys(PLACES) as readonly (keyof BulwarkContracts)[];

/**
 * First topics of events by name, for the contracts that are asked.
 * @throws UnknownEventError when none of them has an event of a name
 */
export function topicsOf(events: readonly string[], contracts: readonly (keyof BulwarkContracts)[]): string[] {
  const faces = contracts.flatMap((contract) => {
    const abi = PLACES[contract];
    return abi === undefined ? [] : [new Interface(abis[abi])];
  });
  return events.flatMap((name) => {
    const topics = faces.flatMap((face) => (face.hasEvent(name) ? [face.getEvent(name)?.topicHash ?? ""] : []));
    if (topics.length === 0) throw new UnknownEventError(name, contracts);
    return topics;
  });
}

/** Makes a reader of the logs of a deployment. It answers undefined for a log of another contract, or of an event that is not in its interface. */
export function logReader(contracts: BulwarkContracts): (log: RawLog) => NamedLog | undefined {
  const byAddress = new Map<string, { contract: keyof BulwarkContracts; face: Interface }>();
  for (const [contract, abi] of Object.entries(PLACES) as [keyof BulwarkContracts, AbiName][]) {
    byAddress.set(targetOf(contracts[contract]).toLowerCase(), { contract, face: new Interface(abis[abi]) });
  }
  return (log) => {
    const found = byAddress.get(log.address.toLowerCase());
    const parsed = found?.face.parseLog({ topics: [...log.topics], data: log.data });
    if (found === undefined || parsed === null || parsed === undefined) return undefined;
    const values = plain(parsed.args) as unknown as Readonly<Record<string, unknown>>;
    return { contract: found.contract, event: parsed.name, values, log };
  };
}

/** An event that none of the contracts has. */
export class UnknownEventError extends BulwarkError {
  override name = "UnknownEventError";
  readonly event: string;

  constructor(event: string, contracts: readonly string[]) {
    super(`None of ${contracts.join(", ")} has an event "${event}": look into the interfaces, spelling included.`);
    this.event = event;
  }
}
