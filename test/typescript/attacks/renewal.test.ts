import { expect } from "chai";

import { inOneBlock } from "../support/blocks.ts";
import { CASH, ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { JUNIOR, openSeries, underwrite, vaultsOf } from "../support/underwriting.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";

const HOUR = 3_600n;
const DAY = 24n * HOUR;
const COOLDOWN = 28n * DAY;
const LONGEST = 91n * DAY;
const ANNOUNCEMENT = 35n * DAY + 1n;
/** Of a feed is a day. */
const REPORTED_EVERY = 20n * HOUR;
const AT_200 = 200n * WAD;
const AT_125 = 125n * WAD;
/** The least position whose maintenance margin is no dust. With 50.2 of cash, less the fee, it owes 100 at 125. */
const SMALL = 2n * WAD;
const SMALL_CASH = 502n * (USD / 10n);
const OWED = 100n * DOLLAR;
const GAS = { gasLimit: 3_000_000n };
const BOOKING = { gasLimit: 1_000_000n };
const GAS_PRICE = 2_000_000_000n;

/** Someone who has accounts under water measured, one each hour, so that something is always measured. */
class Renewer {
  readonly #world: World;
  /** His accounts that nobody has closed yet. */
  accounts: string[] = [];
  /** The last ones that he had measured. */
  readonly measured: string[] = [];
  #turn = 0;
  #next = 0n;
  #reportedAt = 0n;

  constructor(world: World) {
    this.#world = world;
  }

  /** Opens small longs against Bob, each in a sub-account of its own. */
  async open(count: number): Promise<void> {
    const w = this.#world;
    const maker = w.id(w.bob);
    await w.usd.mint(w.alice.address, SMALL_CASH * BigInt(count));
    await w.usd.connect(w.alice).approve(w.houseAddress, SMALL_CASH * BigInt(count));
    const { interface: abi } = w.house;
    for (let sub = 1n; sub <= BigInt(count); sub++) {
      const account = w.id(w.alice, sub);
      await this.#send(w.alice.address, w.houseAddress, abi.encodeFunctionData("deposit", [account, CASH, SMALL_CASH]));
      const fill = { taker: account, maker, market: ETH_MARKET, size: SMALL, price: AT_200 };
      await this.#send(w.orderBook.address, w.houseAddress, abi.encodeFunctionData("trade", [fill]));
      this.accounts.push(account);
    }
  }

  /** From the next hour on, a minute past each. */
  begin(now: bigint): void {
    this.#next = (now / HOUR + 1n) * HOUR + 60n;
    this.#reportedAt = now;
  }

  /** Goes on until `time`, and leaves the chain before it. */
  async until(time: bigint): Promise<void> {
    const w = this.#world;
    for (; this.#next < time; this.#next += HOUR) {
      if (this.#next - this.#reportedAt > REPORTED_EVERY) {
        await w.networkHelpers.time.setNextBlockTimestamp(this.#next - 30n);
        await w.setFeeds(w.ethFeeds, AT_125);
        this.#reportedAt = this.#next - 30n;
      }
      const account = this.accounts[this.#turn++ % this.accounts.length] ?? "";
      await w.networkHelpers.time.setNextBlockTimestamp(this.#next);
      await this.#send(w.alice.address, w.engineAddress, w.engine.interface.encodeFunctionData("flag", [account]));
      this.measured.push(account);
    }
  }

  /** What is measured now is of the last two of them; once they are closed, he goes on with the others. */
  takeLive(): string[] {
    const live = this.measured.slice(-2);
    this.accounts = this.accounts.filter((account) => !live.includes(account));
    return live;
  }

  async #send(from: string, to: string, data: string): Promise<void> {
    const gas = `0x${GAS.gasLimit.toString(16)}`;
    const params = [{ from, to, data, gas, gasPrice: `0x${GAS_PRICE.toString(16)}` }];
    await this.#world.provider.request({ method: "eth_sendTransaction", params });
  }
}

/** What is measured counts to the end of the next hour: then that of this hour and of the last one do. */
async function halfPast(w: World): Promise<bigint> {
  await w.networkHelpers.time.increaseTo(((await w.now()) / HOUR + 1n) * HOUR + HOUR / 2n);
  return w.now();
}

describe("R4, CLR-07: whoever has small accounts measured every hour for 91 days", () => {
  const SIZE = 400n * WAD;
  const world = useWorld();

  it("R3: holds up no fill and no withdrawal: two accounts are booked in the same block, at whatever time", async () => {
    const w = world();
    const [erin, bob] = [await w.cash(w.erin, 100_000n), await w.cash(w.bob, 1_000_000n)];
    await w.trade(erin, bob, ETH_MARKET, SIZE, AT_200);
    const renewer = new Renewer(w);
    await renewer.open(200);
    await w.setEth(AT_125);
    const start = await halfPast(w);
    renewer.begin(start);
    const fill = { taker: erin, maker: bob, market: ETH_MARKET, size: -SMALL, price: AT_125 };
    const book = w.house.connect(w.orderBook);
    let [days, paid] = [0n, await w.usd.balanceOf(w.erin.address)];
    for (let time = start + DAY; time <= start + LONGEST; time += DAY, days++) {
      await renewer.until(time);
      const [measured, resources] = await w.house.deficits();
      expect(resources).to.equal(0n);
      // What others were charged of earlier losses is owed on top.
      expect(measured).to.be.within(2n * OWED, 3n * OWED);
      await w.networkHelpers.time.setNextBlockTimestamp(time);
      await expect(book.trade.staticCall(fill))
        .to.be.revertedWithCustomError(w.house, "ClearingHouse_DeficitUnbooked")
        .withArgs(ETH_MARKET);
      const live = renewer.takeLive();
      const sent = await inOneBlock(w, async () => [
        ...(await Promise.all(live.map((account) => w.engine.connect(w.erin).deleverage(account, GAS)))),
        await book.trade(fill, GAS),
        await w.house.connect(w.erin).withdraw(erin, CASH, USD, GAS),
      ]);
      const receipts = await Promise.all(sent.map(async (transaction) => transaction.wait()));
      expect(receipts.map((receipt) => receipt?.status)).to.deep.equal([1, 1, 1, 1]);
      expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
      expect(await w.now(), "at once").to.equal(time);
    }
    expect(days).to.equal(91n);
    expect(await w.baseOf(erin)).to.equal(SIZE - days * SMALL);
    paid = (await w.usd.balanceOf(w.erin.address)) - paid;
    expect(paid, "every withdrawal in full").to.equal(days * USD);
    expect(renewer.measured.length).to.equal(91 * 24);
    await w.expectConserved(10n ** 6n, 10n ** 6n);

    // All that he has left at once is a longer block, not a longer wait: each of them has cost him the margin of a real position.
    const left = [...renewer.accounts];
    expect(left.length).to.equal(18);
    for (const account of left) await w.engine.flag(account);
    const sent = await inOneBlock(w, async () => [
      ...(await Promise.all(left.map((account) => w.engine.connect(w.erin).deleverage(account, BOOKING)))),
      await book.trade(fill, BOOKING),
    ]);
    const receipts = await Promise.all(sent.map(async (transaction) => transaction.wait()));
    expect(new Set(receipts.map((receipt) => receipt?.blockNumber)).size).to.equal(1);
    for (const receipt of receipts) {
      expect(receipt?.status).to.equal(1);
      expect(receipt?.gasUsed, "what came before does not matter").to.be.at.most(400_000n);
    }
  });
});

describe("R4, INV-19, CVR-07: the vault while small accounts are measured every hour for 91 days, and nobody books them", () => {
  const UNITS = 2_000n * WAD;
  const LIMIT = 10n * WAD;
  const COMMITTED = 120n * WAD;
  const WAITING = 72n * HOUR;
  const MINT_PERIOD = 7n * DAY;
  const world = useWorld();

  it("a purchase is minted when its waiting is over or refunded a week later, and an exit ends at its longest delay, all to the second", async () => {
    const w = world();
    const { vault } = await vaultsOf(w);
    const vaultAddress = await vault.getAddress();
    await underwrite(w, vaultAddress, w.carol, JUNIOR, 40_000n);
    await underwrite(w, vaultAddress, w.frank, JUNIOR, 60_000n);
    await vault.connect(w.administrator).announceCommitment(w.segment, COMMITTED);
    await w.networkHelpers.time.increase(ANNOUNCEMENT);
    await vault.activateCommitment(w.segment);
    await w.setEth(AT_200);
    await w.cash(w.bob, 1_000_000n);
    const renewer = new Renewer(w);
    await renewer.open(4);
    await w.setEth(AT_125);
    await halfPast(w);
    // The longest series there is, bought in the second before Carol asks to leave.
    const series = await openSeries(w, LIMIT, 10);
    await w.usd.mint(w.dave.address, 10_000n * USD);
    await w.usd.connect(w.dave).approve(vaultAddress, 10_000n * USD);
    await vault.connect(w.dave).buy(series, UNITS, 10_000n * USD, w.dave.address);
    const bought = await w.now();
    await vault.connect(w.dave).buy(series, WAD, 10_000n * USD, w.dave.address);
    const second = await w.now();
    const share = await w.ethers.getContractAt("TrancheShare", await vault.shareOf(JUNIOR));
    const shares = await share.balanceOf(w.carol.address);
    await share.connect(w.carol).requestRedeem(shares, w.carol.address, w.carol.address);
    const start = await w.now();
    const waiting = async () => (await vault.exitRequestOf(JUNIOR, w.carol.address)).shares;
    const claim = async (time: bigint) => {
      await w.networkHelpers.time.setNextBlockTimestamp(time);
      const before = await w.usd.balanceOf(w.carol.address);
      await share.connect(w.carol).getFunction("claimExit(address)")(w.carol.address);
      return (await w.usd.balanceOf(w.carol.address)) - before;
    };
    const withheld = async (time: bigint) => {
      await w.networkHelpers.time.setNextBlockTimestamp(time);
      const attempt = share.connect(w.carol).getFunction("claimExit(address)")(w.carol.address);
      await expect(attempt).to.be.revertedWithCustomError(vault, "CoverageVault_ExitWithheld");
    };
    renewer.begin(start);

    await renewer.until(bought + WAITING - 1n);
    expect((await w.house.deficits()).measured).to.be.at.least(2n * OWED);
    await w.networkHelpers.time.setNextBlockTimestamp(bought + WAITING - 1n);
    await expect(vault.complete(1n))
      .to.be.revertedWithCustomError(vault, "CoverageVault_TooEarly")
      .withArgs(bought + WAITING);
    await w.networkHelpers.time.setNextBlockTimestamp(bought + WAITING);
    await expect(vault.complete(1n)).to.emit(vault, "CoverMinted");
    // The other one is forgotten, and goes back a week later.
    await renewer.until(second + WAITING + MINT_PERIOD);
    await w.networkHelpers.time.setNextBlockTimestamp(second + WAITING + MINT_PERIOD);
    await expect(vault.complete(2n)).to.emit(vault, "CoverRefunded");

    // More is measured than is committed: the commitment and all cover are at stake. Carol's 40% of the rest goes at once.
    await renewer.until(start + COOLDOWN);
    const first = await claim(start + COOLDOWN);
    const rest = 40_000n * USD - ((20_000n + 120n) * USD * 4n) / 10n;
    expect(first, "with premium earned in 25 days").to.be.within(rest, rest + 200n * USD);
    let attempts = 0n;
    for (let time = start + COOLDOWN + 7n * DAY; time < start + LONGEST - 14n * DAY; time += 7n * DAY, attempts++) {
      await renewer.until(time);
      // Premium goes on being earned, and is paid.
      if (attempts === 0n) expect(await claim(time)).to.be.within(1n, 100n * USD);
      expect(await waiting()).to.be.greaterThan(0n);
    }
    // Cover ends after 70 days at most and can be reported for another seven; then the commitment alone is at stake.
    await renewer.until(start + 78n * DAY);
    await vault.release(series);
    await claim(start + 78n * DAY + 10n);
    const last = start + LONGEST;
    await renewer.until(last - 1n);
    expect((await w.house.deficits()).measured).to.be.at.least(2n * OWED);
    await withheld(last - 1n);
    expect(await waiting()).to.be.greaterThan(0n);
    const final = await claim(last);
    expect(final, "40% of the commitment").to.be.within(47n * USD, 49n * USD);
    expect(await waiting(), "all of it is paid").to.equal(0n);
    expect(await w.usd.balanceOf(w.carol.address)).to.be.greaterThan(40_000n * USD);
    expect(renewer.measured.length).to.equal(91 * 24);
  });
});
