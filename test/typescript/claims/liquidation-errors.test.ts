import { expect } from "chai";

import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";

const FEED = 0;
const START = 200n * WAD;
const SIZE = 100n * WAD;
/** Of loss, pays one unit. */
const SCALE = 1_000n * WAD;
const WINDOW = 1_200n;
const SPACING = 300n;
const DAY = 86_400n;
const GRID = 900n;
const SERIES = 1n;
const BPS = 10_000n;
/** 5%, basis points. */
const TOLERANCE = 500n;

describe("CLM-04: liquidation at a wrong price, on the real house and oracle", () => {
  let trigger: Awaited<ReturnType<typeof deploy>>;
  let terms: string;
  let mark: bigint;
  const deploy = async () => world().ethers.deployContract("LiquidationErrorTrigger", [world().houseAddress]);
  const verifierOf = async () => {
    const w = world();
    const vault = await w.ethers.getContractAt("ICoverageVault", await w.router.vault());
    return w.ethers.getContractAt("IClaimVerifier", await vault.verifier());
  };
  /**
   * Alice is long 100 ether at 200 with 2,300 dollars against Bob, has her sales recorded, and is covered: Erin stands for the vault that
   * registers the series.
   */
  const world = useWorld(async (w) => {
    trigger = await deploy();
    await w.setEth(START);
    await w.setBtc(8_000n * WAD);
    // The beginning of an interval of sampling (VOL-01), so that each test knows which prices are samples.
    await w.networkHelpers.time.increaseTo((await w.now()) + GRID - ((await w.now()) % GRID));
    await w.oracle.refresh(FEED);
    const account = await w.cash(w.alice, 2_300n);
    await w.cash(w.bob, 1_000_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.trade(account, w.id(w.bob), ETH_MARKET, SIZE, START);
    await w.house.connect(w.alice).setSaleRecords(account, true);
    const definition = { account, market: ETH_MARKET, toleranceBps: TOLERANCE, window: WINDOW, scale: SCALE };
    terms = await trigger.defineTerms.staticCall(definition);
    await trigger.defineTerms(definition);
    const verifier = await verifierOf();
    const endsAt = (await w.now()) + 30n * DAY;
    await verifier
      .connect(w.erin)
      .registerSeries(SERIES, await trigger.getAddress(), terms, 10n * WAD, endsAt, endsAt + 7n * DAY);
    ({ mark } = await verifier.subjectOf(w.erin.address, SERIES));
    expect(mark & ((1n << 128n) - 1n), "the price at the start").to.equal(START);
  });
  /** Three observations, from `after` seconds after the sale on. Returns how far each of them takes a price to move ordinarily, WAD. */
  const observe = async (soldAt: bigint, after = 30n) => {
    const w = world();
    const ordinary: bigint[] = [];
    for (let index = 0n; index < 3n; ++index) {
      const time = soldAt + after + index * SPACING;
      await w.networkHelpers.time.setNextBlockTimestamp(time);
      await trigger.connect(w.dave).observe(terms, mark);
      const [fast, slow] = await w.oracle.variance(FEED);
      ordinary.push(sixDeviations(fast > slow ? fast : slow, time - soldAt));
    }
    return ordinary;
  };
  const sixDeviations = (variance: bigint, age: bigint) =>
    BigInt(Math.floor(6 * Math.sqrt((Number(variance) / 1e18) * Number(age)) * 1e18));
  const tolerated = (TOLERANCE * WAD) / BPS;
  const report = async () => {
    const w = world();
    const verifier = await verifierOf();
    const { bond } = await verifier.bondTerms();
    await w.usd.mint(w.frank.address, bond);
    await w.usd.connect(w.frank).approve(await verifier.getAddress(), bond);
    return verifier.connect(w.frank).open(w.erin.address, SERIES);
  };
  const expectUnpaid = async () => {
    const [payout, eventAt] = await trigger.evaluate(terms, mark);
    expect([payout, eventAt]).to.deep.equal([0n, 0n]);
    await expect(report())
      .to.be.revertedWithCustomError(await verifierOf(), "ClaimVerifier_NothingHappened")
      .withArgs(0n, 0n, 0n);
  };

  const paysTheLossBeyondTheTolerance = async (secondsAfterSample: bigint, isSampled: boolean) => {
    const w = world();
    const wrong = 170n * WAD;
    await w.setEth(wrong, Number(secondsAfterSample));
    await w.bidWith(w.carol, w.id(w.alice));
    const soldAt = await w.now();
    const sale = await w.house.saleOf(w.id(w.alice), ETH_MARKET);
    expect([...sale]).to.deep.equal([wrong, SIZE, soldAt, 1n]);
    await w.setEth(START, 10);
    const verifier = await verifierOf();
    await expect(report()).to.be.revertedWithCustomError(verifier, "ClaimVerifier_NotDecided");

    const ordinary = await observe(soldAt);
    expect(ordinary[2]! > tolerated, "the jump itself is in the variance").to.equal(isSampled);
    expect(ordinary[2]!).to.be.lessThan((WAD * 15n) / 100n);
    // 100 ether at 200 less 5%, less 170; 1,000 of which pay one.
    const payout = 2n * WAD;
    await report();
    expect((await verifier.incidentOf(w.erin.address, SERIES)).eventAt).to.equal(soldAt);
    await verifier.resolve(w.erin.address, SERIES);
    expect((await verifier.outcome(w.erin.address, SERIES)).confirmed).to.equal(payout);
  };

  it("all sources 15% too low for a minute, a bid in it: the account is paid what it lost beyond the tolerance", () =>
    paysTheLossBeyondTheTolerance(60n, false));

  it("the same where the wrong price and the way back weigh in the variance", () =>
    paysTheLossBeyondTheTolerance(GRID, true));

  it("the same fall, and the price stays there: nothing is paid", async () => {
    const w = world();
    await w.setEth(170n * WAD);
    await w.bidWith(w.carol, w.id(w.alice));
    const soldAt = await w.now();
    await observe(soldAt);
    await w.networkHelpers.time.increaseTo(soldAt + WINDOW + 1n);
    await expectUnpaid();
  });

  it("a fall in steps of a crash, a sale, and half of the fall back within ten minutes: an ordinary move then", async () => {
    const w = world();
    for (const price of [196n, 203n, 194n, 202n, 191n, 198n, 187n, 193n, 182n, 188n, 179n]) {
      await w.setEth(price * WAD, 900);
      await w.oracle.refresh(FEED);
    }
    await w.setEth(178n * WAD, 60);
    await w.bidWith(w.carol, w.id(w.alice));
    const soldAt = await w.now();
    await w.setEth(189n * WAD, 10);
    const ordinary = await observe(soldAt, 290n);
    // 5.8%: beyond the tolerance, and not more than the market moves just now.
    expect((WAD * 11n) / 189n).to.be.greaterThan(tolerated);
    expect((WAD * 11n) / 189n).to.be.lessThan(ordinary[2]!);
    await w.networkHelpers.time.increaseTo(soldAt + WINDOW + 1n);
    await expectUnpaid();
  });

  it("a deleveraging at a wrong price counts like a bid", async () => {
    const w = world();
    const wrong = 160n * WAD;
    await w.setEth(wrong);
    await w.engine.connect(w.dave).deleverage(w.id(w.alice));
    const soldAt = await w.now();
    expect((await w.house.saleOf(w.id(w.alice), ETH_MARKET)).price).to.equal(wrong);
    await w.setEth(START, 10);
    await observe(soldAt);
    const [payout, eventAt] = await trigger.evaluate(terms, mark);
    expect(payout, "100 * (190 - 160)").to.equal(3n * WAD);
    expect(eventAt).to.equal(soldAt);
  });

  it("without records there is nothing to show: the owner decides, before the sale", async () => {
    const w = world();
    const account = w.id(w.alice);
    await w.house.connect(w.alice).setSaleRecords(account, false);
    await w.setEth(170n * WAD);
    await w.bidWith(w.carol, account);
    await w.setEth(START, 10);
    await w.house.connect(w.alice).setSaleRecords(account, true);
    await expect(trigger.observe(terms, mark))
      .to.be.revertedWithCustomError(trigger, "LiquidationErrorTrigger_NothingSold")
      .withArgs(mark, 0n);
    await expectUnpaid();
  });
});
