import { expect } from "chai";
import { SigningKey, Wallet } from "ethers";

import { ETH_USD, pythUpdate } from "../../scripts/fork/parts/pyth.ts";
import { ETH_FEED, REDSTONE_DECIMALS, redStonePayload } from "../../scripts/fork/parts/redstone.ts";
import { routerAbi, swap } from "../../scripts/fork/parts/uniswap.ts";
import { ETH_MARKET } from "../../deploy/modules/defaults.ts";
import { signOrder } from "../../sdk/orders.ts";
import { Action, planOf } from "../typescript/periphery/support/plans.ts";
import { Scope } from "../typescript/support/world.ts";
import { FEED_TO_WAD } from "./support/feeds.ts";
import { MAX, onNetwork, part, WAD } from "./support/fork.ts";
import { Status } from "./support/sources.ts";
import { USDC_TO_WAD, useWorld } from "./support/world.ts";

const FEED = 7;
const AGE = 3_900;
/** Three of four, of three kinds: no kind decides and none is needed. */
const RULES = { quorum: 3, kinds: 2, maxDeviation: WAD / 100n, maxGap: 300, volatilityFloor: (4n * WAD) / 10n };
const KEYS = [1, 2, 3].map((digit) => new SigningKey(`0x${String(digit).repeat(64)}`));
const PYTH = ["function updatePriceFeeds(bytes[] updates) payable"];
/** Wei that the mock asks for an update. */
const PYTH_FEE = 1n;
const UNIT = 10n ** 8n;
const SIZE = 10n * WAD;

const PARTS = ["mockPyth", "uniswap", "chainlink", "usdc", "weth"] as const;
onNetwork("One feed over Chainlink, Pyth, RedStone and Uniswap (ORC-02, ORC-06)", PARTS, () => {
  const world = useWorld(async (w) => {
    const coder = w.ethers.AbiCoder.defaultAbiCoder();
    const uniswap = await w.ethers.deployContract("UniswapV3Source");
    redStone = await deployStore();
    const redStoneAddress = await redStone.getAddress();
    await tradeInPool();
    await bringPyth(w.price);
    bringRedStone = async (price: bigint) => {
      await redStone.update([ETH_FEED], await redStoneAt(price));
    };
    await bringRedStone(w.price);
    const listing = [
      { reader: await w.oracle.getAddress(), target: w.feeds.proxies[0]!, settings: coder.encode(["uint32"], [AGE]) },
      {
        reader: await w.oracle.getAddress(),
        target: part("mockPyth"),
        settings: coder.encode(["bytes32", "uint32", "uint16"], [ETH_USD, AGE, 100]),
      },
      {
        reader: redStoneAddress,
        target: redStoneAddress,
        settings: coder.encode(["bytes32", "uint32", "uint8"], [ETH_FEED, AGE, REDSTONE_DECIMALS]),
      },
      {
        reader: await uniswap.getAddress(),
        target: part("uniswap").pool,
        settings: coder.encode(["address", "uint32", "uint32", "uint128"], [w.usdc.address, 1_800, AGE, 1]),
      },
    ];
    await w.oracle.listFeed(FEED, RULES, listing);
  });
  const deployStore = () => {
    const signers = KEYS.map((key) => new Wallet(key.privateKey).address);
    return world().ethers.deployContract("RedStoneSource", [signers, 2]);
  };
  let redStone: Awaited<ReturnType<typeof deployStore>>;
  let bringRedStone: (price: bigint) => Promise<void>;
  /** What RedStone's nodes sign about a price, WAD. */
  const redStoneAt = async (price: bigint) => {
    const timestampMs = (await world().now()) * 1_000n;
    const value = price / FEED_TO_WAD;
    return redStonePayload(KEYS.map((key) => ({ key, feed: ETH_FEED, value, timestampMs })));
  };
  const pythAt = async (price: bigint) => {
    const quote = { id: ETH_USD, price: price / FEED_TO_WAD, confidence: UNIT, exponent: -8 };
    return [pythUpdate({ ...quote, publishTime: await world().now() })];
  };
  const bringPyth = async (price: bigint) => {
    const w = world();
    const at = w.chain.at(part("mockPyth"), PYTH);
    const updates = await pythAt(price);
    await w.alice.sendTransaction({
      to: at.address,
      data: at.interface.encodeFunctionData("updatePriceFeeds", [updates]),
      value: 1n,
    });
  };
  const bringChainlink = (price: bigint) => world().feeds.set(price, world().feeds.all.slice(0, 1));
  const tradeInPool = async (amount = WAD) => {
    const w = world();
    await w.wrap(w.alice, amount);
    await swap(w.alice.address, w.chain.at(part("uniswap").router, routerAbi), w.weth, w.usdc, amount);
  };
  const consensus = async () => {
    const w = world();
    await w.networkHelpers.time.increase(60);
    await w.oracle.refresh(FEED);
    return w.oracle.quote(FEED);
  };
  /** Within the fee of the pool. */
  const expectNear = (price: bigint, expected: bigint) =>
    expect(price).to.be.within((expected * 997n) / 1_000n, (expected * 1_003n) / 1_000n);

  it("ORC-02: four kinds of sources agree", async () => {
    const w = world();
    const { statuses, prices } = await w.oracle.inspect(FEED);
    expect([...statuses]).to.deep.equal([Status.Valid, Status.Valid, Status.Valid, Status.Valid]);
    expect(prices.slice(0, 3)).to.deep.equal([w.price, w.price, w.price]);
    expectNear(prices[3]!, w.price);
    const { price, hasConsensus } = await consensus();
    expect(hasConsensus).to.equal(true);
    expectNear(price, w.price);
  });

  it("ORC-06: any one of them off by half, or silent, changes no decision", async () => {
    const w = world();
    const lies = [
      () => bringChainlink(w.price / 2n),
      () => bringPyth(w.price / 2n),
      () => bringRedStone(w.price / 2n),
      // Half of the pool's ether again, and time for the mean to follow.
      async () => {
        await tradeInPool(10_000n * WAD);
        await w.networkHelpers.time.increase(1_800);
      },
    ];
    for (const [index, lie] of lies.entries()) {
      const snapshot = await w.networkHelpers.takeSnapshot();
      await w.networkHelpers.time.increase(60);
      await lie();
      const { price, hasConsensus } = await consensus();
      expect(hasConsensus, `source ${index}`).to.equal(true);
      expectNear(price, w.price);
      const { prices } = await w.oracle.inspect(FEED);
      expect(prices[index]!, "it does lie").to.be.lessThan((w.price * 70n) / 100n);
      await snapshot.restore();
    }
  });

  it("ORC-02: two of four that lie alike decide nothing: there is no consensus, and the last price stays", async () => {
    const w = world();
    const { price: last } = await consensus();
    await bringPyth(w.price / 2n);
    await bringRedStone(w.price / 2n);
    const { price, hasConsensus } = await consensus();
    expect(hasConsensus).to.equal(false);
    expect(price).to.equal(last);
    // All four are fresh; of the two in the middle the one nearer the last price is the median, and two are near it.
    await expect(w.oracle.consensusPrice(FEED))
      .to.be.revertedWithCustomError(w.oracle, "PriceOracle_NoConsensus")
      .withArgs(FEED, 4, 2, RULES.quorum);
  });

  it("ORC-02: three that move together are the price, and the fourth is left behind", async () => {
    const w = world();
    const moved = (w.price * 90n) / 100n;
    await consensus();
    await bringChainlink(moved);
    await bringPyth(moved);
    await bringRedStone(moved);
    const { price, hasConsensus } = await consensus();
    expect([price, hasConsensus]).to.deep.equal([moved, true]);
  });

  it("ORC-08, PER-01: one transaction of the Router brings Pyth's and RedStone's prices and bids at them", async () => {
    const w = world();
    await w.house.listMarket(FEED, {
      class: ETH_MARKET.class,
      maintenanceRate: ETH_MARKET.maintenanceRate,
      addOn: ETH_MARKET.addOn,
      cap: ETH_MARKET.cap,
    });
    const router = await w.ethers.deployContract("Router", [
      w.houseAddress,
      await w.vault.getAddress(),
      part("mockPyth"),
      await redStone.getAddress(),
    ]);
    const [seller, bidder] = [w.id(w.dave), w.id(w.alice)];
    const { price } = await consensus();
    const notional = (SIZE * price) / WAD;
    await w.deposit(w.dave, (notional * 102n) / 1_000n / USDC_TO_WAD);
    for (const who of [w.alice, w.bob]) await w.deposit(who, notional / USDC_TO_WAD);
    const order = await w.order(w.id(w.bob), -SIZE, price, { market: FEED });
    const { signature } = await signOrder(w.bob, { order, book: w.book });
    await w.orders.connect(w.dave).fill(order, signature, seller, SIZE);
    await w.house
      .connect(w.alice)
      .setDelegate(await router.getAddress(), Scope.Trade | Scope.Deposit, (await w.now()) + 3_600n);

    await w.networkHelpers.time.increase(60);
    const fallen = (w.price * 93n) / 100n;
    await bringChainlink(fallen);
    const bids = [{ account: seller, bidder, fraction: WAD, minFraction: 0n, maxPrice: MAX, minIncome: 0n }];
    const unpriced = planOf({ bids });
    await expect(router.connect(w.alice).run(unpriced), "one source of four").to.be.revertedWithCustomError(
      w.engine,
      "LiquidationEngine_NotLiquidatable",
    );
    const plan = planOf({
      bids,
      pythUpdates: [{ data: await pythAt(fallen), maxFee: PYTH_FEE }],
      redStoneUpdates: [{ dataFeedIds: [ETH_FEED], payload: await redStoneAt(fallen) }],
      actions: [Action.UpdatePyth, Action.UpdateRedStone, Action.Bid],
    });
    const paid = () => w.ethers.provider.getBalance(part("mockPyth"));
    const before = await paid();
    await router.connect(w.alice).run(plan, { value: 5n * PYTH_FEE });
    expect((await w.oracle.cached(FEED)).price).to.equal(fallen);
    const [sold, bought] = [await w.house.positionOf(seller, FEED), await w.house.positionOf(bidder, FEED)];
    expect(bought.base).to.be.greaterThan(0n);
    expect(sold.base + bought.base).to.equal(SIZE);
    expect((await paid()) - before, "one fee").to.equal(PYTH_FEE);
    expect(await w.ethers.provider.getBalance(await router.getAddress()), "the rest has gone back").to.equal(0n);
  });
});
