import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, USD, WAD, WETH } from "../support/deployment.ts";
import { takeOut } from "../support/mutants.ts";
import type { Mutation } from "../support/mutants.ts";
import { DOLLAR, MAX, useWorld } from "../support/world.ts";

const SIZE = 100n * WAD;
const AT_200 = 200n * WAD;
/** One unit of the token, which has six decimals. */
const UNIT = 10n ** 12n;

/** Exactly, Sherlock 2024-04, #66 (medium): a reserve slightly below the debt clears nothing of it. */
const PAYS_A_PART: Mutation = {
  contract: "InsuranceFund",
  contractFile: "contracts/fund/InsuranceFund.sol",
  file: "contracts/fund/DrawBudgets.sol",
  edits: [
    [
      "WadMath.min(shortfallByClass[class], budget.left[class])",
      "(shortfallByClass[class] > budget.left[class] ? 0 : shortfallByClass[class])",
    ],
  ],
};

const ENGINE = {
  contract: "LiquidationEngine",
  contractFile: "contracts/liquidation/LiquidationEngine.sol",
  file: "contracts/liquidation/ForcedClosing.sol",
};

/** Exactly, Sherlock 2024-04, #126: while an account has any collateral, however little, its debt is not written off. */
const DUST_IS_NO_COLLATERAL: Mutation = {
  ...ENGINE,
  edits: [
    ["(_isClearingAccount(account) && HOUSE.headerOf(account).assets != 0)", "HOUSE.headerOf(account).assets != 0"],
  ],
};

/** JOJO, Sherlock 2023-12, #83: when the fund's own account goes bankrupt, writing its debt off to itself resets it. Guarded twice. */
const OWN_ACCOUNT: Mutation = {
  ...ENGINE,
  edits: [
    ["(_isClearingAccount(account) && HOUSE.headerOf(account).assets != 0)", "false"],
    ["sweepsCollateral: !_isClearingAccount(account)", "sweepsCollateral: true"],
  ],
};

describe("attack: a fund that is slightly short (Exactly 2024-04 #66)", () => {
  /** Alice: 2,490 after the fee, long 100 from 200; at 170 she owes 510. */
  const SHORTFALL = 510n * DOLLAR;
  /** 35% of the reserve may be drawn for class major. 1,457.142857 * 0.35 = 509.99999995. */
  const RESERVE = 1_457_142_857n;
  const BUDGET = (RESERVE * UNIT * 3_500n) / 10_000n;

  const world = useWorld(async (w) => {
    const [alice, bob] = [await w.cash(w.alice, 2_500n), await w.cash(w.bob, 100_000n)];
    await w.cash(w.carol, 1_000_000n);
    await w.trade(alice, bob, ETH_MARKET, SIZE, AT_200);
    await w.fundReserve(RESERVE);
    await w.setEth(170n * WAD);
    expect(SHORTFALL - BUDGET, "less than a unit of the token is missing").to.be.within(1n, UNIT - 1n);
  });
  const attack = async () => {
    const w = world();
    const before = await w.valueOf(w.id(w.bob));
    const { covered, socialized } = await w.bidFor(w.carol, w.id(w.alice));
    return { covered, socialized, charged: before - (await w.valueOf(w.id(w.bob))) };
  };

  it("LIQ-10, R1, R2: the fund pays all it may, the holder opposite bears the 5e-8 that are missing", async () => {
    const w = world();
    const { covered, socialized, charged } = await attack();
    expect(covered).to.equal(BUDGET);
    expect(socialized).to.equal(SHORTFALL - BUDGET);
    expect(charged - (SHORTFALL - BUDGET), "rounded up for each of 100 units").to.be.within(0n, 100n);
    await w.expectConserved(1_000n);
  });

  it("a fund that pays all or nothing pays nothing: the whole 510 falls on the holder opposite", async () => {
    await takeOut(world(), PAYS_A_PART);
    const { covered, socialized, charged } = await attack();
    expect([covered, socialized]).to.deep.equal([0n, SHORTFALL]);
    expect(charged).to.equal(SHORTFALL);
  });
});

describe("attacks on the write-off: dust, and the house's own account", () => {
  /** Alice: 10 wrapped ether, and 1,000 lost on a bitcoin with fees of 4 and 3.5: cash -1,007.5, no position. */
  const DEBT = (10_075n * DOLLAR) / 10n;
  const BUDGET_BASE = 10_000n;

  const world = useWorld(async (w) => {
    const [alice, bob] = [await w.collateral(w.alice, 10n * WAD), await w.cash(w.bob, 100_000n)];
    await w.cash(w.carol, 1_000_000n);
    await w.trade(alice, bob, BTC_MARKET, WAD, 8_000n * WAD);
    await w.setBtc(7_000n * WAD);
    await w.trade(alice, bob, BTC_MARKET, -WAD, 7_000n * WAD);
    await w.fundReserve(BUDGET_BASE * USD);
    expect(await w.cashOf(alice)).to.equal(-DEBT);
  });
  /** Whether it was written off; else the name of the error. */
  const writeOff = async (account: string) => {
    const w = world();
    try {
      await w.engine.connect(w.erin).writeOff(account);
      return "written off";
    } catch (error) {
      const data = (error as { data?: string }).data ?? "0x";
      return w.engine.interface.parseError(data)?.name ?? String(error);
    }
  };

  describe("1 wei of collateral blocks the write-off (Exactly 2024-04 #126)", () => {
    /** Her collateral is sold at 90 for what it fetches; then she puts 1 wei back in front of the write-off. */
    const attack = async () => {
      const w = world();
      const alice = w.id(w.alice);
      await w.setEth(90n * WAD);
      await w.house.connect(w.carol).buyCollateral(alice, w.id(w.carol), WETH, 100n * WAD, MAX);
      expect(await w.house.collateralOf(alice, WETH)).to.equal(0n);
      const debt = -(await w.cashOf(alice));
      expect(debt, "1,007.5 less 10 at 90 less at most 5%").to.be.within(DEBT - 900n * DOLLAR, DEBT - 855n * DOLLAR);
      await w.collateral(w.alice, 1n);
      const outcome = await writeOff(alice);
      return { debt, outcome, cash: await w.cashOf(alice) };
    };

    it("LIQ-10, LIQ-05, INV-04: the debt is written off, the fund pays it, the wei goes to the clearing account", async () => {
      const w = world();
      const { debt, outcome, cash } = await attack();
      expect([outcome, cash]).to.deep.equal(["written off", 0n]);
      expect(await w.house.fundAccount(), "booked against the fund, 1 wei at 81 counted as 81 wei").to.equal(
        -debt + 81n,
      );
      expect(await w.house.collateralOf(w.clearing, WETH)).to.equal(1n);
      await w.expectConserved(1_000n);
    });

    it("where collateral of any size stands in the way, 1 wei keeps the debt on the house's books", async () => {
      await takeOut(world(), DUST_IS_NO_COLLATERAL);
      const { debt, outcome, cash } = await attack();
      expect([outcome, cash]).to.deep.equal(["LiquidationEngine_NotWriteOff", -debt]);
    });
  });

  describe("the bad debt of the house's own account resets it (JOJO 2023-12 #83)", () => {
    /** 10 ether at 90 less 10%. */
    const COUNTED = 810n * DOLLAR;
    /** Alice is written off at 90; at 80 the clearing account, with her ether and -810, is bankrupt itself. */
    const attack = async () => {
      const w = world();
      await w.setEth(90n * WAD);
      expect(await writeOff(w.id(w.alice))).to.equal("written off");
      await w.setEth(80n * WAD);
      expect(await w.valueOf(w.clearing)).to.equal(800n * DOLLAR - COUNTED);
      const outcome = await writeOff(w.clearing);
      return { outcome, cash: await w.cashOf(w.clearing), surplus: await w.surplus() };
    };

    it("LIQ-06, CLR-08: it is not written off while it holds collateral: its debt stands and the books balance", async () => {
      const { outcome, cash, surplus } = await attack();
      expect([outcome, cash]).to.deep.equal(["LiquidationEngine_NotWriteOff", -COUNTED]);
      expect(surplus).to.be.within(0n, 10n);
    });

    it("where it is swept into itself, its debt is gone, its ether is lost, and the house owes 720 more than it has", async () => {
      const w = world();
      await takeOut(w, OWN_ACCOUNT);
      const { outcome, cash, surplus } = await attack();
      expect([outcome, cash]).to.deep.equal(["written off", 0n]);
      expect((await w.house.headerOf(w.clearing)).assets, "no bit, although 10 ether are there").to.equal(0n);
      expect(await w.house.collateralOf(w.clearing, WETH)).to.equal(10n * WAD);
      // The fund has paid 810 - 720; the rest was credited by nobody.
      expect(surplus - -720n * DOLLAR).to.be.within(0n, 10n);
    });
  });
});
