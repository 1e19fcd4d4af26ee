// A governed house at work: open interest, a reserve behind it, and risk control that follows by the hour.
import { USD, WAD } from "../../support/deployment.ts";
import { MAX } from "../../support/world.ts";
import type { Signer } from "../../support/deployment.ts";
import { deployGoverned } from "./governed.ts";

const MARKET = 0;
export const HOUR = 3_600n;
/** WAD of the settlement token's smallest unit. */
export const UNIT = 10n ** 12n;

/** With so many whole dollars in the reserve. */
export async function createHouse(reserve: bigint) {
  const g = await deployGoverned();
  const { fund, networkHelpers, refresh, riskController, signers, usd } = g;
  const [, , , , long, short, other, bidder] = signers as readonly Signer[];
  if (!long || !short || !other || !bidder) throw new Error("too few accounts");
  const segment = await g.engine.segment();
  const donate = async (units: bigint) => {
    await usd.mint(g.trader.address, units);
    await usd.connect(g.trader).approve(await fund.getAddress(), units);
    await fund.connect(g.trader).donate(segment, units);
  };
  await donate(reserve * USD);
  let price = 200n;
  return {
    ...g,
    segment,
    long,
    short,
    other,
    bidder,
    donate,
    reserve: async () => (await fund.segmentOf(segment)).reserve,
    /** All prices as they were, at a time, and risk control after them. */
    async syncAt(time: bigint) {
      await networkHelpers.time.increaseTo(time - 10n);
      await refresh(price);
      await networkHelpers.time.setNextBlockTimestamp(time);
      await riskController.sync(MARKET);
    },
    /** The first of two accounts buys so many ether from the second, at the price of now. */
    async buy(first: string, second: string, units: bigint) {
      await refresh(price);
      await g.trade(first, second, MARKET, units * WAD, price * WAD);
    },
    /** Ether costs so much from now on, for all sources. */
    async price(dollars: bigint) {
      price = dollars;
      await networkHelpers.time.increase(60n);
      await refresh(price);
    },
    /** The two of them hold so many ether against each other: more, or less. */
    async holdMore(units: bigint) {
      await this.buy(await g.deposit(long, 1n), await g.deposit(short, 1n), units);
    },
    /** Sells all of an account to the bidder. */
    async sell(account: string) {
      await refresh(price);
      const bidding = await g.deposit(bidder, 1n);
      await g.engine
        .connect(bidder)
        .bid({ account, bidder: bidding, fraction: WAD, minFraction: 0n, maxPrice: MAX, minIncome: 0n });
    },
  };
}

export type House = Awaited<ReturnType<typeof createHouse>>;
