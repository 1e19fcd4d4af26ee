import { expect } from "chai";
import fc from "fast-check";
import { Signature, concat, dataLength, hexlify, toBeHex } from "ethers";
import { describe, it } from "mocha";

import { NO_ACCOUNT, toAccountId } from "../../../sdk/identifiers.ts";
import { hashOrder, orderDomain, orderTypes, signOrder } from "../../../sdk/orders.ts";
import type { Order } from "../../../sdk/orders.ts";
import {
  ALL_BUT_TRADE,
  MAX_INT,
  PARTIAL_FILLS,
  REDUCE_ONLY,
  TRADE,
  WAD,
  connectBench,
  expectInvalid,
} from "./support/orders.ts";

const { bench, ethers } = await connectBench();

/** Order of the secp256k1 group. */
const CURVE_ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n;

describe("SignedOrders: ECDSA (CLR-03, P-AUTH-01)", () => {
  it("CLR-03 takes a delegate's signature while the delegate has Scope.TRADE", async () => {
    const b = await bench();
    const order = b.order();
    const signature = await b.sign(order, b.delegate);
    await expectInvalid(b, order, signature);
    await b.house.setScopes(b.makerAccount, b.delegate, ALL_BUT_TRADE);
    await expectInvalid(b, order, signature);
    await b.house.setScopes(b.makerAccount, b.delegate, TRADE);
    await b.fill(order, signature);
    expect((await b.trades()).map((trade) => trade.maker)).to.deep.equal([b.makerAccount]);
  });

  it("CLR-03 stops a delegate's orders when the scope is taken back", async () => {
    const b = await bench();
    const order = b.order({ partialFills: true });
    const signature = await b.sign(order, b.delegate);
    await b.house.setScopes(b.makerAccount, b.delegate, TRADE);
    await b.fill(order, signature, WAD);
    await b.house.setScopes(b.makerAccount, b.delegate, 0);
    await expectInvalid(b, order, signature, WAD);
  });

  it("CLR-03 takes neither the taker's nor a stranger's signature for the maker's", async () => {
    const b = await bench();
    for (const signer of [b.taker, b.stranger]) await expectInvalid(b, b.order(), await b.sign(b.order(), signer));
  });

  it("P-AUTH-01 refuses a signature for another chain, contract, name or version", async () => {
    const b = await bench();
    const order = b.order();
    const wrongBooks = [
      { ...b.book, chainId: 1n },
      { ...b.book, chainId: b.book.chainId + 1n },
      { ...b.book, address: await b.house.getAddress() },
      { ...b.book, address: await (await ethers.deployContract("SignedOrders", [b.house])).getAddress() },
    ];
    for (const book of wrongBooks) await expectInvalid(b, order, (await signOrder(b.maker, { order, book })).signature);
    for (const change of [{ name: "Bulwark" }, { version: "2" }, { salt: toBeHex(0n, 32) }]) {
      const domain = { ...orderDomain(b.book), ...change };
      await expectInvalid(b, order, await b.maker.signTypedData(domain, orderTypes, order));
    }
    await expectInvalid(b, order, await b.maker.signMessage(ethers.getBytes(b.hash(order))));
  });

  it("P-AUTH-01 follows the chain id of a fork: the old chain's signatures end there", async () => {
    const b = await bench();
    const fork = await connectBench({ override: { chainId: 61 } });
    const there = await fork.bench();
    // The same code at the same address, as a chain that has split has it.
    for (const contract of [b.orders, b.house]) {
      const address = await contract.getAddress();
      await fork.networkHelpers.setCode(address, (await ethers.provider.getCode(address)) ?? "0x");
    }
    const orders = there.orders.attach(b.orders) as typeof there.orders;
    const order = b.order({ expiry: b.now + 100_000n });
    const taking = orders.connect(there.taker);
    expect(await orders.house()).to.equal(await b.house.getAddress());
    await expect(taking.fill(order, await b.sign(order), b.takerAccount, 10n * WAD))
      .to.be.revertedWithCustomError(orders, "SignedOrders_InvalidSignature")
      .withArgs(b.makerAccount, hashOrder(order, { ...b.book, chainId: 61n }));
    const book = { ...b.book, chainId: 61n };
    await taking.fill(order, (await signOrder(b.maker, { order, book })).signature, b.takerAccount, 10n * WAD);
    expect(await orders.isNonceUsed(b.makerAccount, 77n)).to.equal(true);
  });

  it("P-AUTH-01 refuses the mirrored signature (high s)", async () => {
    const b = await bench();
    const order = b.order();
    const signature = Signature.from(await b.sign(order));
    const highS = toBeHex(CURVE_ORDER - BigInt(signature.s), 32);
    await expectInvalid(b, order, concat([signature.r, highS, toBeHex(signature.v === 27 ? 28 : 27)]));
    await b.fill(order, signature.serialized);
  });

  it("P-AUTH-01 refuses every length but 65, and every v but 27 and 28", async () => {
    const b = await bench();
    const order = b.order();
    const { r, s, v, compactSerialized, serialized } = Signature.from(await b.sign(order));
    expect(dataLength(compactSerialized)).to.equal(64);
    const malformed = ["0x", compactSerialized, concat([r, s]), concat([serialized, "0x00"]), toBeHex(0n, 65)];
    for (const other of [0, 1, 29, 255, v - 27, v + 4]) malformed.push(concat([r, s, toBeHex(other, 1)]));
    for (const signature of malformed) await expectInvalid(b, order, signature);
  });

  it("P-AUTH-01 owes nothing to nobody: an account without owner has no signature", async () => {
    const b = await bench();
    const order: Order = { ...b.order(), account: toAccountId(ethers.ZeroAddress, 1n) };
    await expectInvalid(b, order, toBeHex(0n, 65));
    await expectInvalid(b, order, await b.sign(order));
  });

  it("P-AUTH-01 binds every field: 1,000 orders that differ in one field from what was signed", async () => {
    const b = await bench();
    const honest: Order = b.order({ partialFills: true, reduceOnly: true, taker: b.takerAccount, size: -10n * WAD });
    await b.house.setBase(b.makerAccount, 5, 10n * WAD);
    const word = fc.bigInt({ min: 0n, max: 2n ** 256n - 1n });
    const tampering = fc
      .oneof(
        fc.uint8Array({ minLength: 20, maxLength: 20 }).map((bytes) => ({ house: ethers.getAddress(hexlify(bytes)) })),
        word.map((value) => ({ account: toBeHex(value, 32) })),
        fc.nat(96).map((number) => ({ account: toAccountId(b.maker.address, BigInt(number)) })),
        fc.nat(255).map((market) => ({ market })),
        fc.bigInt({ min: -MAX_INT - 1n, max: MAX_INT }).map((size) => ({ size })),
        fc.constant({ size: 10n * WAD }),
        word.map((limitPrice) => ({ limitPrice })),
        fc.bigInt({ min: 0n, max: 2n ** 40n - 1n }).map((expiry) => ({ expiry })),
        word.map((nonce) => ({ nonce })),
        fc.nat(255).map((flags) => ({ flags })),
        fc.constantFrom(NO_ACCOUNT, toAccountId(b.taker.address, 1n)).map((taker) => ({ taker })),
      )
      .filter((change) => Object.entries(change).every(([field, value]) => honest[field as keyof Order] !== value));
    const changed = new Set<string>();
    await fc.assert(
      fc.asyncProperty(tampering, async (change) => {
        Object.keys(change).forEach((field) => changed.add(field));
        // The maker signed the other order; what is submitted passes every check but the signature's.
        const signature = await b.sign({ ...honest, ...change });
        await expect(b.orders.connect(b.taker).fill.staticCall(honest, signature, b.takerAccount, 10n * WAD))
          .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSignature")
          .withArgs(b.makerAccount, b.hash(honest));
      }),
      { numRuns: 1_000, seed: 20_261_121 },
    );
    expect([...changed].sort()).to.deep.equal(Object.keys(honest).sort());
    await b.signAndFill(honest);
  });

  it("P-AUTH-01 refuses a signature with any one bit changed", async () => {
    const b = await bench();
    const order = b.order();
    const signature = BigInt(await b.sign(order));
    for (let bit = 0n; bit < 520n; bit += 1n) {
      const forged = toBeHex(signature ^ (1n << bit), 65);
      await expect(b.orders.connect(b.taker).fill.staticCall(order, forged, b.takerAccount, 10n * WAD))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSignature")
        .withArgs(b.makerAccount, b.hash(order));
    }
  });

  it("CLR-03 signs both flags", async () => {
    const b = await bench();
    const order = b.order();
    for (const flags of [REDUCE_ONLY, PARTIAL_FILLS, REDUCE_ONLY | PARTIAL_FILLS]) {
      await expectInvalid(b, order, await b.sign({ ...order, flags }));
    }
  });
});
