import { expect } from "chai";

import { ETH_MARKET as ETH_TERMS } from "../../../deploy/modules/defaults.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { JUNIOR, openSeries, SENIOR, underwrite, vaultsOf } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";
import NextModule from "./support/next.ts";

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const WEEK = 7n * DAY;
const ANNOUNCEMENT = 35n * DAY + 1n;
const COOLDOWN = 28n * DAY;
const REGISTRATION = 28n * DAY;
const [AT_200, AT_150] = [200n * WAD, 150n * WAD];
const UNITS = 10n * WAD;
const LIMIT = 40n * WAD;
const CASH = 0;
/** A dollar has 6 decimals, WAD has 18. */
const UNIT = 10n ** 12n;

/** docs/migration.md, step by step. Alice and Bob trade, Carol underwrites, Erin holds cover, Bob also a claim on recoveries. */
describe("from one deployment to the next (GOV-01)", () => {
  const world = useWorld();

  it("GOV-01: after the announcement everybody moves what is his by himself; nobody has a key, and nothing is left that is anyone's", async function () {
    this.timeout(240_000);
    const w = world();
    const { house, usd, alice, bob, carol, erin, frank, administrator } = w;
    const { time } = w.networkHelpers;
    const { vault } = await vaultsOf(w);
    const vaultAddress = await vault.getAddress();
    const verifier = await w.ethers.getContractAt("ClaimVerifier", await vault.verifier());
    const recoveries = await w.ethers.deployContract("Recoveries", [w.houseAddress]);
    const manager = await w.ethers.getContractAt("AccessManager", await w.engine.authority());
    const balance = (who: Signer) => usd.balanceOf(who.address);
    const dollars = async (who: Signer, amount: bigint, spender: string) => {
      await usd.mint(who.address, amount);
      await usd.connect(who).approve(spender, amount);
    };

    // The old house at work: capital, cover, positions, and a loss that holders bore.
    await underwrite(w, vaultAddress, carol, JUNIOR, 4_000n);
    await underwrite(w, vaultAddress, carol, SENIOR, 6_000n);
    await w.setEth(AT_200, Number(ANNOUNCEMENT));
    const series = await openSeries(w, LIMIT, 8);
    await dollars(erin, 1_000n * USD, vaultAddress);
    const buying = [series, UNITS, 1_000n * USD, erin.address] as const;
    const [purchase] = await vault.connect(erin).buy.staticCall(...buying);
    await vault.connect(erin).buy(...buying);
    await w.setEth(AT_200, Number(3n * DAY + 1n));
    expect(await vault.complete.staticCall(purchase)).to.equal(true);
    await vault.complete(purchase);
    for (const who of [alice, bob, frank]) await w.cash(who, 10_000n);
    await w.cash(w.dave, 400n);
    await w.trade(w.id(w.dave), w.id(bob), ETH_MARKET, 10n * WAD, AT_200);
    await w.trade(w.id(alice), w.id(bob), ETH_MARKET, 20n * WAD, AT_200);
    await w.setEth(AT_150);
    const { socialized } = await w.bidFor(frank, w.id(w.dave));
    expect(socialized).to.be.greaterThan(90n * WAD);
    await recoveries.register(w.id(bob), [ETH_MARKET]);
    const claims = await recoveries.balanceOf(bob.address, 1n);
    expect(claims).to.be.greaterThan(90n * WAD);
    await dollars(erin, 10n * USD, await verifier.getAddress());
    await w.fundReserve(500n * USD);

    // 1. The end is announced, a week ahead at least; then nobody has a key any more.
    const closesAt = (await w.now()) + WEEK + HOUR;
    await house.announceClosing(ETH_MARKET, closesAt);
    await manager.renounceRole(0n, administrator.address);
    expect((await manager.hasRole(0n, administrator.address)).isMember).to.equal(false);
    await expect(house.announceClosing(ETH_MARKET, closesAt + WEEK))
      .to.be.revertedWithCustomError(w.oracle, "AccessManagedUnauthorized")
      .withArgs(administrator.address);

    // 2. The next house stands beside it, on the same token and the same feeds.
    const parameters = { token: await usd.getAddress(), ...(await feedsOf(w)) };
    const deployed = await w.connection.ignition.deploy(NextModule, { parameters: { Next: parameters } });
    const next = await w.ethers.getContractAt("IClearingHouse", await deployed.house.getAddress());
    const nextVault = await w.ethers.getContractAt("ICoverageVault", await deployed.vault.getAddress());

    // 3. Underwriters ask to leave; holders of cover report and are paid. Erin has the socialised loss of ten units of base.
    for (const tranche of [JUNIOR, SENIOR]) {
      const share = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(tranche));
      await share.connect(carol).requestRedeem(await share.balanceOf(carol.address), carol.address, carol.address);
    }
    const requestedAt = await w.now();
    await verifier.connect(erin).open(vaultAddress, series);
    await verifier.connect(erin).resolve(vaultAddress, series);
    await vault.sync(series);
    const before = await balance(erin);
    await vault.connect(erin).redeem(series, UNITS, erin.address);
    const { socializedPerUnit } = (await house.sideOf(ETH_MARKET, false))[1];
    const payout = (UNITS * socializedPerUnit) / WAD;
    expect((await balance(erin)) - before).to.be.within(payout / UNIT - 1n, payout / UNIT);

    // 4. Until the end positions may be reduced; nobody opens one, and nobody moves what is another's.
    await expect(w.trade(w.id(frank), w.id(alice), ETH_MARKET, WAD, AT_150)).to.be.revertedWithCustomError(
      house,
      "ClearingHouse_MarketClosed",
    );
    await w.trade(w.id(alice), w.id(bob), ETH_MARKET, -5n * WAD, AT_150);
    await expect(house.connect(administrator).withdraw(w.id(alice), CASH, 1n)).to.be.revertedWithCustomError(
      house,
      "ClearingHouse_NotAuthorized",
    );

    // 5. At the end anyone closes the market at the average price; positions become cash.
    await time.increaseTo(closesAt - 5n * HOUR);
    await w.setEth(AT_150, 0);
    await w.oracle.refresh(ETH_MARKET);
    await time.increaseTo(closesAt);
    await w.setEth(AT_150, 0);
    await w.oracle.refresh(ETH_MARKET);
    await house.connect(frank).closeMarket(ETH_MARKET);
    const traders = [alice, bob, frank];
    for (const who of traders) {
      const account = w.id(who);
      await house.connect(frank).roll(account, ETH_MARKET);
      const cash = await w.cashOf(account);
      const had = await balance(who);
      await house.connect(who).withdraw(account, CASH, cash / UNIT);
      expect((await balance(who)) - had).to.equal(cash / UNIT);
      expect(await w.cashOf(account)).to.be.lessThan(UNIT);
    }
    await w.expectConserved(1_000n, 10_000n);

    // 6. In the next house the same token is the same money, and trading goes on.
    for (const who of traders) {
      const all = await balance(who);
      await usd.connect(who).approve(await next.getAddress(), all);
      await next.connect(who).deposit(w.id(who), CASH, all);
    }
    const orders = await deployed.orders.getAddress();
    await w.provider.request({ method: "hardhat_impersonateAccount", params: [orders] });
    await w.provider.request({ method: "hardhat_setBalance", params: [orders, "0x56BC75E2D63100000"] });
    const fill = { taker: w.id(alice), maker: w.id(bob), market: ETH_MARKET, size: 15n * WAD, price: AT_150 };
    await next.connect(await w.ethers.getSigner(orders)).trade(fill);
    expect((await next.positionOf(w.id(alice), ETH_MARKET)).base).to.equal(15n * WAD);
    expect((await next.marketOf(ETH_MARKET))[1].cap).to.equal(ETH_TERMS.cap);

    // 7. When the cooldown is over, underwriters leave with what is theirs, into the next vault.
    await time.increaseTo(requestedAt + COOLDOWN);
    for (const tranche of [JUNIOR, SENIOR]) {
      const share = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(tranche));
      const had = await balance(carol);
      await share.connect(carol).getFunction("claimExit(address)")(carol.address);
      const paid = (await balance(carol)) - had;
      expect(paid).to.be.greaterThan((tranche === JUNIOR ? 3_500n : 5_900n) * USD);
      const into = await w.ethers.getContractAt("TrancheShare", await nextVault.shareOf(tranche));
      await usd.connect(carol).approve(await into.getAddress(), paid);
      await into.connect(carol).getFunction("deposit(uint256,address)")(paid, carol.address);
    }

    // 8. A claim on what comes back stays where it is, and is paid whenever something does.
    await time.increase(REGISTRATION);
    await dollars(frank, 30n * USD, await recoveries.getAddress());
    await recoveries.connect(frank).recover([1n], 30n * USD);
    const had = await balance(bob);
    await recoveries.connect(bob).claim(1n, bob.address);
    expect((await balance(bob)) - had).to.equal(30n * USD);

    // The reserve stays: nobody can take it. What is left in the old house is the fund's and the fee recipient's, and dust.
    await w.fund.settle(w.segment);
    expect((await w.fund.segmentOf(w.segment)).reserve).to.be.within(500n * WAD, 550n * WAD);
    const { fees } = await house.totals();
    const fund = await house.fundAccount();
    const rest = (await usd.balanceOf(w.houseAddress)) * UNIT - fees - fund;
    expect(rest).to.be.within(-10_000n, BigInt(traders.length + 1) * UNIT + 10_000n);
  });
});

async function feedsOf(w: ReturnType<ReturnType<typeof useWorld>>): Promise<Record<string, string>> {
  const entries = w.ethFeeds.map(async (feed, index) => [`feed${index}`, await feed.getAddress()] as const);
  return Object.fromEntries(await Promise.all(entries));
}
