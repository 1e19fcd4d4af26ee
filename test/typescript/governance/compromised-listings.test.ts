import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { crash, raise } from "./support/drain.ts";
import type { Rigged } from "./support/drain.ts";
import { DAY } from "./support/governed.ts";
import { expectExits, HONEST, useCompromised } from "./support/thief.ts";
import type { Compromised } from "./support/thief.ts";

/* FND-09: what a thief with every key adds: sources, markets, collateral, series. See compromised.test.ts. */

const LISTING = 36n * DAY;
const MAX = (1n << 255n) - 1n;
/** s (2 - s) of a bucket with share s, in any 24 hours (DrawBudgets): 35% and 60%, and 2% for rewards, in 1e-4. */
const MAJOR_BPS = 5_775n + 396n;
const SEGMENT_BPS = 8_400n + 396n;

describe("every key stolen at once: what the thief lists (FND-09)", function () {
  this.timeout(300_000);
  const system = useCompromised();
  let t: Compromised;
  beforeEach(() => {
    t = system();
  });

  const evilFeeds = async (price: bigint) =>
    Promise.all([0, 1, 2].map(() => t.ethers.deployContract("MockAggregator", [8, price * 10n ** 8n])));
  const listing = async (feed: number, feeds: Awaited<ReturnType<typeof evilFeeds>>) => {
    const readers = [
      t.oracle,
      await t.ethers.deployContract("MockPullReader"),
      await t.ethers.deployContract("MockTimeWeightedReader"),
    ];
    const settings = t.ethers.AbiCoder.defaultAbiCoder().encode(["uint32"], [86_400]);
    const sources = await Promise.all(
      feeds.map(async (contract, index) => ({
        reader: await readers[index]!.getAddress(),
        target: await contract.getAddress(),
        settings,
      })),
    );
    const rules = { quorum: 2, kinds: 2, maxDeviation: 10n ** 16n, maxGap: 300, volatilityFloor: 4n * 10n ** 17n };
    return { target: t.oracle, data: t.oracle.interface.encodeFunctionData("listFeed", [feed, rules, sources]) };
  };
  /** What the reserve has paid for draws and rewards since a block. */
  const drawnSince = async (block: number) => {
    const logs = await t.fund.queryFilter(t.fund.filters.Covered(), block);
    return logs.reduce((sum, { args }) => sum + args.paid.reserve + args.reward, 0n);
  };

  it("FND-09, evil source and sale: for 36 days prices and sales are honest; then a day costs the draw budget at most", async () => {
    const { networkHelpers, reserveSale, weth, helper } = t;
    const feeds = await evilFeeds(200n);
    await t.requestExits();
    const change = await t.schedule(await listing(0, feeds));
    expect(change.eta - (await t.now())).to.be.within(LISTING - 30n, LISTING);
    // What the fund was given in ether is sold at 97% of consensus at least.
    await weth.mint(await reserveSale.getAddress(), 5n * WAD);
    await reserveSale.connect(helper).start(1);
    await networkHelpers.time.increase(20n * 3_600n);
    await t.refresh();
    await t.oracle.refresh(0);
    expect(await reserveSale.priceOf(1)).to.equal(194n * WAD);
    await networkHelpers.time.increase(27n * DAY + 5n * 3_600n);
    await expectExits(t);
    await networkHelpers.time.increaseTo(change.eta - 10n);
    await expect(change.execute()).to.be.revertedWithCustomError(t.manager, "AccessManagerNotReady");
    expect(await t.reserve()).to.equal(HONEST.reserve * WAD);

    await networkHelpers.time.increaseTo(change.eta);
    for (const feed of feeds) await feed.setAnswer(200n * 10n ** 8n);
    await change.execute();
    const drawn = await drain([{ market: 0, feeds, price: 200n }]);
    expect(drawn).to.be.greaterThan(0n);
    expect(drawn * 10_000n).to.be.at.most(HONEST.reserve * WAD * MAJOR_BPS);
  });

  it("FND-09, many markets: five at once, of all classes, on the thief's feeds: a day costs the segment's budget at most", async () => {
    const { networkHelpers, house } = t;
    const markets = await Promise.all(
      [2, 3, 4, 5, 6].map(async (market) => ({ market, feeds: await evilFeeds(200n), price: 200n })),
    );
    await t.requestExits();
    const listings = [];
    for (const { market, feeds } of markets) {
      listings.push(await t.schedule(await listing(market, feeds)));
      const terms = { class: market % 3, maintenanceRate: 4_000, addOn: 0, cap: 10n ** 27n };
      const data = house.interface.encodeFunctionData("listMarket", [market, terms]);
      listings.push(await t.schedule({ target: house, data }));
    }
    await networkHelpers.time.increase(28n * DAY + 60n);
    await expectExits(t);
    expect(await t.reserve()).to.equal(HONEST.reserve * WAD);
    await networkHelpers.time.increaseTo(listings[listings.length - 1]!.eta);
    for (const { feeds } of markets) for (const feed of feeds) await feed.setAnswer(200n * 10n ** 8n);
    for (const { execute } of listings) await execute();
    const drawn = await drain(markets);
    expect(drawn * 100n, "more than one class alone could").to.be.greaterThan(HONEST.reserve * WAD * 40n);
    expect(drawn * 10_000n).to.be.at.most(HONEST.reserve * WAD * SEGMENT_BPS);
  });

  it("FND-09, worthless collateral or series: neither counts before whoever disagrees has left with all that was his", async () => {
    const { ethers, helper, house, networkHelpers, vault } = t;
    const junk = await ethers.deployContract("MockToken", ["Junk", "JUNK", 18]);
    const asset = await t.schedule({
      target: house,
      data: house.interface.encodeFunctionData("listAsset", [2, await junk.getAddress(), 0, 0, (1n << 64n) - 1n]),
    });
    const product = await t.schedule({
      target: vault,
      data: vault.interface.encodeFunctionData("announceProduct", [
        {
          trigger: await (await ethers.deployContract("MockTrigger")).getAddress(),
          terms: ethers.ZeroHash,
          minLimit: 1n,
          maxLimit: 10n ** 23n,
          sides: 0n,
          maxTermWeeks: 10,
          capacityShareBps: 10_000,
          model: (await vault.productOf(1)).terms.model,
          waiting: 72 * 3_600,
        },
      ] as never),
    });
    await networkHelpers.time.increaseTo(product.eta);
    await product.execute();
    const announcedAt = await t.now();
    await t.requestExits();
    const week = Number(announcedAt / (7n * DAY)) + 9;
    await networkHelpers.time.increaseTo(announcedAt + 28n * DAY + 60n);
    await expect(vault.openSeries(2, WAD, week)).to.be.revertedWithCustomError(vault, "CoverageVault_ProductNotOpen");
    await junk.mint(helper.address, 10n ** 24n);
    await junk.connect(helper).approve(await house.getAddress(), MAX);
    const account = `0x${helper.address.slice(2).toLowerCase()}${"0".repeat(24)}`;
    await expect(house.connect(helper).deposit(account, 2, 10n ** 24n))
      .to.be.revertedWithCustomError(house, "ClearingHouse_UnknownAsset")
      .withArgs(2);
    await expectExits(t);
    // Now they count, and there is nobody left to take from; the reserve is drawn on within its budget as ever.
    await networkHelpers.time.increaseTo(asset.eta + 1n);
    await t.refresh();
    await asset.execute();
    await house.connect(helper).deposit(account, 2, 10n ** 24n);
    expect(await t.reserve()).to.equal(HONEST.reserve * WAD);
  });

  /** The thief on both sides of his markets: every eight hours one of his accounts in each loses all and more, for a day. */
  async function drain(markets: readonly Rigged[]) {
    const { helper, key, networkHelpers } = t;
    const block = await t.ethers.provider.getBlockNumber();
    const before = await t.reserve();
    const winner = await t.deposit(helper, 1_000_000n);
    const bidder = await t.deposit(key, 1_000_000n, 99n);
    const startAt = await t.now();
    let sub = 1n;
    const loser = async () => t.deposit(key, 3_000n, sub++);
    for (let round = 0n; round < 4n; ++round) {
      if (round > 0n) {
        await networkHelpers.time.increaseTo(startAt + round * 28_000n - 3n * 3_600n - 300n);
        await raise(t, markets);
      }
      await networkHelpers.time.increaseTo(startAt + 60n + round * 28_000n);
      await t.refresh();
      await crash(t, markets, { winner, bidder, loser });
    }
    expect((await t.now()) - startAt).to.be.below(DAY);
    const drawn = await drawnSince(block);
    expect(before - (await t.reserve()), "nothing else has left").to.equal(drawn);
    return drawn;
  }
});
