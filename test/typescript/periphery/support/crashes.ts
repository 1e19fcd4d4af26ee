import { WAD } from "../../support/deployment.ts";
import type { World } from "../../support/world.ts";

/** The market that crashes; see generations.test.ts. */
export const CRASHING_MARKET = 2;
const BILLION = 10n ** 9n * WAD;
const CRASH = 47n * 10n ** 7n * WAD;
/** Three crashes end a generation of the shorts; a position is read over eight. */
const CRASHES = 27n;

/** Bob, short one unit since the first of nine generations, can no longer be read before `roll`. */
export async function makeTooOld(w: World): Promise<string> {
  const feeds = await w.listMarket(CRASHING_MARKET, BILLION, { maintenanceRate: 1 });
  await w.cash(w.bob, 70_000_000_000n);
  await w.cash(w.carol, 70_000_000_000n);
  for (let sub = 0n; sub < CRASHES; ++sub) {
    await w.setFeeds(feeds, BILLION);
    await w.oracle.refresh(CRASHING_MARKET);
    await w.networkHelpers.time.increase(20 * 3_600);
    await w.setFeeds(feeds, BILLION);
    // Other markets of the same people keep their prices.
    await w.setEth(200n * WAD, 0);
    await w.setBtc(8_000n * WAD, 0);
    const account = await w.cash(w.alice, 61_000_000n, sub);
    await w.trade(account, sub === 0n ? w.id(w.bob) : w.id(w.carol), CRASHING_MARKET, WAD, BILLION);
    await w.setFeeds(feeds, CRASH);
    await w.bidWith(w.carol, account);
  }
  return w.id(w.bob);
}
