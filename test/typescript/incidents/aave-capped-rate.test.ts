import { expect } from "chai";

import { WAD } from "../support/deployment.ts";
import { expectedHealth } from "../support/expected.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Aave, 2026-03-10 (T8). The adapter that caps how fast wstETH's rate may grow had a snapshot that was too low, and served the cap as if
 * it were the rate: 2.85% too low. 34 accounts with 10,938 wstETH, about 27M USD, were liquidated that should not have been.
 * Figures: peers.md of the design notes, section 3, T8: ratio 2.85% low, 34 accounts, 10,938 wstETH, 0 bad debt.
 */

const MARKET = 2;
const RULES = { quorum: 3, kinds: 2, maxDeviation: WAD / 100n, maxGap: 300, volatilityFloor: (4n * WAD) / 10n };
const SIZE = 10_938n * WAD;
const RATE = (123n * WAD) / 100n;
const LOW_RATE = (RATE * 9_715n) / 10_000n;
/** Of ether. One wstETH is 1.23 of it: 2,460, and 2,337 when the accounts are near their margin. */
const [ETHER_AT_ENTRY, ETHER] = [2_000n * WAD, 1_900n * WAD];
const wrapped = (ether: bigint, rate = RATE) => (ether * rate) / WAD;
const ENTRY = wrapped(ETHER_AT_ENTRY);
const MARGIN_RATE = 4_000n;
const DEPOSIT = 2_750_000n;
/** 5 basis points of 26.9M, which is what the accounts had: "about 27M". */
const FEE = (SIZE * ENTRY * 5n) / (WAD * 10_000n);
const STETH_PER_TOKEN = "0x035faf82";
/** In the order of IPriceSource. */
const [VALID, OUTSIDE_BAND] = [0n, 4n];

const healthAt = (price: bigint) =>
  expectedHealth(DEPOSIT * DOLLAR - FEE, [{ base: SIZE, entry: ENTRY, price, rate: MARGIN_RATE, addOn: 0n }]);

describe("incident T8: a growth cap that is wrong (Aave, 2026-03-10)", () => {
  const world = useWorld();

  /** Three market prices of wstETH, two pushed and one pulled, and its rate times a price of ether; `floor` bounds the rate's fall. */
  const opened = async (floor: bigint) => {
    const w = world();
    const coder = w.ethers.AbiCoder.defaultAbiCoder();
    const feed = async (price: bigint) => w.ethers.deployContract("MockAggregator", [8, price / 10n ** 10n]);
    const [one, two, ether] = [await feed(ENTRY), await feed(ENTRY), await feed(ETHER_AT_ENTRY)];
    const pulled = await w.ethers.deployContract("MockPullSource");
    await pulled.setPrice(ENTRY);
    const rate = await w.ethers.deployContract("MockAnswers");
    const setRate = (value: bigint) => rate.setAnswer(STETH_PER_TOKEN, coder.encode(["uint256"], [value]));
    await setRate(RATE);
    const reader = await w.ethers.deployContract("ChainlinkSource");
    const maxAge = coder.encode(["uint32"], [86_400]);
    const ratio = await w.ethers.deployContract("RatioSource", [
      await reader.getAddress(),
      await ether.getAddress(),
      maxAge,
    ]);
    const bounds = coder.encode(["bytes4", "uint8", "uint16", "uint16"], [STETH_PER_TOKEN, 18, 500, floor]);
    await w.oracle.listFeed(MARKET, RULES, [
      { reader: await reader.getAddress(), target: await one.getAddress(), settings: maxAge },
      { reader: await reader.getAddress(), target: await two.getAddress(), settings: maxAge },
      { reader: await ratio.getAddress(), target: await rate.getAddress(), settings: bounds },
      { reader: await pulled.getAddress(), target: await pulled.getAddress(), settings: "0x" },
    ]);
    await w.house.listMarket(MARKET, {
      class: 0,
      maintenanceRate: Number(MARGIN_RATE),
      addOn: 0,
      cap: 1_000_000n * WAD,
    });
    const [alice, bob] = [await w.cash(w.alice, DEPOSIT), await w.cash(w.bob, 10_000_000n)];
    await w.trade(alice, bob, MARKET, SIZE, ENTRY);
    /** The market moves, and everybody says so. */
    const setMarket = async (price: bigint) => {
      await w.networkHelpers.time.increase(60);
      for (const each of [one, two]) await each.setAnswer(wrapped(price) / 10n ** 10n);
      await ether.setAnswer(price / 10n ** 10n);
      await pulled.setPrice(wrapped(price));
    };
    await setMarket(ETHER);
    return { w, alice, setRate, setMarket };
  };

  for (const [what, floor, status] of [
    ["says nothing: its rate fell below its floor", 9_800n, OUTSIDE_BAND],
    ["says a price 2.85% too low, beyond what sources may differ", 9_000n, VALID],
  ] as const) {
    it(`ORC-01, ORC-06: the source with the wrong rate ${what}; nobody can be liquidated`, async () => {
      const { w, alice, setRate } = await opened(floor);
      const wrong = healthAt(wrapped(ETHER, LOW_RATE));
      expect(wrong.marginBalance < wrong.maintenance, "by the wrong price it would be liquidated").to.equal(true);

      await setRate(LOW_RATE);
      await w.networkHelpers.time.increase(10);
      expect((await w.oracle.inspect(MARKET)).statuses[2]).to.equal(status);
      const { marginBalance, maintenance } = healthAt(wrapped(ETHER));
      await expect(w.engine.start(alice))
        .to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable")
        .withArgs(alice, marginBalance, maintenance);
      await expect(w.bidWith(w.carol, alice, {})).to.be.revertedWithCustomError(
        w.engine,
        "LiquidationEngine_NotLiquidatable",
      );
    });
  }

  it("LIQ-01: the same fall in the market itself is one, and then the account is liquidated", async () => {
    const { w, alice, setMarket } = await opened(9_800n);
    await setMarket((ETHER * 9_715n) / 10_000n);
    await w.engine.start(alice);
    expect((await w.engine.auctionOf(alice)).touchedAt).to.equal(await w.now());
  });
});
