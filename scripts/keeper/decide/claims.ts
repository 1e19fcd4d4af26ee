// Claims: opened when the facts show one, decided when the trigger answers, taken in by the vault, told to who subscribed (CLM-01 to CLM-06).
import type { Action } from "./actions.ts";
import type { ClaimState, KeeperState } from "./state.ts";

export function claims(state: KeeperState): Action[] {
  const closing = state.claims.flatMap((claim) => conclude(claim, state.now));
  const notices = state.notices.map((notice): Action => ({ kind: "notify", ...notice }));
  return [...closing, ...openings(state), ...notices];
}

/** What needs no bond. */
function conclude(claim: ClaimState, now: bigint): Action[] {
  const { vault, series } = claim;
  const actions: Action[] = [];
  if (claim.isWorthObserving) actions.push({ kind: "observe", vault, series, subject: claim.subject });
  if (claim.isOpen && claim.isDecided) actions.push({ kind: "resolveClaim", vault, series });
  else if (claim.isOpen && now >= claim.lapsesAt) actions.push({ kind: "lapseClaim", vault, series });
  if (claim.isUnsynced) actions.push({ kind: "syncSeries", vault, series });
  return actions;
}

/** New incidents, as many as bonds are allowed for and can be paid. */
function openings({ claims: all, bond, rules, now }: KeeperState): Action[] {
  if (bond === undefined) return [];
  let allowed = BigInt(rules.bonds - all.filter(({ isOpen, isOwn }) => isOpen && isOwn).length);
  let balance = bond.balance;
  const opened: Action[] = [];
  for (const claim of all.filter((one) => isOwed(one, now))) {
    if (allowed <= 0n || balance < bond.amount) break;
    opened.push({ kind: "openClaim", vault: claim.vault, series: claim.series });
    allowed -= 1n;
    balance -= bond.amount;
  }
  const needed = BigInt(opened.length) * bond.amount;
  // No more than these bonds is ever allowed to the verifier.
  return needed > bond.allowance ? [{ kind: "approveBond", amount: needed }, ...opened] : opened;
}

/** As `ClaimVerifier.open` asks. */
function isOwed(claim: ClaimState, now: bigint): boolean {
  const isReportable = claim.reportsFrom <= now && now <= claim.reportsUntil;
  const isCovered = claim.startsAt < claim.eventAt && claim.eventAt <= claim.endsAt;
  return !claim.isOpen && claim.isDecided && isReportable && isCovered && claim.payoutPerUnit > claim.confirmed;
}
