// Series of cover, bonds and subscribers.
import { Contract, Interface } from "ethers";

import type { BulwarkClient } from "../../../sdk/client.ts";
import { bindToken, bindVault, targetOf } from "../../../sdk/contracts.ts";
import { plain } from "../../../sdk/plain.ts";
import { IncidentStatus } from "../../../sdk/rooms/claims.ts";
import { explained } from "../../../sdk/reverts/decode.ts";
import type { BondState, ClaimState, NoticeState } from "../decide/state.ts";
import type { Store } from "../store.ts";
import type { Place } from "./accounts.ts";
import { isWorthObserving } from "./observations.ts";

export const NOTIFIER = new Interface([
  "function isPending(address vault, uint64 series, address subscriber) view returns (bool)",
  "function notify(address vault, uint64 series, address subscriber) returns (bool)",
]);
/** As in contracts/claims/ClaimVerifier.sol. */
const LAPSE_AFTER = 14n * 86_400n;
const REOPEN_PAUSE = 3_600n;

/** Those of the deployment: anyone may register series of anything as a vault with the verifier, and subscribe to them. */
function vaultsOf({ manifest }: BulwarkClient): Set<string> {
  return new Set(Object.values(manifest.contracts).map(({ address }) => address.toLowerCase()));
}

export async function readClaims(place: Place, store: Store, opener: string | undefined): Promise<ClaimState[]> {
  const found: ClaimState[] = [];
  const vaults = vaultsOf(place.client);
  for (const { id } of store.all("series")) {
    const [vault = "", series = ""] = id.split(" ");
    if (!vaults.has(vault.toLowerCase())) continue;
    found.push(await claimOf(place, { vault, series: BigInt(series) }, opener));
  }
  return found;
}

async function claimOf(
  place: Place,
  { vault, series }: { vault: string; series: bigint },
  opener: string | undefined,
): Promise<ClaimState> {
  const { client, blockTag, now } = place;
  const { verifier } = client.contracts;
  const when = { blockTag };
  const [outcome, answer, subject, incident, stored] = await explained(
    Promise.all([
      verifier.outcome(vault, series, when),
      verifier.preview(vault, series, when),
      verifier.subjectOf(vault, series, when),
      verifier.incidentOf(vault, series, when),
      bindVault(vault, client.provider).seriesOf(series, when),
    ]),
  );
  const last = plain(incident);
  const hasFailed = [IncidentStatus.Rejected, IncidentStatus.Lapsed].some((status) => BigInt(status) === last.status);
  return {
    vault,
    series,
    isOpen: outcome.isOpen,
    isOwn: last.opener.toLowerCase() === opener?.toLowerCase(),
    isDecided: answer.isDecided,
    payoutPerUnit: answer.payoutPerUnit,
    confirmed: outcome.confirmed,
    eventAt: answer.eventAt,
    startsAt: subject.startsAt,
    endsAt: subject.endsAt,
    reportsFrom: hasFailed ? last.closedAt + REOPEN_PAUSE : subject.startsAt,
    reportsUntil: subject.reportsUntil,
    lapsesAt: last.openedAt + LAPSE_AFTER,
    isUnsynced: outcome.transitions !== stored.transitions,
    isWorthObserving: now <= subject.reportsUntil && (await isWorthObserving(place, subject)),
    subject: { trigger: subject.trigger, terms: subject.terms, mark: subject.mark, endsAt: subject.endsAt },
  };
}

/** What bonds cost, and what the keeper has for them. */
export async function readBond({ client, blockTag }: Place, address: string): Promise<BondState> {
  const { verifier } = client.contracts;
  const when = { blockTag };
  const { token, bond } = await explained(verifier.bondTerms(when));
  const asset = bindToken(token, client.provider);
  const [balance, allowance] = await explained(
    Promise.all([asset.balanceOf(address, when), asset.allowance(address, targetOf(verifier), when)]),
  );
  return { amount: bond, balance, allowance };
}

export async function readNotices({ client, blockTag }: Place, store: Store): Promise<NoticeState[]> {
  const address = client.manifest.contracts.IncidentNotifier?.address;
  if (address === undefined) return [];
  const notifier = new Contract(address, NOTIFIER, client.provider);
  const found: NoticeState[] = [];
  const vaults = vaultsOf(client);
  for (const { id, detail } of store.all("subscriber")) {
    const [vault = "", series = "", subscriber = ""] = id.split(" ");
    if (detail !== "yes" || !vaults.has(vault.toLowerCase())) continue;
    const isPending: unknown = await notifier.getFunction("isPending")(vault, series, subscriber, { blockTag });
    if (isPending === true) found.push({ vault, series: BigInt(series), subscriber });
  }
  return found;
}
