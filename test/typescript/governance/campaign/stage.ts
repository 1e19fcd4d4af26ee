// Before the keys are stolen: honest people of every kind, and what the thief has prepared without any right.
import type { Interface } from "ethers";

import { CASH, USD, WAD } from "../../support/deployment.ts";
import { underwrite } from "../../support/underwriting.ts";
import type { Deployment, Signer } from "../../support/deployment.ts";
import { DAY } from "../support/governed.ts";
import { compromised, HONEST } from "../support/thief.ts";

const MAX = (1n << 255n) - 1n;
const SOURCES = [0, 1, 2];
/** Feeds that the thief has sources for: the house's own first, then those of his markets, by the same numbers. */
export const EVIL_FEEDS = [0, 2, 3, 4, 5, 6] as const;
/** What the others have, whole dollars and ether. */
export const OTHERS = {
  pair: 5_000n,
  size: 10n,
  stayingJunior: 600n,
  stayingSenior: 1_500n,
  reinsurance: 1_000n,
  bidder: 20_000n,
  reserve: 390_000n,
} as const;
/** Cover that was confirmed: so much a token. */
export const COVER = { units: 10n * WAD, payout: 4n * WAD } as const;
/** Of HostileYieldVault. */
const PAYS_NOTHING = 9;
const WAITING = 24n * 3_600n;

/** A system to be robbed; the same for every run of the campaign. */
export async function createStage() {
  const t = await compromised();
  const { ethers, house, networkHelpers, provider, signers, usd, vault } = t;
  const [, , , , , , , long, short, holder, staying, bidder, loser] = signers as readonly Signer[];
  if (!long || !short || !holder || !staying || !bidder || !loser) throw new Error("too few accounts");
  const vaultAddress = await vault.getAddress();
  const verifier = await ethers.getContractAt("ClaimVerifier", await vault.verifier());
  const investments = await ethers.getContractAt("IReserveInvestments", await t.fund.getAddress());

  const trigger = await ethers.deployContract("MockTrigger");
  const product = await t.schedule({
    target: vault,
    data: vault.interface.encodeFunctionData("announceProduct", [
      productOf(await trigger.getAddress(), (await vault.productOf(1)).terms.model),
    ]),
  });
  await networkHelpers.time.increaseTo(product.eta);
  await product.execute();
  await networkHelpers.time.increase(35n * DAY + 1n);

  // Cover that was paid for, and confirmed: it is owed now.
  await underwrite(t as unknown as Deployment, vaultAddress, staying, 0, OTHERS.stayingJunior);
  await underwrite(t as unknown as Deployment, vaultAddress, staying, 1, OTHERS.stayingSenior);
  const week = (await t.now()) / (7n * DAY) + 10n;
  await underwrite(t as unknown as Deployment, await t.reinsurance.getAddress(), staying, 1, OTHERS.reinsurance);
  const opening = [2, 5n * WAD, week] as const;
  const series = await vault.openSeries.staticCall(...opening);
  await vault.openSeries(...opening);
  for (const spender of [vaultAddress, await verifier.getAddress()]) {
    await usd.connect(holder).approve(spender, MAX);
  }
  await usd.mint(holder.address, 100n * USD);
  const buying = [series, COVER.units, 50n * USD, holder.address] as const;
  const [purchase] = await vault.connect(holder).buy.staticCall(...buying);
  await vault.connect(holder).buy(...buying);
  await networkHelpers.time.increase(WAITING + 1n);
  await vault.complete(purchase);
  await trigger.setFact(ethers.ZeroHash, COVER.payout, await t.now(), 0n);
  await verifier.connect(holder).open(vaultAddress, series);
  await verifier.resolve(vaultAddress, series);
  await vault.sync(series);

  // Two who trade with each other, and one who is to be liquidated whenever somebody bids.
  await t.refresh(220n);
  const pair = { long: await t.deposit(long, OTHERS.pair), short: await t.deposit(short, OTHERS.pair) };
  const bidding = await t.deposit(bidder, OTHERS.bidder);
  const sick = await t.deposit(loser, 240n);
  await t.trade(sick, bidding, 0, 10n * WAD, 220n * WAD);
  await t.refresh();
  await t.trade(pair.long, pair.short, 0, OTHERS.size * WAD, 200n * WAD);

  const feeds = new Map<number, Awaited<ReturnType<typeof evilFeed>>>();
  const evilFeed = async () =>
    Promise.all(SOURCES.map(() => ethers.deployContract("MockAggregator", [8, 200n * 10n ** 8n])));
  for (const feed of EVIL_FEEDS) feeds.set(feed, await evilFeed());
  const venue = await ethers.deployContract("HostileVenue", [
    await usd.getAddress(),
    t.helper.address,
    await t.fund.getAddress(),
  ]);
  const desk = await ethers.deployContract("MockToken", ["Evil", "EVIL", 6]);
  const deskAddress = await desk.getAddress();
  await provider.request({ method: "hardhat_impersonateAccount", params: [deskAddress] });
  await networkHelpers.setBalance(deskAddress, 10n ** 20n);
  const evil = {
    feeds,
    readers: [
      await t.oracle.getAddress(),
      await (await ethers.deployContract("MockPullReader")).getAddress(),
      await (await ethers.deployContract("MockTimeWeightedReader")).getAddress(),
    ],
    venue,
    trigger: await ethers.deployContract("MockTrigger"),
    yieldVault: await ethers.deployContract("HostileYieldVault", [await usd.getAddress()]),
    junk: await ethers.deployContract("MockToken", ["Junk", "JUNK", 18]),
    desk: await ethers.getSigner(deskAddress),
  };
  await evil.yieldVault.setMode(PAYS_NOTHING);
  for (const token of [usd, evil.junk]) {
    await token.connect(t.helper).approve(await house.getAddress(), MAX);
    await token.connect(t.helper).approve(await t.reserveSale.getAddress(), MAX);
  }
  // Enough that some of it may be lent.
  await usd.mint(t.trader.address, OTHERS.reserve * USD);
  await t.fund.connect(t.trader).donate(t.segment, OTHERS.reserve * USD);
  // What the fund was given in ether, to be sold.
  await t.weth.mint(await t.reserveSale.getAddress(), 5n * WAD);
  const snapshot = await networkHelpers.takeSnapshot();
  return {
    ...t,
    verifier,
    investments,
    series,
    long,
    short,
    holder,
    staying,
    bidder,
    pair,
    bidding,
    sick,
    evil,
    restore: () => snapshot.restore(),
    /** Whatever may refuse something. */
    faces: [
      t.manager,
      t.oracle,
      house,
      t.engine,
      vault,
      t.riskController,
      t.yieldDesk,
      t.token,
      t.guardian,
      t.steward,
      t.recapAuction,
      t.surplusStake,
      t.fund,
      t.surplus,
      investments,
      t.reserveSale,
      verifier,
      t.junior,
      usd,
    ].map((contract): Interface => contract.interface),
    honestTrader: { account: t.honest.trader, dollars: HONEST.trader * USD, asset: CASH },
  };
}

export type Stage = Awaited<ReturnType<typeof createStage>>;

/** A product over a trigger, as little bounded as may be. */
export function productOf(trigger: string, model: string) {
  return {
    trigger,
    terms: `0x${"0".repeat(64)}`,
    minLimit: 1n,
    maxLimit: 10n ** 23n,
    sides: 0n,
    maxTermWeeks: 10,
    capacityShareBps: 10_000,
    model,
    waiting: WAITING,
  };
}
