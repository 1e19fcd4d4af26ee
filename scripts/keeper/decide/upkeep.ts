// What keeps the house current: prices, positions of old generations, limits of risk, money between house and fund.
import { abs } from "../../../sdk/math/WadMath.ts";
import { isLiquidatable } from "../../../sdk/previews/bid.ts";
import type { Action } from "./actions.ts";
import type { KeeperState } from "./state.ts";

export function upkeep(state: KeeperState): Action[] {
  return [
    ...rolls(state),
    ...refreshes(state),
    ...syncs(state),
    ...endings(state),
    ...settlements(state),
    ...payments(state),
  ];
}

function rolls({ oldPositions }: KeeperState): Action[] {
  return oldPositions.map(({ account, market }) => ({ kind: "roll", account, market }));
}

/** Prices that an auction depends on every maxGap/2, so that its clock counts every second (ORC-05); others at their age. */
function refreshes({ accounts, feeds, rules, now }: KeeperState): Action[] {
  const urgent = accounts
    .filter(({ auction, health, isHouseOwn }) => auction.isOpen || (!isHouseOwn && isLiquidatable(health)))
    .reduce((bits, account) => bits | account.feeds, 0n);
  const due = feeds.filter(({ feed, readAt, maxGap }) => {
    const isUrgent = ((urgent >> BigInt(feed)) & 1n) === 1n;
    const age = isUrgent && maxGap / 2n < rules.refreshEvery ? maxGap / 2n : rules.refreshEvery;
    return now - readAt >= age;
  });
  if (due.length === 0) return [];
  return [{ kind: "refresh", feeds: due.reduce((bits, { feed }) => bits | (1n << BigInt(feed)), 0n) }];
}

function syncs({ markets, rules, now }: KeeperState): Action[] {
  if (rules.syncEvery === 0n) return [];
  const due = markets.filter(({ syncedAt, isClosed }) => !isClosed && now - syncedAt >= rules.syncEvery);
  return due.length === 0 ? [] : [{ kind: "sync", markets: due.map(({ market }) => market) }];
}

/**
 * A market without consensus is marked when its price is older than its feed's longest gap: a shorter one may end by itself. A day after the mark
 * the positions of those below maintenance margin are closed (ORC-07).
 */
function endings({ endings: all, blindLegs, feeds, now }: KeeperState): Action[] {
  const isSilent = (market: number) =>
    feeds.some(({ feed, readAt, maxGap }) => feed === market && now - readAt > maxGap);
  const marks = all.filter(({ market, isBlind, isMarked }) => isBlind && !isMarked && isSilent(market));
  return [
    ...marks.map(({ market }): Action => ({ kind: "markBlind", market })),
    ...blindLegs.map(({ account, market }): Action => ({ kind: "closeBlindLeg", account, market })),
    ...all.filter(({ isClosable }) => isClosable).map(({ market }): Action => ({ kind: "closeMarket", market })),
  ];
}

/** Whoever waits is paid what came in, when it is worth it (CLR-10). */
function payments({ waiting, rules }: KeeperState): Action[] {
  const due = waiting.filter(({ payable }) => payable >= rules.payAbove);
  return due.map(({ account }) => ({ kind: "payWithdrawal", account }));
}

function settlements({ fundAccount, rules }: KeeperState): Action[] {
  return fundAccount !== 0n && abs(fundAccount) >= rules.settleAbove ? [{ kind: "settle" }] : [];
}
