import { expect } from "chai";

import { callsOf } from "../../../scripts/keeper/chain/calls.ts";
import { keyOf } from "../../../scripts/keeper/decide/actions.ts";
import { ETH_MARKET, USD, WAD, WETH } from "../support/deployment.ts";
import { openSeries, standBehind } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";
import { fundKeeper, openDesk } from "./support/desk.ts";
import type { Desk, DeskOptions } from "./support/desk.ts";
import { BadNode } from "./support/node.ts";
import { done } from "./support/rounds.ts";

const DAY = 86_400;
const SIZE = 100n * WAD;
/** The smallest part of a test dollar, WAD. */
const TOKEN_UNIT = 10n ** 12n;

describe("keeper: rounds on the chain (KPR-01)", () => {
  let desk: Desk;
  let keeperAccount: string;
  const world = useWorld(async (w) => {
    await w.cash(w.bob, 1_000_000n);
    keeperAccount = await fundKeeper(w, 200_000n);
  });
  afterEach(() => desk.close());

  async function open(options: DeskOptions = {}): Promise<BadNode> {
    const node = new BadNode(world(), 1);
    desk = await openDesk(world(), node, options);
    return node;
  }

  it("KPR-01: a dry run says what it would do, and sends nothing", async () => {
    const w = world();
    const node = await open({ isDry: true });
    await w.cash(w.alice, 2_100n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    await w.setEth(186n * WAD);
    const { actions, outcomes } = await desk.keeper.round();
    expect(actions.map(keyOf)).to.include(`bid ${w.id(w.alice)}`);
    expect(new Set(outcomes)).to.deep.equal(new Set(["dry"]));
    expect(node.sent).to.equal(0);
    const said = desk.lines.filter(({ msg }) => msg === "would send").map(({ action }) => String(action));
    expect(said.join()).to.include(`bid ${w.id(w.alice)}`);
    expect(desk.store.laidOutSince(0n)).to.equal(0n);
    expect(desk.store.attempts().size).to.equal(0);
  });

  it("KPR-01, FND-02: bids, counts what it laid out, settles the penalty, and then has nothing to do", async () => {
    const w = world();
    await open({ rules: { settleAbove: TOKEN_UNIT } });
    await w.cash(w.alice, 2_100n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    await w.setEth(186n * WAD);
    expect(done(await desk.keeper.round())).to.include(`bid ${w.id(w.alice)}`);
    const base = await w.baseOf(keeperAccount);
    expect(base).to.be.greaterThan(0n);
    expect(desk.store.laidOutSince(0n)).to.be.greaterThan((base * 186n * 6n) / 100n);
    expect(await w.house.fundAccount()).not.to.be.within(-TOKEN_UNIT, TOKEN_UNIT);
    expect(done(await desk.keeper.round())).to.deep.equal(["settle"]);
    expect(await w.house.fundAccount(), "less than a token can show").to.be.within(-TOKEN_UNIT + 1n, TOKEN_UNIT - 1n);
    expect(done(await desk.keeper.round())).to.deep.equal([]);
    expect(await desk.sum("liquidatable_accounts")).to.equal(0);
  });

  it("ORC-05, RSK-01: prices and limits of risk are renewed at their age, and then not again", async () => {
    const w = world();
    await open();
    await w.networkHelpers.time.increase(2 * 3_600);
    await w.networkHelpers.mine();
    expect((await desk.keeper.round()).actions, "no risk control is linked").to.deep.equal([
      { kind: "refresh", feeds: 3n },
    ]);
    await w.house.linkRiskController(await w.deployed.riskController.getAddress());
    await w.networkHelpers.time.increase(2 * 3_600);
    const { actions, outcomes } = await desk.keeper.round();
    expect(actions).to.deep.equal([
      { kind: "refresh", feeds: 3n },
      { kind: "sync", markets: [0, 1] },
    ]);
    expect(outcomes).to.deep.equal(["done", "done"]);
    expect((await desk.keeper.round()).actions).to.deep.equal([]);
  });

  it("LIQ-06, CLR-07: without budget clocks are started, and what the fund cannot pay is closed at once", async () => {
    const w = world();
    await open({ rules: { budget: 0n } });
    await w.cash(w.alice, 2_100n);
    await w.cash(w.dave, 2_300n);
    for (const who of [w.alice, w.dave]) await w.trade(w.id(who), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    await w.setEth(178n * WAD);
    const first = done(await desk.keeper.round());
    expect(first, "no reserve").to.include(`deleverage ${w.id(w.alice)}`);
    expect(first).to.include(`start ${w.id(w.dave)}`);
    expect(await w.baseOf(w.id(w.alice))).to.equal(0n);
    expect(await w.baseOf(keeperAccount)).to.equal(0n);
    expect(done(await desk.keeper.round())).to.deep.equal([]);
    // The clock counts live seconds: the keeper has to keep prices alive for them.
    for (let minutes = 0; minutes < 20; minutes += 2) {
      await w.setEth(178n * WAD, 120);
      await desk.keeper.round();
    }
    await w.setEth(178n * WAD, 60);
    await desk.keeper.round();
    expect(await desk.sum("liquidatable_accounts").then(async () => w.baseOf(w.id(w.dave)))).to.be.lessThan(SIZE / 2n);
  });

  it("CLR-10, LIQ-05: collateral of negative cash is bought at its discount; a debt without positions is written off", async () => {
    const w = world();
    await open({ rules: { refreshEvery: 100_000n, syncEvery: 0n } });
    await w.collateral(w.dave, 10n * WAD);
    await w.trade(w.id(w.dave), w.id(w.bob), ETH_MARKET, 20n * WAD, 200n * WAD);
    await w.setEth(180n * WAD);
    await w.trade(w.id(w.dave), w.id(w.bob), ETH_MARKET, -20n * WAD, 180n * WAD);
    expect(await w.cashOf(w.id(w.dave))).to.be.lessThan(-400n * WAD);
    expect(done(await desk.keeper.round()), "tolerated").to.deep.equal([]);
    await w.setEth(180n * WAD, DAY + 600);
    expect(done(await desk.keeper.round())).to.deep.equal([`convert ${w.id(w.dave)} ${WETH}`]);
    expect(await w.cashOf(w.id(w.dave))).to.be.within(0n, WAD);
    expect(await w.house.collateralOf(keeperAccount, WETH)).to.be.within(2n * WAD, 3n * WAD);

    // Another one, whose collateral has become worth less than the debt before anyone bought it.
    await w.setEth(200n * WAD);
    await w.collateral(w.erin, 10n * WAD);
    await w.trade(w.id(w.erin), w.id(w.bob), ETH_MARKET, 20n * WAD, 200n * WAD);
    await w.setEth(180n * WAD);
    await w.trade(w.id(w.erin), w.id(w.bob), ETH_MARKET, -20n * WAD, 180n * WAD);
    await w.setEth(30n * WAD);
    expect(await w.valueOf(w.id(w.erin))).to.be.lessThan(0n);
    expect(done(await desk.keeper.round())).to.include(`writeOff ${w.id(w.erin)}`);
    expect(await w.valueOf(w.id(w.erin))).to.equal(0n);
  });

  it("CLM-01, CLM-08: a claim is opened with a bond, resolved, taken in by the vault, and told", async () => {
    const w = world();
    const { vault } = await standBehind(w, w.erin, {
      junior: 100_000n,
      senior: 400_000n,
      committed: 1n,
      reinsurance: 500_000n,
      reinsured: 1n,
    });
    await w.setEth(200n * WAD);
    const series = await openSeries(w, 40n * WAD, 8);
    const notifier = await w.ethers.getContractAt("IncidentNotifier", await w.deployed.notifier.getAddress());
    const subscriber = await w.ethers.deployContract("MockSubscriber");
    const vaultAddress = await vault.getAddress();
    const { data } = await notifier.subscribe.populateTransaction(vaultAddress, series);
    await subscriber.execute(await notifier.getAddress(), data);
    await open({ rules: { bonds: 1, budget: 0n } });
    const { verifier } = desk.venue.client.contracts;
    const { bond } = await verifier.bondTerms();
    await w.usd.mint(desk.wallet.address, bond);
    await w.setEth(200n * WAD);
    await w.cash(w.alice, 2_100n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
    await w.setEth(170n * WAD);

    expect(done(await desk.keeper.round())).to.include(`deleverage ${w.id(w.alice)}`);
    const name = `${vaultAddress} ${series}`;
    expect(done(await desk.keeper.round())).to.deep.equal(["approveBond", `openClaim ${name}`]);
    const told = `notify ${name} ${await subscriber.getAddress()}`;
    expect(done(await desk.keeper.round())).to.deep.equal([`resolveClaim ${name}`, `syncSeries ${name}`, told]);
    for (let round = 0; round < 3; round++) await desk.keeper.round();
    expect(done(await desk.keeper.round())).to.deep.equal([]);
    const { isOpen, confirmed } = await verifier.outcome(vaultAddress, series);
    expect(isOpen).to.equal(false);
    expect(confirmed).to.be.greaterThan(0n);
    expect(await w.usd.balanceOf(desk.wallet.address), "the bond is back").to.equal(bond);
    expect((await vault.seriesOf(series)).settled).to.equal(confirmed);
    expect(await notifier.isPending(vaultAddress, series, await subscriber.getAddress())).to.equal(false);
    expect(bond).to.be.at.least(USD);
  });

  it("LIQ-09: bids that follow each other share a transaction; every action has its call", async () => {
    await open();
    const { venue } = desk;
    const request = (index: bigint) => ({
      account: `0x${index.toString(16).padStart(64, "0")}`,
      bidder: keeperAccount,
      fraction: WAD,
      minFraction: 0n,
      maxPrice: 1n,
      minIncome: 0n,
    });
    const bids = [1n, 2n, 3n, 4n, 5n].map((index) => ({
      kind: "bid" as const,
      request: request(index),
      outlay: index,
      leastProfit: 0n,
    }));
    const { account } = request(9n);
    const [vault, series] = [venue.client.manifest.contracts.CoverageVault!.address, 1n];
    const calls = callsOf(venue, [
      ...bids,
      { kind: "roll", account, market: 1 },
      { kind: "lapseClaim", vault, series },
      { kind: "notify", vault, series, subscriber: vault },
    ]);
    expect(calls.map(({ keys }) => keys.length)).to.deep.equal([4, 1, 1, 1, 1]);
    expect(calls.map(({ outlay }) => outlay)).to.deep.equal([10n, 5n, 0n, 0n, 0n]);
    const { engine, house, verifier } = venue.client.contracts;
    expect(engine.interface.parseTransaction(calls[0]!)!.name).to.equal("bidMany");
    expect(engine.interface.parseTransaction(calls[1]!)!.name).to.equal("bid");
    expect(house.interface.parseTransaction(calls[2]!)!.args.toArray()).to.deep.equal([account, 1n]);
    expect(verifier.interface.parseTransaction(calls[3]!)!.name).to.equal("lapse");
    expect(calls[4]!.to).to.equal(venue.client.manifest.contracts.IncidentNotifier!.address);
  });
});
