import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";

import { ETH_MARKET, WAD } from "../support/deployment.ts";
import { useWorld } from "../support/world.ts";
import type { World } from "../support/world.ts";
import { fundKeeper, openDesk } from "./support/desk.ts";
import type { Desk } from "./support/desk.ts";
import { BadNode } from "./support/node.ts";

const SIZE = 100n * WAD;
const BUDGET = 60_000n * WAD;
const ROUNDS = 60;

describe("keeper: a crash on a bad node (KPR-01)", () => {
  let folder: string;
  let keeperAccount: string;
  let longs: string[];
  const world = useWorld(async (w) => {
    await w.fundReserve(20_000n * 10n ** 6n);
    await w.cash(w.bob, 1_000_000n);
    longs = [];
    for (const [who, dollars] of [
      [w.alice, 2_100n],
      [w.dave, 2_300n],
      [w.erin, 2_600n],
      [w.frank, 3_200n],
    ] as const) {
      const account = await w.cash(who, dollars);
      await w.trade(account, w.id(w.bob), ETH_MARKET, SIZE, 200n * WAD);
      longs.push(account);
    }
    keeperAccount = await fundKeeper(w, 200_000n);
    longs.push(keeperAccount);
  });
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "bulwark-keeper-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  async function liquidatable(w: World): Promise<string[]> {
    const found: string[] = [];
    for (const account of [...longs, w.id(w.bob)]) {
      const health = await w.house.health(account);
      if (health.marginBalance < health.linearMargin + health.sizeMargin + health.blindMargin) found.push(account);
    }
    return found;
  }

  /** Rounds with a minute of the chain between them. */
  async function keepOn(w: World, desk: Desk, isDone: () => Promise<boolean>): Promise<number> {
    for (let round = 1; round <= ROUNDS; round++) {
      await desk.keeper.round();
      if (await isDone()) return round;
      await w.networkHelpers.time.increase(60);
      await w.networkHelpers.mine();
    }
    return Infinity;
  }

  async function minedBy(w: World, address: string): Promise<number> {
    let count = 0;
    const head = await w.ethers.provider.getBlockNumber();
    for (let number = head; number > head - 400 && number > 0; number--) {
      const block = await w.ethers.provider.getBlock(number, true);
      count += block?.prefetchedTransactions.filter(({ from }) => from === address).length ?? 0;
    }
    return count;
  }

  it("KPR-01: faults, a stuck transaction, a reorganisation and a kill; in the end nobody is liquidatable", async function () {
    this.timeout(60_000);
    const w = world();
    const node = new BadNode(w, 7);
    const storeFile = join(folder, "keeper.sqlite");
    const options = { storeFile, rules: { budget: BUDGET } };
    let desk = await openDesk(w, node, options);
    node.faults = 0.05;

    // Calm: everybody is found, nobody is touched.
    await desk.keeper.round();
    expect(desk.store.all("account").map(({ id }) => id)).to.include.members(longs);
    expect(await desk.sum("liquidatable_accounts")).to.equal(0);

    // The fall begins, and the first bid is stuck: fees surge before it is in a block.
    await w.setEth(184n * WAD);
    expect((await liquidatable(w)).length).to.be.greaterThan(0);
    await node.hold(8);
    node.surge = 40n * 10n ** 9n;
    await desk.keeper.round();
    await node.letGo();
    expect(await desk.sum("replacements_total")).to.be.greaterThan(0);
    expect(desk.store.pending()).to.deep.equal([]);

    // A reorganisation takes back an account, a fall, and what was done about it.
    const snapshot = await w.networkHelpers.takeSnapshot();
    const gone = await w.cash(w.carol, 50n, 9n);
    await w.setEth(181n * WAD);
    await desk.keeper.round();
    expect(desk.store.all("account").map(({ id }) => id)).to.include(gone);
    await snapshot.restore();
    await w.networkHelpers.mine(3);
    await w.setEth(177n * WAD);
    await desk.keeper.round();
    expect(await desk.sum("removed_logs_total")).to.be.greaterThan(0);
    expect(desk.store.all("account").map(({ id }) => id)).not.to.include(gone);

    // Killed with a transaction on its way; the next one goes on with it.
    await w.setEth(150n * WAD);
    expect((await liquidatable(w)).length).to.be.greaterThan(0);
    await node.hold(1_000_000);
    node.onSent = () => desk.stop.abort();
    const { outcomes } = await desk.keeper.round();
    expect(outcomes).to.deep.equal(["abandoned"]);
    const [pending] = desk.store.pending();
    const replacedBefore = await desk.sum("replacements_total");
    desk.close();
    node.onSent = undefined;
    await node.letGo();
    desk = await openDesk(w, node, options);
    expect(desk.store.pending(), "survives the restart").to.deep.equal([pending]);
    expect(desk.store.cursor, "survives the restart").not.to.equal(undefined);

    const rounds = await keepOn(w, desk, async () => (await liquidatable(w)).length === 0);
    expect(rounds).to.be.at.most(ROUNDS);
    expect(await liquidatable(w)).to.deep.equal([]);
    expect(desk.store.pending()).to.deep.equal([]);
    // Every nonce was used once, by a transaction that the keeper knows of.
    const count = await w.ethers.provider.getTransactionCount(desk.wallet.address);
    expect(count).to.equal(await minedBy(w, desk.wallet.address));
    expect(node.failed).to.be.greaterThan(20);
    expect(replacedBefore).to.be.greaterThan(0);
    await w.expectConserved(10n ** 13n, 10n ** 13n);
    expect(desk.store.laidOutSince(0n)).to.be.at.most(BUDGET);
    desk.close();
  });
});
