import { expect } from "chai";

import { mulDivUp } from "../../../sdk/math/WadMath.ts";
import * as risk from "../../../sdk/math/RiskMath.ts";
import { CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { deployControl, expectedOf, linkControl } from "./support/control.ts";
import type { Control } from "./support/control.ts";

const AT_200 = 200n * WAD;
const LISTED = 1_000_000n * WAD;
const ONE = 10n ** 9n;
const SIZE = 1_000n * WAD;
/** mmr that ETH is listed with, 1e-5. */
const LISTED_RATE = 4_000n;

describe("risk control before the real house, oracle and fund (RSK-01, FND-02 to FND-04)", () => {
  let control: Control;
  /** Alice is long 1,000 ether at 200, of a market that is listed at mmr 4%. */
  const world = useWorld(async (w) => {
    control = await linkControl(w);
    await w.cash(w.alice, 50_000n);
    await w.cash(w.bob, 50_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, AT_200);
  });
  /** Reserve in dollars, of which the budget of the segment lets 60% through. */
  const give = async (dollars: bigint) => world().fundReserve(dollars * USD);
  const usable = (dollars: bigint) => (dollars * DOLLAR * 60n) / 100n;

  it("RSK-01, MRG-02, FND-02, FND-04, LIQ-07: sync writes what the twin makes of what house, oracle and fund say", async () => {
    const w = world();
    await give(30_000n);
    await w.setEth(210n * WAD, 900);
    const tx = await control.sync(ETH_MARKET);
    const expected = await expectedOf(w, ETH_MARKET, { rate: LISTED_RATE, resources: usable(30_000n), listed: LISTED });
    expect(expected.price).to.equal(210n * WAD);
    // Above 1, and rising from 1 by the seconds since the deployment at most.
    const ratio = await control.ratio();
    expect(ratio).to.be.within(ONE, ONE + ONE / 24n);
    const targets = [expected.maintenanceTarget, expected.cap, expected.gapRate, expected.penaltyAt(ratio)];
    await expect(tx).to.emit(w.house, "RiskApplied").withArgs(ETH_MARKET, targets, ratio);
    await expect(tx)
      .to.emit(control, "MarketSynced")
      .withArgs(ETH_MARKET, targets, ratio, expected.contribution, expected.contribution, usable(30_000n));
    const [settings, interest] = await w.house.marketOf(ETH_MARKET);
    expect(settings.rateTarget).to.equal(expected.maintenanceTarget);
    expect(expected.maintenanceTarget, "a jump of 5% within a quarter of an hour").to.be.greaterThan(4_000n);
    expect(interest.cap).to.equal(expected.cap);
    expect(interest.gapRate).to.equal(expected.gapRate);
    expect(await w.house.penaltyRateOf(ETH_MARKET)).to.equal(expected.penaltyAt(ratio));
    expect(expected.cap, "resources bind").to.be.lessThan(LISTED);
  });

  it("MRG-02, MRG-01, FND-04: a fund that falls short raises initial margin and takes profit's weight at once", async () => {
    const w = world();
    await w.setEth(220n * WAD, 900);
    await w.oracle.refresh(ETH_MARKET);
    const before = await w.house.health(w.id(w.alice));
    // 2,000 in the reserve, 1,200 of it usable; the fee of the fill is Alice's only cash move.
    await give(2_000n);
    await control.sync(ETH_MARKET);
    const { contribution, maintenanceTarget } = await expectedOf(w, ETH_MARKET, {
      rate: LISTED_RATE,
      resources: usable(2_000n),
      listed: LISTED,
    });
    const ratio = (usable(2_000n) * ONE) / contribution;
    expect(await control.ratio()).to.equal(ratio);
    expect(ratio).to.be.lessThan(ONE);
    expect(await control.premiumFactor()).to.equal((2n * ONE - ratio) * 10n ** 9n);
    const after = await w.house.health(w.id(w.alice));
    const notional = 220_000n * DOLLAR;
    const rate = mulDivUp(maintenanceTarget + 6_000n, 2n * ONE - ratio, ONE);
    // Beside the add-on for size, which is the same before and after: 0.2% of mmr per million.
    const addOn = (notional * notional * 2_000n) / 10n ** 30n;
    expect(after.initialMargin).to.equal((notional * rate) / 100_000n + addOn);
    expect(before.initialMargin).to.equal((notional * 10_000n) / 100_000n + addOn);
    const profit = 20_000n * DOLLAR;
    expect(before.initialBalance - after.initialBalance).to.equal(profit - (profit * ratio) / ONE);
    // Maintenance margin does not jump: nobody is sold for what the fund lacks.
    expect(after.linearMargin).to.equal(before.linearMargin);
  });

  it("FND-04: fills stop at the cap that the resources stand behind; ClearingHouse_OpenInterestCapExceeded", async () => {
    const w = world();
    await give(20_000n);
    await control.sync(ETH_MARKET);
    const [, { cap }] = await w.house.marketOf(ETH_MARKET);
    // 35% of 12,000 over 1.5% of the notional and 200: 1,400.
    expect(cap).to.equal(1_400n * WAD);
    await w.cash(w.carol, 100_000n);
    await w.cash(w.dave, 100_000n);
    const fill = (size: bigint) => w.trade(w.id(w.carol), w.id(w.dave), ETH_MARKET, size, AT_200);
    await expect(fill(400n * WAD + 1n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_OpenInterestCapExceeded")
      .withArgs(ETH_MARKET, 1_400n * WAD + 1n, cap);
    await fill(400n * WAD);
    // At the cap: four times the premium.
    const plain = (await w.house.marketOf(ETH_MARKET))[1].gapRate;
    await control.sync(ETH_MARKET);
    expect((await w.house.marketOf(ETH_MARKET))[1].gapRate).to.be.within(4n * plain - 4n, 4n * plain);
  });

  it("FND-02: what was open pays the old premium up to the sync and the new one from then on", async () => {
    const w = world();
    await give(1_000_000n);
    await control.sync(ETH_MARKET);
    const [, first] = await w.house.marketOf(ETH_MARKET);
    expect(first.gapRate).to.be.greaterThan(0n);
    const booked = await w.house.fundAccount();
    await w.nextIn(7_200n);
    const tx = await control.sync(ETH_MARKET);
    const perUnit = mulDivUp(AT_200, first.gapRate * 7_200n, 10n ** 15n);
    const premium = 2n * ((perUnit * SIZE) / WAD);
    await expect(tx).to.emit(w.house, "GapPremiumAccrued").withArgs(ETH_MARKET, perUnit, premium);
    expect((await w.house.fundAccount()) - booked).to.equal(premium);
    const [, second] = await w.house.marketOf(ETH_MARKET);
    expect(second.gapAt - first.gapAt).to.equal(7_200n);
    await w.expectConserved(10n ** 13n);
  });

  it("RSK-01: the house obeys the linked one alone: ClearingHouse_NotLinked", async () => {
    const w = world();
    const stranger = await deployControl(w);
    await expect(stranger.sync(ETH_MARKET))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLinked")
      .withArgs(await stranger.getAddress(), await control.getAddress());
  });

  it("RSK-01: a dead feed keeps no market's figures: the last consensus counts", async () => {
    const w = world();
    await give(1_000_000n);
    await w.kill(w.ethFeeds);
    await w.networkHelpers.time.increase(60);
    await control.sync(ETH_MARKET);
    const { contribution, syncedAt } = await control.contributionOf(ETH_MARKET);
    expect(contribution).to.equal(3_000n * DOLLAR);
    expect(syncedAt).to.equal(await w.now());
  });

  it("FND-03: a registered account is measured by its real positions, and leaves when it has closed", async () => {
    const w = world();
    const alice = w.id(w.alice);
    await w.setEth(230n * WAD, 900);
    await control.connect(w.erin).register(alice);
    const { fast, slow } = await w.oracle.variance(ETH_MARKET);
    const stress = risk.stressUp({
      absoluteBase: SIZE,
      price: 230n * WAD,
      variance: risk.highestVariance(fast, slow),
      rate: LISTED_RATE,
    });
    expect(stress).to.be.greaterThan(0n);
    expect((await control.largeAccounts()).first).to.deep.equal([alice, stress, await w.now()]);
    await give(100n);
    await control.sync(ETH_MARKET);
    const { target, marketsTarget, accountsTarget } = await control.reserveTarget();
    expect(accountsTarget).to.equal(stress);
    expect(target).to.equal(marketsTarget > stress ? marketsTarget : stress);
    expect(await control.ratio()).to.equal((usable(100n) * ONE) / target);
    await w.trade(alice, w.id(w.bob), ETH_MARKET, -SIZE, 230n * WAD);
    await expect(control.register(alice)).to.emit(control, "AccountMeasured").withArgs(alice, stress, 0n);
    expect((await control.reserveTarget()).accountsTarget).to.equal(0n);
  });

  it("FND-03: what has been drawn does not count, although the reserve is larger", async () => {
    const w = world();
    await give(10_000n);
    expect(await control.resources()).to.equal(usable(10_000n));
    // Alice's 50,000 less the fee of 100 is gone at 150: 1,000 more is missing at 149.
    await w.setEth(149n * WAD, 60);
    await w.cash(w.carol, 200_000n);
    const bid = await w.bidFor(w.carol, w.id(w.alice));
    expect(bid.covered + bid.reward).to.be.greaterThan(1_000n * DOLLAR);
    const { reserve } = await w.fund.segmentOf(w.segment);
    const { whole } = await w.fund.budgetLeft(w.segment);
    expect(whole).to.be.lessThan(usable(9_000n));
    expect(await control.resources()).to.equal(whole < reserve ? whole : reserve);
  });

  describe("giving, syncing and withdrawing within a transaction (R3)", () => {
    /** 10,000 of cash, long 100 at 200, up to 250 over two days: 5,000 of profit, which counts for nothing while the fund is empty. */
    const set = async () => {
      const w = world();
      const attacker = await w.ethers.deployContract("SameTransaction");
      const owner = await attacker.getAddress();
      const account = w.id({ address: owner } as typeof w.alice);
      const step = (contract: { getAddress(): Promise<string> }, data: string) =>
        contract.getAddress().then((target) => ({ target, data }));
      await w.usd.mint(owner, 1_010_000n * USD);
      await attacker.run([
        await step(w.usd, w.usd.interface.encodeFunctionData("approve", [w.houseAddress, 10_000n * USD])),
        await step(w.house, w.house.interface.encodeFunctionData("deposit", [account, CASH, 10_000n * USD])),
      ]);
      await w.cash(w.bob, 100_000n);
      await w.trade(account, w.id(w.bob), ETH_MARKET, 100n * WAD, AT_200);
      for (let price = 201n; price <= 250n; price++) {
        await w.setEth(price * WAD, 3_600);
        await w.oracle.refresh(ETH_MARKET);
      }
      await control.sync(ETH_MARKET);
      expect(await control.ratio()).to.equal(0n);
      const gift = 1_000_000n * USD;
      const withdraw = (amount: bigint) =>
        step(w.house, w.house.interface.encodeFunctionData("withdraw", [account, CASH, amount]));
      const steps = async (amount: bigint) => [
        await step(w.usd, w.usd.interface.encodeFunctionData("approve", [w.fundAddress, gift])),
        await step(w.fund, w.fund.interface.encodeFunctionData("donate", [w.segment, gift])),
        await step(control, control.interface.encodeFunctionData("sync", [ETH_MARKET])),
        await step(control, control.interface.encodeFunctionData("sync", [ETH_MARKET])),
        await withdraw(amount),
      ];
      return { w, attacker, account, steps, withdraw };
    };

    it("RSK-01: a million given buys no withdrawal that was not there before; ClearingHouse_BelowInitialMargin", async () => {
      const { w, attacker, account, steps, withdraw } = await set();
      const { initialBalance, initialMargin } = await w.house.health(account);
      const free = (initialBalance - initialMargin) / 10n ** 12n;
      expect(free).to.be.greaterThan(0n);
      const snapshot = await w.networkHelpers.takeSnapshot();
      await attacker.run([await withdraw(free)]);
      await snapshot.restore();
      // The ratio may rise by the seconds since the last sync: less than a hundredth of a percent in these few.
      const refused = w.house.interface.getError("ClearingHouse_BelowInitialMargin")?.selector ?? "";
      await expect(attacker.run(await steps(free + (free * 5n) / 10_000n)))
        .to.be.revertedWithCustomError(attacker, "SameTransaction_Failed")
        .withArgs(4n, (reason: string) => reason.startsWith(refused));
      await attacker.run(await steps(free));
    });

    it("RSK-01: a day later, with a sync an hour, the gift counts in full", async () => {
      const { w, attacker, account, steps, withdraw } = await set();
      await attacker.run(await steps(1n));
      for (let hour = 0; hour < 25; hour++) {
        await w.setEth(250n * WAD, 3_600);
        await control.sync(ETH_MARKET);
      }
      expect(await control.ratio()).to.be.at.least(ONE);
      const { initialBalance, initialMargin } = await w.house.health(account);
      expect(initialBalance, "profit counts").to.be.greaterThan(14_000n * DOLLAR);
      await attacker.run([await withdraw((initialBalance - initialMargin) / 10n ** 12n / 2n)]);
    });
  });
});
