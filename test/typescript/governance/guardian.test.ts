import { expect } from "chai";

import { CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { JUNIOR, openSeries, SENIOR, standBehind } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";

const AT_200 = 200n * WAD;
const DAY = 86_400n;
const WEEK = 7n * DAY;
const MAX = (1n << 255n) - 1n;
/** Bits of types/Pauses.sol. */
const MARKETS = 0b11n;
const COVER_SALES = 1n << 48n;
const ALL = MARKETS | COVER_SALES | (1n << 49n) | (1n << 50n);

describe("what the guardian can pause, and what not (GOV-03)", () => {
  let guardian: Awaited<ReturnType<typeof deploy>>;
  const deploy = async () => {
    const w = world();
    const manager = await (await w.ethers.getContractAt("ClearingHouse", w.houseAddress)).authority();
    return w.ethers.deployContract("Guardian", [manager, w.houseAddress]);
  };
  /** Alice is long 10 against Bob. The deployer is the administrator, who has every role. */
  const world = useWorld(async (w) => {
    guardian = await deploy();
    await w.house.linkGuardian(await guardian.getAddress());
    for (const who of [w.alice, w.bob, w.carol, w.dave]) await w.cash(who, 10_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 10n * WAD, AT_200);
  });

  it("GOV-03: linked once, to code, by the administrator; nobody else pauses a market", async () => {
    const w = world();
    const address = await guardian.getAddress();
    expect(await w.house.guardian()).to.equal(address);
    await expect(w.house.linkGuardian(w.engineAddress))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_AlreadyLinked")
      .withArgs(address);
    await expect(w.house.pauseMarket(ETH_MARKET, MAX >> 220n))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_NotLinked")
      .withArgs(w.administrator.address, address);
    const manager = await w.ethers.getContractAt("ClearingHouse", w.houseAddress);
    await expect(w.house.connect(w.erin).linkGuardian(address))
      .to.be.revertedWithCustomError(manager, "AccessManagedUnauthorized")
      .withArgs(w.erin.address);
    await expect(guardian.pause(1n << 30n, DAY))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_UnknownMarket")
      .withArgs(30n);
  });

  it("GOV-03: ClearingHouse_InvalidLink: a guardian without code", async () => {
    const w = world();
    const treasury = await w.ethers.deployContract("ClearingHouseTreasury", [await settingsOf()]);
    await expect(treasury.linkGuardian(w.erin.address))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_InvalidLink")
      .withArgs(w.erin.address);
  });
  const settingsOf = async () => {
    const w = world();
    return {
      accessManager: await (await w.ethers.getContractAt("ClearingHouse", w.houseAddress)).authority(),
      oracle: await w.oracle.getAddress(),
      settlementToken: await w.usd.getAddress(),
      feeRecipient: w.administrator.address,
      minMaintenanceMargin: 0n,
      bandBps: 0,
      takerFeeBps: 0,
      fundFeeShareBps: 0,
      negativeCashShareBps: 0,
      negativeCashCapBps: 0,
    };
  };

  it("GOV-03: open interest of a paused market does not grow until the second in which the pause ends by itself", async () => {
    const w = world();
    await guardian.pause(1n, DAY);
    const until = (await w.now()) + DAY;
    expect(await w.house.pausedUntil(ETH_MARKET)).to.equal(until);
    await w.networkHelpers.time.increaseTo(until - 10n);
    await w.setEth(AT_200, 0);
    await w.setBtc(8_000n * WAD, 0);
    await w.trade(w.id(w.carol), w.id(w.dave), 1, WAD / 10n, 8_000n * WAD);
    await w.networkHelpers.time.setNextBlockTimestamp(until - 1n);
    await expect(w.trade(w.id(w.carol), w.id(w.dave), ETH_MARKET, WAD, AT_200))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_MarketPaused")
      .withArgs(ETH_MARKET, until);
    await w.networkHelpers.time.setNextBlockTimestamp(until);
    await w.trade(w.id(w.carol), w.id(w.dave), ETH_MARKET, WAD, AT_200);
    expect(await w.openInterest()).to.equal(11n * WAD);
  });

  it("GOV-03: whoever wants out of a paused market gets out: positions shrink and change hands", async () => {
    const w = world();
    await guardian.pause(ALL, WEEK);
    await w.trade(w.id(w.bob), w.id(w.alice), ETH_MARKET, 4n * WAD, AT_200);
    expect(await w.openInterest()).to.equal(6n * WAD);
    // Carol takes over what Alice has.
    await w.trade(w.id(w.carol), w.id(w.alice), ETH_MARKET, 6n * WAD, AT_200);
    expect(await w.baseOf(w.id(w.alice))).to.equal(0n);
    await w.house.connect(w.alice).withdraw(w.id(w.alice), CASH, 9_000n * USD);
    expect(await w.openInterest()).to.equal(6n * WAD);
  });

  it("GOV-03: lifted early, the market goes on at once; tidy takes the mark and nothing else", async () => {
    const w = world();
    await guardian.pause(1n, WEEK);
    const until = (await w.now()) + WEEK;
    await expect(guardian.lift(1n)).to.emit(guardian, "PauseLifted").withArgs(0n, until);
    await w.trade(w.id(w.carol), w.id(w.dave), ETH_MARKET, 2n * WAD, AT_200);
    const flags = async () => (await w.house.marketOf(ETH_MARKET))[0].flags;
    const before = await flags();
    expect(before & 64n, "lifting takes the mark").to.equal(0n);
    await guardian.pause(1n, 100n);
    expect(await flags()).to.equal(before | 64n);
    await w.networkHelpers.time.increase(100n);
    await expect(guardian.connect(w.erin).tidy(1n)).to.emit(w.house, "MarketPaused").withArgs(ETH_MARKET, 0n);
    expect(await flags()).to.equal(before);
  });

  it("GOV-03: with every bit set: deposit, cancel, request, bid, deleverage, cover, draw, claim, redeem, exit and withdraw run", async function () {
    this.timeout(300_000);
    const w = world();
    const capital = { junior: 600n, senior: 2_000n, committed: 900n, reinsurance: 300n, reinsured: 150n };
    const { vault } = await standBehind(w, w.frank, capital);
    const vaultAddress = await vault.getAddress();
    await w.setEth(AT_200, 0);
    await w.setBtc(8_000n * WAD, 0);
    await w.fundReserve(100n * USD);
    // Frank will be able to leave on the day of the crash.
    const junior = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(JUNIOR));
    const senior = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(SENIOR));
    await senior.connect(w.frank).requestRedeem(100n * WAD, w.frank.address, w.frank.address);
    await w.networkHelpers.time.increase(24n * DAY);
    const series = await openSeries(w, 20n * WAD, 8);
    await w.usd.mint(w.bob.address, 10_000n * USD);
    await w.usd.connect(w.bob).approve(vaultAddress, MAX);
    await vault.connect(w.bob).buy(series, 30n * WAD, 10_000n * USD, w.bob.address);
    await w.networkHelpers.time.increase(4n * DAY);
    await w.setEth(AT_200, 0);
    await w.setBtc(8_000n * WAD, 0);
    const loser = await w.cash(w.erin, 1_000n);
    await w.cash(w.bob, 100_000n);
    const short = await w.cash(w.erin, 1_000n, 1n);
    await w.trade(loser, w.id(w.bob), ETH_MARKET, 25n * WAD, AT_200);
    await w.trade(short, w.id(w.carol), ETH_MARKET, 25n * WAD, AT_200);

    await guardian.pause(ALL, WEEK);
    for (const bit of [0n, 1n, 48n, 49n, 50n]) expect(await guardian.pausedUntil(bit)).to.be.greaterThan(0n);
    await expect(vault.connect(w.bob).buy(series, WAD, 10_000n * USD, w.bob.address))
      .to.be.revertedWithCustomError(vault, "CoverageVault_SalesPaused")
      .withArgs(await guardian.pausedUntil(48n));

    // What was bought before is minted.
    await expect(vault.complete(1n)).to.emit(vault, "CoverMinted");
    await w.cash(w.dave, 100n);
    await w.orders.connect(w.dave).cancel(w.id(w.dave), [1n]);
    await junior.connect(w.frank).requestRedeem(WAD, w.frank.address, w.frank.address);
    await senior.connect(w.frank).getFunction("claimExit(address)")(w.frank.address);

    // The price falls through Erin's accounts: one is bid for, the other deleveraged. Reserve and both vaults pay.
    await w.cash(w.dave, 100_000n);
    await w.setEth(60n * WAD, 60);
    const before = await w.fund.segmentOf(w.segment);
    const { shortfall } = await w.bidFor(w.dave, loser);
    expect(shortfall).to.be.greaterThan(2_000n * WAD);
    const drawn = (await w.fund.segmentOf(w.segment)).drawn - before.drawn;
    expect(drawn, "cover: reserve and draws of vaults").to.be.greaterThan(1_000n * WAD);
    expect((await w.fund.segmentOf(w.segment)).pending, "draw").to.be.greaterThan(900n * WAD);
    await w.engine.start(short);
    await expect(w.engine.deleverage(short)).to.emit(w.engine, "Deleveraged");
    await w.fund.settle(w.segment);

    // The rest was charged to shorts: Bob's cover pays him.
    const verifier = await w.ethers.getContractAt("IClaimVerifier", await vault.verifier());
    await w.usd.mint(w.bob.address, 100n * USD);
    await w.usd.connect(w.bob).approve(await verifier.getAddress(), MAX);
    await verifier.connect(w.bob).open(vaultAddress, series);
    await verifier.resolve(vaultAddress, series);
    await vault.sync(series);
    const held = await w.usd.balanceOf(w.bob.address);
    await vault.connect(w.bob).redeem(series, 30n * WAD, w.bob.address);
    expect(await w.usd.balanceOf(w.bob.address)).to.be.greaterThan(held);
    await w.house.connect(w.dave).withdraw(w.id(w.dave), CASH, 1_000n * USD);
    for (const bit of [0n, 1n, 48n, 49n, 50n]) expect(await guardian.pausedUntil(bit), "still").to.be.greaterThan(0n);
  });
});
