import { expect } from "chai";

import { ModelKind } from "../../../sdk/models.ts";
import * as touch from "../../../sdk/math/TouchMath.ts";
import { mulDivUp } from "../../../sdk/math/WadMath.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { JUNIOR, SENIOR, underwrite, vaultsOf } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";

const FEED = 0;
const START = 200n * WAD;
const SIZE = 100n * WAD;
const DAY = 86_400;
const WEEK = 7 * DAY;
/** Cooldown + window + 1 s: what an announcement waits. */
const ANNOUNCEMENT = 35 * DAY + 1;
const BPS = 10_000n;
/** A fifth is Alice's own; a sale's cost counts up to 2% of what was sold; 5% lie between. */
const TERMS = { deductibleBps: 2_000n, maxCostBps: 200n, minDistanceBps: 500n };
const LIMIT = 10n * WAD;
const UNITS = 100n * WAD;

describe("CVR-07: own-account cover, from the product to the payment, on the real house, vault and oracle", () => {
  let trigger: Awaited<ReturnType<typeof deploy>>;
  let vault: Awaited<ReturnType<typeof vaultsOf>>["vault"];
  let verifier: Awaited<ReturnType<typeof verifierOf>>;
  let series: bigint;
  let mark: bigint;

  const verifierOf = async () => world().ethers.getContractAt("ClaimVerifier", await vault.verifier());
  const deploy = async () => {
    const { ethers, houseAddress } = world();
    return ethers.deployContract("OwnAccountTrigger", [houseAddress, await vault.verifier()]);
  };

  /** Alice is long 100 ether at 200 with 2,300 dollars against Bob, and has bought 1,000 of cover for it. */
  const world = useWorld(async (w) => {
    ({ vault } = await vaultsOf(w));
    verifier = await verifierOf();
    trigger = await deploy();
    const vaultAddress = await vault.getAddress();
    await underwrite(w, vaultAddress, w.frank, JUNIOR, 4_000n);
    await underwrite(w, vaultAddress, w.frank, SENIOR, 6_000n);
    const terms = await trigger.defineTerms.staticCall(TERMS);
    await trigger.defineTerms(TERMS);
    const model = await w.ethers.getContractAt("PremiumModel", await vault.premiumModel());
    const hazard = {
      kind: ModelKind.HazardRate,
      feed: 0,
      isBelow: false,
      hazardRate: WAD / 2n,
      volatilityFloor: 0n,
      level: 0n,
      lowerLevel: 0n,
    };
    const id = await model.defineModel.staticCall(hazard);
    await model.defineModel(hazard);
    const product = {
      trigger: await trigger.getAddress(),
      terms,
      sides: 0n,
      minLimit: WAD,
      maxLimit: 100n * WAD,
      maxTermWeeks: 10,
      capacityShareBps: 5_000,
      model: id,
      waiting: DAY,
    };
    const number = await vault.announceProduct.staticCall(product);
    await vault.announceProduct(product);
    await w.setEth(START, ANNOUNCEMENT);
    await w.setBtc(8_000n * WAD);
    await w.oracle.refresh(FEED);
    const account = await w.cash(w.alice, 2_300n);
    await w.cash(w.bob, 1_000_000n);
    await w.cash(w.carol, 1_000_000n);
    await w.cash(w.alice, 1_000_000n, 1n);
    await w.trade(account, w.id(w.bob), ETH_MARKET, SIZE, START);
    await w.house.connect(w.alice).setSaleRecords(account, true);

    const week = Math.floor(Number(await w.now()) / WEEK) + 6;
    series = await vault.openSeries.staticCall(number, LIMIT, week);
    await vault.openSeries(number, LIMIT, week);
    mark = await trigger.markOf(vaultAddress, series);
    await w.usd.mint(w.alice.address, 1_000n * USD);
    await w.usd.connect(w.alice).approve(vaultAddress, 1_000n * USD);
    // Nothing is sold before the owner has bound his account.
    await expect(vault.connect(w.alice).buy(series, UNITS, 1_000n * USD, w.alice.address))
      .to.be.revertedWithCustomError(vault, "CoverageVault_SeriesNotForSale")
      .withArgs(series);
    await trigger.connect(w.alice).bind(vaultAddress, series, account);
    const args = [series, UNITS, 1_000n * USD, w.alice.address] as const;
    const [purchase] = await vault.connect(w.alice).buy.staticCall(...args);
    await vault.connect(w.alice).buy(...args);
    await w.setEth(START, DAY + 1);
    await vault.complete(purchase);
    const cover = await w.ethers.getContractAt("CoverToken", await vault.coverToken());
    expect(await cover.balanceOf(w.alice.address, series)).to.equal(UNITS);
    const { bond } = await verifier.bondTerms();
    await w.usd.mint(w.erin.address, bond);
    await w.usd.connect(w.erin).approve(await verifier.getAddress(), bond);
  });

  const claim = async () => {
    const w = world();
    const vaultAddress = await vault.getAddress();
    await verifier.connect(w.erin).open(vaultAddress, series);
    await verifier.resolve(vaultAddress, series);
    await vault.sync(series);
    const held = await w.usd.balanceOf(w.alice.address);
    await vault.connect(w.alice).redeem(series, UNITS, w.alice.address);
    return (await w.usd.balanceOf(w.alice.address)) - held;
  };

  /** What 100 tokens are paid for a cost, with the roundings on the way. */
  const paidFor = (counted: bigint) => {
    const perUnit = (((counted * (BPS - TERMS.deductibleBps)) / BPS) * WAD) / UNITS;
    return (perUnit * UNITS) / WAD / (WAD / USD);
  };

  it("the price that is recorded is the one at which the house sells the account, to the wei", async () => {
    const w = world();
    const { touchPrice, base, isLong } = await trigger.bindingOf(mark);
    expect([base, isLong]).to.deep.equal([SIZE, true]);
    const { cash } = await w.house.headerOf(w.id(w.alice));
    const { quoteValue } = await w.house.positionOf(w.id(w.alice), ETH_MARKET);
    const [settings] = await w.house.marketOf(ETH_MARKET);
    const position = { balance: cash + quoteValue, base, rate: settings.rateTarget, addOn: settings.addOn };
    // Funding has moved a little since the binding; a source has eight decimals.
    const now = touch.touchPrice(position, START);
    expect(touchPrice).to.be.within((now * 9_999n) / 10_000n, (now * 10_001n) / 10_000n);
    const step = 10n ** 10n;
    await w.setEth(mulDivUp(now + 1n, 1n, step) * step);
    const above = await w.house.health(w.id(w.alice));
    expect(above.marginBalance).to.be.at.least(above.linearMargin + above.sizeMargin);
    await w.setEth((now / step) * step - 100n * step);
    const below = await w.house.health(w.id(w.alice));
    expect(below.marginBalance).to.be.lessThan(below.linearMargin + below.sizeMargin);
  });

  it("a bid at a touching price: Alice is paid its cost less the deductible", async () => {
    const w = world();
    await w.setEth(182n * WAD);
    await w.bidWith(w.carol, w.id(w.alice));
    const soldAt = await w.now();
    const cost = await w.house.liquidationCostOf(w.id(w.alice));
    expect(cost).to.be.greaterThan(0n);
    await expect(verifier.connect(w.erin).open(await vault.getAddress(), series))
      .to.be.revertedWithCustomError(verifier, "ClaimVerifier_NotDecided")
      .withArgs(await trigger.getAddress());
    await expect(trigger.connect(w.dave).record(mark))
      .to.emit(trigger, "CostRecorded")
      .withArgs(mark, cost, cost, soldAt);
    expect(await claim()).to.equal(paidFor(cost));
  });

  it("whoever takes money out until he is sold above the recorded price is not paid", async () => {
    const w = world();
    await w.setEth(210n * WAD);
    const account = w.id(w.alice);
    await w.house.connect(w.alice).withdraw(account, 0, 900n * USD);
    await w.setEth(193n * WAD);
    await w.bidWith(w.carol, account);
    const soldAt = await w.now();
    const { touchPrice } = await trigger.bindingOf(mark);
    expect((await w.house.saleOf(account, ETH_MARKET)).price).to.be.greaterThan(touchPrice);
    const cost = await w.house.liquidationCostOf(account);
    await expect(trigger.record(mark)).to.emit(trigger, "CostRecorded").withArgs(mark, cost, 0n, soldAt);
    await expect(verifier.connect(w.erin).open(await vault.getAddress(), series))
      .to.be.revertedWithCustomError(verifier, "ClaimVerifier_NothingHappened")
      .withArgs(0n, 0n, 0n);
  });

  it("a bidder who is Alice herself, at the end of the auction: her gain stays below the bound", async () => {
    const w = world();
    const account = w.id(w.alice);
    const price = 181n * WAD;
    await w.setEth(price);
    // Nobody else comes for 20 minutes, while keepers keep the price: the discount is at its highest.
    await w.engine.connect(w.dave).start(account);
    for (let minute = 0; minute < 20; minute += 2) {
      await w.setEth(price, 120);
      await w.oracle.refresh(FEED);
    }
    const other = w.id(w.alice, 1n);
    const wealth = async () => (await w.valueOf(account)) + (await w.valueOf(other));
    const before = await wealth();
    await w.engine.connect(w.alice).bid({ ...w.request(w.carol, account), bidder: other });
    const lost = before - (await wealth());
    const cost = await w.house.liquidationCostOf(account);
    const sold = await w.house.saleOf(account, ETH_MARKET);
    const cap = (((sold.base * sold.price) / WAD) * TERMS.maxCostBps) / BPS;
    expect(cost, "the cap binds").to.be.greaterThan(cap);
    await trigger.record(mark);
    const { covered } = await trigger.tallyOf(mark);
    expect(covered).to.equal(cap);
    const gain = (await claim()) * (WAD / USD) - lost;
    expect(lost, "the penalty is the fund's").to.be.greaterThan(0n);
    expect(gain).to.be.at.most((cap * (BPS - TERMS.deductibleBps)) / BPS);
  });
});
