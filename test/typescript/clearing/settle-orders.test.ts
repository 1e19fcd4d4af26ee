import { expect } from "chai";
import { describe, it } from "mocha";

import { NO_ACCOUNT, toAccountId } from "../../../sdk/identifiers.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";
import type { Order, OrderParameters } from "../../../sdk/orders.ts";
import type { Signer } from "../support/deployment.ts";
import { DOLLAR, useWorld } from "../support/world.ts";
import { ALL_BUT_TRADE, MAX_INT, TRADE, WAD, connectBench } from "./support/orders.ts";

const { bench, networkHelpers } = await connectBench();
type Bench = Awaited<ReturnType<typeof bench>>;

const PRICE = 2_500n * WAD;
const MAX_NONCE = 2n ** 256n - 1n;
const WHOLE_WORD = 2n ** 256n - 1n;

/** The other side of the bench's order: the taker sells what the maker buys, at its price, unless asked otherwise. */
function takerOrder(b: Bench, changes: Partial<OrderParameters> = {}): Order {
  return b.order({ account: b.takerAccount, size: -10n * WAD, nonce: 5n, ...changes });
}

interface Pair {
  readonly maker?: Order;
  readonly taker?: Order;
  readonly size?: bigint;
  readonly makerSigner?: Bench["maker"];
  readonly takerSigner?: Bench["maker"];
}

/** A stranger settles two signed orders. */
async function settle(b: Bench, pair: Pair = {}) {
  const [maker, taker] = [pair.maker ?? b.order(), pair.taker ?? takerOrder(b)];
  const makerSignature = await b.sign(maker, pair.makerSigner ?? b.maker);
  const takerSignature = await b.sign(taker, pair.takerSigner ?? b.taker);
  return b.orders.connect(b.stranger).settle(maker, makerSignature, taker, takerSignature, pair.size ?? 10n * WAD);
}

describe("SignedOrders: settle (CLR-03)", () => {
  it("CLR-03 hands two signed orders to the house, whoever relays: the maker's price, the taker as taker", async () => {
    const b = await bench();
    const [maker, taker] = [b.order(), takerOrder(b, { limitPrice: 2_400n * WAD })];
    const transaction = await settle(b, { maker, taker });
    await expect(transaction)
      .to.emit(b.orders, "OrderFilled")
      .withArgs(b.hash(maker), b.makerAccount, b.takerAccount, 5n, 10n * WAD, PRICE, 0n)
      .to.emit(b.orders, "OrderFilled")
      .withArgs(b.hash(taker), b.takerAccount, b.makerAccount, 5n, -10n * WAD, PRICE, 0n);
    expect(await b.trades()).to.deep.equal([
      { taker: b.takerAccount, maker: b.makerAccount, market: 5n, size: -10n * WAD, price: PRICE },
    ]);
    for (const order of [maker, taker]) {
      expect(await b.orders.isNonceUsed(order.account, order.nonce)).to.equal(true);
      expect(await b.orders.remaining(order)).to.equal(0n);
    }
  });

  it("CLR-03 the other way round: the maker sells, the taker pays up to its limit and gets the maker's price", async () => {
    const b = await bench();
    await settle(b, {
      maker: b.order({ size: -10n * WAD }),
      taker: takerOrder(b, { size: 10n * WAD, limitPrice: 2_600n * WAD }),
    });
    expect(await b.trades()).to.deep.equal([
      { taker: b.takerAccount, maker: b.makerAccount, market: 5n, size: 10n * WAD, price: PRICE },
    ]);
  });

  it("CLR-03 refuses orders that do not meet: another market, the same side, prices apart by a wei", async () => {
    const b = await bench();
    const [buy, sell] = [10n * WAD, -10n * WAD];
    const cases: [Order, Order, bigint, bigint][] = [
      [b.order({ market: 4 }), takerOrder(b), PRICE, PRICE],
      [b.order(), takerOrder(b, { size: buy, limitPrice: 2_400n * WAD }), PRICE, 2_400n * WAD],
      [b.order({ size: sell }), takerOrder(b, { limitPrice: 2_400n * WAD }), 2_400n * WAD, PRICE],
      [b.order(), takerOrder(b, { limitPrice: PRICE + 1n }), PRICE, PRICE + 1n],
      [b.order({ size: sell }), takerOrder(b, { size: buy, limitPrice: PRICE - 1n }), PRICE - 1n, PRICE],
    ];
    for (const [maker, taker, bought, sold] of cases) {
      await expect(settle(b, { maker, taker }))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotCrossing")
        .withArgs(maker.market, taker.market, maker.size, taker.size, bought, sold);
    }
    expect(await b.trades()).to.deep.equal([]);
  });

  it("CLR-03 counts partial fills on both sides, each to its own last wei", async () => {
    const b = await bench();
    const maker = b.order({ partialFills: true });
    const taker = takerOrder(b, { size: -6n * WAD, partialFills: true });
    await settle(b, { maker, taker, size: 4n * WAD });
    expect([await b.orders.remaining(maker), await b.orders.remaining(taker)]).to.deep.equal([6n * WAD, 2n * WAD]);
    await expect(settle(b, { maker, taker, size: 2n * WAD + 1n }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_ExceedsRemaining")
      .withArgs(2n * WAD + 1n, 2n * WAD);
    await settle(b, { maker, taker, size: 2n * WAD });
    expect(await b.orders.isNonceUsed(b.takerAccount, taker.nonce)).to.equal(true);
    expect([await b.orders.remaining(maker), await b.orders.isNonceUsed(b.makerAccount, 77n)]).to.deep.equal([
      4n * WAD,
      false,
    ]);
    await expect(settle(b, { maker, taker, size: 1n }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.takerAccount, taker.nonce);
    // What is left of the maker's order goes to someone who calls `fill`.
    await b.signAndFill(maker, 4n * WAD);
    expect((await b.trades()).map((trade) => trade.size)).to.deep.equal([-4n * WAD, -2n * WAD, -4n * WAD]);
  });

  it("CLR-03 fills a fill-or-kill order whole or not at all, on either side", async () => {
    const b = await bench();
    const attempts: [Pair, bigint, bigint][] = [
      [{ maker: b.order(), taker: takerOrder(b, { partialFills: true }), size: 4n * WAD }, 4n * WAD, 10n * WAD],
      [{ maker: b.order({ partialFills: true }), taker: takerOrder(b), size: 4n * WAD }, 4n * WAD, 10n * WAD],
    ];
    for (const [pair, size, whole] of attempts) {
      await expect(settle(b, pair))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_PartialFill")
        .withArgs(size, whole);
    }
    for (const size of [0n, MAX_INT + 1n]) {
      await expect(settle(b, { size }))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSize")
        .withArgs(size, MAX_INT);
    }
  });

  it("CLR-03 holds both to reduce-only, each to its own position", async () => {
    const b = await bench();
    const maker = b.order({ reduceOnly: true });
    const taker = takerOrder(b, { reduceOnly: true });
    await b.house.setBase(b.makerAccount, 5, -10n * WAD);
    await b.house.setBase(b.takerAccount, 5, 10n * WAD - 1n);
    await expect(settle(b, { maker, taker }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotReducing")
      .withArgs(b.takerAccount, 10n * WAD - 1n, -10n * WAD);
    await b.house.setBase(b.takerAccount, 5, 10n * WAD);
    await b.house.setBase(b.makerAccount, 5, 10n * WAD);
    await expect(settle(b, { maker, taker }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotReducing")
      .withArgs(b.makerAccount, 10n * WAD, 10n * WAD);
    await b.house.setBase(b.makerAccount, 5, -10n * WAD);
    await settle(b, { maker, taker });
  });

  it("CLR-03 keeps an order for the counterparty it names, on either side, sub-account included", async () => {
    const b = await bench();
    const other = toAccountId(b.taker.address, 9n);
    await expect(settle(b, { maker: b.order({ taker: other }) }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_WrongTaker")
      .withArgs(other, b.takerAccount);
    const another = toAccountId(b.maker.address, 9n);
    await expect(settle(b, { taker: takerOrder(b, { taker: another }) }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_WrongTaker")
      .withArgs(another, b.makerAccount);
    await settle(b, { maker: b.order({ taker: b.takerAccount }), taker: takerOrder(b, { taker: b.makerAccount }) });
  });

  it("CLR-03 settles in the last second of both orders and not in the next of either", async () => {
    const b = await bench();
    const expiry = b.now + 100n;
    await networkHelpers.time.setNextBlockTimestamp(expiry);
    await settle(b, { maker: b.order({ expiry, nonce: 1n }), taker: takerOrder(b, { expiry, nonce: 1n }) });
    for (const [late, pair] of [
      [1n, { maker: b.order({ expiry, nonce: 2n }), taker: takerOrder(b) }],
      [2n, { maker: b.order(), taker: takerOrder(b, { expiry: expiry + 1n, nonce: 2n }) }],
    ] as const) {
      await networkHelpers.time.setNextBlockTimestamp(expiry + late);
      await expect(settle(b, pair))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_Expired")
        .withArgs(expiry + late - 1n, expiry + late);
    }
  });

  it("CLR-03 refuses a nonce that is used, another house and unknown flags, on either side", async () => {
    const b = await bench();
    await b.orders.connect(b.taker).cancel(b.takerAccount, [5n]);
    await expect(settle(b))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.takerAccount, 5n);
    await b.orders.connect(b.maker).cancel(b.makerAccount, [77n]);
    await expect(settle(b, { taker: takerOrder(b, { nonce: 6n }) }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.makerAccount, 77n);
    const [maker, taker] = [b.order({ nonce: 7n }), takerOrder(b, { nonce: 7n })];
    const house = b.stranger.address;
    for (const pair of [
      { maker: { ...maker, house }, taker },
      { maker, taker: { ...taker, house } },
    ]) {
      await expect(settle(b, pair))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_WrongHouse")
        .withArgs(house, await b.house.getAddress());
    }
    await expect(settle(b, { maker, taker: { ...taker, flags: 4 } }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidFlags")
      .withArgs(4);
    await settle(b, { maker, taker });
  });

  it("CLR-03 needs both signatures: one that is bad is enough, a delegate's is good while he may trade", async () => {
    const b = await bench();
    const [maker, taker] = [b.order(), takerOrder(b)];
    await expect(settle(b, { maker, taker, takerSigner: b.maker }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSignature")
      .withArgs(b.takerAccount, b.hash(taker));
    await expect(settle(b, { maker, taker, makerSigner: b.taker }))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidSignature")
      .withArgs(b.makerAccount, b.hash(maker));
    // Neither the relayer's own word nor the counterparty's is a signature.
    await expect(settle(b, { maker, taker, takerSigner: b.stranger })).to.be.revertedWithCustomError(
      b.orders,
      "SignedOrders_InvalidSignature",
    );
    await b.house.setScopes(b.takerAccount, b.delegate, ALL_BUT_TRADE);
    await expect(settle(b, { maker, taker, takerSigner: b.delegate })).to.be.revertedWithCustomError(
      b.orders,
      "SignedOrders_InvalidSignature",
    );
    await b.house.setScopes(b.takerAccount, b.delegate, TRADE);
    await settle(b, { maker, taker, takerSigner: b.delegate });
    expect(await b.trades()).to.have.length(1);
  });

  it("CLR-03 cannot be entered from the house, and undoes both sides when it refuses", async () => {
    const b = await bench();
    const [maker, taker] = [b.order({ nonce: 1n }), takerOrder(b, { nonce: 1n })];
    const call = b.orders.interface.encodeFunctionData("settle", [
      b.order({ nonce: 2n }),
      await b.sign(b.order({ nonce: 2n })),
      takerOrder(b, { nonce: 2n }),
      await b.sign(takerOrder(b, { nonce: 2n }), b.taker),
      10n * WAD,
    ]);
    await b.house.setCallback(call);
    await expect(settle(b, { maker, taker })).to.be.revertedWithCustomError(b.orders, "ReentrancyGuardReentrantCall");
    await b.house.setCallback(b.orders.interface.encodeFunctionData("cancelRange", [b.makerAccount, 0n, 1n]));
    await expect(settle(b, { maker, taker })).to.be.revertedWithCustomError(b.orders, "ReentrancyGuardReentrantCall");
    await b.house.setCallback("0x");
    await b.house.setRefusal(7n);
    await expect(settle(b, { maker, taker })).to.be.revertedWithCustomError(b.house, "MockHouse_Refused").withArgs(7n);
    for (const order of [maker, taker]) expect(await b.orders.remaining(order)).to.equal(10n * WAD);
  });
});

describe("SignedOrders: cancelRange (CLR-03)", () => {
  const words = async (b: Bench, from: bigint, count: number) => {
    const bitmaps: bigint[] = [];
    for (let i = 0; i < count; ++i) bitmaps.push(await b.orders.usedNonces(b.makerAccount, from + BigInt(i)));
    return bitmaps;
  };
  const bits = (first: bigint, last: bigint) => (1n << (last + 1n)) - (1n << first);
  const ranges: [string, bigint, bigint, bigint[]][] = [
    ["the first nonce alone", 0n, 0n, [1n, 0n, 0n]],
    ["the last of a word alone", 255n, 255n, [1n << 255n, 0n, 0n]],
    ["the first of the next word alone", 256n, 256n, [0n, 1n, 0n]],
    ["both sides of a boundary", 255n, 256n, [1n << 255n, 1n, 0n]],
    ["a whole word", 256n, 511n, [0n, WHOLE_WORD, 0n]],
    ["some inside a word", 3n, 250n, [bits(3n, 250n), 0n, 0n]],
    ["three words in part, whole, in part", 100n, 512n, [bits(100n, 255n), WHOLE_WORD, 1n]],
  ];
  for (const [what, first, last, expected] of ranges) {
    it(`CLR-03 cancels ${what}, and nothing else`, async () => {
      const b = await bench();
      await b.orders.connect(b.maker).cancelRange(b.makerAccount, first, last);
      expect(await words(b, 0n, 3)).to.deep.equal(expected);
      expect(await b.orders.usedNonces(b.takerAccount, 0n)).to.equal(0n);
    });
  }

  it("CLR-03 reports each word, and only what was not used before", async () => {
    const b = await bench();
    await b.orders.connect(b.maker).cancel(b.makerAccount, [254n, 256n]);
    await expect(b.orders.connect(b.maker).cancelRange(b.makerAccount, 254n, 257n))
      .to.emit(b.orders, "NoncesCancelled")
      .withArgs(b.makerAccount, 0n, 1n << 255n)
      .to.emit(b.orders, "NoncesCancelled")
      .withArgs(b.makerAccount, 1n, 2n);
    await expect(b.orders.connect(b.maker).cancelRange(b.makerAccount, 254n, 257n)).not.to.emit(
      b.orders,
      "NoncesCancelled",
    );
    const order = b.order({ nonce: 257n, taker: NO_ACCOUNT });
    await expect(b.signAndFill(order))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_NonceUsed")
      .withArgs(b.makerAccount, 257n);
  });

  it("CLR-03 takes 64 words in one call, also the last there are, and not 65", async () => {
    const b = await bench();
    const maker = b.orders.connect(b.maker);
    // From the last bit of word 1 to the first of word 65: 65 words, though only 63 x 256 + 2 nonces.
    await expect(maker.cancelRange(b.makerAccount, 511n, 65n * 256n))
      .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidRange")
      .withArgs(511n, 65n * 256n, 64n);
    await maker.cancelRange(b.makerAccount, 256n, 65n * 256n - 1n);
    const bitmaps = await words(b, 0n, 66);
    expect(bitmaps).to.deep.equal([0n, ...Array<bigint>(64).fill(WHOLE_WORD), 0n]);
    await maker.cancelRange(b.makerAccount, MAX_NONCE - 64n * 256n + 1n, MAX_NONCE);
    expect(await words(b, 2n ** 248n - 65n, 65)).to.deep.equal([0n, ...Array<bigint>(64).fill(WHOLE_WORD)]);
    for (const [first, last] of [
      [1n, 0n],
      [256n, 255n],
      [MAX_NONCE, 0n],
      [0n, MAX_NONCE],
    ] as const) {
      await expect(maker.cancelRange(b.makerAccount, first, last))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_InvalidRange")
        .withArgs(first, last, 64n);
    }
  });

  it("CLR-03 for owner and delegates with Scope.TRADE alone, and for an owner whatever the house says (CLR-06a)", async () => {
    const b = await bench();
    await b.house.setScopes(b.makerAccount, b.delegate, ALL_BUT_TRADE);
    for (const caller of [b.delegate, b.stranger, b.taker]) {
      await expect(b.orders.connect(caller).cancelRange(b.makerAccount, 0n, 1n))
        .to.be.revertedWithCustomError(b.orders, "SignedOrders_NotAuthorized")
        .withArgs(b.makerAccount, caller.address);
    }
    await b.house.setScopes(b.makerAccount, b.delegate, TRADE);
    await b.orders.connect(b.delegate).cancelRange(b.makerAccount, 0n, 1n);
    await networkHelpers.setCode(await b.house.getAddress(), "0xfe");
    await b.orders.connect(b.maker).cancelRange(b.makerAccount, 2n, 3n);
    expect(await words(b, 0n, 1)).to.deep.equal([0b1111n]);
  });
});

describe("SignedOrders: settle on the house itself (CLR-03, CLR-06b)", () => {
  const FLAT = 2;
  const world = useWorld(async (w) => {
    await w.listMarket(FLAT, 200n * WAD);
    await w.cash(w.alice, 10_000n);
    await w.cash(w.bob, 10_000n);
  });
  const signed = async (who: Signer, size: bigint, limitPrice: bigint, sub = 0n) => {
    const w = world();
    const now = await w.now();
    const { chainId } = await w.ethers.provider.getNetwork();
    const book = { chainId, address: await w.orders.getAddress() };
    const account = toAccountId(who.address, sub);
    const order = buildOrder(
      { house: w.houseAddress, account, market: FLAT, size, limitPrice, expiry: now + 3_600n, nonce: 1n },
      { now },
    );
    return signOrder(who, { order, book });
  };

  it("CLR-03 the maker's price, the taker's fee, no right and no cost for who relays", async () => {
    const w = world();
    const [alice, bob] = [w.id(w.alice), w.id(w.bob)];
    const [maker, taker] = [await signed(w.bob, -10n * WAD, 201n * WAD), await signed(w.alice, 10n * WAD, 203n * WAD)];
    await w.orders.connect(w.frank).settle(maker.order, maker.signature, taker.order, taker.signature, 10n * WAD);
    // Booked at 200: Alice pays 10 more than that, and 5 basis points of 2,010.
    expect(await w.cashOf(alice)).to.equal(9_990n * DOLLAR - (1_005n * DOLLAR) / 1_000n);
    expect(await w.cashOf(bob)).to.equal(10_010n * DOLLAR);
    expect([await w.baseOf(alice, FLAT), await w.baseOf(bob, FLAT)]).to.deep.equal([10n * WAD, -10n * WAD]);
    await w.expectConserved(4n);
  });

  it("CLR-03 two orders of one account do not meet each other", async () => {
    const w = world();
    const [maker, taker] = [await signed(w.bob, -10n * WAD, 200n * WAD), await signed(w.bob, 10n * WAD, 200n * WAD)];
    await expect(w.orders.settle(maker.order, maker.signature, taker.order, taker.signature, 10n * WAD))
      .to.be.revertedWithCustomError(w.orders, "SignedOrders_NonceUsed")
      .withArgs(w.id(w.bob), 1n);
    const other = { ...taker.order, nonce: 2n };
    const { chainId } = await w.ethers.provider.getNetwork();
    const book = { chainId, address: await w.orders.getAddress() };
    const { signature } = await signOrder(w.bob, { order: other, book });
    await expect(w.orders.settle(maker.order, maker.signature, other, signature, 10n * WAD))
      .to.be.revertedWithCustomError(w.house, "ClearingHouse_SelfTrade")
      .withArgs(w.id(w.bob));
  });
});
