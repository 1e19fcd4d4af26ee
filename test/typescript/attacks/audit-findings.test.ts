import { expect } from "chai";

import { BTC_MARKET, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { creationCode, takeOut } from "../support/mutants.ts";
import type { Mutation } from "../support/mutants.ts";
import { JUNIOR, standBehind, vaultsOf } from "../support/underwriting.ts";
import { DOLLAR, useWorld } from "../support/world.ts";

/*
 * Findings of published audits, played here: Aave Umbrella H-01 and L-03, Y2K Earthquake H-01 (peers.md). Each also on a copy of our code in
 * which the defence is taken out.
 */

const DAY = 86_400;
const AT_200 = 200n * WAD;
/** One unit of the token, which has six decimals. */
const UNIT = 10n ** 12n;

/** What a bidder is paid is counted as if a vault owed it. */
const REWARD_IS_PENDING: Mutation = {
  contract: "InsuranceFund",
  contractFile: "contracts/fund/InsuranceFund.sol",
  file: "contracts/fund/InsuranceFund.sol",
  edits: [
    [
      "entry.pending = (entry.pending + fromVaults).toUint96();",
      "entry.pending = (entry.pending + fromVaults + result.reward).toUint96();",
    ],
  ],
};

/** An exit's window that has no length: the fixed constant where Umbrella had a setter without a lower bound. */
const NO_WINDOW: Mutation = {
  contract: "CoverageVault",
  contractFile: "contracts/coverage/CoverageVault.sol",
  file: "contracts/coverage/Exits.sol",
  edits: [["closesAt = opensAt + WINDOW +", "closesAt = opensAt +"]],
};

/** Every feed is taken to have 8 decimals. */
const EIGHT_DECIMALS: Mutation = {
  contract: "PriceOracle",
  contractFile: "contracts/oracle/PriceOracle.sol",
  file: "contracts/oracle/sources/ChainlinkReading.sol",
  edits: [["uint8(first >> DECIMALS_SHIFT)", "8"]],
};

describe("audit finding: Umbrella H-01, a liquidation fee counted as deficit", () => {
  /** The reserve is short, so a vault pays too; a penalty has been paid in, so bidders are rewarded. */
  const world = useWorld(async (w) => {
    const capital = { junior: 2_000n, senior: 2_000n, committed: 1_500n, reinsurance: 300n, reinsured: 100n };
    await standBehind(w, w.frank, capital);
    await w.fundReserve(1_000n * USD);
    await w.setEth(AT_200, 0);
    await w.setBtc(8_000n * WAD, 0);
    await w.cash(w.alice, 2_500n);
    await w.cash(w.bob, 300_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.cash(w.dave, 7_500n);
    await w.trade(w.id(w.alice), w.id(w.bob), ETH_MARKET, 100n * WAD, AT_200);
    await w.trade(w.id(w.dave), w.id(w.bob), BTC_MARKET, 10n * WAD, 8_000n * WAD);
    await w.setBtc(7_420n * WAD);
    await w.bidFor(w.carol, w.id(w.dave));
    await w.fund.settle(w.segment);
    await w.setEth(165n * WAD);
  });
  /** The bid on Alice, who owes 1,010 with the fee, and what vaults owe for it. */
  const attack = async () => {
    const w = world();
    const report = await w.bidFor(w.carol, w.id(w.alice));
    const { vault, reinsurance } = await vaultsOf(w);
    const [first, second] = [await vault.books(), await reinsurance.books()];
    return { report, fromVaults: first.owedToFund + second.owedToFund };
  };

  it("FND-11, INV-03: what is pending is what vaults owe, without the reward; tokens follow whole, and again is nothing", async () => {
    const w = world();
    expect(await w.engine.flag.staticCall(w.id(w.alice)), "measured: what it owes, no fee of ours").to.equal(
      -(await w.valueOf(w.id(w.alice))),
    );
    const { report, fromVaults } = await attack();
    expect(report.reward > 0n && fromVaults > 0n && report.penalty === 0n).to.equal(true);
    const booked = await w.fund.segmentOf(w.segment);
    expect(booked.pending).to.equal(fromVaults);
    expect(booked.pending <= booked.owed).to.equal(true);
    expect(booked.owed).to.equal(report.covered + report.reward);
    await w.fund.settle(w.segment);
    const settled = await w.fund.segmentOf(w.segment);
    // Below a unit of the token each vault, and one for the house.
    expect(settled.pending < 2n * UNIT && settled.owed < 3n * UNIT).to.equal(true);
    expect(await w.house.fundAccount()).to.be.within(-3n * UNIT, 0n);
    await w.fund.settle(w.segment);
    await w.expectConserved(10n ** 6n);
  });

  it("with the reward in it the amount never ends: what the house is owed for it stays out for good", async () => {
    const w = world();
    await takeOut(w, REWARD_IS_PENDING);
    const { report, fromVaults } = await attack();
    expect((await w.fund.segmentOf(w.segment)).pending).to.equal(fromVaults + report.reward);
    await w.fund.settle(w.segment);
    await w.fund.settle(w.segment);
    const { pending } = await w.fund.segmentOf(w.segment);
    expect(pending >= report.reward).to.equal(true);
    expect(-(await w.house.fundAccount()) >= report.reward - UNIT).to.equal(true);
  });
});

describe("audit finding: Umbrella L-03, a window for leaving without a lower bound", () => {
  const COOLDOWN = 28 * DAY;
  const WINDOW = 7 * DAY;
  const world = useWorld(async (w) => {
    const capital = { junior: 2_000n, senior: 2_000n, committed: 500n, reinsurance: 300n, reinsured: 100n };
    await standBehind(w, w.frank, capital);
  });
  const request = async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const share = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(JUNIOR));
    await share.connect(w.frank).requestRedeem(1_000n * USD, w.frank.address, w.frank.address);
    const requestedAt = Number(await w.now());
    /** A claim mined at that second of its window. */
    const claimAt = async (second: number) => {
      await w.networkHelpers.time.setNextBlockTimestamp(requestedAt + COOLDOWN + second);
      return share.connect(w.frank).getFunction("claimExit(address)")(w.frank.address);
    };
    return { vault, requestedAt, claimAt };
  };

  it("CVR-06, R4: the window is seven days for every request, to the second at both ends", async () => {
    const w = world();
    for (const second of [0, WINDOW]) {
      const snapshot = await w.networkHelpers.takeSnapshot();
      const { claimAt } = await request();
      await claimAt(second);
      await snapshot.restore();
    }
    for (const second of [-1, WINDOW + 1]) {
      const snapshot = await w.networkHelpers.takeSnapshot();
      const { vault, requestedAt, claimAt } = await request();
      const opensAt = requestedAt + COOLDOWN;
      const claim = claimAt(second);
      await expect(claim)
        .to.be.revertedWithCustomError(vault, "CoverageVault_OutsideWindow")
        .withArgs(opensAt, opensAt + WINDOW);
      await snapshot.restore();
    }
  });

  it("R4: no function of vault or share sets a cooldown, a window or a delay, for anyone", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const share = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(JUNIOR));
    const writes = [...vault.interface.fragments, ...share.interface.fragments].flatMap((fragment) =>
      fragment.type === "function" && "name" in fragment && !("constant" in fragment && fragment.constant === true)
        ? [String(fragment.name)]
        : [],
    );
    expect(writes).to.include("requestRedeem");
    expect(writes.filter((name) => /cooldown|window|delay|unstake|pause/i.test(name))).to.deep.equal([]);
  });

  it("with a window of no length whoever comes a second late has waited for nothing", async () => {
    const w = world();
    const { vault, reinsurance } = await vaultsOf(w);
    const places = [await vault.getAddress(), await reinsurance.getAddress()];
    const codes = () => Promise.all(places.map((place) => w.ethers.provider.getCode(place)));
    const [original] = await codes();
    await takeOut(w, NO_WINDOW);
    // Both vaults have the same code; the exchange finds one of them.
    const weakened = (await codes()).find((code) => code !== original) ?? "";
    for (const place of places) await w.provider.request({ method: "hardhat_setCode", params: [place, weakened] });
    const { requestedAt, claimAt } = await request();
    const claim = claimAt(1);
    await expect(claim)
      .to.be.revertedWithCustomError(vault, "CoverageVault_OutsideWindow")
      .withArgs(requestedAt + COOLDOWN, requestedAt + COOLDOWN);
  });
});

describe("audit finding: Y2K H-01, decimals of feeds", () => {
  const MARKET = 2;
  const world = useWorld();
  /** Alice is long 25 at 200 with 1,000; the market's three feeds have these decimals. */
  const open = async (decimals: readonly [bigint, bigint, bigint]) => {
    const w = world();
    const feeds = await Promise.all(
      decimals.map(async (each) => w.ethers.deployContract("MockAggregator", [each, 200n * 10n ** each])),
    );
    await w.listMarket(MARKET, AT_200, {}, feeds);
    await w.cash(w.alice, 1_000n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 100_000n);
    await w.trade(w.id(w.alice), w.id(w.bob), MARKET, 25n * WAD, AT_200);
    return feeds;
  };

  it("ORC-01, ORC-02: feeds of 6, 8 and 18 decimals say one price, and nobody healthy is liquidated", async () => {
    const w = world();
    await open([6n, 8n, 18n]);
    await w.oracle.refresh(MARKET);
    expect(await w.oracle.quote(MARKET)).to.deep.equal([AT_200, true]);
    await expect(w.engine.start(w.id(w.alice))).to.be.revertedWithCustomError(
      w.engine,
      "LiquidationEngine_NotLiquidatable",
    );
  });

  it("ORC-01: three feeds of 6 decimals too: the scale is each feed's own", async () => {
    const w = world();
    const feeds = await open([6n, 6n, 6n]);
    for (const feed of feeds) await feed.setAnswer(190n * 10n ** 6n);
    await w.networkHelpers.time.increase(60);
    await w.oracle.refresh(MARKET);
    expect(await w.oracle.quote(MARKET)).to.deep.equal([190n * WAD, true]);
    expect(await w.valueOf(w.id(w.alice))).to.be.within(747n * DOLLAR, 750n * DOLLAR);
  });

  it("taken to have 8, a feed of 6 says a hundredth, and a healthy account is sold", async () => {
    const w = world();
    await open([6n, 6n, 6n]);
    await takeOut(w, EIGHT_DECIMALS);
    // The other two kinds of the world read as the first does.
    for (const [index, contract] of ["MockPullReader", "MockTimeWeightedReader"].entries()) {
      const data = creationCode({ ...EIGHT_DECIMALS, contract, contractFile: "contracts/mocks/MockKinds.sol" });
      const receipt = await (await w.administrator.sendTransaction({ data })).wait();
      const code = await w.ethers.provider.getCode(receipt?.contractAddress ?? "");
      await w.provider.request({ method: "hardhat_setCode", params: [w.readers[index + 1] ?? "", code] });
    }
    await w.networkHelpers.time.increase(60);
    const { shortfall } = await w.bidFor(w.carol, w.id(w.alice));
    expect((await w.oracle.quote(MARKET))[0]).to.equal(2n * WAD);
    expect(shortfall > 3_900n * DOLLAR).to.equal(true);
  });
});
