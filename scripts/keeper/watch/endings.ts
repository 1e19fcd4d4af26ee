// What waits for someone to end it: prices that are gone (ORC-07), markets whose time has come (CLR-11), withdrawals that wait (CLR-10).
import { isLiquidatable } from "../../../sdk/previews/bid.ts";
import { explained } from "../../../sdk/reverts/decode.ts";
import { toWad } from "../../../sdk/units.ts";
import type { AccountState, EndingState, AccountPosition, WaitingState } from "../decide/state.ts";
import type { Store } from "../store.ts";
import { marketsIn } from "./accounts.ts";
import type { Place } from "./accounts.ts";
import { answerOf, goesThrough } from "./answers.ts";

/** Markets in which something is open and that have no consensus, or that may be closed. */
export async function readEndings({ client, blockTag, now }: Place): Promise<EndingState[]> {
  const { house, oracle } = client.contracts;
  const when = { blockTag };
  const listed = marketsIn(await explained(house.listedMarkets(when)));
  const found = await Promise.all(
    listed.map(async (market): Promise<EndingState> => {
      const [[, { openInterest }], { hasConsensus }, { closesAt, isClosed }] = await explained(
        Promise.all([house.marketOf(market, when), oracle.quote(market, when), house.closingOf(market, when)]),
      );
      const isBlind = openInterest !== 0n && !hasConsensus;
      const isDue = closesAt !== 0n && closesAt <= now && !isClosed;
      const since = isBlind ? await answerOf(() => house.markBlind.staticCall(market, when)) : undefined;
      return {
        market,
        isBlind,
        // Without an earlier mark the call would set one: now, or in the second that the node gives a call.
        isMarked: since !== undefined && since < now,
        isClosable: isDue && (await goesThrough(() => house.closeMarket.staticCall(market, when))),
      };
    }),
  );
  return found.filter(({ isBlind, isClosable }) => isBlind || isClosable);
}

/** Positions of accounts below maintenance margin that the house would close at the last price. */
export async function readBlindLegs(
  { client, blockTag }: Place,
  accounts: readonly AccountState[],
  endings: readonly EndingState[],
): Promise<AccountPosition[]> {
  const dead = endings.filter(({ isMarked }) => isMarked).map(({ market }) => market);
  const found: AccountPosition[] = [];
  for (const { account, markets, health } of accounts) {
    if (!isLiquidatable(health)) continue;
    for (const market of marketsIn(markets).filter((one) => dead.includes(one))) {
      const { closeBlindLeg } = client.contracts.house;
      if (await goesThrough(() => closeBlindLeg.staticCall(account, market, { blockTag }))) {
        found.push({ account, market });
      }
    }
  }
  return found;
}

/** Who waits for a withdrawal, with what he would be paid now. */
export async function readWaiting({ client, blockTag }: Place, store: Store): Promise<WaitingState[]> {
  const { decimals } = client.tokens;
  const found: WaitingState[] = [];
  for (const { id, detail } of store.all("waiting")) {
    if (detail !== "yes") continue;
    const { claimWithdrawal } = client.contracts.house;
    const paid = await answerOf(() => claimWithdrawal.staticCall(id, { blockTag }));
    if (paid !== undefined && paid !== 0n) found.push({ account: id, payable: toWad(paid, decimals) });
  }
  return found;
}
