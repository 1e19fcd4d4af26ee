import { expect } from "chai";

import { USD, WAD } from "../support/deployment.ts";
import type { Signer } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";

const WETH = 1;
const HOSTILE = 2;
const HOUR = 3_600n;
const AT_200 = 200n * WAD;
/** HostileToken.Mode */
const Mode = { Honest: 0, FeeOnTop: 2, ReturnsFalse: 3, Lies: 4, Reenters: 11, BlindBalance: 12 } as const;

describe("sale of what the fund was given in other assets (FND-05)", () => {
  let sale: Awaited<ReturnType<typeof deploy>>;
  const world = useWorld(async (w) => {
    sale = await deploy();
    await w.weth.mint(await sale.getAddress(), 10n * WAD);
  });
  const deploy = async () => {
    const w = world();
    return w.ethers.deployContract("ReserveSale", [w.houseAddress]);
  };
  const reserve = async () => (await world().fund.segmentOf(world().segment)).reserve;
  /** Starts a sale; returns when. */
  const start = async (asset = WETH) => {
    await sale.start(asset);
    return world().now();
  };
  const rich = async (who: Signer, dollars: bigint) => {
    const w = world();
    await w.usd.mint(who.address, dollars * USD);
    await w.usd.connect(who).approve(await sale.getAddress(), dollars * USD);
  };
  const at = async (time: bigint) => {
    const w = world();
    // The feeds are alive then.
    if (time - (await w.now()) > 10n) {
      await w.networkHelpers.time.increaseTo(time - 8n);
      for (const feed of w.ethFeeds) await feed.setAnswer(AT_200 / 10n ** 10n);
    }
    await w.networkHelpers.time.setNextBlockTimestamp(time);
  };

  it("FND-05: the price falls from 101% to 97% of consensus in four hours and stays there until the sale ends", async () => {
    const w = world();
    const begun = await start();
    for (const [after, price] of [
      [0n, 202n * WAD],
      [HOUR, 200n * WAD],
      [2n * HOUR, 198n * WAD],
      [4n * HOUR, 194n * WAD],
      [24n * HOUR - 1n, 194n * WAD],
    ] as const) {
      if (after !== 0n) {
        await at(begun + after);
        await w.networkHelpers.mine();
      }
      expect(await sale.priceOf(WETH), `after ${after} s`).to.equal(price);
    }
    expect(await sale.startedAt(WETH)).to.equal(begun);
    await w.networkHelpers.time.increaseTo(begun + 24n * HOUR);
    expect(await sale.startedAt(WETH)).to.equal(0n);
    await expect(sale.priceOf(WETH)).to.be.revertedWithCustomError(sale, "ReserveSale_NotRunning").withArgs(WETH);
  });

  it("FND-05: what is paid is reserve in the same transaction, to the unit; the buyer has the asset", async () => {
    const w = world();
    const begun = await start();
    await rich(w.alice, 1_000n);
    const before = await reserve();
    await at(begun + HOUR);
    const amount = 3n * WAD + 1n;
    await expect(sale.connect(w.alice).buy(WETH, amount, 601n * USD))
      .to.emit(sale, "Sold")
      .withArgs(WETH, w.alice.address, amount, 600n * USD + 1n, AT_200);
    expect((await reserve()) - before).to.equal((600n * USD + 1n) * 10n ** 12n);
    expect(await w.weth.balanceOf(w.alice.address)).to.equal(amount);
    expect(await w.usd.balanceOf(w.alice.address)).to.equal(400n * USD - 1n);
    expect(await w.usd.balanceOf(await sale.getAddress())).to.equal(0n);
    expect(await w.usd.allowance(await sale.getAddress(), w.fundAddress)).to.equal(0n);
  });

  it("INV-21: the same bought in two pieces pays no less", async () => {
    const w = world();
    const begun = await start();
    await rich(w.alice, 2_000n);
    await at(begun + 2n * HOUR);
    const whole = await sale
      .connect(w.alice)
      .buy.staticCall(WETH, 3n * WAD + 7n, 2_000n * USD, { blockTag: "pending" });
    const first = await sale.connect(w.alice).buy.staticCall(WETH, WAD + 3n, 2_000n * USD, { blockTag: "pending" });
    const second = await sale
      .connect(w.alice)
      .buy.staticCall(WETH, 2n * WAD + 4n, 2_000n * USD, { blockTag: "pending" });
    expect(first + second).to.be.within(whole, whole + 1n);
  });

  it("ReserveSale_CannotStart: nothing held, and not before the last one ended", async () => {
    const w = world();
    const begun = await start();
    await expect(sale.start(WETH))
      .to.be.revertedWithCustomError(sale, "ReserveSale_CannotStart")
      .withArgs(WETH, 10n * WAD, begun + 24n * HOUR);
    await at(begun + 24n * HOUR);
    await expect(sale.connect(w.erin).start(WETH))
      .to.emit(sale, "SaleStarted")
      .withArgs(WETH, 10n * WAD);
    const empty = await deploy();
    await expect(empty.start(WETH))
      .to.be.revertedWithCustomError(empty, "ReserveSale_CannotStart")
      .withArgs(WETH, 0n, 0n);
  });

  it("ReserveSale_NotRunning, ReserveSale_InvalidAmount, ReserveSale_CostAboveLimit", async () => {
    const w = world();
    await rich(w.alice, 3_000n);
    const buyer = sale.connect(w.alice);
    await expect(buyer.buy(WETH, WAD, 3_000n * USD))
      .to.be.revertedWithCustomError(sale, "ReserveSale_NotRunning")
      .withArgs(WETH);
    const begun = await start();
    for (const amount of [0n, 10n * WAD + 1n, 2n ** 128n]) {
      await expect(buyer.buy(WETH, amount, 3_000n * USD))
        .to.be.revertedWithCustomError(sale, "ReserveSale_InvalidAmount")
        .withArgs(amount, 10n * WAD);
    }
    await at(begun + HOUR);
    await expect(buyer.buy(WETH, WAD, 200n * USD - 1n))
      .to.be.revertedWithCustomError(sale, "ReserveSale_CostAboveLimit")
      .withArgs(200n * USD, 200n * USD - 1n);
  });

  it("ReserveSale_UnknownAsset: neither the settlement asset nor one that is not listed", async () => {
    for (const asset of [0, 5]) {
      await expect(sale.start(asset)).to.be.revertedWithCustomError(sale, "ReserveSale_UnknownAsset").withArgs(asset);
    }
  });

  it("ReserveSale_InvalidHouse: no code, no links", async () => {
    const w = world();
    await expect(w.ethers.deployContract("ReserveSale", [w.erin.address]))
      .to.be.revertedWithCustomError(sale, "ReserveSale_InvalidHouse")
      .withArgs(w.erin.address);
  });

  it("ORC-02: no price, no sale", async () => {
    const w = world();
    await start();
    await rich(w.alice, 3_000n);
    await w.kill(w.ethFeeds);
    await expect(sale.connect(w.alice).buy(WETH, WAD, 3_000n * USD)).to.be.revertedWithCustomError(
      w.oracle,
      "PriceOracle_NoConsensus",
    );
  });

  it("FND-05: settlement tokens that were sent here go to the reserve, by anyone", async () => {
    const w = world();
    await w.usd.mint(await sale.getAddress(), 7n * USD + 5n);
    const before = await reserve();
    await expect(sale.connect(w.erin).forward())
      .to.emit(sale, "Forwarded")
      .withArgs(7n * USD + 5n);
    expect((await reserve()) - before).to.equal((7n * USD + 5n) * 10n ** 12n);
    await expect(sale.forward()).not.to.emit(sale, "Forwarded");
  });

  it("R1a: an asset that lies, refuses, takes more or re-enters is not paid for: ReserveSale_TransferFailed", async () => {
    const w = world();
    const token = await w.ethers.deployContract("HostileToken", [18]);
    await w.house.listAsset(HOSTILE, await token.getAddress(), 0, 1_000, 1_000_000);
    await token.mint(await sale.getAddress(), 10n * WAD);
    await start(HOSTILE);
    await rich(w.alice, 3_000n);
    const buyer = sale.connect(w.alice);
    const [money, kept] = [await w.usd.balanceOf(w.alice.address), await reserve()];
    for (const mode of [Mode.ReturnsFalse, Mode.Lies, Mode.FeeOnTop]) {
      await token.setMode(mode);
      await expect(buyer.buy(HOSTILE, WAD, 3_000n * USD), `mode ${mode}`)
        .to.be.revertedWithCustomError(sale, "ReserveSale_TransferFailed")
        .withArgs(await token.getAddress());
    }
    await token.setMode(Mode.Reenters);
    const again = sale.interface.encodeFunctionData("buy", [HOSTILE, WAD, 3_000n * USD]);
    await token.setReentry(await sale.getAddress(), again);
    await buyer.buy(HOSTILE, WAD, 3_000n * USD);
    expect(await token.balanceOf(w.alice.address), "one purchase, not two").to.equal(WAD);
    expect(await token.balanceOf(await sale.getAddress())).to.equal(9n * WAD);
    // More than any account could hold has no price, though there were so much of it.
    await token.mint(await sale.getAddress(), 2n ** 129n);
    await token.setMode(Mode.Honest);
    await expect(buyer.buy(HOSTILE, 2n ** 128n, 3_000n * USD))
      .to.be.revertedWithCustomError(sale, "ReserveSale_InvalidAmount")
      .withArgs(2n ** 128n, 2n ** 129n + 9n * WAD);
    await token.setReentry(await sale.getAddress(), sale.interface.encodeFunctionData("forward"));
    await buyer.buy(HOSTILE, WAD, 3_000n * USD);
    expect(await token.reentrySucceeded(), "no other door stands open meanwhile").to.equal(false);
    const paid = money - (await w.usd.balanceOf(w.alice.address));
    expect((await reserve()) - kept).to.equal(paid * 10n ** 12n);
    // A buyer without money or allowance: the settlement token refuses.
    await expect(sale.connect(w.bob).buy(WETH, WAD, 3_000n * USD)).to.be.revertedWithCustomError(
      sale,
      "ReserveSale_NotRunning",
    );
    await start();
    await expect(sale.connect(w.bob).buy(WETH, WAD, 3_000n * USD))
      .to.be.revertedWithCustomError(sale, "ReserveSale_TransferFailed")
      .withArgs(await w.usd.getAddress());
  });
});
