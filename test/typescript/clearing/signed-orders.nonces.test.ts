import { expect } from "chai";
import { describe, it } from "mocha";

import { NO_ACCOUNT, toAccountId } from "../../../sdk/identifiers.ts";
import { ALL_BUT_TRADE, TRADE, WAD, connectBench } from "./support/orders.ts";

const { bench, networkHelpers } = await connectBench();

describe("SignedOrders: nonces and partial fills (CLR-03)", () => {
  it("CLR-03 fills a fill-or-kill order once", async () => {
    const b = await bench();
    const order = b.order();
    const signature = await b.sign(order);
    await b.fill(order, signature);
    await expect(b.fill(order, signature))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.makerAccount, 77n);
  });

  it("CLR-03 refuses a part of a fill-or-kill order, and more than all of it", async () => {
    const b = await bench();
    const order = b.order();
    await expect(b.signAndFill(order, 10n * WAD - 1n))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_PartialFill")
      .withArgs(10n * WAD - 1n, 10n * WAD);
    await expect(b.signAndFill(order, 10n * WAD + 1n))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_ExceedsRemaining")
      .withArgs(10n * WAD + 1n, 10n * WAD);
  });

  it("CLR-03 counts partial fills to the last wei; the last one takes the nonce", async () => {
    const b = await bench();
    const order = b.order({ size: -10n * WAD, partialFills: true });
    const signature = await b.sign(order);
    await b.fill(order, signature, 4n * WAD);
    await expect(b.fill(order, signature, WAD))
      .to.emit(b.orders, "OrderFilled")
      .withArgs(b.hash(order), b.makerAccount, b.takerAccount, 5n, -WAD, 2_500n * WAD, 5n * WAD);
    expect(await b.orders.remaining(order)).to.equal(5n * WAD);
    expect(await b.orders.isNonceUsed(b.makerAccount, 77n)).to.equal(false);
    await expect(b.fill(order, signature, 5n * WAD + 1n))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_ExceedsRemaining")
      .withArgs(5n * WAD + 1n, 5n * WAD);
    await b.fill(order, signature, 5n * WAD);
    await expect(b.fill(order, signature, 1n))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.makerAccount, 77n);
    expect(await b.orders.remaining(order)).to.equal(0n);
    expect((await b.trades()).map((trade) => trade.size)).to.deep.equal([4n * WAD, WAD, 5n * WAD]);
  });

  it("CLR-03 ends every order that shares a nonce with one that was filled completely", async () => {
    const b = await bench();
    const first = b.order({ partialFills: true });
    const second = b.order({ partialFills: true, limitPrice: 2_600n * WAD });
    await b.signAndFill(second, WAD);
    await b.signAndFill(first);
    expect(await b.orders.remaining(second)).to.equal(0n);
    await expect(b.signAndFill(second, WAD))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.makerAccount, 77n);
  });

  it("CLR-03 keeps the nonces of sub-accounts, words and bits apart", async () => {
    const b = await bench();
    const account = toAccountId(b.maker.address, 4n);
    await b.signAndFill(b.order({ nonce: 255n }));
    await b.signAndFill(b.order({ nonce: 255n, account }));
    for (const nonce of [0n, 254n, 256n, 511n, 2n ** 256n - 1n]) await b.signAndFill(b.order({ nonce }));
    expect(await b.orders.usedNonces(b.makerAccount, 0n)).to.equal((1n << 255n) | (1n << 254n) | 1n);
    expect(await b.orders.usedNonces(b.makerAccount, 1n)).to.equal((1n << 255n) | 1n);
    expect(await b.orders.usedNonces(b.makerAccount, 2n ** 248n - 1n)).to.equal(1n << 255n);
    expect(await b.orders.usedNonces(account, 0n)).to.equal(1n << 255n);
  });
});

describe("SignedOrders: reduce-only (CLR-03)", () => {
  const closing: [string, bigint, bigint][] = [
    ["a long by selling", 10n * WAD, -1n],
    ["a short by buying", -10n * WAD, 1n],
  ];
  for (const [what, base, direction] of closing) {
    it(`CLR-03 reduces ${what}, to nothing at most`, async () => {
      const b = await bench();
      const order = b.order({ size: direction * 20n * WAD, reduceOnly: true, partialFills: true });
      await b.house.setBase(b.makerAccount, 5, base);
      await expect(b.signAndFill(order, 10n * WAD + 1n))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotReducing")
        .withArgs(b.makerAccount, base, direction * (10n * WAD + 1n));
      await b.signAndFill(order, 10n * WAD);
    });

    it(`CLR-03 never adds to ${what}`, async () => {
      const b = await bench();
      const order = b.order({ size: -direction * WAD, reduceOnly: true });
      await b.house.setBase(b.makerAccount, 5, base);
      await expect(b.signAndFill(order))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotReducing")
        .withArgs(b.makerAccount, base, -direction * WAD);
    });
  }

  it("CLR-03 opens nothing, whatever the account holds in other markets and other accounts in this one", async () => {
    const b = await bench();
    await b.house.setBase(b.makerAccount, 4, -10n * WAD);
    await b.house.setBase(b.takerAccount, 5, -10n * WAD);
    for (const size of [WAD, -WAD]) {
      await expect(b.signAndFill(b.order({ size, reduceOnly: true })))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotReducing")
        .withArgs(b.makerAccount, 0n, size);
    }
  });

  it("CLR-03 asks nothing of the position without the flag", async () => {
    const b = await bench();
    await b.house.setBase(b.makerAccount, 5, WAD);
    await b.signAndFill(b.order());
    expect(await b.trades()).to.have.length(1);
  });
});

describe("SignedOrders: cancel (CLR-03, CLR-06a)", () => {
  it("CLR-03 stops orders of both kinds, also one that is partly filled", async () => {
    const b = await bench();
    const [killed, open] = [b.order({ nonce: 1n }), b.order({ nonce: 300n, partialFills: true })];
    await b.signAndFill(open, WAD);
    await expect(b.orders.connect(b.maker).cancel(b.makerAccount, [1n, 300n]))
      .to.emit(b.orders, "NoncesCancelled")
      .withArgs(b.makerAccount, 0n, 2n)
      .and.to.emit(b.orders, "NoncesCancelled")
      .withArgs(b.makerAccount, 1n, 1n << 44n);
    for (const order of [killed, open]) {
      expect(await b.orders.remaining(order)).to.equal(0n);
      await expect(b.signAndFill(order, order.size - WAD))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
        .withArgs(b.makerAccount, order.nonce);
    }
  });

  it("CLR-03 cancels a word by mask, and reports only what was not used before", async () => {
    const b = await bench();
    await b.signAndFill(b.order({ nonce: 514n }));
    const cancelling = b.orders.connect(b.maker);
    await expect(cancelling.cancelWord(b.makerAccount, 2n, 0b10101n))
      .to.emit(b.orders, "NoncesCancelled")
      .withArgs(b.makerAccount, 2n, 0b10001n);
    expect(await b.orders.usedNonces(b.makerAccount, 2n)).to.equal(0b10101n);
    await expect(cancelling.cancelWord(b.makerAccount, 2n, 0b00101n)).not.to.emit(b.orders, "NoncesCancelled");
    await expect(cancelling.cancel(b.makerAccount, [512n])).not.to.emit(b.orders, "NoncesCancelled");
    expect(await b.orders.usedNonces(b.makerAccount, 2n)).to.equal(0b10101n);
    await cancelling.cancelWord(b.makerAccount, 2n, 2n ** 256n - 1n);
    expect(await b.orders.usedNonces(b.makerAccount, 2n)).to.equal(2n ** 256n - 1n);
  });

  it("CLR-03 lets a delegate with Scope.TRADE cancel, and nobody else", async () => {
    const b = await bench();
    await b.house.setScopes(b.makerAccount, b.delegate, ALL_BUT_TRADE);
    for (const caller of [b.delegate, b.stranger, b.taker]) {
      const calls = [
        b.orders.connect(caller).cancel(b.makerAccount, [1n]),
        b.orders.connect(caller).cancelWord(b.makerAccount, 0n, 2n),
      ];
      for (const call of calls) {
        await expect(call)
          .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotAuthorized")
          .withArgs(b.makerAccount, caller.address);
      }
    }
    await b.house.setScopes(b.makerAccount, b.delegate, TRADE);
    await b.orders.connect(b.delegate).cancel(b.makerAccount, [1n]);
    expect(await b.orders.isNonceUsed(b.makerAccount, 1n)).to.equal(true);
  });

  it("CLR-06a cancels for an owner whatever the house says, even when the house is gone", async () => {
    const b = await bench();
    await b.house.setRefusal(1n);
    await b.orders.connect(b.maker).cancel(b.makerAccount, [1n]);
    await networkHelpers.setCode(await b.house.getAddress(), "0xfe");
    await b.orders.connect(b.maker).cancel(b.makerAccount, [2n]);
    await b.orders.connect(b.maker).cancelWord(b.makerAccount, 0n, 8n);
    expect(await b.orders.usedNonces(b.makerAccount, 0n)).to.equal(0b1110n);
  });

  it("CLR-03 cancels the same nonce of one sub-account only", async () => {
    const b = await bench();
    await b.orders.connect(b.maker).cancel(b.makerAccount, [77n]);
    await b.signAndFill(b.order({ account: toAccountId(b.maker.address, 4n), taker: NO_ACCOUNT }));
    expect(await b.trades()).to.have.length(1);
  });
});
