import { expect } from "chai";
import fc from "fast-check";
import { ethers as library, hexlify, toBeHex, verifyTypedData } from "ethers";
import { describe, it } from "mocha";

import { BulwarkError } from "../../../sdk/errors.ts";
import { InvalidAccountError, NO_ACCOUNT, owner, sub, toAccountId } from "../../../sdk/identifiers.ts";
import {
  MAX_ORDER_PRICE,
  MAX_ORDER_SIZE,
  OrderExpiryError,
  OrderFlags,
  OrderHouseError,
  OrderMarketError,
  OrderNonceError,
  OrderNotSignedError,
  OrderPriceError,
  OrderSizeError,
  OrderToSelfError,
  OrderWithoutOwnerError,
  buildOrder,
  hashOrder,
  orderDomain,
  orderTypes,
  signOrder,
} from "../../../sdk/orders.ts";
import type { OrderParameters } from "../../../sdk/orders.ts";
import { WAD, connectBench } from "../clearing/support/orders.ts";

const { bench, ethers } = await connectBench();

const now = 1_800_000_000n;
const maker = "0x70997970C51812dc3A010C7d01b50e0d17dc79C8";
const account = toAccountId(maker, 7n);
const parameters: OrderParameters = {
  house: "0xe7f1725e7734ce288f8367e1bb143e90bb3f0512",
  account,
  market: 47,
  size: -WAD,
  limitPrice: 2_500n * WAD,
  expiry: now,
  nonce: 0n,
};

/** The error of a call, which must be of the given class. */
function thrown<E extends BulwarkError>(type: new (...values: never[]) => E, call: () => unknown): E {
  try {
    call();
  } catch (error) {
    expect(error).to.be.instanceOf(type).and.instanceOf(BulwarkError);
    const typed = error as E;
    expect(typed.name).to.equal(type.name);
    return typed;
  }
  expect.fail(`no ${type.name}`);
}

function build(changes: Partial<OrderParameters>) {
  return () => buildOrder({ ...parameters, ...changes }, { now });
}

describe("sdk/orders (SDK-01, CLR-03)", () => {
  it("SDK-01 hashes 200 random orders as the contract does", async () => {
    const b = await bench();
    const address = fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => ethers.getAddress(hexlify(bytes)));
    const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    const orders = fc.record({
      house: address,
      account: word.map((value) => toBeHex(value, 32)),
      market: fc.nat(255),
      size: fc.bigInt({ min: -(2n ** 255n), max: 2n ** 255n - 1n }),
      limitPrice: word,
      expiry: fc.bigInt({ min: 0n, max: 2n ** 40n - 1n }),
      nonce: word,
      flags: fc.nat(255),
      taker: word.map((value) => toBeHex(value, 32)),
    });
    await fc.assert(
      fc.asyncProperty(orders, async (order) => {
        expect(hashOrder(order, b.book)).to.equal(await b.orders.orderHash(order));
      }),
      { numRuns: 200, seed: 20_261_121 },
    );
  });

  it("SDK-01 uses the domain that the contract reports (ERC-5267)", async () => {
    const b = await bench();
    const { fields, name, version, chainId, verifyingContract, extensions } = await b.orders.eip712Domain();
    expect(orderDomain(b.book)).to.deep.equal({ name, version, chainId, verifyingContract });
    expect([fields, [...extensions]]).to.deep.equal(["0x0f", []]);
  });

  it("SDK-01 signs what it hashes, and returns both with the order", async () => {
    const b = await bench();
    const order = b.order();
    const signed = await signOrder(b.maker, { order, book: b.book });
    expect(verifyTypedData(orderDomain(b.book), orderTypes, order, signed.signature)).to.equal(b.maker.address);
    expect(signed.hash).to.equal(await b.orders.orderHash(order));
    expect(signed.order).to.equal(order);
    expect(Object.isFrozen(signed)).to.equal(true);
  });

  it("SDK-01 keeps the reason of a signer that does not sign", async () => {
    const b = await bench();
    const refusal = new Error("user rejected");
    const signer = { signTypedData: () => Promise.reject(refusal) };
    const error = await signOrder(signer, { order: b.order(), book: b.book }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(OrderNotSignedError);
    expect((error as OrderNotSignedError).cause).to.equal(refusal);
    expect((error as OrderNotSignedError).name).to.equal("OrderNotSignedError");
  });

  it("SDK-01 builds a frozen order: checksummed, lower-case accounts, any taker, no flags by default", () => {
    const order = buildOrder({ ...parameters, account: account.toUpperCase().replace("0X", "0x") }, { now });
    expect(order).to.deep.equal({
      ...parameters,
      house: library.getAddress(parameters.house),
      account,
      flags: 0,
      taker: NO_ACCOUNT,
    });
    expect(Object.isFrozen(order)).to.equal(true);
  });

  it("SDK-01 names the flags", () => {
    expect(build({ reduceOnly: true })().flags).to.equal(OrderFlags.REDUCE_ONLY);
    expect(build({ partialFills: true })().flags).to.equal(OrderFlags.PARTIAL_FILLS);
    expect(build({ reduceOnly: true, partialFills: true })().flags).to.equal(3);
    expect(build({ reduceOnly: false, partialFills: false })().flags).to.equal(0);
  });

  it("SDK-01 takes the last value of every range", () => {
    for (const size of [MAX_ORDER_SIZE, -MAX_ORDER_SIZE, 1n, -1n]) expect(build({ size })().size).to.equal(size);
    for (const limitPrice of [1n, MAX_ORDER_PRICE]) expect(build({ limitPrice })().limitPrice).to.equal(limitPrice);
    for (const expiry of [now, 2n ** 40n - 1n]) expect(build({ expiry })().expiry).to.equal(expiry);
    for (const nonce of [0n, 2n ** 256n - 1n]) expect(build({ nonce })().nonce).to.equal(nonce);
    for (const market of [0, 47]) expect(build({ market })().market).to.equal(market);
  });

  it("SDK-01 refuses what no house could fill, with the value", () => {
    for (const size of [0n, MAX_ORDER_SIZE + 1n, -MAX_ORDER_SIZE - 1n]) {
      expect(thrown(OrderSizeError, build({ size })).size).to.equal(size);
    }
    for (const limitPrice of [0n, -1n, MAX_ORDER_PRICE + 1n]) {
      expect(thrown(OrderPriceError, build({ limitPrice })).limitPrice).to.equal(limitPrice);
    }
    for (const expiry of [now - 1n, 2n ** 40n, now * 1_000n]) {
      const error = thrown(OrderExpiryError, build({ expiry }));
      expect([error.expiry, error.now]).to.deep.equal([expiry, now]);
    }
    for (const nonce of [-1n, 2n ** 256n]) expect(thrown(OrderNonceError, build({ nonce })).nonce).to.equal(nonce);
    for (const market of [-1, 48, 1.5, NaN]) {
      expect(thrown(OrderMarketError, build({ market })).market).to.deep.equal(market);
    }
    for (const house of ["", "0x12", "0xE7F1725E7734ce288f8367e1bb143e90bb3f0512"]) {
      const error = thrown(OrderHouseError, build({ house }));
      expect(error.house).to.equal(house);
      expect(error.cause).to.be.instanceOf(TypeError);
    }
  });

  it("SDK-01 refuses an order of nobody, to itself, or of something that is no account", () => {
    const nobody = toBeHex(7n, 32);
    expect(thrown(OrderWithoutOwnerError, build({ account: nobody })).account).to.equal(nobody);
    expect(thrown(OrderToSelfError, build({ taker: account })).account).to.equal(account);
    for (const value of [maker, "0x", "account"]) {
      expect(thrown(InvalidAccountError, build({ account: value })).value).to.equal(value);
      expect(thrown(InvalidAccountError, build({ taker: value })).value).to.equal(value);
    }
  });
});

describe("sdk/identifiers (SDK-01, CLR-01)", () => {
  it("SDK-01 makes accounts of owner and number, and takes them apart again", () => {
    expect(account).to.equal(`${maker.toLowerCase()}000000000000000000000007`);
    expect([owner(account), sub(account)]).to.deep.equal([maker, 7n]);
    const last = toAccountId(maker, 2n ** 96n - 1n);
    expect([owner(last), sub(last)]).to.deep.equal([maker, 2n ** 96n - 1n]);
  });

  it("SDK-01 refuses numbers and owners that do not fit", () => {
    for (const number of [-1n, 2n ** 96n]) {
      expect(thrown(InvalidAccountError, () => toAccountId(maker, number)).value).to.equal(number);
    }
    const error = thrown(InvalidAccountError, () => toAccountId("0x12", 0n));
    expect(error.value).to.equal("0x12");
    expect(error.cause).to.be.instanceOf(TypeError);
    for (const read of [owner, sub]) expect(thrown(InvalidAccountError, () => read("0x12")).value).to.equal("0x12");
  });
});
