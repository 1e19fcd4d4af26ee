import { expect } from "chai";

import { ModelKind } from "../../../sdk/models.ts";
import { BTC_MARKET, CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { JUNIOR, openSeries, SENIOR, standBehind, underwrite, vaultsOf } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";
import { fundKeeper, openDesk } from "./support/desk.ts";
import type { Desk, DeskOptions } from "./support/desk.ts";
import { BadNode } from "./support/node.ts";
import { done } from "./support/rounds.ts";

const DAY = 86_400;
const SIZE = 100n * WAD;
const MARKET = 2;
const PRICE = 200n * WAD;
const BILLION = 10n ** 9n * WAD;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * DAY + 1;

/** What needs a gas fee only: without a budget. */
describe("keeper: what nobody is paid for (KPR-01)", () => {
  let desk: Desk;
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 1_000_000n);
    await fundKeeper(w, 1_000n);
  });
  afterEach(() => desk.close());

  const open = async (options: DeskOptions = {}) => {
    desk = await openDesk(world(), new BadNode(world(), 1), { rules: { budget: 0n, syncEvery: 0n }, ...options });
  };
  const round = async () => done(await desk.keeper.round());

  /** Alice is long 100 ether at 200: below maintenance margin under 186.5, at target above 187.7, bankrupt under 179.1. */
  async function aliceIsLong() {
    const w = world();
    await w.cash(w.alice, 2_100n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, PRICE);
    return w.id(w.alice);
  }

  it("LIQ-01: an auction is started, touched when the account has left it, and ended when it is at target", async () => {
    const w = world();
    await open();
    const alice = await aliceIsLong();
    await w.setEth(186n * WAD);
    expect(await round()).to.deep.equal([`start ${alice}`]);
    const auction = () => w.engine.auctionOf(alice);
    expect((await auction()).wasBelow).to.equal(true);
    await w.setEth(187n * WAD);
    expect(await round(), "above MM and below target").to.deep.equal([`touch ${alice}`]);
    expect([(await auction()).isOpen, (await auction()).wasBelow]).to.deep.equal([true, false]);
    expect(await round()).to.deep.equal([]);
    await w.setEth(186n * WAD);
    expect(await round()).to.deep.equal([`touch ${alice}`]);
    expect((await auction()).wasBelow).to.equal(true);
    await w.setEth(195n * WAD);
    expect(await round()).to.deep.equal([`touch ${alice}`]);
    expect((await auction()).isOpen).to.equal(false);
    expect(await round()).to.deep.equal([]);
  });

  it("CLR-07: a deficit that the fund could pay is flagged, again when it has grown by more than a tenth, and when it is gone", async () => {
    const w = world();
    await w.fundReserve(100_000n * USD);
    await open();
    const alice = await aliceIsLong();
    const measured = async () => (await w.house.measuredDeficitOf(alice)).amount;
    await w.setEth(178n * WAD);
    expect(await round()).to.deep.equal([`start ${alice}`, `flag ${alice}`]);
    const first = await measured();
    expect(first).to.equal(110n * WAD);
    await w.setEth(178n * WAD - WAD / 20n);
    expect(await round(), "115").to.deep.equal([]);
    await w.setEth(177n * WAD);
    expect(await round(), "210").to.deep.equal([`flag ${alice}`]);
    expect(await measured()).to.equal(210n * WAD);
    await w.setEth(195n * WAD);
    expect(await round()).to.have.members([`touch ${alice}`, `flag ${alice}`]);
    expect(await measured()).to.equal(0n);
    expect(await round()).to.deep.equal([]);
  });

  it("CLR-09: a position nine generations behind cannot be read; it is rolled, and its account is read again", async () => {
    const w = world();
    await open();
    const bob = w.id(w.bob);
    // As in the suite of generations: what one unit loses in a crash of half a billion is charged to the shorts, and three such charges end one.
    const feeds = await w.listMarket(MARKET, BILLION, { maintenanceRate: 1 });
    for (const who of [w.bob, w.carol]) await w.cash(who, 70_000_000_000n);
    for (let sub = 0n; sub < 27n; ++sub) {
      await w.setFeeds(feeds, BILLION);
      await w.oracle.refresh(MARKET);
      await w.networkHelpers.time.increase(20 * 3_600);
      await w.setFeeds(feeds, BILLION);
      const account = await w.cash(w.alice, 61_000_000n, sub);
      await w.trade(account, sub === 0n ? bob : w.id(w.carol), MARKET, WAD, BILLION);
      await w.setFeeds(feeds, 47n * 10n ** 7n * WAD);
      await w.bidFor(w.carol, account);
    }
    const [side] = await w.house.sideOf(MARKET, false);
    expect(side.generation).to.equal(9n);
    const first = await round();
    expect(first).to.include(`roll ${bob} ${MARKET}`);
    expect(await desk.sum("unreadable_accounts")).to.equal(1);
    expect((await w.house.storedPosition(bob, MARKET)).generation).to.equal(8n);
    await w.house.health(bob);
    expect(await round()).not.to.include(`roll ${bob} ${MARKET}`);
    expect(await desk.sum("unreadable_accounts")).to.equal(0);
  });

  it("CLR-10: withdrawals that wait are paid what came in, when it is worth it, until nothing waits", async () => {
    const w = world();
    // Alice has lost against ether, to Bob, who has taken out what Carol has deposited.
    const feeds = await w.listMarket(MARKET, PRICE);
    const alice = await w.collateral(w.alice, 10_000n * WAD);
    const [carol, bob] = [await w.cash(w.carol, 200_000n), w.id(w.bob)];
    await w.trade(alice, bob, MARKET, 2_000n * WAD, PRICE);
    await w.networkHelpers.time.increase(60);
    await w.setFeeds(feeds, PRICE / 2n);
    await w.trade(alice, bob, MARKET, -2_000n * WAD, PRICE / 2n);
    await w.house.connect(w.bob).withdraw(bob, CASH, 1_200_000n * USD);
    await w.house.connect(w.carol).withdraw(carol, CASH, 10_000n * USD);
    expect((await w.house.queuedWithdrawalOf(carol)).waiting).to.be.greaterThan(8_000n * WAD);
    await open({ rules: { budget: 0n, syncEvery: 0n, payAbove: 500n * WAD, refreshEvery: 100_000n } });
    const held = async () => w.usd.balanceOf(w.carol.address);
    await round();
    const before = await held();
    expect(await round(), "nothing came in").to.deep.equal([]);
    await w.cash(w.erin, 499n);
    expect(await round(), "too little").to.deep.equal([]);
    await w.cash(w.erin, 1_000n);
    expect(await round()).to.deep.equal([`payWithdrawal ${carol}`]);
    expect((await held()) - before).to.be.within(1_499n * USD - 1n, 1_499n * USD);
    expect(await round()).to.deep.equal([]);
    await w.cash(w.erin, 100_000n);
    expect(await round()).to.deep.equal([`payWithdrawal ${carol}`]);
    expect(await round()).to.deep.equal([]);
    expect(desk.store.all("waiting")).to.deep.equal([{ id: carol, detail: "no" }]);
    expect(await w.house.withdrawalQueue()).to.deep.equal([0n, 0n]);
  });

  it("ORC-07: a price that is gone is marked after its longest gap; a day later what holds it below maintenance margin is closed, and its debt written off", async () => {
    const w = world();
    const feeds = await w.listMarket(MARKET, PRICE, { maintenanceRate: 10_000 });
    const alice = await w.cash(w.alice, 4_000n);
    await w.cash(w.dave, 30_000n);
    for (const who of [w.alice, w.dave]) await w.trade(w.id(who), w.id(w.bob), MARKET, SIZE, PRICE);
    await open({ rules: { budget: 0n, syncEvery: 0n, refreshEvery: 100_000n } });
    await w.setFeeds(feeds, 150n * WAD);
    await w.oracle.refresh(MARKET);
    await w.kill(feeds);
    await w.networkHelpers.time.increase(290);
    await w.networkHelpers.mine();
    expect(await round(), "not yet").not.to.include(`markBlind ${MARKET}`);
    await w.networkHelpers.time.increase(20);
    await w.networkHelpers.mine();
    expect(await round()).to.include(`markBlind ${MARKET}`);
    await w.networkHelpers.mine();
    expect(await round(), "once").not.to.include(`markBlind ${MARKET}`);
    await w.networkHelpers.time.increase(DAY - 60);
    await w.networkHelpers.mine();
    expect((await round()).join(), "not before a day").not.to.include("closeBlindLeg");
    await w.networkHelpers.time.increase(60);
    await w.networkHelpers.mine();
    expect(await round()).to.include(`closeBlindLeg ${alice} ${MARKET}`);
    expect(await w.baseOf(alice, MARKET)).to.equal(0n);
    expect(await w.baseOf(w.id(w.dave), MARKET), "above maintenance margin").to.equal(SIZE);
    expect(await round()).to.deep.equal([`writeOff ${alice}`]);
    expect(await w.cashOf(alice)).to.equal(0n);
    expect(await round()).to.deep.equal([]);
  });

  it("CLR-11: a market is closed when its announced end has come", async () => {
    const w = world();
    await open();
    const closesAt = (await w.now()) + 7n * BigInt(DAY) + 60n;
    await w.house.connect(w.administrator).announceClosing(BTC_MARKET, closesAt);
    await w.setBtc(8_000n * WAD, 7 * DAY);
    expect(await round()).to.deep.equal([]);
    await w.setBtc(8_000n * WAD, 60);
    expect(await round()).to.deep.equal([`closeMarket ${BTC_MARKET}`]);
    expect((await w.house.closingOf(BTC_MARKET)).isClosed).to.equal(true);
    expect(await round()).to.deep.equal([]);
  });

  it("CLM-06: a claim that the trigger does not decide lapses after 14 days, and the vault takes it in", async () => {
    const w = world();
    const capital = { junior: 100_000n, senior: 400_000n, committed: 1n, reinsurance: 500_000n, reinsured: 1n };
    const { vault } = await standBehind(w, w.erin, capital);
    await w.setEth(PRICE);
    const series = await openSeries(w, 40n * WAD, 8);
    await open({ rules: { budget: 0n, syncEvery: 0n, bonds: 1, refreshEvery: 100_000_000n } });
    const { verifier } = desk.venue.client.contracts;
    const { bond, lapseFee } = await verifier.bondTerms();
    await w.usd.mint(desk.wallet.address, bond);
    const alice = await aliceIsLong();
    await w.setEth(170n * WAD);
    expect(await round()).to.include(`deleverage ${alice}`);
    const name = `${await vault.getAddress()} ${series}`;
    expect(await round()).to.deep.equal(["approveBond", `openClaim ${name}`]);
    const { trigger } = await verifier.subjectOf(await vault.getAddress(), series);
    await w.provider.request({ method: "hardhat_setCode", params: [trigger, "0x00"] });
    await w.networkHelpers.time.increase(14 * DAY - 60);
    await w.networkHelpers.mine();
    expect(await round()).to.deep.equal([`syncSeries ${name}`]);
    await w.networkHelpers.time.increase(120);
    await w.networkHelpers.mine();
    expect(await round()).to.deep.equal([`lapseClaim ${name}`]);
    expect(await round()).to.deep.equal([`syncSeries ${name}`]);
    expect(await round()).to.deep.equal([]);
    expect((await verifier.outcome(await vault.getAddress(), series)).isOpen).to.equal(false);
    expect(await w.usd.balanceOf(desk.wallet.address)).to.equal(bond - lapseFee);
  });

  it("CLM-02: a trigger that counts observations is observed until it has decided, and a row that breaks off is ended", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const vaultAddress = await vault.getAddress();
    await underwrite(w, vaultAddress, w.erin, JUNIOR, 40_000n);
    await underwrite(w, vaultAddress, w.erin, SENIOR, 60_000n);
    const trigger = await w.ethers.deployContract("PriceTouchTrigger", [await w.oracle.getAddress()]);
    const definition = { feed: ETH_MARKET, level: 140n * WAD, fromAbove: true };
    const terms = await trigger.defineTerms.staticCall(definition);
    await trigger.defineTerms(definition);
    const model = await w.ethers.getContractAt("PremiumModel", await vault.premiumModel());
    const modelTerms = {
      kind: ModelKind.OneTouch,
      feed: ETH_MARKET,
      isBelow: true,
      hazardRate: WAD,
      volatilityFloor: (6n * WAD) / 10n,
      level: 140n * WAD,
      lowerLevel: 0n,
    };
    const modelId = await model.defineModel.staticCall(modelTerms);
    await model.defineModel(modelTerms);
    const product = {
      trigger: await trigger.getAddress(),
      terms,
      sides: 0n,
      minLimit: WAD,
      maxLimit: WAD,
      maxTermWeeks: 10,
      capacityShareBps: 5_000,
      model: modelId,
      waiting: DAY,
    };
    const number = await vault.announceProduct.staticCall(product);
    await vault.announceProduct(product);
    await w.setEth(PRICE, ANNOUNCEMENT);
    const week = Math.floor(Number(await w.now()) / (7 * DAY)) + 4;
    const series = await vault.openSeries.staticCall(number, WAD, week);
    await vault.openSeries(number, WAD, week);
    // Somebody registers a series of his own, of a vault that is none.
    const { verifier } = w.deployed;
    const registry = await w.ethers.getContractAt("ClaimVerifier", await verifier.getAddress());
    const end = BigInt(week * 7 * DAY);
    await w.networkHelpers.time.increase(60);
    await registry.connect(w.frank).registerSeries(1, product.trigger, terms, WAD, end, end);

    await open({ rules: { budget: 0n, syncEvery: 0n, bonds: 1, refreshEvery: 100_000_000n } });
    await w.usd.mint(desk.wallet.address, (await registry.bondTerms()).bond);
    const name = `${vaultAddress} ${series}`;
    const observe = [`observe ${name}`];
    await w.setEth(PRICE);
    expect(await round(), "nothing to see").to.deep.equal([]);
    await w.setEth(139n * WAD);
    expect(await round(), "a row begins").to.deep.equal(observe);
    expect(await round(), "counted once in five minutes").to.deep.equal([]);
    await w.setEth(150n * WAD, 300);
    expect(await round(), "the row is ended").to.deep.equal(observe);
    expect(await round()).to.deep.equal([]);
    await w.setEth(139n * WAD);
    expect(await round()).to.deep.equal(observe);
    await w.setEth(138n * WAD, 300);
    expect(await round()).to.deep.equal(observe);
    await w.setEth(139n * WAD, 300);
    expect(await round()).to.deep.equal(observe);
    expect(await round()).to.deep.equal(["approveBond", `openClaim ${name}`]);
    expect(await round()).to.deep.equal([`resolveClaim ${name}`, `syncSeries ${name}`]);
    for (let rest = 0; rest < 2; rest++) await round();
    expect(await round()).to.deep.equal([]);
    expect((await registry.outcome(vaultAddress, series)).confirmed).to.equal(WAD);
  });
});
