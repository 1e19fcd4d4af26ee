import { expect } from "chai";

import { openChain } from "../../../scripts/bench/chain.ts";
import { BenchError } from "../../../scripts/bench/errors.ts";
import { PEERS, bestOf, measurePeers } from "../../../scripts/bench/peers/index.ts";
import type { PeerFigure, PeerRun } from "../../../scripts/bench/peers/index.ts";
import { QUOTED } from "../../../scripts/bench/quoted.ts";
import { ROWS } from "../../../scripts/bench/rows.ts";
import type { AddPeer } from "../../../scripts/bench/rows.ts";
import { World } from "../../../scripts/bench/world.ts";

const figure = (name: string) => ({ name, gas: 1, origin: "here" });

/** A peer that says what it is told to say. */
const peer = (name: string, keys: readonly string[], say: (add: AddPeer) => void): PeerRun => ({
  name,
  keys,
  measure: (_world, add) => Promise.resolve().then(() => say(add)),
});

/** Peers that need no chain need nothing else of a world. */
const noWorld = { onTrial: (work: () => Promise<void>) => work() } as unknown as World;

/** What running these peers ends with. */
async function failureOf(...peers: readonly PeerRun[]): Promise<string> {
  try {
    await measurePeers(noWorld, peers);
  } catch (error) {
    if (error instanceof BenchError) return error.message;
    throw error;
  }
  throw new Error("nothing failed");
}

describe("bench, peers", () => {
  it("stand beside rows that there are", () => {
    const rows = new Set(ROWS.map(({ key }) => key));
    for (const { name, keys } of PEERS) {
      expect(
        keys.filter((key) => !rows.has(key)),
        name,
      ).to.deep.equal([]);
      expect(new Set(keys).size, name).to.equal(keys.length);
    }
  });

  it("that are quoted stand beside rows that there are, with repository, what was measured and how", () => {
    const rows = new Set(ROWS.map(({ key }) => key));
    expect(QUOTED.filter(({ key }) => !rows.has(key))).to.deep.equal([]);
    for (const { key, peer } of QUOTED) {
      const ownRepository = /^quoted: [\w-]+\/[\w.-]+.*; its own code in Foundry's EVM, /;
      if (peer.name.startsWith("Reference consumer")) expect(peer.origin, key).to.match(/^quoted: no peer: .*; /);
      else expect(peer.origin, `${key} ${peer.name}`).to.match(ownRepository);
    }
    expect(new Set(QUOTED.map(({ key, peer }) => `${key} ${peer.name}`)).size).to.equal(QUOTED.length);
  });

  it("whatever takes a slash of stakers is there, the cheapest in the table", () => {
    for (const row of ["draw", "draw-collect"]) {
      const beside = QUOTED.filter(({ key }) => key === row).map(({ peer }) => [peer.name.split(" ")[0], peer.gas]);
      expect(beside).to.have.deep.members([
        ["Umbrella", 41_180],
        ["Liquity", 81_005],
        ["Liquity", 139_212],
      ]);
      expect(bestOf(QUOTED).get(row)?.gas).to.equal(41_180);
    }
  });

  it("are given in the order that they have run in", async () => {
    const first = peer("first", ["bid", "fill"], (add) => {
      add("bid", figure("a"));
      add("fill", figure("b"));
    });
    const second = peer("second", ["bid"], (add) => add("bid", figure("c")));
    const figures = await measurePeers(noWorld, [first, second]);
    expect(figures.map(({ key, peer: { name } }) => `${key} ${name}`)).to.deep.equal(["bid a", "fill b", "bid c"]);
  });

  it("say which of them has failed, and why", async () => {
    const works = peer("works", ["bid"], (add) => add("bid", figure("a")));
    const fails = peer("Perp v2", ["bid"], () => {
      throw new RangeError("CH_EAV");
    });
    expect(await failureOf(works, fails)).to.equal("Perp v2: CH_EAV");
  });

  it("may leave no row out that they name, and bring none that they do not name", async () => {
    const silent = peer("silent", ["bid", "fill"], (add) => add("fill", figure("a")));
    expect(await failureOf(silent)).to.equal("silent: no figure for bid");
    const loud = peer("loud", ["bid"], (add) => {
      add("bid", figure("a"));
      add("health", figure("a"));
    });
    expect(await failureOf(loud)).to.equal("loud: health: not among the rows that it names");
  });
});

describe("bench, peers that run", () => {
  let figures: readonly PeerFigure[];

  /** Gas of the row that `name` stands beside. */
  function gasOf(key: string, name: string): number {
    const found = figures.filter((each) => each.key === key && each.peer.name.startsWith(name));
    expect(found.length, `${key} ${name}`).to.equal(1);
    return found[0]?.peer.gas ?? 0;
  }

  before(async () => {
    const chain = await openChain();
    const run = PEERS.filter(({ name }) => name === "Perp v2" || name === "vaults of libraries");
    figures = await measurePeers(await World.open(chain), run);
    await chain.close();
  });

  it("Perp v2 pays more for whoever holds more markets, in its checks and in a liquidation", () => {
    const checks = ["Perp v2 getAccountValue", "Perp v2 getFreeCollateral"];
    for (const [key, name] of [...checks.map((check) => ["health", check]), ["bid", "Perp v2"]] as [string, string][]) {
      const [one, two, four] = [gasOf(key, name), gasOf(`${key}-2`, name), gasOf(`${key}-4`, name)];
      expect(two, name).to.be.greaterThan(one);
      expect(four, name).to.be.greaterThan(two);
      expect(gasOf(`${key}-market`, name), name).to.equal(Math.round((four - two) / 2));
    }
  });

  it("Perp v2 asks more of whoever has a free collateral than what he is worth, and of a new position than of an old one", () => {
    expect(gasOf("health", "Perp v2 getFreeCollateral")).to.be.greaterThan(gasOf("health", "Perp v2 getAccountValue"));
    // The position's slots: size, notional, and the market in the list of the trader's markets.
    const newSlots = 4 * (22_100 - 5_000);
    expect(gasOf("fill-new", "Perp v2") - gasOf("fill", "Perp v2")).to.be.greaterThan(newSlots);
  });

  it("a liquidation of Perp v2 checks the account more than once, with bad debt too", () => {
    const check = gasOf("health", "Perp v2 getAccountValue");
    expect(gasOf("bid", "Perp v2")).to.be.greaterThan(2 * check);
    expect(gasOf("bid-reserve", "Perp v2")).to.be.greaterThan(2 * check);
  });

  it("Solmate's vault is compiled as Solady's is: they do the same, and without the optimizer it would cost 1,500 more", () => {
    for (const key of ["vault-deposit", "vault-redeem"]) {
      expect(Math.abs(gasOf(key, "Solmate ERC4626") - gasOf(key, "Solady ERC4626")), key).to.be.lessThan(1_000);
      expect(gasOf(key, "OpenZeppelin ERC4626"), key).to.be.greaterThan(gasOf(key, "Solady ERC4626"));
    }
  });
});
