import { expect } from "chai";
import { describe, it } from "mocha";

import { toAccountId } from "../../../sdk/identifiers.ts";
import type { Order } from "../../../sdk/orders.ts";
import { ALL_BUT_TRADE, MAX_INT, TRADE, WAD, connectBench } from "./support/orders.ts";

const { bench, ethers, networkHelpers } = await connectBench();

describe("SignedOrders: fill (CLR-03)", () => {
  it("CLR-03 hands a bought order to the house: the taker sells, at the maker's limit price", async () => {
    const b = await bench();
    const order = b.order({ size: 10n * WAD });
    const expected = { market: 5n, price: 2_500n * WAD, maker: b.makerAccount, taker: b.takerAccount };
    await expect(b.signAndFill(order))
      .to.emit(b.orders, "OrderFilled")
      .withArgs(b.hash(order), b.makerAccount, b.takerAccount, 5n, 10n * WAD, 2_500n * WAD, 0n);
    expect(await b.trades()).to.deep.equal([{ ...expected, size: -10n * WAD }]);
    expect(await b.orders.isNonceUsed(b.makerAccount, 77n)).to.equal(true);
    expect(await b.orders.remaining(order)).to.equal(0n);
  });

  it("CLR-03 hands a sold order to the house: the taker buys", async () => {
    const b = await bench();
    const order = b.order({ size: -3n });
    await expect(b.signAndFill(order))
      .to.emit(b.orders, "OrderFilled")
      .withArgs(b.hash(order), b.makerAccount, b.takerAccount, 5n, -3n, 2_500n * WAD, 0n);
    expect((await b.trades()).map((trade) => trade.size)).to.deep.equal([3n]);
  });

  it("CLR-03 lets a delegate with Scope.TRADE fill for the taker's account, and nobody with less", async () => {
    const b = await bench();
    const order = b.order();
    const signature = await b.sign(order);
    const filling = b.orders.connect(b.delegate);
    await b.house.setScopes(b.takerAccount, b.delegate, ALL_BUT_TRADE);
    await expect(filling.fill(order, signature, b.takerAccount, 10n * WAD))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotAuthorized")
      .withArgs(b.takerAccount, b.delegate.address);
    await b.house.setScopes(b.takerAccount, b.delegate, TRADE);
    await filling.fill(order, signature, b.takerAccount, 10n * WAD);
    expect(await b.trades()).to.have.length(1);
  });

  it("CLR-03 refuses a caller who fills for somebody else's account", async () => {
    const b = await bench();
    const order = b.order();
    await expect(b.orders.connect(b.stranger).fill(order, await b.sign(order), b.takerAccount, 10n * WAD))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotAuthorized")
      .withArgs(b.takerAccount, b.stranger.address);
  });

  it("CLR-03 fills in the last second of an order and not in the next", async () => {
    const b = await bench();
    const expiry = b.now + 100n;
    const early = b.order({ expiry, nonce: 1n });
    const late = b.order({ expiry, nonce: 2n });
    await networkHelpers.time.setNextBlockTimestamp(expiry);
    await b.signAndFill(early);
    await networkHelpers.time.setNextBlockTimestamp(expiry + 1n);
    await expect(b.signAndFill(late))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_Expired")
      .withArgs(expiry, expiry + 1n);
  });

  it("CLR-03 refuses an order for another house, also when the house behind it has the same code", async () => {
    const b = await bench();
    const other = await ethers.deployContract("MockHouse");
    const order = b.order({ house: await other.getAddress() });
    await expect(b.signAndFill(order))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_WrongHouse")
      .withArgs(await other.getAddress(), await b.house.getAddress());
  });

  it("CLR-03 refuses flags without meaning", async () => {
    const b = await bench();
    for (const flags of [4, 7, 255]) {
      const order: Order = { ...b.order(), flags };
      await expect(b.signAndFill(order))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidFlags")
        .withArgs(flags);
    }
  });

  it("CLR-03 keeps an order for the taker it names, sub-account included", async () => {
    const b = await bench();
    const taker = toAccountId(b.taker.address, 9n);
    const order = b.order({ taker });
    const signature = await b.sign(order);
    await expect(b.fill(order, signature))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_WrongTaker")
      .withArgs(taker, b.takerAccount);
    await b.orders.connect(b.taker).fill(order, signature, taker, 10n * WAD);
    expect((await b.trades()).map((trade) => trade.taker)).to.deep.equal([taker]);
  });

  it("CLR-03 refuses a fill of nothing, and one whose sign could not be turned round", async () => {
    const b = await bench();
    const order = b.order({ partialFills: true });
    const huge: Order = { ...b.order(), size: -MAX_INT - 1n };
    const refusals: [Order, bigint][] = [
      [order, 0n],
      [order, MAX_INT + 1n],
      [order, 2n ** 256n - 1n],
      [huge, MAX_INT + 1n],
    ];
    for (const [refused, size] of refusals) {
      await expect(b.signAndFill(refused, size))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSize")
        .withArgs(size, MAX_INT);
    }
    expect(await b.orders.remaining(huge)).to.equal(MAX_INT + 1n);
  });

  it("CLR-03 fills the largest size in either direction, the smallest int256 in parts", async () => {
    const b = await bench();
    await b.signAndFill({ ...b.order({ nonce: 1n }), size: MAX_INT });
    const order: Order = { ...b.order({ nonce: 2n, partialFills: true }), size: -MAX_INT - 1n };
    await b.signAndFill(order, MAX_INT);
    expect(await b.orders.remaining(order)).to.equal(1n);
    await b.signAndFill(order, 1n);
    expect((await b.trades()).map((trade) => trade.size)).to.deep.equal([-MAX_INT, MAX_INT, 1n]);
  });

  it("CLR-03 refuses to fill an order over nothing", async () => {
    const b = await bench();
    await expect(b.signAndFill({ ...b.order(), size: 0n }, 1n))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_ExceedsRemaining")
      .withArgs(1n, 0n);
  });

  it("CLR-03 undoes everything when the house refuses", async () => {
    const b = await bench();
    const order = b.order({ partialFills: true });
    await b.house.setRefusal(42n);
    await expect(b.signAndFill(order, WAD)).to.be.revertedWithCustomError(b.house, "MockHouse_Refused").withArgs(42n);
    await expect(b.signAndFill(order)).to.be.revertedWithCustomError(b.house, "MockHouse_Refused").withArgs(42n);
    expect(await b.orders.remaining(order)).to.equal(10n * WAD);
    await b.house.setRefusal(0n);
    await b.signAndFill(order);
  });

  it("CLR-03 cannot be re-entered from the house, by any of its verbs", async () => {
    const b = await bench();
    const [order, other] = [b.order({ nonce: 1n }), b.order({ nonce: 2n })];
    const calls = [
      b.orders.interface.encodeFunctionData("fill", [other, await b.sign(other), b.takerAccount, 10n * WAD]),
      b.orders.interface.encodeFunctionData("cancel", [b.makerAccount, [1n]]),
      b.orders.interface.encodeFunctionData("cancelWord", [b.makerAccount, 0n, 1n]),
    ];
    for (const call of calls) {
      await b.house.setCallback(call);
      await expect(b.signAndFill(order)).to.be.revertedWithCustomError(b.orders, "ReentrancyGuardReentrantCall");
    }
    await b.house.setCallback(b.orders.interface.encodeFunctionData("remaining", [order]));
    await b.signAndFill(order);
  });

  it("CLR-03 is deployed for a contract only, and tells which", async () => {
    const b = await bench();
    await expect(ethers.deployContract("SignedOrders", [b.stranger]))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidHouse")
      .withArgs(b.stranger.address);
    expect(await b.orders.house()).to.equal(await b.house.getAddress());
  });
});
