import { expect } from "chai";

import { countBids } from "../../../sdk/examples/event-book.ts";
import type { Book } from "../../../sdk/examples/event-book.ts";
import { tradeInsured } from "../../../sdk/examples/insured-trade.ts";
import { bidForBest, lookForBids } from "../../../sdk/examples/keeper.ts";
import { confirmed, contractErrors } from "../../../sdk/index.ts";
import type { BulwarkClient } from "../../../sdk/index.ts";
import { ETH_MARKET, USD, WAD } from "../support/deployment.ts";
import { openSeries, standBehind } from "../support/underwriting.ts";
import { useWorld } from "../support/world.ts";
import { clientsOf } from "./support/client.ts";
import type { Clients } from "./support/client.ts";

describe("SDK: examples (SDK-01)", () => {
  let clients: Clients;
  let carol: BulwarkClient;
  const world = useWorld(async (w) => {
    await w.cash(w.alice, 2_100n);
    await w.cash(w.bob, 100_000n);
    await w.cash(w.carol, 100_000n);
    clients = await clientsOf(w);
    carol = await clients.as(w.carol);
  });

  it("SDK-01: the keeper finds who can be bid for, knows what waiting earns, and stays within its budget", async () => {
    const w = world();
    const [alice, bob, bidder] = [w.id(w.alice), w.id(w.bob), w.id(w.carol)];
    await w.trade(alice, bob, ETH_MARKET, 100n * WAD, 200n * WAD);
    expect(await lookForBids(carol, bidder, [alice, bob])).to.deep.equal([]);
    await w.setEth(186n * WAD);
    await confirmed(carol.liquidations.start(alice));
    const chances = await lookForBids(carol, bidder, [bob, alice]);
    expect(chances.map(({ account }) => account)).to.deep.equal([alice]);
    expect(chances[0]!.incomeInAMinute).to.be.greaterThan(chances[0]!.now.income);
    expect(await bidForBest(carol, bidder, chances, chances[0]!.now.payment - 1n)).to.equal(undefined);
    expect(await w.baseOf(bidder)).to.equal(0n);
    expect(await bidForBest(carol, bidder, chances, chances[0]!.now.payment)).to.equal(chances[0]!.now.payment);
    expect(await w.baseOf(bidder)).to.be.greaterThan(0n);
    expect(await bidForBest(carol, bidder, chances, 10n ** 24n), "someone was faster").to.equal(undefined);
  });

  it("SDK-01: trade and insurance happen together or not at all", async () => {
    const w = world();
    const capital = { junior: 20_000n, senior: 40_000n, committed: 2_000n, reinsurance: 1_000n, reinsured: 500n };
    await standBehind(w, w.erin, capital);
    const series = await openSeries(w, 40n * WAD, 9);
    await w.setEth(200n * WAD);
    await w.usd.mint(w.carol.address, 500n * USD);
    const expiry = (await w.now()) + 600n;
    await confirmed(carol.accounts.lendRouter(expiry));
    const maker = await clients.as(w.bob);
    const terms = { account: w.id(w.bob), market: ETH_MARKET, size: 5n * WAD, limitPrice: 200n * WAD, expiry };
    const signed = await maker.orders.sign(await clients.signer(w.bob), await maker.orders.build(terms));
    const trade = { signed, taker: w.id(w.carol), size: 5n * WAD, series, units: 5n * WAD };
    const tooMuch = await tradeInsured(carol, { ...trade, size: 6n * WAD }).catch((error: unknown) => error);
    expect(tooMuch).to.be.instanceOf(contractErrors.SignedOrders_ExceedsRemaining);
    expect(await carol.tokens.balanceOf(w.carol.address)).to.equal(500n * USD);
    const most = await tradeInsured(carol, trade);
    expect(await w.baseOf(w.id(w.carol))).to.equal(-5n * WAD);
    expect(await carol.covers.purchase(1n)).to.include({ buyer: w.carol.address, units: 5n * WAD });
    const paid = 500n * USD - (await carol.tokens.balanceOf(w.carol.address));
    expect(paid).to.be.within((most * 95n) / 100n, most);
  });

  it("SDK-01: the event book goes on where it stood, and forgets what the chain forgets", async () => {
    const w = world();
    const fromBlock = await carol.provider.getBlockNumber();
    let stored: string | undefined;
    const store = {
      load: () => Promise.resolve(stored === undefined ? undefined : (JSON.parse(stored) as Book)),
      save: (book: Book) => ((stored = JSON.stringify(book)), Promise.resolve()),
    };
    const alice = w.id(w.alice);
    await w.trade(alice, w.id(w.bob), ETH_MARKET, 100n * WAD, 200n * WAD);
    await w.setEth(185n * WAD);
    await w.bidWith(w.carol, alice, { fraction: WAD / 20n });
    expect((await countBids(carol, store, fromBlock)).bids).to.deep.equal({ [alice]: 1 });
    const before = await w.networkHelpers.takeSnapshot();
    await w.bidWith(w.carol, alice, { fraction: WAD / 20n });
    expect((await countBids(carol, store, fromBlock)).bids).to.deep.equal({ [alice]: 2 });
    await before.restore();
    await w.networkHelpers.mine(2);
    expect((await countBids(carol, store, fromBlock)).bids).to.deep.equal({ [alice]: 1 });
  });
});
