import { expect } from "chai";
import { toBeHex } from "ethers";

import { confirmed, contractErrors } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { linkControl } from "../risk/support/control.ts";
import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { Random } from "../support/random.ts";
import { useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import type { Clients } from "./support/client.ts";

const PRICE = 200n * WAD;

describe("SDK: orders by the client (SDK-01)", () => {
  let clients: Clients;
  let [maker, taker]: BulwarkClient[] = [];
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 10_000n);
    await w.cash(w.bob, 10_000n);
    clients = await clientsOf(w);
    [maker, taker] = [await clients.as(w.alice), await clients.as(w.bob)];
  });
  const errorOf = async (promise: Promise<unknown>) => promise.then(() => undefined).catch((error: unknown) => error);

  const signed = async (size: bigint, nonce?: bigint) => {
    const w = world();
    const account = w.id(w.alice);
    const expiry = (await w.now()) + 600n;
    const terms = { account, market: ETH_MARKET, size, limitPrice: PRICE, expiry, partialFills: true };
    const order = await maker!.orders.build(nonce === undefined ? terms : { ...terms, nonce });
    return maker!.orders.sign(await clients.signer(w.alice), order);
  };

  it("CLR-03: build, sign, fill in parts, cancel the rest; the hash is the contract's", async () => {
    const w = world();
    const order = await signed(10n * WAD);
    expect(order.order).to.include({ house: w.houseAddress, nonce: 0n });
    expect(maker!.orders.hash(order.order)).to.equal(await w.orders.orderHash(order.order));
    await confirmed(taker!.orders.fill(order, w.id(w.bob), 4n * WAD));
    expect(await taker!.orders.remaining(order.order)).to.equal(6n * WAD);
    expect(await w.baseOf(w.id(w.alice))).to.equal(4n * WAD);
    const tooMuch = await errorOf(taker!.orders.fill(order, w.id(w.bob), 7n * WAD));
    expect(tooMuch).to.be.instanceOf(contractErrors.SignedOrders_ExceedsRemaining);
    expect(tooMuch).to.deep.include({ values: { asked: 7n * WAD, remaining: 6n * WAD } });
    await confirmed(maker!.orders.cancel(w.id(w.alice), [0n]));
    expect(await maker!.orders.isNonceUsed(w.id(w.alice), 0n)).to.equal(true);
    const gone = await errorOf(taker!.orders.fill(order, w.id(w.bob), WAD));
    expect(gone).to.be.instanceOf(contractErrors.SignedOrders_NonceUsed);
  });

  it("SDK-01: margins after a fill are what was previewed, to 2 wei: opened, added to, reduced, turned round and closed, on both sides", async () => {
    const w = world();
    const control = await linkControl(w);
    await w.fundReserve(20_000n * 10n ** 6n);
    const feeds = await w.listMarket(2, 50n * WAD, { class: 2, cap: 10n ** 24n, addOn: 3_000 });
    const random = new Random(31n);
    let position = 0n;
    let turns = 0;
    for (let step = 0; step < 14; step++) {
      const index = 50n * WAD + random.between(-300n, 300n) * 10n ** 16n;
      await w.setFeeds(feeds, index);
      await w.networkHelpers.time.increase(random.between(1n, 2_000n));
      if (step % 5 === 1) await control.sync(2);
      const drawn = random.between(10n, 60n) * WAD + random.below(1_000_000_000n);
      // Every third time only a part is closed, with a profit or a loss.
      const next = step % 3 === 2 ? (position * 3n) / 4n : random.flag() ? drawn : -drawn;
      const wanted = step === 13 ? 0n : next;
      const size = wanted - position;
      const price = index + (index * random.between(-150n, 150n)) / 10_000n;
      const [account, other] = step % 2 === 0 ? [w.id(w.alice), w.id(w.bob)] : [w.id(w.bob), w.id(w.alice)];
      // Alice holds `position`; whoever is asked about is now taker, now maker.
      const isTaker = random.flag();
      const own = step % 2 === 0 ? size : -size;
      await w.nextIn(3n);
      const fill = { size: own, price, isTaker, blockTag: "pending" } as const;
      const preview = await taker!.orders.previewFill(account, 2, fill);
      await w.nextIn(3n);
      if (isTaker) await w.trade(account, other, 2, own, price);
      else await w.trade(other, account, 2, -own, price);
      const when = { blockTag: await w.ethers.provider.getBlockNumber() };
      const health = await w.house.health(account, when);
      const { base } = await w.house.positionOf(account, 2, when);
      const what = `step ${step}: from ${position.toString()} by ${size.toString()}`;
      expect(preview.base, what).to.equal(base);
      expect(preview.initialMargin, what).to.equal(health.initialMargin);
      expect(preview.maintenanceMargin, what).to.equal(health.linearMargin + health.sizeMargin);
      for (const name of ["value", "marginBalance", "initialBalance"] as const) {
        expect(preview[name] - health[name], `${what}, ${name}`).to.be.within(-2n, 2n);
      }
      expect(preview.meetsInitialMargin, what).to.equal(health.initialBalance >= health.initialMargin);
      if (position > 0n !== wanted > 0n) turns++;
      position = wanted;
    }
    expect(turns).to.be.greaterThan(2);
  });

  it("CLR-06: the taker fee is the house's own, unless another is asked about", async () => {
    const w = world();
    expect(await taker!.orders.takerFee()).to.equal(5n);
    const slot = `0x${13n.toString(16)}`;
    const stored = BigInt(
      String(await w.provider.request({ method: "eth_getStorageAt", params: [w.houseAddress, slot, "latest"] })),
    );
    const store = async (word: bigint): Promise<void> => {
      await w.provider.request({ method: "hardhat_setStorageAt", params: [w.houseAddress, slot, toBeHex(word, 32)] });
    };
    await store(stored + (8n << 176n));
    const fill = { size: 3n * WAD, price: PRICE, isTaker: true };
    const { fee } = await taker!.orders.previewFill(w.id(w.bob), ETH_MARKET, fill);
    const { fees } = await w.house.totals();
    await w.trade(w.id(w.bob), w.id(w.alice), ETH_MARKET, fill.size, PRICE);
    expect((await w.house.totals()).fees - fees).to.equal(fee);
    expect(fee, "13 basis points of 600").to.equal((78n * WAD) / 100n);
    const told = await taker!.orders.previewFill(w.id(w.bob), ETH_MARKET, { ...fill, takerFeeBps: 7n });
    expect(told.fee).to.equal((42n * WAD) / 100n);
  });

  it("CLR-03: two signed orders are settled by anyone", async () => {
    const w = world();
    const buy = await signed(3n * WAD);
    const expiry = (await w.now()) + 600n;
    const terms = { account: w.id(w.bob), market: ETH_MARKET, size: -3n * WAD, limitPrice: PRICE, expiry };
    const sell = await taker!.orders.sign(await clients.signer(w.bob), await taker!.orders.build(terms));
    const relay = await clients.as(w.erin);
    await confirmed(relay.orders.settle(buy, sell, 3n * WAD));
    expect(await w.baseOf(w.id(w.bob))).to.equal(-3n * WAD);
  });

  it("CLR-03: the lowest free nonce is found behind what is used, across words, from any start", async () => {
    const w = world();
    const account = w.id(w.alice);
    expect(await maker!.orders.freeNonce(account)).to.equal(0n);
    await confirmed(maker!.orders.cancel(account, [0n, 1n, 3n]));
    expect(await maker!.orders.freeNonce(account)).to.equal(2n);
    expect(await maker!.orders.freeNonce(account, 3n)).to.equal(4n);
    await confirmed(maker!.orders.cancelRange(account, 0n, 511n));
    expect(await maker!.orders.freeNonce(account)).to.equal(512n);
    expect(await maker!.orders.freeNonce(account, 300n)).to.equal(512n);
    expect((await signed(WAD)).order.nonce).to.equal(512n);
    expect((await signed(WAD, 9_999n)).order.nonce).to.equal(9_999n);
  });
});
