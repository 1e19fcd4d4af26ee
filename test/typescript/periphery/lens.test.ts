import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { ceilWad } from "../support/expected.ts";
import { standBehind, vaultsOf } from "../support/underwriting.ts";
import { Scope, useWorld } from "../support/world.ts";
import type { BidReport } from "../support/world.ts";
import { CRASHING_MARKET, makeTooOld } from "./support/crashes.ts";
import { unlinkedHouse } from "./support/plans.ts";

const CAPITAL = { junior: 500n, senior: 300n, committed: 200n, reinsurance: 500n, reinsured: 100n };

describe("Lens (PER-01)", () => {
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_500n);
    await w.collateral(w.alice, WAD);
    await w.cash(w.bob, 1_000_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.trade(w.id(w.bob), w.id(w.carol), BTC_MARKET, WAD, 8_000n * WAD);
  });

  it("PER-01 accounts: each is what the house says of it, whether it holds everything or nothing", async () => {
    const w = world();
    await w.setEth(150n * WAD);
    await w.engine.flag(w.id(w.alice));
    const accounts = [w.alice, w.bob, w.erin, w.carol].map((who) => w.id(who));
    const answers = await w.lens.accountsOf(accounts);
    expect(answers.length).to.equal(accounts.length);
    for (const [index, account] of accounts.entries()) {
      const answer = answers[index];
      expect([answer?.isAnswered, answer?.unread]).to.deep.equal([true, 0n]);
      expect(answer?.report.header).to.deep.equal(await w.house.headerOf(account));
      expect(answer?.report.health).to.deep.equal(await w.house.health(account));
      expect(answer?.report.measuredDeficit).to.equal((await w.house.measuredDeficitOf(account)).amount);
      expect(answer?.report.deficitShare).to.equal(await w.house.deficitShareOf(account));
      expect(answer?.report.feeds).to.equal(await w.house.feedsOf(account));
      expect(answer?.report).to.deep.equal(await w.lens.accountOf(account));
    }
    // 2,490 of cash, 150 of ether, 5,000 lost.
    expect(answers[0]?.report.measuredDeficit).to.equal(2_360n * WAD);
    expect(answers[0]?.report.feeds).to.equal(1n);
    expect(answers[1]?.report.feeds).to.equal(3n);
    expect(await w.lens.accountsOf([])).to.deep.equal([]);
  });

  it("PER-01 positions: base, quote and price of every market that an account is in, blind ones marked", async () => {
    const w = world();
    await w.setEth(190n * WAD);
    await w.oracle.refresh(0);
    await w.setEth(180n * WAD);
    await w.kill(w.ethFeeds);
    const [bob, erin, alice] = await w.lens.positionsOf([w.id(w.bob), w.id(w.erin), w.id(w.alice)]);
    expect(bob?.map((answer) => [answer.isAnswered, ...answer.report])).to.deep.equal([
      [true, 0n, -100n * WAD, 20_000n * WAD, 190n * WAD, false],
      [true, 1n, WAD, -8_000n * WAD, 8_000n * WAD, true],
    ]);
    expect(erin).to.deep.equal([]);
    expect(alice?.length).to.equal(1);
    await w.revive(w.ethFeeds);
    const one = await w.lens.positionOf(w.id(w.bob), ETH_MARKET);
    expect([one.price, one.hasConsensus], "read from the sources, nobody has refreshed").to.deep.equal([
      180n * WAD,
      true,
    ]);
    expect((await w.lens.positionOf(w.id(w.erin), ETH_MARKET)).base).to.equal(0n);
  });

  for (const [name, price, wait] of [
    ["a solvent account", 181n, 0n],
    ["a solvent account whose clock has run, with a gap in the prices", 180n, 900n],
    ["an account that owes more than it has", 170n, 0n],
  ] as const) {
    for (const refreshed of [false, true]) {
      it(`PER-01 terms of ${name}, prices ${refreshed ? "" : "not "}refreshed: a bid in the same block pays what they say`, async () => {
        const w = world();
        const alice = w.id(w.alice);
        await w.setEth(price * WAD);
        if (wait > 0n) {
          await w.engine.start(alice);
          await w.nextIn(120n);
          await w.engine.touch(alice);
          await w.networkHelpers.time.increase(wait);
        }
        await w.setEth((price - 1n) * WAD);
        const script = await w.ethers.deployContract("SameTransaction");
        await w.house.connect(w.carol).setDelegate(script, Scope.Trade, 2n ** 40n - 1n);
        const request = w.request(w.carol, alice);
        const step = async (target: { getAddress(): Promise<string> }, data: string) => ({
          target: await target.getAddress(),
          data,
        });
        const steps = [
          await step(w.lens, w.lens.interface.encodeFunctionData("auctionsOf", [[alice, w.id(w.bob)]])),
          await step(w.engine, w.engine.interface.encodeFunctionData("bid", [request])),
        ];
        const refresh = await step(w.oracle, w.oracle.interface.encodeFunctionData("refreshAll", [3n]));
        await script.run(refreshed ? [refresh, ...steps] : steps);
        const results = await script.results();
        const [[answer, sound]] = w.lens.interface.decodeFunctionResult(
          "auctionsOf",
          results.at(-2) ?? "0x",
        ) as unknown as [Awaited<ReturnType<typeof w.lens.auctionsOf>>];
        const [result] = w.engine.interface.decodeFunctionResult("bid", results.at(-1) ?? "0x") as unknown as [
          Pick<BidReport, "fraction" | "payment" | "penalty">,
        ];
        if (answer === undefined) throw new Error("no answer");
        const { report, isAnswered } = answer;
        expect([isAnswered, report.isBiddable]).to.deep.equal([true, true]);
        expect(sound?.report.isBiddable, "bob is sound").to.equal(false);
        expect(result.fraction).to.equal(report.terms.maxFraction);
        expect(result.payment).to.equal(report.payment);
        expect(result.penalty).to.equal(ceilWad(report.terms.penalty, result.fraction));
        expect(result.payment > 0n).to.equal(report.terms.value > 0n);
        expect(report.terms.elapsed > 0n).to.equal(wait > 0n);
      });
    }
  }

  it("PER-01 isBiddable says whether a bid is taken, over a path of prices and for the house's own account", async () => {
    const w = world();
    const alice = w.id(w.alice);
    const seen = new Set<boolean>();
    for (const price of [200n, 185n, 184n, 183n, 182n, 160n]) {
      await w.setEth(price * WAD);
      const { isBiddable, auction } = await w.lens.auctionOf(alice);
      seen.add(isBiddable);
      expect(auction.isOpen).to.equal(false);
      const bid = w.engine.connect(w.carol).bid.staticCall(w.request(w.carol, alice));
      if (isBiddable) await bid;
      else await expect(bid).to.be.revertedWithCustomError(w.engine, "LiquidationEngine_NotLiquidatable");
    }
    expect([...seen]).to.have.members([true, false]);
    await w.engine.connect(w.carol).start(alice);
    expect((await w.lens.auctionOf(alice)).auction).to.deep.equal(await w.engine.auctionOf(alice));
    // Deleveraged whole, alice's ether goes to the house's own account with a debt: below margin, and never auctioned.
    await w.networkHelpers.time.increase(3_600 * 7);
    await w.setEth(160n * WAD);
    await w.engine.deleverage(alice);
    await w.setEth(1n * WAD);
    const { marginBalance } = await w.house.health(w.clearing);
    expect(marginBalance).to.be.lessThan(0n);
    expect((await w.lens.auctionOf(w.clearing)).isBiddable).to.equal(false);
  });

  it("PER-01 one account that cannot be read spoils no batch, and says which markets want a roll", async () => {
    const w = world();
    const bob = await makeTooOld(w);
    const batch = [w.id(w.carol), bob, w.id(w.erin)];
    for (const ask of [w.lens.accountOf, w.lens.auctionOf]) {
      await expect(ask(bob))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_PositionTooOld")
        .withArgs(bob, CRASHING_MARKET, 9n);
    }
    for (const answers of [await w.lens.accountsOf(batch), await w.lens.auctionsOf(batch)]) {
      expect(answers.map((answer) => [answer.isAnswered, answer.unread])).to.deep.equal([
        [true, 0n],
        [false, 1n << BigInt(CRASHING_MARKET)],
        [true, 0n],
      ]);
    }
    expect((await w.lens.accountsOf(batch))[0]?.report.health).to.deep.equal(await w.house.health(w.id(w.carol)));
    const [, positions] = await w.lens.positionsOf(batch);
    expect(positions?.map((answer) => [answer.isAnswered, answer.report.market])).to.deep.equal([
      [true, BigInt(ETH_MARKET)],
      [true, BigInt(BTC_MARKET)],
      [false, BigInt(CRASHING_MARKET)],
    ]);
    await w.house.roll(bob, CRASHING_MARKET);
    const [, rolled] = await w.lens.accountsOf(batch);
    expect(rolled?.report.health).to.deep.equal(await w.house.health(bob));
  });

  it("PER-01 an item that is starved of gas does not pass for one that cannot be read", async () => {
    const w = world();
    const accounts = [w.id(w.alice)];
    const gasLimit = await w.lens.ITEM_GAS();
    const guarded = await w.ethers.getContractFactory("GuardedCallHarness");
    await expect(w.lens.accountsOf.staticCall(accounts, { gasLimit })).to.be.revertedWithCustomError(
      guarded,
      "GuardedCall_InsufficientGas",
    );
    expect((await w.lens.accountsOf(accounts, { gasLimit: gasLimit + 500_000n }))[0]?.isAnswered).to.equal(true);
  });

  it("LIQ-10 an account of sixteen markets, none refreshed, is read inside a batch", async () => {
    const w = world();
    const account = await w.cash(w.dave, 1_000_000n);
    const other = await w.cash(w.erin, 1_000_000n);
    for (let market = 2; market < 18; ++market) {
      await w.listMarket(market, 200n * WAD);
      await w.trade(account, other, market, 2n * WAD, 200n * WAD);
    }
    await w.networkHelpers.time.increase(60);
    const [answer] = await w.lens.auctionsOf([account]);
    expect(answer?.isAnswered).to.equal(true);
    expect((await w.lens.positionsOf([account]))[0]).to.have.length(16);
    expect((await w.lens.accountOf(account)).feeds).to.equal(0x3fffcn);
  });

  it("CLR-07 CLR-10 deficits: what is measured, unallocated, negative and waiting, each as the house has it", async () => {
    const w = world();
    await w.setEth(150n * WAD);
    await w.engine.flag(w.id(w.alice));
    const report = await w.lens.deficits();
    expect([report.measured, report.resources, report.markets]).to.deep.equal([2_360n * WAD, 0n, 1n]);
    const [waiting, reserved] = await w.house.withdrawalQueue();
    expect([report.unallocated, report.waiting, report.reserved]).to.deep.equal([
      await w.house.unallocatedLoss(),
      waiting,
      reserved,
    ]);
    // Bought whole, her debt and what holders were charged is in cash.
    await w.bidWith(w.carol, w.id(w.alice));
    const after = await w.lens.deficits();
    expect(after.measured).to.equal(0n);
    expect(after.negativeCash).to.equal((await w.house.totals()).negativeCash);
  });

  it("FND-02 FND-11 fund and vaults: the same numbers as from the contracts, before and after layers have paid", async () => {
    const w = world();
    const { vault, reinsurance } = await standBehind(w, w.frank, CAPITAL);
    await w.fundReserve(1_000n * USD);
    await w.setBtc(8_000n * WAD);
    for (const price of [200n, 150n]) {
      await w.setEth(price * WAD);
      if (price < 200n) await w.bidWith(w.carol, w.id(w.alice));
      const fund = await w.lens.fundReport();
      expect(fund.segment).to.deep.equal(await w.fund.segmentOf(w.segment));
      expect(fund.resources).to.deep.equal(await w.fund.resources(w.segment));
      expect([fund.budgetByClass, fund.budget, fund.budgetReward]).to.deep.equal([
        ...(await w.fund.budgetLeft(w.segment)),
      ]);
      expect(fund.rewardBucket).to.equal(await w.engine.rewardBucket());
      expect(fund.account).to.equal(await w.house.fundAccount());
      const answers = await w.lens.vaults();
      for (const [index, one] of [vault, reinsurance].entries()) {
        const answer = answers[index];
        expect(answer?.isAnswered).to.equal(true);
        expect(answer?.report.vault).to.equal(await one.getAddress());
        expect(answer?.report.books).to.deep.equal(await one.books());
        expect(answer?.report.freeCapital).to.equal(await one.freeCapital());
        expect(answer?.report.commitment).to.equal((await one.commitmentOf(w.segment)).remaining);
        expect(answer?.report.owed).to.equal(await one.owedTo(w.segment));
      }
      expect(answers.map((answer) => answer.report.owed > 0n)).to.deep.equal([price < 200n, price < 200n]);
      expect(fund.segment.drawn > 0n).to.equal(price < 200n);
    }
  });

  it("CVR-09 a layer of another kind is named and not answered, and does not hide the other vault", async () => {
    const w = world();
    const { vault, reinsurance } = await vaultsOf(w);
    const address = await reinsurance.getAddress();
    const code = await w.ethers.provider.getCode(await w.usd.getAddress());
    await w.provider.request({ method: "hardhat_setCode", params: [address, code] });
    const answers = await w.lens.vaults();
    expect(answers.map((answer) => [answer.isAnswered, answer.report.vault])).to.deep.equal([
      [true, await vault.getAddress()],
      [false, address],
    ]);
    await expect(w.lens.vaultOf(address)).to.revert(w.ethers);
  });

  it("Lens_InvalidHouse: a house without code or links is refused at once", async () => {
    const w = world();
    expect(await w.lens.house()).to.equal(w.houseAddress);
    for (const house of [w.alice.address, await unlinkedHouse(w)]) {
      await expect(w.ethers.deployContract("Lens", [house]))
        .to.be.revertedWithCustomError(w.lens, "Lens_InvalidHouse")
        .withArgs(house);
    }
  });
});
