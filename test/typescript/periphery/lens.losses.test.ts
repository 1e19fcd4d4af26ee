import { expect } from "chai";

import { BTC_MARKET, USD, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

/** Twice: someone with nothing but ether loses against bob and is flat again, in debt. */
async function loseTo(w: World, who: World["erin"], price: bigint, after: bigint) {
  const [account, bob] = [w.id(who), w.id(w.bob)];
  await w.setBtc(price * WAD);
  await w.trade(account, bob, BTC_MARKET, WAD, price * WAD);
  await w.setBtc(after * WAD);
  await w.trade(account, bob, BTC_MARKET, -WAD, after * WAD);
  return account;
}

describe("Lens: losses that are not paid yet (PER-01)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 50_000n);
    await w.collateral(w.erin, 10n * WAD);
    await w.collateral(w.frank, 1_000n * WAD);
  });

  it("CLR-07 deficits: what is measured, for how long, and what the fund had for it", async () => {
    const w = world();
    await w.fundReserve(40n * USD);
    const erin = await loseTo(w, w.erin, 8_000n, 7_000n);
    await w.trade(w.id(w.carol), w.id(w.bob), BTC_MARKET, WAD, 7_000n * WAD);
    await w.setEth(90n * WAD);
    await w.engine.flag(erin);
    const debt = -(await w.valueOf(erin));
    expect(debt).to.be.greaterThan(100n * WAD);
    const report = await w.lens.deficits();
    expect([report.measured, report.resources]).to.deep.equal([debt, 40n * WAD]);
    expect(report.markets).to.equal((await w.house.deficits()).markets);
    expect((await w.lens.accountOf(erin)).measuredDeficit).to.equal(debt);
    const { deficitShare } = await w.lens.accountOf(w.id(w.carol));
    expect(deficitShare).to.equal(await w.house.deficitShareOf(w.id(w.carol)));
    expect(deficitShare).to.be.greaterThan(0n);
    await w.networkHelpers.time.increase(7_200);
    expect((await w.lens.deficits()).measured, "lapsed").to.equal(0n);
  });

  it("CLR-10 LIQ-05 what is unallocated, in debt, waiting and set aside are four different numbers", async () => {
    const w = world();
    const erin = await loseTo(w, w.erin, 8_000n, 7_000n);
    await loseTo(w, w.frank, 7_000n, 6_990n);
    const withdraw = (who: World["bob"], dollars: bigint) => w.house.connect(who).withdraw(w.id(who), 0, dollars * USD);
    await withdraw(w.bob, 100_000n);
    await withdraw(w.carol, 49_900n);
    await withdraw(w.bob, 900n);
    await withdraw(w.carol, 50n);
    await w.setEth(90n * WAD);
    await w.engine.writeOff(erin);
    const report = await w.lens.deficits();
    const [waiting, reserved] = await w.house.withdrawalQueue();
    const { negativeCash } = await w.house.totals();
    const found = [report.unallocated, report.negativeCash, report.waiting, report.reserved];
    expect(found).to.deep.equal([await w.house.unallocatedLoss(), negativeCash, waiting, reserved]);
    expect(new Set([0n, ...found]).size, "all different, none zero").to.equal(5);
  });
});
