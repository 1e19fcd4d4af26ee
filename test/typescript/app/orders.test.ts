import { expect } from "chai";
import { Wallet } from "ethers";

import { entryPrice, offersFor, sweep } from "../../../app/src/chain/sweep.ts";
import type { Offer } from "../../../app/src/chain/sweep.ts";
import { Board } from "../../../scripts/app/board.ts";
import { toAccountId } from "../../../sdk/identifiers.ts";
import { decodeOrder, encodeOrder, OrderTextError } from "../../../sdk/orderText.ts";
import { buildOrder, signOrder } from "../../../sdk/orders.ts";
import type { SignedOrder } from "../../../sdk/orders.ts";

const WAD = 10n ** 18n;
const WALLET = new Wallet(`0x${"42".repeat(32)}`);
const HOUSE = "0x00000000000000000000000000000000000000A1";
const BOOK = { chainId: 31337n, address: "0x00000000000000000000000000000000000000B2" };

interface Terms {
  readonly size: bigint;
  readonly price: bigint;
  readonly nonce?: bigint;
  readonly expiry?: bigint;
  readonly partialFills?: boolean;
}

function signed({
  size,
  price,
  nonce = 0n,
  expiry = 2_000_000_000n,
  partialFills = true,
}: Terms): Promise<SignedOrder> {
  const account = toAccountId(WALLET.address, 3n);
  const terms = { house: HOUSE, account, market: 1, size, limitPrice: price, expiry, nonce, partialFills };
  return signOrder(WALLET, { order: buildOrder(terms, { now: 0n }), book: BOOK });
}

const offer = async (terms: Terms): Promise<Offer> => {
  const { size } = terms;
  return { signed: await signed(terms), remaining: size < 0n ? -size : size };
};

describe("Orders without a server (CLR-03)", () => {
  it("an order survives being a text and a link, to the byte", async () => {
    const order = await signed({ size: -3n * WAD, price: 250n * WAD, nonce: 77n });
    const text = encodeOrder(order);
    expect(text).to.match(/^bulwark-order-1\.[A-Za-z0-9_-]+$/);
    expect(decodeOrder(text, BOOK)).to.deep.equal(order);
    expect(decodeOrder(`https://example.org/app/#/trade?order=${text}`, BOOK)).to.deep.equal(order);
  });

  it("a damaged text is refused with what is wrong, and no other order comes out of it", async () => {
    const text = encodeOrder(await signed({ size: WAD, price: WAD }));
    for (const damaged of ["", "hello", text.slice(0, -30), text.replace(".W", ".X"), `${text}!!`]) {
      expect(() => decodeOrder(damaged, BOOK), damaged).to.throw(OrderTextError);
    }
    const row = JSON.parse(
      atob(text.slice("bulwark-order-1.".length).replaceAll("-", "+").replaceAll("_", "/")),
    ) as unknown[];
    const again = (change: (row: unknown[]) => unknown) => `bulwark-order-1.${btoa(JSON.stringify(change([...row])))}`;
    expect(() =>
      decodeOrder(
        again((one) => one.slice(1)),
        BOOK,
      ),
    ).to.throw("a field is missing");
    expect(() =>
      decodeOrder(
        again((one) => one.with(3, "0")),
        BOOK,
      ),
    ).to.throw(OrderTextError);
    expect(() =>
      decodeOrder(
        again((one) => one.with(9, "signature")),
        BOOK,
      ),
    ).to.throw("no hexadecimal text");
  });

  it("takes the best prices first, and whole orders only where no part may be taken", async () => {
    const offers = [
      await offer({ size: -2n * WAD, price: 102n * WAD, nonce: 1n }),
      await offer({ size: -5n * WAD, price: 100n * WAD, nonce: 2n, partialFills: false }),
      await offer({ size: -1n * WAD, price: 101n * WAD, nonce: 3n }),
      await offer({ size: 4n * WAD, price: 99n * WAD, nonce: 4n }),
    ];
    const asks = offersFor(offers, 1, true);
    expect(asks.map(({ signed: one }) => one.order.nonce)).to.deep.equal([2n, 3n, 1n]);
    expect(offersFor(offers, 1, false).map(({ signed: one }) => one.order.nonce)).to.deep.equal([4n]);
    expect(offersFor(offers, 0, true)).to.deep.equal([]);
    const small = sweep(asks, 2n * WAD, 6);
    expect(small.fills.map(({ signed: one, size }) => [one.order.nonce, size])).to.deep.equal([
      [3n, WAD],
      [1n, WAD],
    ]);
    expect(small.price).to.equal((203n * WAD) / 2n);
    const large = sweep(asks, 7n * WAD, 6);
    expect(large.fills.map(({ size }) => size / WAD)).to.deep.equal([5n, 1n, 1n]);
    expect(sweep(asks, 100n * WAD, 6).found).to.equal(8n * WAD);
    expect(sweep(asks, 100n * WAD, 2).fills).to.have.length(2);
    expect(sweep([], WAD, 6)).to.deep.equal({ fills: [], found: 0n, price: 0n });
  });

  it("finds the entry price of longs and shorts", () => {
    expect(entryPrice(2n * WAD, -400n * WAD)).to.equal(200n * WAD);
    expect(entryPrice(-2n * WAD, 400n * WAD)).to.equal(200n * WAD);
    expect(entryPrice(0n, 0n)).to.equal(0n);
  });

  it("the local board keeps an order once, until it expires or is taken off, and refuses nonsense", async () => {
    const board = new Board();
    const [first, second] = [
      await signed({ size: WAD, price: WAD, expiry: 100n }),
      await signed({ size: WAD, price: WAD, expiry: 200n }),
    ];
    board.post(encodeOrder(first), BOOK);
    board.post(encodeOrder(first), BOOK);
    board.add([second]);
    expect(board.orders.map(({ hash }) => hash)).to.deep.equal([second.hash, first.hash]);
    expect(() => board.post("nonsense", BOOK)).to.throw(OrderTextError);
    board.expire(101n);
    expect(board.texts).to.deep.equal([encodeOrder(second)]);
    board.remove([second]);
    expect(board.orders).to.deep.equal([]);
  });
});
