import { expect } from "chai";

import { inOneBlock, liveUntil } from "../support/blocks.ts";
import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { takeOut } from "../support/mutants.ts";
import type { Mutation } from "../support/mutants.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
/** One wei of base at a price below 300, for each position. */
const DUST = 1_000n;
const GAS = { gasLimit: 5_000_000n };

/** GMX, Sherlock 2023-02, #143 (high): an ADL order carries no price limit, so the winner is closed at any price. */
const PRICE_LIMIT: Mutation = {
  contract: "ClearingHouseExtension",
  contractFile: "contracts/clearing/ClearingHouseExtension.sol",
  file: "contracts/clearing/LossSharing.sol",
  edits: [["WadMath.min(part, WadMath.mulWadUp(weight, state.fraction))", "part"]],
};

/** GMX, Sherlock 2023-02, #210: a position that shrinks by 1 wei in front makes the ADL order revert. */
const STAYS_BELOW: Mutation = {
  contract: "LiquidationEngine",
  contractFile: "contracts/liquidation/LiquidationEngine.sol",
  file: "contracts/liquidation/LiquidationEngine.sol",
  edits: [["_isBelowAfter(sale)", "false"]],
};

describe("attack: deleveraging without a price limit (GMX 2023-02 #143)", () => {
  /** Dave and Erin are short 100 each from 200, Carol and Frank long; Dave with 3,000, so that he goes bankrupt first. */
  const world = useWorld(async (w) => {
    const [dave, erin] = [await w.cash(w.dave, 3_000n), await w.cash(w.erin, 100_000n)];
    const [carol, frank] = [await w.cash(w.carol, 100_000n), await w.cash(w.frank, 100_000n)];
    await w.trade(dave, carol, ETH_MARKET, -SIZE, AT_200);
    await w.trade(erin, frank, ETH_MARKET, -SIZE, AT_200);
    // 22 hours at 260: the average of one hour has come to 260 as well.
    await w.setEth(260n * WAD, 0);
    await w.oracle.refresh(0);
    await w.networkHelpers.time.increase(80_000);
    // Dave: 2,990 - 7,000.
    await w.setEth(270n * WAD, 0);
    expect(await w.valueOf(dave)).to.equal(-4_010n * DOLLAR);
  });

  /** Erin, a short herself, has Dave closed: at what price do the longs close, and what does each of the three lose? */
  const attack = async () => {
    const w = world();
    const holders = [w.id(w.carol), w.id(w.frank), w.id(w.erin)];
    const before = await Promise.all(holders.map(w.valueOf));
    const receipt = await (await w.engine.connect(w.erin).deleverage(w.id(w.dave))).wait();
    const closed = receipt?.logs
      .map((log) => w.house.interface.parseLog(log))
      .find((parsed) => parsed?.name === "SideDeleveraged");
    const after = await Promise.all(holders.map(w.valueOf));
    const [carol, frank, erin] = holders.map((_, index) => (before[index] ?? 0n) - (after[index] ?? 0n));
    return { price: closed?.args[3] as bigint, carol: carol ?? 0n, frank: frank ?? 0n, erin: erin ?? 0n };
  };
  const near = (actual: bigint, expected: bigint) => expect(actual - expected).to.be.within(-(10n ** 14n), 10n ** 14n);

  it("LIQ-05, LIQ-06, R3: longs close no worse than at the average; the rest of the loss is spread, Erin's short included", async () => {
    const w = world();
    const { price, carol, frank, erin } = await attack();
    // 80,000 s are 22 time constants: e^-22 of 60 is less than 1e-7.
    expect(price - 260n * WAD).to.be.within(-(10n ** 12n), 10n ** 12n);
    // 1,000 through the price, half from each long; 3,010 over 200 of longs and Erin's 100, Dave's own left out.
    const perUnit = (3_010n * DOLLAR) / 300n;
    near(erin, perUnit * 100n);
    near(carol, 500n * DOLLAR + perUnit * 100n);
    near(frank, 500n * DOLLAR + perUnit * 100n);
    await w.expectConserved(5_000n, 3n * 270n);
  });

  it("without the limit the longs close at 229.9, 30.1 below the average, and Erin pays nothing", async () => {
    await takeOut(world(), PRICE_LIMIT);
    const { price, carol, frank, erin } = await attack();
    expect(price).to.equal((2_299n * WAD) / 10n);
    expect(erin).to.be.within(0n, DUST);
    near(carol, (4_010n * DOLLAR) / 2n);
    near(frank, (4_010n * DOLLAR) / 2n);
  });
});

describe("attack: 1 wei in front of a deleveraging (GMX 2023-02 #210)", () => {
  const BELOW = 182n * WAD;

  /** Alice is below margin and solvent: V = 690, MM = 732.6. Carol is long already, so a crumb leaves her no dust. */
  const world = useWorld(async (w) => {
    const [alice, bob, carol] = [
      await w.cash(w.alice, 2_500n),
      await w.cash(w.bob, 100_000n),
      await w.cash(w.carol, 100_000n),
    ];
    await w.trade(alice, bob, ETH_MARKET, SIZE, AT_200);
    await w.setEth(BELOW);
    await w.trade(carol, bob, ETH_MARKET, 10n * WAD, BELOW);
    await w.engine.start(alice);
  });

  /** A crumb one second before the timeout, and 1 wei of her own position sold by Alice; then a keeper deleverages on time. */
  const attack = async () => {
    const w = world();
    const alice = w.id(w.alice);
    const started = (await w.engine.auctionOf(alice)).touchedAt;
    await liveUntil(w, started, 1_199n);
    await w.bidWith(w.carol, alice, { fraction: 1n });
    const crumb = SIZE - (await w.baseOf(alice));
    await w.networkHelpers.time.setNextBlockTimestamp(started + 1_200n);
    const sale = { taker: alice, maker: w.id(w.carol), market: ETH_MARKET, size: -1n, price: BELOW };
    const [sold, closing] = await inOneBlock(w, async () => [
      await w.house.connect(w.orderBook).trade(sale, GAS),
      await w.engine.connect(w.erin).deleverage(alice, GAS),
    ]);
    expect((await sold.wait())?.status, "Alice has sold").to.equal(1);
    return { crumb, closing };
  };

  it("LIQ-06, R7: neither a bid for 1e-18 of the account nor a sale of 1 wei stops it: it closes on time", async () => {
    const w = world();
    const { crumb, closing } = await attack();
    expect(crumb, "1e-18 of 100 units").to.equal(100n);
    await expect(closing).to.emit(w.engine, "Deleveraged");
    const { marginBalance, linearMargin, sizeMargin } = await w.house.health(w.id(w.alice));
    expect(marginBalance * 100n, "the rest is at target").to.be.at.least((linearMargin + sizeMargin) * 115n);
  });

  it("where a bid counts as the end of distress, the crumb turns the clock back and the deleveraging reverts", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await takeOut(w, STAYS_BELOW);
    const { closing } = await attack();
    await expect(closing).to.be.revertedWithCustomError(w.engine, "LiquidationEngine_TooEarly");
    expect((await w.baseOf(alice)) - (SIZE - 101n), "nothing was closed").to.equal(0n);
  });
});
